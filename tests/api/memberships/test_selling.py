"""Paid memberships are tried, bought, renewed and given back."""

from typing import Any

import pytest
from tests.api.conftest import Shop

pytestmark = pytest.mark.usefixtures("club")


def sell(shop: Shop, ref: str = "card:1", key: str = "", **body: Any) -> Any:
    asked = {"card": "plus", "payment": f"pay-{ref}-{shop.count}"} | body
    if asked.get("pay", "money") != "money":
        asked.pop("payment")
    return shop.do(f"/v1/members/{ref}/memberships", asked, key)


def sold(shop: Shop, ref: str = "card:1", **body: Any) -> Any:
    answer = sell(shop, ref, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_bought_card_is_held_at_once_and_rules_see_it(club: Shop) -> None:
    before = club.buy(1000)
    told = sold(club, payment="pay-1")
    held = told["membership"]
    assert (held["standing"], held["card"]) == ("active", "plus")
    assert held["until"] == "2027-03-04T01:00:00Z"
    assert held["ends_at"] == "2027-03-11T01:00:00Z"
    assert told["terms"][0]["price"] == {"amount": 12000, "currency": "CNY"}
    club.clock.pass_(minutes=5)
    after = club.buy(1000)
    assert after["earned"]["points"] == before["earned"]["points"] + 10


def test_the_same_request_sells_once(club: Shop) -> None:
    club.buy(1000)
    first = sell(club, key="k1", payment="pay-1")
    again = sell(club, key="k1", payment="pay-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["repeated"]
    assert first.json()["membership"] == again.json()["membership"]
    other = sell(club, key="k1", payment="pay-2")
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_card_that_is_held_is_not_sold_twice(club: Shop) -> None:
    club.buy(1000)
    sold(club, payment="pay-1")
    assert sell(club, payment="pay-2").json()["code"] == "card_held"


def test_a_payment_pays_for_one_term(club: Shop) -> None:
    club.buy(1000)
    club.buy(1000, "card:2")
    sold(club, payment="pay-1")
    refused = sell(club, "card:2", payment="pay-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_known")


def test_a_trial_is_given_once_and_whoever_buys_keeps_its_rest(club: Shop) -> None:
    club.buy(1000)
    tried = sold(club, pay="trial")["membership"]
    assert (tried["standing"], tried["until"]) == ("trial", "2026-04-03T01:00:00Z")
    club.clock.pass_(days=10)
    bought = sold(club, payment="pay-1")
    assert bought["membership"]["membership"] == tried["membership"]
    assert bought["membership"]["until"] == "2027-04-03T01:00:00Z"
    assert [term["kind"] for term in bought["terms"]] == ["trial", "purchase"]
    again = sell(club, pay="trial")
    assert again.json()["code"] == "card_held"


def test_a_trial_that_is_over_is_not_given_again(club: Shop) -> None:
    club.buy(1000)
    sold(club, pay="trial")
    club.clock.pass_(days=31)
    assert sell(club, pay="trial").json()["code"] == "trial_used"


def test_an_early_renewal_adds_to_the_end_and_a_late_one_counts_from_it(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    path = f"/v1/memberships/{held}/renewals"
    early = club.do(path, {"payment": "pay-2"}).json()
    assert early["membership"]["until"] == "2028-03-04T01:00:00Z"
    club.clock.pass_(days=365 * 2 + 4)
    assert club.get(f"/v1/memberships/{held}").json()["membership"]["standing"] == "grace"
    late = club.do(path, {"payment": "pay-3"}).json()
    assert late["membership"]["until"] == "2029-03-04T01:00:00Z"
    assert [term["kind"] for term in late["terms"]] == ["purchase", "renewal", "renewal"]


def test_nobody_pays_for_more_than_three_terms_ahead(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    for number in (2, 3):
        assert club.do(
            f"/v1/memberships/{held}/renewals", {"payment": f"pay-{number}"}
        ).status_code == 201  # fmt: skip
    refused = club.do(f"/v1/memberships/{held}/renewals", {"payment": "pay-4"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_allowed")


def test_points_pay_for_a_card_and_come_back_with_it(club: Shop) -> None:
    club.buy(100_000)
    before = club.balance()["available"]
    told = sold(club, pay="points")
    assert told["terms"][0]["points"] == {"currency": "points", "amount": 300}
    assert club.balance()["available"] == before - 300
    held = told["membership"]["membership"]
    back = club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    assert back.status_code == 200, back.text
    assert (back.json()["points"], back.json()["money"]["amount"]) == (300, 0)
    assert club.balance()["available"] == before


def test_who_lacks_the_points_keeps_them_and_gets_no_card(club: Shop) -> None:
    club.buy(1000)
    refused = sell(club, pay="points")
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")
    assert club.get("/v1/members/card:1/memberships").json()["own"] == []
    assert club.balance()["available"] == 10


def test_within_a_week_all_is_paid_back_then_the_days_that_are_left(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    path = f"/v1/memberships/{held}/refund"
    club.clock.pass_(days=6)
    assert club.get(path).json()["money"]["amount"] == 12000
    club.clock.pass_(days=94)
    due = club.get(path).json()
    part = due["parts"][0]
    assert (part["why"], part["days"], part["days_left"]) == ("pro_rata", 365, 264)
    assert due["money"]["amount"] == 12000 * 264 // 365
    done = club.do(path, {"reason": "Moved away for good"}, "r1").json()
    assert done["money"] == due["money"]
    assert done["membership"]["standing"] == "refunded"
    again = club.do(path, {"reason": "Moved away for good"}, "r1").json()
    assert (again["repeated"], again["money"]) == (True, due["money"])
    other = club.do(path, {"reason": "Moved away for good"}, "r2")
    assert (other.status_code, other.json()["code"]) == (409, "membership_over")


def test_a_refund_takes_the_benefits_at_once(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    club.clock.pass_(minutes=5)
    assert club.buy(1000)["earned"]["points"] == 20
    club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    club.clock.pass_(minutes=5)
    assert club.buy(1000)["earned"]["points"] == 10
    assert sell(club, payment="pay-2").status_code == 201


def test_a_term_that_has_not_begun_is_paid_back_whole(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    club.do(f"/v1/memberships/{held}/renewals", {"payment": "pay-2", "paid": 10_000})
    club.clock.pass_(days=100)
    parts = club.get(f"/v1/memberships/{held}/refund").json()["parts"]
    assert [part["why"] for part in parts] == ["pro_rata", "full"]
    assert parts[1]["money"]["amount"] == 10_000


@pytest.mark.parametrize(
    "body",
    [
        {"payment": ""},
        {"pay": "trial", "payment": "pay-9"},
        {"payment": "pay-9", "paid": -1},
        {"payment": "pay-9", "paid": 12001},
        {"payment": "pay-9", "paid": 10**18},
        {"payment": "pay-9", "card": "gold"},
        {"payment": "pay-9", "pay": "shells"},
        {"payment": "a b"},
        {"payment": "nul\u0000"},
        {"pay": "points", "card": "month", "payment": ""},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(club: Shop, body: Any) -> None:
    club.buy(1000)
    refused = club.do("/v1/members/card:1/memberships", {"card": "plus"} | body)
    assert refused.status_code in {400, 422}, refused.text
    assert club.get("/v1/members/card:1/memberships").json()["own"] == []


def test_the_list_is_filtered_by_what_a_membership_is(club: Shop) -> None:
    for number in (1, 2, 3):
        club.buy(1000, f"card:{number}")
    sold(club, "card:1", payment="pay-1", renews=True)
    sold(club, "card:2", pay="trial")
    sold(club, "card:3", payment="pay-3", card="month")
    club.clock.pass_(days=32)

    def found(**filters: Any) -> list[str]:
        return [one["card"] for one in club.get("/v1/memberships", **filters).json()["items"]]

    assert found() == ["month", "plus", "plus"]
    assert found(standing="expired") == ["month", "plus"]
    assert found(standing="active") == ["plus"]
    assert found(member="card:2") == ["plus"]
    assert found(renews="true", until="2027-04-01T00:00:00Z") == ["plus"]
    page = club.get("/v1/memberships", limit=2).json()
    assert len(page["items"]) == 2
    rest = club.get("/v1/memberships", limit=2, cursor=page["next"]).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)


def test_figures_count_what_is_held_begun_gone_and_paid(club: Shop) -> None:
    for number in (1, 2, 3):
        club.buy(1000, f"card:{number}")
    sold(club, "card:1", payment="pay-1")
    sold(club, "card:2", pay="trial")
    held = sold(club, "card:3", payment="pay-3")["membership"]["membership"]
    club.clock.pass_(days=1)
    club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    club.clock.pass_(days=1)
    (plus,) = club.get("/v1/memberships/figures").json()["cards"]
    assert (plus["active"], plus["trials"], plus["begun"], plus["tried"]) == (1, 1, 3, 1)
    assert (plus["sold"]["amount"], plus["refunded"]["amount"]) == (24_000, 12_000)
