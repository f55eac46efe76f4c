"""A benefit that gives a member at most a share of what they brought in, at the till."""

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
