"""Lucky draws as the staff runs them: made as drafts, begun, paused, ended, and looked into."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.audit import By, Deed
from regulars.domain.errors import Fault, InvalidInput, NotAllowed, StaleMark
from regulars.domain.ids import DRAW, TEMPLATE, MemberRef, decode, encode
from regulars.domain.limits.limits import Key, Room
from regulars.domain.periods import Local
from regulars.domain.play.auditing import Checked, PublishedPrize, PublishedTurn, check_turns
from regulars.domain.play.draws import (
    DrawState,
    DrawTerms,
    PrizeKind,
    chance_limit,
    commitment_of,
    is_revealed,
    refuse_unsound,
    stock_limit,
    turn_limits,
)
from regulars.domain.play.refusals import DrawFixed, DrawNotFound, NotAWinner
from regulars.services.play.seeds import Seeds
from regulars.storage import audit, members
from regulars.storage.coupons import templates
from regulars.storage.database import Database, Tx
from regulars.storage.limits import quotas
from regulars.storage.play import draws, turns
from regulars.storage.play.draws import Draw, NewDraw
from regulars.storage.play.turns import TakenTurn
from regulars.storage.programs import Versions

LONGEST = timedelta(days=366)
SHOWN_AFTER = timedelta(days=30)
"""How long members still see a draw that is over."""

MOST_CHECKED = 200_000
BATCH = 5_000

MOVES = {
    DrawState.DRAFT: {DrawState.ACTIVE},
    DrawState.ACTIVE: {DrawState.PAUSED, DrawState.ENDED},
    DrawState.PAUSED: {DrawState.ACTIVE, DrawState.ENDED},
    DrawState.ENDED: set(),
}
"""From which state a draw comes into which."""


@dataclass(frozen=True, slots=True)
class House:
    """What it takes to run draws."""

    db: Database
    versions: Versions
    seeds: Seeds

    @property
    def organization(self) -> int:
        """Whose draws they are."""
        return self.versions.organization


@dataclass(frozen=True, slots=True)
class Looked:
    """A draw as it is looked at. `seed` None: not told yet. `left`: by prize, of those with a
    stock."""

    draw: Draw
    seed: str | None
    left: dict[str, int]


@dataclass(frozen=True, slots=True)
class OwnDraw:
    """What a member has in a draw. `turns_left`: None for no limit; `chances`: those left."""

    looked: Looked
    turns_left: int | None
    chances: int
    taken: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How a draw goes. `prizes`: (rolled, given, turns, members)."""

    turns: int
    members: int
    paid: int
    prizes: Sequence[tuple[str, str, int, int]]


def create(
    house: House, terms: DrawTerms, span: tuple[datetime, datetime], *, by: By, key: str,
    now: datetime,
) -> tuple[Looked, bool]:  # fmt: skip
    """Make a draft. The seed is fixed with it. Safe to repeat under the same key; whether it is
    new. Raises InvalidInput."""
    nonce = secrets.token_urlsafe(32)
    with house.db.transaction(house.organization) as tx:
        _refuse_span(span)
        _refuse(house, tx, terms, now)
        new = NewDraw(
            terms=terms,
            starts_at=span[0],
            ends_at=span[1],
            nonce=nonce,
            commitment=commitment_of(house.seeds.seed(tx, nonce)),
            by=by.actor,
            key=key,
        )
        draw, is_new = draws.insert(tx, house.organization, new, now)
        if is_new:
            _record(tx, "draw.made", draw, by, now)
        return _looked(house, tx, draw, now), is_new


def change(
    house: House, number: int, terms: DrawTerms, span: tuple[datetime, datetime], *,
    mark: str | None, by: By, now: datetime,
) -> Looked:  # fmt: skip
    """Change a draft. Raises DrawNotFound, DrawFixed, StaleMark, InvalidInput."""
    with house.db.transaction(house.organization) as tx:
        draw = _locked(house, tx, number, mark)
        if draw.state != DrawState.DRAFT:
            raise DrawFixed
        _refuse_span(span)
        _refuse(house, tx, terms, now)
        draw = draws.change(tx, house.organization, number, terms, span=span, now=now)
        _record(tx, "draw.changed", draw, by, now)
        return _looked(house, tx, draw, now)


