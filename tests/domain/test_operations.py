"""What the product itself records: redemptions, transfers, conversions, holds, changes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    after,
    bought,
    brought_back,
    inactive,
    points,
    program,
    rate_rule,
    status,
)

from regulars.domain.errors import (
    HoldNotOpen,
    InsufficientPoints,
    InvalidInput,
    NotAllowed,
    RegularsError,
    StaleMark,
)
from regulars.domain.ledger import Account, Balance
from regulars.domain.members import mark_of
from regulars.domain.operations import (
    Adjustment,
    ConversionOrder,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    MemberChange,
    PointsTransfer,
    Redemption,
    Review,
)
from regulars.domain.programs.model import Conversion

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

CURRENCIES = (
    points(transferable=True, expiry=after("P10D")),
    points("miles", expiry=after("P30D")),
    status(),
)
CONVERSIONS = (Conversion("points", "miles", 10, 3),)
ATTRIBUTES = {"vip": "bool", "rank": "int", "city": "string"}


def rich(amount: int = 100) -> Life:
    life = Life(
        program(
            rate_rule(),
            rate_rule("grow", "1", currency="growth"),
            currencies=CURRENCIES,
            conversions=CONVERSIONS,
            attributes=ATTRIBUTES,
        )
    )
    if amount:
        life.do(bought("p", NOON, amount))
    return life


# What is refused changes nothing.


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (Redemption(currency="points", amount=101), InsufficientPoints),
        (Redemption(currency="growth", amount=1), NotAllowed),
        (Redemption(currency="stars", amount=1), NotAllowed),
        (Adjustment(currency="stars", amount=1, reason="why"), NotAllowed),
        (Adjustment(currency="growth", amount=1, reason="why"), NotAllowed),
        (Adjustment(currency="points", amount=0, reason="why"), InvalidInput),
        (Adjustment(currency="points", amount=-101, reason="why"), InsufficientPoints),
        (PointsTransfer(to="2", to_id=1, currency="points", amount=1), InvalidInput),
        (PointsTransfer(to="2", to_id=2, currency="points", amount=101), InsufficientPoints),
        (PointsTransfer(to="2", to_id=2, currency="miles", amount=1), NotAllowed),
        (PointsTransfer(to="2", to_id=2, currency="growth", amount=1), NotAllowed),
        (ConversionOrder(source="points", target="miles", amount=11), InvalidInput),
        (ConversionOrder(source="points", target="miles", amount=110), InsufficientPoints),
        (ConversionOrder(source="miles", target="points", amount=3), NotAllowed),
        (HoldOpening(currency="points", amount=101), InsufficientPoints),
        (HoldOpening(currency="growth", amount=1), NotAllowed),
        (HoldCapture(hold=99), HoldNotOpen),
        (HoldRelease(hold=99), HoldNotOpen),
        (MemberChange(attributes={"name": "x"}), InvalidInput),
        (MemberChange(attributes={"vip": 1}), InvalidInput),
        (MemberChange(attributes={"rank": True}), InvalidInput),
        (MemberChange(attributes={"vip": True}, mark="stale"), StaleMark),
    ],
)
def test_what_is_refused_changes_nothing(data: Any, error: type[RegularsError]) -> None:
    life = rich()
    state, count = life.member.state, len(life.transfers)
    with pytest.raises(error):
        life.operate(NOON + HOUR, data)
    assert life.member.state == state
    assert len(life.transfers) == count
    assert life.balance(NOON + HOUR) == Balance(available=100)


# Redemptions, adjustments.


def test_a_redemption_takes_what_lapses_first() -> None:
    life = rich()
    life.do(bought("q", NOON - DAY, 50))
    life.operate(NOON + HOUR, Redemption(currency="points", amount=60))
    assert [lot.remaining for lot, _ in life.lots] == [90, 0]
    assert life.account(Account.REDEEMED) == 60


def test_what_is_owed_cannot_be_spent() -> None:
    life = Life(program())
    life.do(bought("p", NOON, 100))
    life.do(bought("q", NOON, 30))
    life.operate(NOON, HoldOpening(currency="points", amount=130, seconds=24 * 3600))
    life.do(brought_back("r", NOON + HOUR, "p"))
    assert life.member.state.owed == {"points": 100}
    life.operate(NOON + 2 * HOUR, HoldCapture(hold=life.last_hold, amount=10))
    assert life.balance(NOON + 2 * HOUR) == Balance(available=20)
    with pytest.raises(InsufficientPoints):
        life.operate(NOON + 3 * HOUR, Redemption(currency="points", amount=21))
    life.operate(NOON + 3 * HOUR, Redemption(currency="points", amount=20))


def test_an_adjustment_counts_at_once_and_lapses_as_the_currency_does() -> None:
    life = rich(0)
    life.operate(NOON, Adjustment(currency="points", amount=10, reason="sorry"))
    assert life.balance(NOON + 10 * DAY - HOUR) == Balance(available=10)
    assert life.balance(NOON + 10 * DAY) == Balance()
    life.operate(NOON + HOUR, Adjustment(currency="points", amount=-4, reason="oops"))
    assert life.account(Account.ADJUSTED) == -6


# Transfers between members.


def test_points_given_keep_their_expiry_lot_by_lot() -> None:
    life = rich()
    life.do(bought("q", NOON + DAY, 50))
    give = PointsTransfer(to="card:2", to_id=2, currency="points", amount=120)
    life.operate(NOON + 2 * DAY, give)
    received = [lot for lot, _ in life.lots if lot.member_id == 2]
    assert [(lot.amount, lot.remaining, lot.expires_at) for lot in received] == [
        (100, 100, NOON + 10 * DAY),
        (20, 20, NOON + 11 * DAY),
    ]
    assert all(lot.available_at == NOON + 2 * DAY for lot in received)
    assert life.balance(NOON + 2 * DAY) == Balance(available=30)
    moved = [one for one in life.transfers if one.code == "transfer"]
    assert [(one.member_id, one.debit, one.credit, one.amount) for one in moved] == [
        (1, Account.AVAILABLE, Account.TRANSIT, 120),
        (2, Account.TRANSIT, Account.AVAILABLE, 120),
    ]


# Conversions.


@given(st.integers(1, 40))
def test_only_whole_multiples_convert_at_the_programs_rate(amount: int) -> None:
    life = rich()
    order = ConversionOrder(source="points", target="miles", amount=amount)
    if amount % 10:
        with pytest.raises(InvalidInput, match="multiples of 10"):
            life.operate(NOON + HOUR, order)
        return
    life.operate(NOON + HOUR, order)
    assert life.balance(NOON + HOUR) == Balance(available=100 - amount)
    assert life.balance(NOON + HOUR, "miles") == Balance(available=amount * 3 // 10)
    assert life.account(Account.CONVERTED) == amount
    assert life.account(Account.CONVERTED, "miles") == -amount * 3 // 10
    assert life.lots[-1][0].expires_at is not None


# Holds.


def held(amount: int = 60, seconds: int = 3600) -> Life:
    life = rich()
    life.operate(NOON + HOUR, HoldOpening(currency="points", amount=amount, seconds=seconds))
    return life


def test_a_hold_reserves_and_its_release_gives_back() -> None:
    life = held()
    assert life.balance(NOON + HOUR) == Balance(available=40, held=60)
    assert life.told[next(reversed(life.told))].hold == 0
    life.operate(NOON + HOUR, HoldRelease(hold=life.last_hold))
    assert life.balance(NOON + HOUR) == Balance(available=100)
    with pytest.raises(HoldNotOpen):
        life.operate(NOON + HOUR, HoldRelease(hold=life.last_hold))


@pytest.mark.parametrize(("amount", "spent"), [(None, 60), (60, 60), (1, 1), (59, 59)])
def test_a_capture_spends_all_or_a_part_and_gives_back_the_rest(
    amount: int | None, spent: int
) -> None:
    life = held()
    life.operate(NOON + HOUR, HoldCapture(hold=life.last_hold, amount=amount))
    assert life.account(Account.REDEEMED) == spent
    assert life.balance(NOON + HOUR) == Balance(available=100 - spent)
    with pytest.raises(HoldNotOpen):
        life.operate(NOON + HOUR, HoldCapture(hold=life.last_hold))


def test_no_more_is_captured_than_was_held() -> None:
    life = held()
    with pytest.raises(InsufficientPoints):
        life.operate(NOON + HOUR, HoldCapture(hold=life.last_hold, amount=61))
    assert life.balance(NOON + HOUR) == Balance(available=40, held=60)


def test_the_rest_of_a_capture_goes_back_to_what_lapses_last() -> None:
    life = rich()
    life.do(bought("q", NOON + DAY, 50))
    life.operate(NOON + DAY, HoldOpening(currency="points", amount=150))
    life.operate(NOON + DAY, HoldCapture(hold=life.last_hold, amount=110))
    assert [lot.remaining for lot, _ in life.lots] == [0, 40]


def test_a_hold_times_out_at_its_very_instant() -> None:
    moment = timedelta(microseconds=1)
    life = held()
    life.operate(NOON + 2 * HOUR - moment, HoldCapture(hold=life.last_hold, amount=5))
    assert life.account(Account.REDEEMED) == 5
    life = held()
    assert life.balance(NOON + 2 * HOUR - moment).held == 60
    assert life.balance(NOON + 2 * HOUR) == Balance(available=100)
    with pytest.raises(HoldNotOpen):
        life.operate(NOON + 2 * HOUR, HoldCapture(hold=life.last_hold))
    life.operate(NOON + 5 * HOUR, Review())
    released = [one.effective_at for one in life.transfers if one.code == "release"]
    assert released == [NOON + 2 * HOUR]


def test_two_holds_are_told_apart() -> None:
    life = held(30)
    first = life.last_hold
    life.operate(NOON + HOUR, HoldOpening(currency="points", amount=20))
    life.operate(NOON + HOUR, HoldCapture(hold=life.last_hold))
    life.operate(NOON + HOUR, HoldRelease(hold=first))
    assert life.balance(NOON + HOUR) == Balance(available=80)


# Members.


def test_attributes_are_set_changed_and_removed() -> None:
    life = rich()
    life.operate(NOON, MemberChange(attributes={"vip": True, "rank": 3, "city": "Xi'an"}))
    mark = mark_of(life.member.attributes)
    life.operate(NOON, MemberChange(attributes={"vip": None, "rank": 4}, mark=mark))
    assert life.member.attributes == {"rank": 4, "city": "Xi'an"}
    with pytest.raises(StaleMark):
        life.operate(NOON, MemberChange(attributes={"rank": 5}, mark=mark))


def test_spending_is_activity_and_a_look_is_none() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P10D")),)))
    life.do(bought("p", NOON, 100))
    life.operate(NOON + 5 * DAY, Review())
    assert life.member.state.active_until["points"] == NOON + 10 * DAY
    life.operate(NOON + 6 * DAY, Redemption(currency="points", amount=1))
    assert life.member.state.active_until["points"] == NOON + 16 * DAY
    life.operate(NOON + 7 * DAY, HoldOpening(currency="points", amount=1))
    life.operate(NOON + 7 * DAY, HoldCapture(hold=life.last_hold))
    assert life.member.state.active_until["points"] == NOON + 17 * DAY
