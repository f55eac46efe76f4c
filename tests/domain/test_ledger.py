"""The ledger: what balances say about any instant, against a model that looks at every point."""

from copy import deepcopy
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import (
    Life,
    after,
    at,
    bought,
    brought_back,
    inactive,
    points,
    program,
    span,
)

from regulars.domain.errors import RegularsError
from regulars.domain.ledger import Account, Balance, Hold, Lot, Moves, balance_at, spending_order
from regulars.domain.operations import (
    Adjustment,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    Redemption,
    Review,
)
from regulars.domain.programs.model import Currency, Program, WhenSpent

START = at("2024-02-20")
hours = st.integers(0, 24 * 40)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


@st.composite
def lot(draw: st.DrawFn) -> Lot:
    there = draw(st.integers(0, 50))
    available = draw(hours)
    end = draw(st.none() | hours)
    return Lot(
        id=draw(st.integers(1, 10**6)),
        member_id=1,
        currency="points",
        amount=there,
        remaining=there,
        available_at=hour(available),
        expires_at=None if end is None else hour(end),
    )


@given(st.lists(lot(), max_size=8, unique_by=lambda one: one.id), hours)
def test_a_balance_counts_every_point_that_can_be_spent_at_the_instant(
    lots: list[Lot], when: int
) -> None:
    now = hour(when)
    points_now = [
        ("pending" if now < one.available_at else "live")
        for one in lots
        for _ in range(one.remaining)
        if now < one.available_at or one.expires_at is None or now < one.expires_at
    ]
    assert balance_at(lots, [], 0, now) == Balance(
        available=points_now.count("live"), pending=points_now.count("pending")
    )


@given(st.lists(lot(), max_size=8, unique_by=lambda one: one.id))
def test_lots_are_spent_soonest_expiring_first_then_oldest(lots: list[Lot]) -> None:
    never = at("9999-01-01")
    order = spending_order(lots)
    keys = [(one.expires_at or never, one.available_at, one.id) for one in order]
    assert keys == sorted(keys)
    assert sorted(one.id for one in order) == sorted(one.id for one in lots)


def test_a_lot_without_a_number_is_spent_after_its_equals() -> None:
    def fresh(number: int) -> Lot:
        return Lot(
            id=number,
            member_id=1,
            currency="points",
            amount=1,
            remaining=1,
            available_at=START,
            expires_at=None,
        )

    assert [one.id for one in spending_order([fresh(0), fresh(7), fresh(3)])] == [3, 7, 0]


def test_a_timed_out_hold_counts_as_given_back_where_its_lot_still_lives() -> None:
    lots = [
        Lot(
            id=number,
            member_id=1,
            currency="points",
            amount=10,
            remaining=0,
            available_at=START,
            expires_at=None if end is None else hour(end),
        )
        for number, end in ((1, None), (2, 5), (3, 20))
    ]
    parts = [(1, 1), (2, 2), (3, 4), (99, 8)]
    hold = Hold(id=1, member_id=1, currency="points", amount=15, expires_at=hour(10), parts=parts)
    assert balance_at(lots, [hold], 0, hour(9)) == Balance(held=15)
    assert balance_at(lots, [hold], 0, hour(10)) == Balance(available=13)
    assert balance_at(lots, [hold], 0, hour(20)) == Balance(available=9)
    # What was given back while something was owed has paid it before it lapsed.
    assert balance_at(lots, [hold], 5, hour(20)) == Balance(available=8)
    hold.is_open = False
    assert balance_at(lots, [hold], 0, hour(10)) == Balance()


def test_moves_remember_what_a_lot_has_left_without_touching_it() -> None:
    one = Lot(
        id=1,
        member_id=1,
        currency="points",
        amount=10,
        remaining=10,
        available_at=START,
        expires_at=None,
    )
    moves = Moves(1)
    moves.use(one, 4, START)
    moves.use(one, 3, START, expired=3)
    moves.use(one, -1, START)
    assert (moves.left(one), moves.lapsed(one), one.remaining) == (4, 3, 10)
    moves.post("points", "x", debit=Account.AVAILABLE, credit=Account.EXPIRED, amount=0, at=START)
    assert moves.transfers == []


# A whole life at random: what is foretold must come true.

CURRENCIES: list[Currency] = [
    points(),
    points(expiry=after("P4D")),
    points(pending=span("P2D"), expiry=after("P5D")),
    points(expiry=inactive("P6D")),
]


def programs() -> st.SearchStrategy[Program]:
    return st.builds(
        lambda currency, spent: program(currencies=(currency,), spent=spent),
        st.sampled_from(CURRENCIES),
        st.sampled_from(list(WhenSpent)),
    )


Step = tuple[str, int, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["buy", "buy late", "return", "redeem", "adjust", "hold", "capture", "release", "look"]
        ),
        st.integers(0, 30),  # hours since the step before
        st.integers(1, 60),  # how much
        st.integers(0, 5),  # which purchase or hold
    ),
    min_size=3,
    max_size=14,
)


class History:
    """Carries random steps out on a life; what the engine refuses has not happened."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.now = 24 * 5
        self.count = 0

    def take(self, step: Step) -> None:
        what, later, amount, which = step
        self.now += later
        self.count += 1
        try:
            self._take(what, amount, which)
        except RegularsError:
            self.life.check()

    def _take(self, what: str, amount: int, which: int) -> None:
        life, now, name = self.life, hour(self.now), f"e{self.count}"
        if what == "buy":
            life.do(bought(name, now, amount))
        elif what == "buy late":
            life.do(bought(name, now - timedelta(hours=amount * 2), amount))
        elif what == "return" and life.bought:
            purchase = sorted(life.bought)[which % len(life.bought)]
            when = now - timedelta(hours=which * 5)
            life.do(brought_back(name, when, purchase, amount=(amount + 1) // 2))
        elif what == "redeem":
            life.operate(now, Redemption(currency="points", amount=amount))
        elif what == "adjust":
            sign = -1 if which % 2 else 1
            life.operate(now, Adjustment(currency="points", amount=sign * amount, reason="why"))
        elif what == "hold":
            opening = HoldOpening(currency="points", amount=amount, seconds=3600 * (which * 8 + 1))
            life.operate(now, opening)
        elif what in {"capture", "release"} and life.book.holds:
            hold = life.book.holds[which % len(life.book.holds)].id
            data = HoldCapture(hold=hold, amount=amount) if what == "capture" else None
            life.operate(now, data or HoldRelease(hold=hold))
        elif what == "look":
            life.operate(now, Review())


@settings(max_examples=150, deadline=None)
@given(programs(), steps, st.integers(0, 24 * 9))
def test_what_the_balance_foretells_is_what_a_look_finds(
    rules: Program, taken: list[Step], ahead: int
) -> None:
    history = History(Life(rules))
    for step in taken:
        history.take(step)
        later = hour(history.now + ahead)
        foretold = balance(history.life, later)
        looked = deepcopy(history.life)
        looked.operate(later, Review(), "look")
        assert balance(looked, later) == foretold
        assert looked.account(Account.AVAILABLE) == foretold.available + pending_of(looked, later)


def pending_of(life: Life, when: datetime) -> int:
    """What the account says of the future: points that ripen are posted when they are earned."""
    return life.account(Account.AVAILABLE) - life.account(Account.AVAILABLE, when=when)


def balance(life: Life, when: datetime) -> Balance:
    """As the balance is asked for: idle points get the instant at which they lapse."""
    until = life.member.state.active_until.get("points")
    if until is not None:
        life = deepcopy(life)
        for one in life.book.lots:
            one.expires_at = until
    return life.balance(when)