def move(
    house: House, number: int, state: DrawState, *, mark: str | None, by: By, now: datetime
) -> Looked:
    """Begin, pause, go on with or end a draw. Raises DrawNotFound, NotAllowed, StaleMark."""
    with house.db.transaction(house.organization) as tx:
        draw = _locked(house, tx, number, mark)
        if state == draw.state:
            return _looked(house, tx, draw, now)
        if state not in MOVES[DrawState(draw.state)]:
            raise NotAllowed(f"A draw that is {draw.state} cannot become {state.value}.")
        if state is DrawState.ACTIVE:
            _refuse(house, tx, draw.terms, now)
            if draw.ends_at <= now:
                raise NotAllowed("The draw's end is over: change it first.")
        draw = draws.move(tx, house.organization, number, state.value, now)
        _record(tx, f"draw.{state.value}", draw, by, now)
        return _looked(house, tx, draw, now)


def look(house: House, number: int, now: datetime) -> Looked:
    """One draw. Raises DrawNotFound."""
    with house.db.snapshot(house.organization) as tx:
        return _looked(house, tx, _got(house, tx, number), now)


def listed(
    house: House, *, before: int | None, state: str, limit: int, now: datetime
) -> list[Looked]:
    """Draws, newest first."""
    with house.db.snapshot(house.organization) as tx:
        found = draws.page(tx, house.organization, before=before, state=state, limit=limit)
        return [_looked(house, tx, draw, now) for draw in found]


def own(house: House, member_id: int, number: int, now: datetime) -> OwnDraw:
    """A draw as its member sees it. Raises DrawNotFound."""
    with house.db.snapshot(house.organization) as tx:
        draw = _got(house, tx, number)
        if draw.state == DrawState.DRAFT:
            raise DrawNotFound
        return _own(house, tx, draw, member_id, now)


def shown(house: House, member_id: int, now: datetime) -> list[OwnDraw]:
    """The draws that members see, those that end first before others."""
    with house.db.snapshot(house.organization) as tx:
        found = draws.shown(tx, house.organization, now, now - SHOWN_AFTER)
        return [_own(house, tx, draw, member_id, now) for draw in found]


def give_chances(
    house: House, number: int, ref: MemberRef, *, amount: int, reason: str, by: By, key: str,
    now: datetime,
) -> tuple[int, bool]:  # fmt: skip
    """Give a member turns; how many they have left, and whether this is the first time. Raises
    DrawNotFound, MemberNotFound, NotAllowed."""
    with house.db.transaction(house.organization) as tx:
        draw = draws.share(tx, house.organization, number)
        if draw is None:
            raise DrawNotFound
        if not draw.terms.by_chance or draw.state == DrawState.ENDED:
            raise NotAllowed("In this draw no chances are given.")
        member = members.lock_living(tx, house.organization, ref)
        before = draws.give(
            tx, house.organization, number, member.id, amount=amount, by=by.actor, key=key,
            reason=reason, now=now,
        )  # fmt: skip
        if before is None:
            deed = Deed(
                "draw.chance_given", f"draw:{number}", member.id, reason, after={"amount": amount}
            )
            audit.record(tx, by, [deed], now)
        return _own(house, tx, draw, member.id, now).chances, before is None


def figures(house: House, number: int) -> Figures:
    """How a draw goes. Raises DrawNotFound."""
    with house.db.snapshot(house.organization) as tx:
        _got(house, tx, number)
        counts = turns.players(tx, house.organization, number)
        return Figures(*counts, turns.statistics(tx, house.organization, number))


def turns_of(
    house: House, member_id: int, number: int, *, before: int | None, limit: int
) -> list[TakenTurn]:
    """The turns that a member took in a draw, newest first. Raises DrawNotFound."""
    with house.db.snapshot(house.organization) as tx:
        _got(house, tx, number)
        return turns.of_member(
            tx, house.organization, member_id, draw=number, before=before, limit=limit
        )


def winners(
    house: House, number: int, *, prize: str, is_waiting: bool, before: int | None, limit: int
) -> list[TakenTurn]:
    """The turns of a draw, newest first. Raises DrawNotFound."""
    with house.db.snapshot(house.organization) as tx:
        _got(house, tx, number)
        return turns.of_draw(
            tx, house.organization, number, prize=prize, is_waiting=is_waiting, before=before,
            limit=limit,
        )  # fmt: skip


def hand_out(house: House, number: int, turn_id: int, *, by: By, now: datetime) -> TakenTurn:
    """Note that a prize was handed out. Raises DrawNotFound, NotAWinner."""
    with house.db.transaction(house.organization) as tx:
        _got(house, tx, number)
        turn = turns.hand_out(tx, house.organization, turn_id, by=by.actor, now=now)
        if turn is None or turn.draw_id != number:
            tx.rollback()
            raise NotAWinner
        deed = Deed(
            "draw.prize_handed_out", f"draw:{number}", turn.member_id, after={"prize": turn.prize}
        )
        audit.record(tx, by, [deed], now)
        return turn


