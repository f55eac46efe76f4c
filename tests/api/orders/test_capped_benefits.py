"""A benefit that gives a member at most a share of what they brought in, at the till."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.orders.till import PROGRAM, Till, cart, line, publish

from regulars.services.verification.verifying import verify

CAPPED = """
    share_of_contribution: {at_most: 0.05, metric: spent}
tiers:
  metrics:
    spent: {spend: true, window: {rolling: P30D}}
  ladder:
    - {id: member, name: {en: Member, zh-CN: 会员}}
"""


@pytest.fixture
def till(bare: Shop) -> Till:
    publish(bare, PROGRAM.replace("    quota: {uses: 3, per: month}\n", CAPPED))
    return Till(bare)


def test_it_takes_off_no_more_than_the_share_of_what_was_paid_and_says_so(till: Till) -> None:
    till.shop.buy(10)
    first = till.opened("A-0")["price"]
    assert first["discount"] == 0
    [refused] = first["not_applied"]
    assert (refused["reason"], refused["params"]["percent"]) == ("share", "5%")
    till.shop.buy(9_990)
    told = till.opened("A-1", cart=cart(line(20_000)))["price"]
    assert told["discount"] == 500, "five per cent of the hundred yuan that were paid"
    assert told["applied"][0]["detail"].startswith("At most 5% of what was spent in the last 30")
    whole = till.opened("A-2", cart=cart(line(1_000)))["price"]
    assert whole["discount"] == 0, "the open order holds all of it"
    assert verify(till.shop.db, 1).is_clean


def test_an_order_that_is_changed_cancelled_or_brought_back_gives_its_part_back(
    till: Till,
) -> None:
    till.shop.buy(10_000)
    opened = till.opened("A-1", cart=cart(line(20_000)))
    assert till.opened("A-1", cart=cart(line(30_000)))["price"]["discount"] == 500
    assert till.opened("A-1", cart=cart(line(2_000)))["price"]["discount"] == 200
    assert till.opened("A-2", cart=cart(line(20_000)))["price"]["discount"] == 300
    till.done(opened["order"], "cancel")
    other = till.opened("A-3", cart=cart(line(20_000)))
    assert other["price"]["discount"] == 200
    till.done(other["order"], "confirm")
    till.done(other["order"], "returns", id="R-1")
    assert till.opened("A-4", cart=cart(line(20_000)))["price"]["discount"] == 200
    assert verify(till.shop.db, 1).is_clean


def test_what_was_taken_off_leaves_the_window_with_its_day(till: Till) -> None:
    till.shop.buy(10_000)
    opened = till.opened("A-1", cart=cart(line(20_000)))
    till.done(opened["order"], "confirm")
    # 5% of 100.00 + 195.00 is 14.75, less the 5.00 that were taken off.
    assert till.opened("A-2", cart=cart(line(20_000)))["price"]["discount"] == 975
    till.shop.clock.pass_(days=29)
    assert till.opened("A-3", cart=cart(line(20_000)))["price"]["discount"] == 975
    till.shop.clock.pass_(days=1)
    assert till.opened("A-4", cart=cart(line(20_000)))["price"]["discount"] == 0


def test_it_is_not_used_at_the_desk_where_nobody_says_what_it_takes_off(till: Till) -> None:
    till.shop.buy(10_000)
    shown = till.shop.client.get("/v1/members/card:1/benefits").json()
    assert [one["why_not"] for one in shown["items"]] == ["with_orders"]


def sold(till: Till, name: str, *lines: dict[str, int], time: str = "2026-03-04T00:00:00Z") -> Any:
    """A finished order of a till that was off line, which honoured the benefit."""
    asked = {
        "id": name, "source": "till", "member": "card:1", "time": time,
        "sold": {"currency": "CNY", "offers": ["benefit:ten"], "lines": list(lines)},
    }  # fmt: skip
    answer = till.shop.client.post("/v1/orders:report", json=asked)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_what_a_till_took_off_while_it_was_off_line_counts_as_well(till: Till) -> None:
    till.shop.buy(20_000)
    for _ in range(2):
        told = sold(till, "O-1", {"amount": 2_700, "discount": 300})
        assert told["report"] == []
    # 5% of 200.00 + 27.00 is 11.35, less the 3.00 that were taken off.
    assert till.opened("A-1", cart=cart(line(50_000)))["price"]["discount"] == 835
    till.done(told["order"], "returns", id="R-1")
    assert till.opened("A-1", cart=cart(line(60_000)))["price"]["discount"] == 1_000
    assert verify(till.shop.db, 1).is_clean


def test_what_was_given_beyond_the_share_is_honoured_told_and_counted(till: Till) -> None:
    till.shop.buy(10_000)
    told = sold(till, "O-1", {"amount": 9_000, "discount": 1_000})
    assert [(one["code"], one["what"], one["missing"]) for one in told["report"]] == [
        ("share", "benefit:ten", 500)
    ]
    assert told["price"]["to_pay"] == 9_000
    till.shop.buy(1_000)
    # 5% of 100.00 + 90.00 + 10.00 is 10.00, and all of it was taken off.
    assert till.opened("A-1", cart=cart(line(50_000)))["price"]["discount"] == 0
    till.shop.buy(10_000)
    assert till.opened("A-2", cart=cart(line(50_000)))["price"]["discount"] == 500
    assert verify(till.shop.db, 1).is_clean


def test_no_more_is_counted_than_the_benefit_gives_of_what_the_till_took_off(till: Till) -> None:
    till.shop.buy(20_000)
    # Twenty per cent: the other ten are the shop's own.
    sold(till, "O-1", {"amount": 4_000, "discount": 1_000})
    # 5% of 200.00 + 40.00 is 12.00, less 5.00.
    assert till.opened("A-1", cart=cart(line(50_000)))["price"]["discount"] == 700


def test_it_counts_on_the_day_of_the_sale(till: Till) -> None:
    till.shop.buy(20_000)
    sold(till, "O-1", {"amount": 2_700, "discount": 300}, time="2026-02-10T00:00:00Z")
    assert till.opened("A-1", cart=cart(line(50_000)))["price"]["discount"] == 835
    till.done(till.opened("A-1", cart=cart(line(50_000)))["order"], "cancel")
    till.shop.clock.pass_(days=10)
    # The sale of the tenth of February has left the thirty days, and with it what was taken off.
    assert till.opened("A-2", cart=cart(line(50_000)))["price"]["discount"] == 1_000
