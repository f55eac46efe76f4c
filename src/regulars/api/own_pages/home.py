"""The member's first page in one answer: card, balances, what comes and what lapses, tier."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from fastapi import APIRouter, Response
from msgspec import Struct

from regulars.api import shapes
from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.me import signed_in_member
from regulars.api.own_pages.cards import CardAnswer, tell_card
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import AsOf, Language
from regulars.api.state import AccessBy, ServedBy
from regulars.api.telling import tell_lot
from regulars.domain.access import Scope
from regulars.domain.errors import MemberNotFound, NoProgramInForce
from regulars.domain.ids import MEMBER, MemberRef, encode
from regulars.domain.member_words import ladder
from regulars.domain.member_words.ladder import Goal
from regulars.domain.member_words.moves import tier_name
from regulars.domain.member_words.phrases import day_words, last_day_words
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.services import members, organizations, points
from regulars.services.benefits import noticing
from regulars.services.members import Standing
from regulars.services.own_pages import cards, marks
from regulars.services.points import CurrencyBalance, OpenLot

router = APIRouter(prefix="/v1/me", tags=["me"])

MOST_DAYS = 24
"""Days on which points lapse or mature that one answer tells."""


class OwnBalanceAnswer(Struct, frozen=True):
    """One currency. `owed` is what the next points make up for."""

    currency: str
    name: str
    kind: str
    available: int
    pending: int
    held: int
    owed: int


class DueAnswer(Struct, frozen=True):
    """Points that lapse, or can be spent from then on. `on`: the day in words; for points that
    lapse the last on which they can be spent."""

    currency: str
    amount: int
    at: Instant
    on: str


class GoalAnswer(Struct, frozen=True):
    """A tier to be reached or kept. `reached`: percent of the nearest way. `brings`: what it has
    beyond the present one."""

    tier: str
    name: str
    says: str
    reached: int
    brings: Sequence[str]


class OwnTierAnswer(Struct, frozen=True):
    """Where the member stands. `until`: the last day of its term, in words."""

    tier: str
    name: str
    since: Instant
    until: str | None
    is_in_grace: bool
    next: GoalAnswer | None
    keep: GoalAnswer | None


class HomeAnswer(Struct, frozen=True):
    """`mark`: see /v1/me/changes; it belongs to what is told here, or to something older.
    `unread`: how many notices were not read yet, counted up to 100."""

    member: str
    organization: str
    program: str
    card: CardAnswer | None
    balances: list[OwnBalanceAnswer]
    lapsing: list[DueAnswer]
    coming: list[DueAnswer]
    tier: OwnTierAnswer | None
    unread: int
    mark: str


@router.get(
    "/home",
    **declared(HomeAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound, NoProgramInForce)),
)
def get_my_home(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """What a member wants to see first. Only for the member in person."""
    number, now = signed_in_member(access), served.runtime.clock()
    ref, db, versions = MemberRef(number), served.db, served.versions
    # The mark first: whatever is decided from here on is told by the next one.
    mark = marks.mark(db, served.organization, number)
    purse = points.purse(db, versions, ref, at=now, now=now)
    _, lots = points.lots(db, versions, ref, at=now, now=now)
    standing = members.standing(db, versions, ref, now)
    card = cards.held(db, served.organization, number)
    program = standing.program
    answer = HomeAnswer(
        encode(MEMBER, number),
        organizations.by_number(db, served.organization).name,
        name_in(language, program.name),
        None if card is None else tell_card(card),
        [_balance(one, program, language) for one in purse.currencies],
        _lapsing(lots, program, language),
        _coming(lots, program, language),
        _tier(standing, language),
        noticing.unread(db, served.organization, number),
        mark,
    )
    return respond(answer)


@router.get(
    "/lots",
    **declared(
        shapes.LotsAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound, NoProgramInForce)
    ),
)
def get_my_lots(served: ServedBy, access: AccessBy, page: Paged, at: AsOf) -> Response:
    """The member's points as they were earned, each with its end, in the order in which they will
    be spent."""
    number = signed_in_member(access)
    now = served.runtime.clock()
    _, lots = points.lots(served.db, served.versions, MemberRef(number), at=at, now=now)
    (start,) = page.start(tuple[int]) or (0,)
    found, last = page.cut(lots[start : start + page.limit + 1])
    following = None if last is None else write_cursor(start + page.limit)
    told = shapes.LotsAnswer(
        encode(MEMBER, number), at, [tell_lot(one) for one in found], following
    )
    return page.respond(told, following)


def _balance(found: CurrencyBalance, program: Program, language: str) -> OwnBalanceAnswer:
    known, has = program.currencies.get(found.currency), found.balance
    name = found.currency if known is None else name_in(language, known.name)
    return OwnBalanceAnswer(
        found.currency, name, found.kind, has.available, has.pending, has.held, has.owed
    )


def _lapsing(lots: Iterable[OpenLot], program: Program, language: str) -> list[DueAnswer]:
    """What lapses when, the soonest first: added up by the last day on which it can be spent."""
    days: dict[tuple[str, str], list[tuple[datetime, int]]] = {}
    for one in lots:
        if one.lapses_at is not None:
            day = last_day_words(one.lapses_at, program.zone, language)
            days.setdefault((one.lot.currency, day), []).append((one.lapses_at, one.lot.remaining))
    return _due(days)


def _coming(lots: Iterable[OpenLot], program: Program, language: str) -> list[DueAnswer]:
    """What can be spent from when on."""
    days: dict[tuple[str, str], list[tuple[datetime, int]]] = {}
    for one in lots:
        if not one.is_available:
            at = one.lot.available_at
            day = day_words(at, program.zone, language)
            days.setdefault((one.lot.currency, day), []).append((at, one.lot.remaining))
    return _due(days)


def _due(days: dict[tuple[str, str], list[tuple[datetime, int]]]) -> list[DueAnswer]:
    told = [
        DueAnswer(currency, sum(amount for _, amount in parts), min(at for at, _ in parts), day)
        for (currency, day), parts in days.items()
    ]
    return sorted(told, key=lambda one: (one.at, one.currency))[:MOST_DAYS]


def _tier(found: Standing, language: str) -> OwnTierAnswer | None:
    state, way, program = found.tier, found.progress, found.program
    if state is None or way is None:
        return None
    end = state.grace_until or state.until
    return OwnTierAnswer(
        state.tier,
        tier_name(program, state.tier, language),
        state.since,
        None if end is None else last_day_words(end, program.zone, language),
        state.grace_until is not None,
        _goal(ladder.next_goal(program, state.tier, way, found.at, language)),
        _goal(ladder.keep_goal(program, state, way, found.at, language)),
    )


def _goal(goal: Goal | None) -> GoalAnswer | None:
    if goal is None:
        return None
    return GoalAnswer(goal.tier, goal.name, goal.says, goal.reached, goal.brings)
