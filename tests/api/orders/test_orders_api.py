"""Orders over HTTP: from the cart to the return."""

import pytest
from tests.api.conftest import Shop
from tests.api.orders.till import Till, cart, line, publish


@pytest.fixture
def till(bare: Shop) -> Till:
    publish(bare)
    bare.buy(50_000)
    return Till(bare)


def test_an_order_is_quoted_held_and_confirmed(till: Till) -> None:
    told = till.opened(cart=cart(line(6_000, sku="mug"), line(4_000), points={"amount": 200}))
    price = told["price"]
    assert (price["total"], price["discount"], price["payable"]) == (10_000, 1_000, 9_000)
    assert (price["points"]["used"], price["points"]["value"], price["to_pay"]) == (200, 200, 8_800)
    assert [one["net"] for one in price["lines"]] == [5_400, 3_600]
    assert till.shop.balance()["held"] == 200

    done = till.done(told["order"], "confirm", payments=[{"method": "cash", "amount": 8_800}])
    assert done["state"] == "confirmed"
    assert done["earned"] == {"points": 88}
    assert till.shop.balance()["available"] == 500 - 200 + 88
    whole = till.get(told["order"])
    assert [one["what"] for one in whole["steps"]] == ["opened", "confirmed"]
    assert whole["held"][0]["state"] == "captured"
