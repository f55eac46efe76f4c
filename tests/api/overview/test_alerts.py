"""What somebody should look at is told, and what is well is not."""

from typing import Any

from tests.api.conftest import Shop
from tests.api.overview.sums import at, bring_up_to_date, day_before, told

from regulars.runtime import DEFAULT_ORGANIZATION


def alerts(shop: Shop, **headers: str) -> dict[str, Any]:
    answer = shop.client.get("/v1/overview/alerts", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["code"]: one for one in answer.json()["items"]}


def test_nothing_is_told_while_all_is_well(shop: Shop) -> None:
    shop.buy(1_000)
    bring_up_to_date(shop)
    assert alerts(shop) == {}


def test_a_worker_that_does_not_come_is_told(shop: Shop) -> None:
    assert alerts(shop)["worker_away"]["since"] is None
    bring_up_to_date(shop)
    assert "worker_away" not in alerts(shop)
    seen_at = shop.clock().isoformat().replace("+00:00", "Z")
    shop.clock.pass_(minutes=3)
    assert alerts(shop)["worker_away"]["since"] == seen_at
    assert alerts(shop)["worker_away"]["level"] == "error"


def test_a_rule_that_gives_three_times_its_usual_is_told_by_its_name(shop: Shop) -> None:
    for day in (4, 3, 2):
        shop.send(shop.event(f"p{day}", time=at(shop, days=day), total=50_000))
    shop.send(shop.event("big", time=at(shop, days=1), total=600_000))
    bring_up_to_date(shop)

    surge = alerts(shop, **{"Accept-Language": "zh-CN"})["rule_surge"]

    assert (surge["subject"], surge["name"]) == ("base", "一元一分")
    assert (surge["count"], surge["usual"]) == (6_000, 500)
    assert surge["day"] == day_before(shop, 1)


def test_points_that_pile_up_within_a_week_are_told(shop: Shop) -> None:
    shop.send(shop.event("old", time=at(shop, days=30), total=100 * 20_000))
    shop.send(shop.event("new", time=at(shop, days=6), total=100 * 12_000))
    bring_up_to_date(shop)
    jump = alerts(shop)["liability_jump"]
    assert (jump["subject"], jump["count"], jump["usual"]) == ("points", 12_000, 20_000)


def test_returns_that_wait_or_were_refused_are_told(shop: Shop) -> None:
    shop.send(shop.event("r1", "return", purchase_id="never"))
    shop.send(shop.event("r2", "return", subject="card:2", purchase_id="p"))
    assert "returns_waiting" not in alerts(shop)
    shop.clock.pass_(days=8)
    assert alerts(shop)["returns_waiting"]["count"] == 2
    shop.send(shop.event("p", total=500))
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("update event set received_at = %s where status = 'refused'", [shop.clock()])
    bring_up_to_date(shop)
    found = alerts(shop)
    assert (found["returns_waiting"]["count"], found["returns_refused"]["count"]) == (1, 1)


def test_without_a_program_there_is_nothing_to_sum(bare: Shop) -> None:
    assert alerts(bare) == {}
    assert bare.get("/v1/overview").json()["code"] == "no_program_in_force"


def test_what_shops_took_in_all_tells_sales_without_members(shop: Shop) -> None:
    shop.send(shop.event("p", time=at(shop, days=2), total=4_000))
    bring_up_to_date(shop)
    assert told(shop)["sales"]["without_members"] == {"now": None, "before": None}
    day = day_before(shop, 2)

    for amount in (9_000, 10_000):
        body = {"amount": amount, "purchases": 7}
        answer = shop.client.request("PUT", f"/v1/takings/{day}", json=body)
        assert answer.json() == {"day": day, **body}

    sales = told(shop)["sales"]
    assert sales["without_members"] == {"now": 6_000, "before": None}
    assert sales["purchases_without_members"]["now"] == 6
    assert told(shop, segment="new")["sales"]["without_members"]["now"] is None


def test_takings_of_a_day_to_come_or_of_no_day_are_refused(shop: Shop) -> None:
    body = {"amount": 1, "purchases": 1}
    for day in (day_before(shop, -1), "2026-13-01", "today"):
        answer = shop.client.request("PUT", f"/v1/takings/{day}", json=body)
        assert answer.status_code == 422
    answer = shop.client.request("PUT", f"/v1/takings/{day_before(shop, 1)}", json={"amount": -1})
    assert answer.status_code == 422
