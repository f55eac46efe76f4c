"""The client's calls for orders, against a real server."""

from collections.abc import Iterator

import pytest
from tests.api.orders.till import PROGRAM, cart, line
from tests.serving import serving

from regulars.client.connection import RegularsProblem
from regulars.client.regulars import Regulars


@pytest.fixture(scope="module")
def regulars(server_url: str, template: str) -> Iterator[Regulars]:
    with (
        serving(server_url, template, PROGRAM) as (address, secret),
        Regulars(address, secret) as client,
    ):
        client.members.create(["card:1"])
        yield client


def test_an_order_is_opened_confirmed_and_comes_back(regulars: Regulars) -> None:
    basket = cart(line(6_000, quantity=2), line(4_000))
    assert regulars.orders.quote("card:1", basket).payable == 9_000
    opened = regulars.orders.open("P-1", source="till", member="card:1", cart=basket)
    again = regulars.orders.open("P-1", source="till", member="card:1", cart=basket)
    assert (again.order, again.repeat) == (opened.order, True)
    paid = [{"method": "cash", "amount": opened.price.to_pay}]
    done = regulars.orders.confirm(opened.order, payments=paid, accept=opened.price.quote)
    assert (done.state, done.earned) == ("confirmed", {"points": 90})
    back = regulars.orders.give_back(opened.order, "r1", lines=[{"line": 0, "quantity": 1}])
    assert back.came_back is not None
    assert back.came_back.money == 2_700
    assert regulars.orders.get(opened.order).state == "returned_in_part"


def test_orders_are_confirmed_together_cancelled_and_reported(regulars: Regulars) -> None:
    names = [
        regulars.orders.open(name, source="till", member="card:1", cart=cart()).order
        for name in ("P-2", "P-3")
    ]
    assert [one.status for one in regulars.orders.confirm_many(names)] == [200, 200]
    assert regulars.orders.cancel(names[0], reason="Wrong goods").state == "cancelled"
    told = regulars.orders.report(
        "P-4", source="till", member="card:1", time="2026-03-01T15:30:00Z",
        sold={"currency": "CNY", "lines": [{"amount": 100}], "offers": ["benefit:none"]},
    )  # fmt: skip
    assert [(one.code, one.what) for one in told.report] == [("unknown_code", "benefit:none")]
    with pytest.raises(RegularsProblem) as refused:
        regulars.orders.get("ord_0000000000000")
    assert refused.value.problem.code == "order_not_found"
