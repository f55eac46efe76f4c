"""Points that were spent out of a hold are given back."""

from datetime import timedelta

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
    span,
)

from regulars.domain.errors import InsufficientPoints, RegularsError
from regulars.domain.holds.refusals import HoldNotCaptured
from regulars.domain.ledger import Account
from regulars.domain.operations import (
    HoldCapture,
    HoldOpening,
    HoldRelease,
    PointsRestore,
    Redemption,
)
from regulars.domain.programs.model import WhenSpent

DAY = timedelta(days=1)


def spent(*, held: int = 60, captured: int | None = None, **policy: object) -> Life:
    """A member with 100 points of Monday, 100 of Tuesday, and a hold of them captured."""
    policy.setdefault("expiry", after("P10D"))
    life = Life(program(currencies=(points(**policy),)))
    life.do(bought("mon", NOON, 100))
    life.do(bought("tue", NOON + DAY, 100))
    life.operate(NOON + DAY, HoldOpening(currency="points", amount=held))
    life.operate(NOON + DAY, HoldCapture(hold=life.last_hold, amount=captured))
    return life


def test_points_come_back_to_the_lots_they_came_from() -> None:
    life = spent(held=150)
    life.operate(NOON + 2 * DAY, PointsRestore(hold=life.last_hold, amount=70))
    # What lapses last comes back first: 50 of Tuesday's, 20 of Monday's.
    assert [lot.remaining for lot, _ in life.lots] == [20, 100]
    assert life.balance(NOON + 2 * DAY).available == 120
    assert life.account(Account.REDEEMED) == 80
    assert life.balance(NOON + 10 * DAY).available == 100


def test_what_lapsed_meanwhile_lapses_again() -> None:
    life = spent()
    life.operate(NOON + 10 * DAY, PointsRestore(hold=life.last_hold))
    assert life.balance(NOON + 10 * DAY).available == 100
    assert life.account(Account.EXPIRED) == 100


def test_or_it_lasts_for_the_grace_of_the_program() -> None:
    life = spent(restore_grace=span("P3D"))
    life.operate(NOON + 10 * DAY, PointsRestore(hold=life.last_hold))
    assert life.balance(NOON + 10 * DAY).available == 160
    # Tuesday's have lapsed by then, and Monday's that came back have not.
    assert life.balance(NOON + 12 * DAY).available == 60
    assert life.balance(NOON + 13 * DAY).available == 0


def test_points_that_lapse_by_inactivity_have_their_grace_too() -> None:
    life = spent(expiry=inactive("P10D"), restore_grace=span("P3D"))
    late = NOON + 30 * DAY
    life.operate(late, PointsRestore(hold=life.last_hold))
    assert life.balance(late).available == 60
    assert life.balance(late + 3 * DAY).available == 0


def test_what_the_member_owes_is_paid_out_of_what_comes_back() -> None:
    life = Life(program(currencies=(points(),), spent=WhenSpent.OWE))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, HoldOpening(currency="points", amount=100))
    life.operate(NOON, HoldCapture(hold=life.last_hold))
    life.do(brought_back("r", NOON + DAY, "p"))
    assert life.balance(NOON + DAY).owed == 100
    life.operate(NOON + DAY, PointsRestore(hold=life.last_hold, amount=70))
    assert (life.balance(NOON + DAY).available, life.balance(NOON + DAY).owed) == (0, 30)


@pytest.mark.parametrize(
    ("end", "data", "refusal"),
    [
        (None, PointsRestore(hold=0), HoldNotCaptured),
        (HoldRelease, PointsRestore(hold=0), HoldNotCaptured),
        (HoldCapture, PointsRestore(hold=0, amount=61), InsufficientPoints),
        (HoldCapture, PointsRestore(hold=10**9), HoldNotCaptured),
    ],
)
def test_no_more_than_was_spent_comes_back(
    end: type | None, data: PointsRestore, refusal: type[RegularsError]
) -> None:
    life = Life(program(currencies=(points(),)))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, HoldOpening(currency="points", amount=60))
    if end is not None:
        life.operate(NOON, end(hold=life.last_hold))
    before = life.balance(NOON)
    named = PointsRestore(hold=data.hold or life.last_hold, amount=data.amount)
    with pytest.raises(refusal):
        life.operate(NOON, named)
    assert life.balance(NOON) == before


def test_giving_back_twice_is_refused() -> None:
    life = spent()
    life.operate(NOON + DAY, PointsRestore(hold=life.last_hold))
    with pytest.raises(InsufficientPoints):
        life.operate(NOON + DAY, PointsRestore(hold=life.last_hold))
    assert life.balance(NOON + DAY).available == 200


@given(
    st.integers(1, 200),
    st.data(),
    st.sampled_from([None, "P3D"]),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 80)), max_size=6),
)
def test_however_it_is_cut_never_more_comes_back_than_was_spent(
    held: int, data: st.DataObject, grace: str | None, backs: list[tuple[int, int]]
) -> None:
    captured = data.draw(st.integers(1, held))
    life = spent(held=held, captured=captured, restore_grace=span(grace) if grace else None)
    hold, now, back = life.last_hold, NOON + DAY, 0
    for days, amount in backs:
        now += days * DAY
        try:
            life.operate(now, PointsRestore(hold=hold, amount=amount))
        except InsufficientPoints:
            assert back + amount > captured
        else:
            back += amount
        if days == 3 and life.balance(now).available:
            # What came back is spent like any other point.
            life.operate(now, Redemption(currency="points", amount=1))
    given_back = sum(one.amount for one in life.transfers if one.debit is Account.REDEEMED)
    assert given_back == back <= captured
