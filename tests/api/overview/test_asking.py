"""What may be asked of the overview, and who is told what."""

import pytest
from tests.api.conftest import Shop
from tests.api.overview.sums import at, bring_up_to_date, day_before, of, told

from regulars.domain.access import Scope


def test_a_span_is_cut_off_at_today_and_has_as_many_days_before(shop: Shop) -> None:
    answer = told(shop, days=7)
    assert answer["span"] == {"from": day_before(shop, 6), "to": day_before(shop, 0)}
    assert answer["before"] == {"from": day_before(shop, 13), "to": day_before(shop, 7)}
    assert [one["day"] for one in answer["days"]] == [day_before(shop, n) for n in range(6, -1, -1)]
    assert len(answer["days_before"]) == 7
    later = told(shop, from_=day_before(shop, 3), to=day_before(shop, -30))
    assert later["span"] == {"from": day_before(shop, 3), "to": day_before(shop, 0)}


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-02-30"},
        {"to": "yesterday"},
        {"from": "2026-03-01", "to": "2026-02-01"},
        {"from": "2020-01-01"},
        {"from": "0001-01-01", "to": "0001-01-02"},
        {"days": "0"},
        {"days": "367"},
        {"segment": "tier:platinum"},
        {"segment": "everybody"},
    ],
)
def test_what_cannot_be_told_is_refused(shop: Shop, asked: dict[str, str]) -> None:
    answer = shop.client.get("/v1/overview", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/query/")


def test_what_was_done_at_a_tier_stays_with_that_tier(shop: Shop) -> None:
    shop.send(shop.event("green", time=at(shop, days=40), total=110_000))
    shop.send(shop.event("gold", time=at(shop, days=3), total=500))
    bring_up_to_date(shop)

    gold = told(shop, segment="tier:gold", days=60)
    green = told(shop, segment="tier:green", days=60)

    assert (gold["sales"]["amount"]["now"], green["sales"]["amount"]["now"]) == (500, 110_000)
    assert gold["members"]["total"]["now"] == gold["members"]["new"]["now"] == 1
    assert green["members"]["total"]["now"] == 0
    assert gold["members"]["active"]["now"] == 1
    assert [one["points"]["now"] for one in gold["rules"] if one["rule"] == "base"] == [5]
    # What is outstanding is told of all.
    assert of(gold, "points")["outstanding"] == of(green, "points")["outstanding"]


def test_first_days_of_members_are_told_apart(shop: Shop) -> None:
    shop.send(shop.event("first", time=at(shop, days=45), total=1_000))
    shop.send(shop.event("later", time=at(shop, days=5), total=300))
    bring_up_to_date(shop)
    new = told(shop, segment="new", days=60)
    old = told(shop, segment="established", days=60)
    assert (new["sales"]["amount"]["now"], old["sales"]["amount"]["now"]) == (1_000, 300)
    assert new["members"]["active"] == {"now": None, "before": None}
    assert new["members"]["new"]["now"] == 1


def test_who_may_not_read_the_ledger_is_not_told_what_is_outstanding(shop: Shop) -> None:
    shop.buy(5_000)
    bring_up_to_date(shop)
    secret = shop.secret(Scope.MEMBERS_READ)
    headers = {"Authorization": f"Bearer {secret}"}

    answer = shop.client.get("/v1/overview", headers=headers).json()

    points = of(answer, "points")
    assert points["issued"]["now"] == 50
    assert points["outstanding"] == {"now": None, "before": None}
    assert (points["expected"], points["value_minor"]) == (None, None)
    assert all(one["outstanding"] is None for day in answer["days"] for one in day["points"])


def test_names_are_in_the_language_asked_for(shop: Shop) -> None:
    answer = shop.client.get("/v1/overview", headers={"Accept-Language": "zh-CN"}).json()
    assert [one["name"] for one in answer["tiers"]] == ["绿卡", "金卡"]
    assert {one["segment"]: one["name"] for one in answer["segments"]} == {
        "new": "新会员",
        "established": "老会员",
        "tier:green": "绿卡",
        "tier:gold": "金卡",
    }