def published(
    house: House, number: int, *, after: int, limit: int, now: datetime
) -> tuple[Looked, list[TakenTurn]]:
    """A draw with its turns in their order, once its seed is told. Raises DrawNotFound,
    NotAllowed."""
    with house.db.snapshot(house.organization) as tx:
        looked = _looked(house, tx, _got(house, tx, number), now)
        if looked.seed is None:
            raise NotAllowed("The seed is told after the end; then every turn can be checked.")
        return looked, turns.published(tx, house.organization, number, after=after, limit=limit)


def check(house: House, number: int, now: datetime) -> Checked:
    """Work out every turn anew. Raises DrawNotFound, NotAllowed."""
    found: list[TakenTurn] = []
    looked, page = published(house, number, after=0, limit=BATCH, now=now)
    while page and len(found) < MOST_CHECKED:
        found += page
        _, page = published(house, number, after=page[-1].id, limit=BATCH, now=now)
    draw = looked.draw
    assert looked.seed is not None
    return check_turns(
        draw=encode(DRAW, draw.id),
        seed=looked.seed,
        commitment=draw.commitment,
        out_of=draw.terms.out_of,
        prizes=[PublishedPrize(one.code, one.weight, one.stock) for one in draw.terms.prizes],
        instead=draw.terms.instead,
        turns=[tell(turn) for turn in found],
    )


def tell(turn: TakenTurn) -> PublishedTurn:
    """A turn as everybody may see it."""
    return PublishedTurn(
        turn.player, turn.number, turn.luck, turn.roll, turn.rolled, turn.prize, turn.serial
    )


def _locked(house: House, tx: Tx, number: int, mark: str | None) -> Draw:
    draw = draws.lock(tx, house.organization, number)
    if draw is None:
        raise DrawNotFound
    if mark is not None and mark != str(draw.revision):
        raise StaleMark
    return draw


def _got(house: House, tx: Tx, number: int) -> Draw:
    draw = draws.get(tx, house.organization, number)
    if draw is None:
        raise DrawNotFound
    return draw


def _refuse_span(span: tuple[datetime, datetime]) -> None:
    if not span[0] < span[1] <= span[0] + LONGEST:
        raise InvalidInput(
            "A draw ends after it begins, and lasts a year at most.",
            faults=[Fault("/ends_at", "before the beginning, or too long after it")],
        )


def _refuse(house: House, tx: Tx, terms: DrawTerms, now: datetime) -> None:
    refuse_unsound(terms, house.versions.read(tx).in_force(now).program)
    for place, prize in enumerate(terms.prizes):
        if prize.kind is PrizeKind.COUPON:
            number = decode(TEMPLATE, prize.template or "") or 0
            if templates.get(tx, house.organization, number) is None:
                says = "There is no such coupon template (ctp_…)."
                raise InvalidInput(says, faults=[Fault(f"/terms/prizes/{place}/template", says)])


def _looked(house: House, tx: Tx, draw: Draw, now: datetime) -> Looked:
    limits = [stock_limit(draw.id, one) for one in draw.terms.prizes if one.stock is not None]
    rooms = quotas.read(tx, house.organization, limits, now)
    left = {limit.subject.rpartition(":")[2]: rooms[limit.key].left or 0 for limit in limits}
    seed = None
    if is_revealed(draw.state, draw.ends_at, draw.changed_at, now):
        seed = house.seeds.seed(tx, draw.nonce)
    return Looked(draw, seed, left)


def _own(house: House, tx: Tx, draw: Draw, member_id: int, now: datetime) -> OwnDraw:
    zone = house.versions.read(tx).in_force(now).program.zone
    limits = turn_limits(draw.terms, draw.id, member_id, Local(now, zone))
    granted = draws.chances(tx, house.organization, draw.id, member_id)
    chance = chance_limit(draw.id, member_id, granted)
    rooms: dict[Key, Room] = quotas.read(tx, house.organization, [*limits, chance], now)
    left = [rooms[limit.key].left or 0 for limit in limits]
    return OwnDraw(
        _looked(house, tx, draw, now),
        min(left) if left else None,
        rooms[chance.key].left or 0,
        turns.count(tx, house.organization, draw.id, member_id),
    )


def _record(tx: Tx, action: str, draw: Draw, by: By, now: datetime) -> None:
    facts = {"revision": draw.revision, "state": draw.state}
    audit.record(tx, by, [Deed(action, f"draw:{draw.id}", after=facts)], now)
