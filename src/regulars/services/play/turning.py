"""Taking a turn at a lucky draw: what it costs, what it comes to and what is won, at once or not.

Locks: the draw (shared), the member, then all limits together. Everything is one transaction:
nobody pays and gets no turn, and no more of a prize is given than there is.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from regulars.domain.benefits.grants import NewGrant
from regulars.domain.coupons.codes import BITS, code_of
from regulars.domain.coupons.ready import span_of
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import IdempotencyKeyReused, InvalidInput, MemberNotFound, NotAllowed
from regulars.domain.events import Event
from regulars.domain.ids import COUPON, DRAW, GRANT, TEMPLATE, MemberRef, decode, encode, write_ref
from regulars.domain.limits.limits import Holding, Key, Limit, Owner, Room, take
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.notices.kinds import NoticeKind
from regulars.domain.operations import PREFIX, DrawTurn, type_of
from regulars.domain.periods import Duration, Local, add
from regulars.domain.plans import Plan
from regulars.domain.play.draws import (
    Prize,
    PrizeKind,
    chance_limit,
    is_open,
    prize_at,
    prize_named,
    roll_of,
    stock_limit,
    turn_limits,
)
from regulars.domain.play.refusals import DrawClosed, DrawNotFound, NoChanceLeft
from regulars.domain.tiers import tier_at
from regulars.services.play.seeds import Seeds
from regulars.storage import members, notices
from regulars.storage.benefits import grants
from regulars.storage.coupons import issuing, rationing, telling, templates
from regulars.storage.coupons.telling import Received
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.notices import NewNotice
from regulars.storage.play import draws, turns
from regulars.storage.play.draws import Draw
from regulars.storage.play.turns import TakenTurn
from regulars.storage.programs import Versions

SOURCE = PREFIX + "draw"


class Receipt(Protocol):
    """What the engine says of an event that it recorded."""

    @property
    def event_id(self) -> int:
        """Its number."""


Take = Callable[[Tx, Arrival, datetime], Receipt]
"""Decides and records one event within the transaction: the engine that all events go through."""


@dataclass(frozen=True, slots=True)
class House:
    """What it takes to take turns."""

    db: Database
    versions: Versions
    seeds: Seeds
    take: Take


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a turn at which draw. `luck`: what their device threw in; `key`: the caller's."""

    draw_id: int
    member_id: int
    luck: str
    key: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn, and what it won. `is_repeat`: it was taken before, under the same key."""

    turn: TakenTurn
    draw: Draw
    prize: Prize
    is_repeat: bool = False


def take_turn(house: House, wish: Wish, now: datetime) -> Turned:
    """Take a turn. Safe to repeat under the same key.

    Raises DrawNotFound, DrawClosed, LimitReached, NoChanceLeft, InsufficientPoints, NotAllowed.
    """
    return house.db.retrying(
        house.versions.organization, lambda tx: _take(house, tx, wish, now), retry_on=RACES
    )


def _take(house: House, tx: Tx, wish: Wish, now: datetime) -> Turned:
    organization = house.versions.organization
    draw = draws.share(tx, organization, wish.draw_id)
    if draw is None or draw.state == "draft":
        raise DrawNotFound
    member = members.lock(tx, organization, [wish.member_id]).get(wish.member_id)
    if member is None or member.is_erased or member.merged_into is not None:
        raise MemberNotFound("There is no such member any more.")
    known = turns.asked_before(tx, organization, draw.id, member.id, wish.key)
    if known is not None:
        if known.luck != wish.luck:
            raise IdempotencyKeyReused
        return Turned(known, draw, prize_named(draw.terms, known.prize), is_repeat=True)
    plan = house.versions.read(tx).in_force(now)
    _refuse(draw, plan, member, now)
    turn = _rolled(house, tx, draw, wish, now)
    prize, turn, held = _won(house, tx, plan=plan, draw=draw, turn=turn, now=now)
    receipt = house.take(tx, _arrival(draw, turn, prize, now), now)
    given = _Given(plan, turn, prize, receipt.event_id, now)
    turn = _give(tx, organization, given)
    reservations.hold(tx, organization, held, now)
    turns.insert(tx, organization, turn, key=wish.key, event_id=receipt.event_id)
    if prize.kind is not PrizeKind.NOTHING:
        told = NewNotice(
            member_id=turn.member_id,
            kind=NoticeKind.PRIZE_WON,
            at=now,
            params={"draw": draw.terms.name, "prize": prize.name},
            event_id=receipt.event_id,
            key=f"turn:{turn.id}",
        )
        notices.insert(tx, organization, [told])
    return Turned(turn, draw, prize)


def _refuse(draw: Draw, plan: Plan, member: Member, now: datetime) -> None:
    if not is_open(draw.state, draw.starts_at, draw.ends_at, now):
        raise DrawClosed
    if member.is_frozen:
        raise MemberFrozen
    wanted = draw.terms.tiers
    if wanted and tier_at(member.state.tier, now, plan.bottom) not in wanted:
        raise NotAllowed("This draw is for members of other tiers.")


def _rolled(house: House, tx: Tx, draw: Draw, wish: Wish, now: datetime) -> TakenTurn:
    """The turn with its roll; what is given for it is seen when the stock is locked."""
    organization = house.versions.organization
    number = turns.count(tx, organization, draw.id, wish.member_id) + 1
    player = house.seeds.player(tx, draw.id, wish.member_id)
    roll = roll_of(
        house.seeds.seed(tx, draw.nonce),
        draw=encode(DRAW, draw.id),
        player=player,
        number=number,
        luck=wish.luck,
        out_of=draw.terms.out_of,
    )
    rolled = prize_at(draw.terms.prizes, roll).code
    return TakenTurn(
        id=turns.new_id(tx), draw_id=draw.id, member_id=wish.member_id, number=number,
        player=player, luck=wish.luck, roll=roll, rolled=rolled, prize=rolled, serial=0,
        paid="nothing", taken_at=now, state="given",
    )  # fmt: skip


def _won(
    house: House, tx: Tx, *, plan: Plan, draw: Draw, turn: TakenTurn, now: datetime
) -> tuple[Prize, TakenTurn, list[Holding]]:
    """What is given, how it is paid for, and what is taken of limits for it; all of them are locked
    together."""
    organization, terms = house.versions.organization, draw.terms
    prize = prize_named(terms, turn.rolled)
    wanted = turn_limits(terms, draw.id, turn.member_id, Local(now, plan.program.zone))
    chance = stock = None
    if terms.by_chance:
        granted = draws.chances(tx, organization, draw.id, turn.member_id)
        chance = chance_limit(draw.id, turn.member_id, granted)
    if prize.stock is not None:
        stock = stock_limit(draw.id, prize)
    asked = [limit for limit in (*wanted, chance, stock) if limit is not None]
    rooms = quotas.lock(tx, organization, asked, now)
    paid = _paid(draw, chance, rooms)
    if paid == "chance" and chance is not None:
        wanted.append(chance)
    serial = 0
    if stock is not None:
        room = rooms[stock.key]
        if room.fits(1):
            serial = room.used + 1
            wanted.append(stock)
        else:
            prize = prize_named(terms, terms.instead)
    held = [
        Holding(
            room=room, amount=amount, owner=Owner.DRAW, owner_id=turn.id, member_id=turn.member_id,
            expires_at=None, by=f"member:{turn.member_id}",
        )
        for room, amount in take(rooms, [(limit, 1) for limit in wanted])
    ]  # fmt: skip
    return prize, replace(turn, prize=prize.code, serial=serial, paid=paid), held


def _paid(draw: Draw, chance: Limit | None, rooms: dict[Key, Room]) -> str:
    """A chance first, while there is one; then points, where the draw has a price."""
    if chance is not None and rooms[chance.key].fits(1):
        return "chance"
    if draw.terms.price is not None:
        return "points"
    if draw.terms.by_chance:
        raise NoChanceLeft
    return "nothing"


def _arrival(draw: Draw, turn: TakenTurn, prize: Prize, now: datetime) -> Arrival:
    ref, price = write_ref(MemberRef(turn.member_id)), draw.terms.price
    points = None
    if prize.kind is PrizeKind.POINTS:
        assert prize.currency is not None
        assert prize.amount is not None
        points = (prize.currency, prize.amount)
    data = DrawTurn(
        draw=encode(DRAW, draw.id),
        turn=turn.number,
        price=(price.currency, price.amount) if turn.paid == "points" and price else None,
        prize=prize.code,
        points=points,
    )
    key = f"{data.draw}:{ref}:{turn.number}"
    return arrive(Event(key, SOURCE, type_of[DrawTurn], ref, now, now, data))


@dataclass(frozen=True, slots=True)
class _Given:
    """What a turn won, by which event."""

    plan: Plan
    turn: TakenTurn
    prize: Prize
    event_id: int
    at: datetime


def _give(tx: Tx, organization: int, given: _Given) -> TakenTurn:
    """Hand over what is not points. Goods wait for somebody who does it."""
    turn, kind = given.turn, given.prize.kind
    if kind is PrizeKind.GOODS:
        return replace(turn, state="to_hand_out")
    if kind is PrizeKind.COUPON:
        return replace(turn, ref=_issue(tx, organization, given))
    if kind is PrizeKind.BENEFIT:
        return replace(turn, ref=_grant(tx, organization, given))
    return turn


def _grant(tx: Tx, organization: int, given: _Given) -> str:
    grant = NewGrant(
        member_id=given.turn.member_id,
        benefit=given.prize.benefit or "",
        carrier="draw",
        valid_from=given.at,
        granted_at=given.at,
        granted_by="regulars",
        source=encode(DRAW, given.turn.draw_id),
        event_id=given.event_id,
        valid_until=add(given.at, Duration(days=given.prize.days), given.plan.program.zone),
        request_key=f"turn:{given.turn.id}",
    )
    return encode(GRANT, grants.insert(tx, organization, [grant])[0])


def _issue(tx: Tx, organization: int, given: _Given) -> str:
    number = decode(TEMPLATE, given.prize.template or "") or 0
    template = templates.get(tx, organization, number)
    if template is None:
        raise InvalidInput("The coupon of this prize is not there any more.")
    # The published odds are kept: what is won is given, and counted with the others.
    rationing.lock(tx, organization, template, [given.turn.member_id], given.at)
    issue = issuing.Issue(
        template_id=template.id,
        code=code_of(template.prefix, secrets.randbits(BITS)),
        member_id=given.turn.member_id,
        source="prize",
        issued_at=given.at,
        by="regulars",
        valid=span_of(template.terms, given.at, given.plan.program.zone),
        event_id=given.event_id,
        request_key=f"turn:{given.turn.id}",
    )
    number_of = issuing.issue(tx, organization, [issue])[0]
    assert number_of is not None
    news = Received(
        member_id=given.turn.member_id, coupon_id=number_of, template=template,
        until=issue.valid[1], source="prize",
    )  # fmt: skip
    telling.tell(tx, organization, [news], given.at)
    return encode(COUPON, number_of)
