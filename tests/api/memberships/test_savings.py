"""What a card has saved is told from the orders themselves, less what came back, and honestly."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.memberships.test_selling import sold

pytestmark = pytest.mark.usefixtures("club")


def order(shop: Shop, number: str, ref: str = "card:1") -> Any:
    """An order of two lines, opened and confirmed."""
    cart = {
        "currency": "CNY",
        "lines": [
            {"unit_amount": 2500, "quantity": 2, "category": "TEA"},
            {"amount": 1000, "category": "CUP"},
        ],
    }
    opened = shop.client.post(
        "/v1/orders", json={"id": number, "source": "till-7", "member": ref, "cart": cart}
    )
    assert opened.status_code in {200, 201}, opened.text
    told = opened.json()
    confirmed = shop.client.post(
        f"/v1/orders/{told['order']}/confirm",
        json={"payments": [{"method": "card", "amount": told["price"]["to_pay"]}]},
    )
    assert confirmed.status_code in {200, 201}, confirmed.text
    return told


def savings(shop: Shop, held: str) -> Any:
    answer = shop.get(f"/v1/memberships/{held}/savings")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_bought_card_takes_a_tenth_off_the_next_order_until_it_is_given_back(club: Shop) -> None:
    club.buy(1000)
    before = order(club, "A-0")
    held = sold(club, payment="pay-1")["membership"]["membership"]
    club.clock.pass_(minutes=1)
    within = order(club, "A-1")
    assert before["price"]["discount"] == 0
    assert within["price"]["discount"] == 600
    club.clock.pass_(minutes=1)
    told = savings(club, held)
    assert (told["saved"]["amount"], told["paid"]["amount"]) == (600, 12_000)
    assert (told["net"]["amount"], told["orders"]) == (600 - 12_000, 1)
    club.do(f"/v1/memberships/{held}/refund", {"reason": "Changed their mind"})
    club.clock.pass_(minutes=1)
    assert order(club, "A-2")["price"]["discount"] == 0
    after = savings(club, held)
    assert (after["saved"]["amount"], after["paid"]["amount"]) == (600, 0)


def test_what_comes_back_was_not_saved(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    club.clock.pass_(minutes=1)
    told = order(club, "A-1")
    back = club.client.post(
        f"/v1/orders/{told['order']}/returns",
        json={"id": "R-1", "lines": [{"line": 0, "quantity": 1}]},
    )
    assert back.status_code in {200, 201}, back.text
    club.clock.pass_(minutes=1)
    assert savings(club, held)["saved"]["amount"] == 350


def test_uses_of_benefits_without_a_price_are_counted(club: Shop) -> None:
    club.buy(1000)
    held = sold(club, payment="pay-1")["membership"]["membership"]
    assert club.do("/v1/members/card:1/benefit-uses", {"benefit": "lounge"}).status_code == 201
    club.clock.pass_(minutes=1)
    told = savings(club, held)
    assert [(one["benefit"], one["uses"]) for one in told["benefits"]] == [("lounge", 1)]
    assert told["saved"]["amount"] == 0
