"""Terms of a card follow one another without a gap, whatever is done in which order."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import RegularsError
from regulars.domain.members import State
from regulars.domain.memberships.carrying import MOST_TERMS_AHEAD, carry_card
from regulars.domain.memberships.holding import held_codes, is_held
from regulars.domain.operations import CardChange
from regulars.domain.periods import add
from regulars.domain.programs.document import read

PROGRAM = read("""
regulars: 1
program: club
name: {en: Club}
time_zone: Europe/Berlin
money: EUR
currencies:
  points: {kind: spendable, name: {en: Points}}
cards:
  plus:
    name: {en: Plus}
    price: 10
    term: P1M
    trial: P7D
    grace: P3D
    family: {persons: 2, cooling: P10D}
rules:
  - {id: base, on: purchase, earn: {currency: points, points: 1}}
""")
ZONE = ZoneInfo("Europe/Berlin")
CARD = PROGRAM.cards["plus"]
DEEDS = st.sampled_from(["begin", "trial", "renew", "join", "leave", "end"])
START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@given(st.lists(st.tuples(DEEDS, st.integers(0, 40 * 24)), max_size=14))
def test_a_card_is_paid_for_without_gaps_and_not_too_far_ahead(
    steps: list[tuple[str, int]],
) -> None:
    state, at, trials = State(), START, 0
    for deed, hours in steps:
        at += timedelta(hours=hours)
        before = state.cards.get("plus")
        was_held = is_held(before, at)
        data = CardChange(card="plus", deed=deed, membership=7, holder=9, until=at + timedelta(9))  # type: ignore[arg-type]
        try:
            move = carry_card(PROGRAM, state, data=data, at=at)
        except RegularsError:
            assert state.cards.get("plus") == before
            continue
        after = state.cards.get("plus")
        if deed in {"end", "leave"}:
            assert was_held
            assert not held_codes(state.cards, at)
            continue
        assert after is not None
        assert is_held(after, at)
        assert (move.until, move.ends_at) == (after.until, after.ends_at)
        assert at < after.until <= after.ends_at
        trials += deed == "trial"
        if deed in {"begin", "renew"}:
            base = before.until if was_held and before is not None else at
            assert after.until == add(base, CARD.term, ZONE)
            assert after.until - at < timedelta(days=31 * MOST_TERMS_AHEAD + 7 + 4)
    assert trials <= 1
