"""Redeeming rewards: many wishes in one transaction, served in the order in which they came.

Members are locked, then limits; who gets something is decided in pure code; then the engine takes
the points, and everything is written together. Whoever gets nothing keeps what they had.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import IdempotencyKeyReused, InternalFault, RegularsError
from regulars.domain.events import Event
from regulars.domain.ids import REDEMPTION, MemberRef, encode, write_ref
from regulars.domain.limits.limits import Holding, Key, Owner, Room, put_back
from regulars.domain.mall.fulfilment import Redemption, RedemptionState, first_state, pay_until
from regulars.domain.mall.pickup_codes import drawn
from regulars.domain.mall.rewards import Way
from regulars.domain.mall.wishes import (
    Asked,
    Purses,
    Served,
    Wish,
    limits_of,
    refuse_unfit,
    serve,
)
from regulars.domain.operations import PREFIX, HoldCapture, HoldOpening, Operation, type_of
from regulars.domain.periods import Local, add
from regulars.domain.plans import Plan
from regulars.services.mall.gathering import Shelf, asked_of, gather
from regulars.services.mall.handing_out import hand_out
from regulars.storage import ledger, profiles, vault
from regulars.storage.database import RACES, Database, Tx, is_unreachable
from regulars.storage.limits import quotas, reservations
from regulars.storage.mall import redemptions
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet

SOURCE = PREFIX + "mall"
HOLD_SECONDS = 900
MAX_ROUNDS = 4
"""How often those who came too late are looked at again because the engine refused others."""

TakeMany = Callable[[Tx, Sequence[Arrival], datetime], Sequence[Any]]
"""Decides and records events within the transaction, a receipt or a refusal for each: the engine
that all events go through."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A redemption that was made. `left`: pieces of the sale, or of the stock, that are left after
    the transaction; None: as many as one likes, or not known."""

    redemption: Redemption
    left: int | None = None
    is_repeat: bool = False


Outcome = Taken | RegularsError


@dataclass(slots=True)
class _Made:
    """A redemption on its way: the place of its wish, and what was taken for it."""

    place: int
    asked: Asked
    redemption: Redemption
    parts: Served


class Redeeming:
    """Takes in wishes for one organization. One thread at a time uses it."""

    def __init__(
        self, db: Database, cabinet: Cabinet, organization: int, take_many: TakeMany
    ) -> None:
        self._db = db
        self._cabinet = cabinet
        self._organization = organization
        self._take_many = take_many
        self._versions = Versions(organization)

    def take_in(self, wishes: Sequence[Wish], now: datetime, /) -> list[Outcome]:
        """Serve `wishes` in their order; one outcome for each. Durable on return.

        Safe to repeat. When something unforeseen fails, the batch is halved until the wish at
        fault is alone. Raises what the driver raises when the database cannot be reached.
        """
        try:
            return self._db.retrying(
                self._organization, lambda tx: self._serve(tx, wishes, now), retry_on=RACES
            )
        except Exception as error:
            if is_unreachable(error):
                raise
            if len(wishes) == 1:
                return [_fault(error)]
        half = len(wishes) // 2
        return self.take_in(wishes[:half], now) + self.take_in(wishes[half:], now)

    def _serve(self, tx: Tx, wishes: Sequence[Wish], now: datetime) -> list[Outcome]:
        plan = self._versions.read(tx).in_force(now)
        shelf = gather(tx, self._organization, wishes)
        # Asked after the lock, so that what the same member did meanwhile is seen.
        keys = [(wish.member_id, wish.key) for wish in wishes]
        before = redemptions.by_keys(tx, self._organization, keys)
        outcomes: dict[int, Outcome] = {}
        asked: dict[int, Asked] = {}
        for place, (key, wish) in enumerate(zip(keys, wishes, strict=True)):
            try:
                if key in before:
                    outcomes[place] = _again(before[key], wish)
                elif keys.index(key) == place:
                    one = asked_of(shelf, wish, plan.program, now)
                    refuse_unfit(plan.program, one, now)
                    asked[place] = one
            except RegularsError as refusal:
                outcomes[place] = refusal
        outcomes |= self._decide(tx, asked, shelf, plan=plan, now=now)
        return [
            outcomes[place] if place in outcomes else _same(outcomes[keys.index(key)], wish)
            for place, (key, wish) in enumerate(zip(keys, wishes, strict=True))
        ]

    def _decide(
        self, tx: Tx, asked: dict[int, Asked], shelf: Shelf, *, plan: Plan, now: datetime
    ) -> dict[int, Outcome]:
        """Lock what they compete for, and serve them in order; where the engine refuses some, those
        who came too late are looked at once more."""
        local = Local(now, plan.program.zone)
        wanted = {limit.key: limit for one in asked.values() for limit, _ in limits_of(one, local)}
        rooms = quotas.lock(tx, self._organization, wanted.values(), now)
        paying = sorted({one.member.id for one in asked.values() if one.points})
        books = ledger.books(tx, self._organization, paying) if paying else {}
        purses = Purses(books, shelf.members)
        outcomes: dict[int, Outcome] = {}
        done: list[_Made] = []
        waiting = list(asked)
        for _ in range(MAX_ROUNDS):
            served: dict[int, Served] = {}
            for place in waiting:
                found = serve(rooms, purses, asked[place], local)
                if isinstance(found, RegularsError):
                    outcomes[place] = found
                else:
                    served[place] = found
            made, failed = self._take_points(tx, asked, served, plan=plan, now=now)
            done += made
            outcomes |= failed
            for place in failed:
                put_back(served[place])
            waiting = [place for place in waiting if place not in served]
            if not failed or not waiting:
                break
        self._write(tx, done, plan=plan, now=now)
        for one in done:
            outcomes[one.place] = Taken(one.redemption, _left(rooms, one.asked, local))
        return outcomes

    def _take_points(
        self,
        tx: Tx,
        asked: dict[int, Asked],
        served: dict[int, Served],
        *,
        plan: Plan,
        now: datetime,
    ) -> tuple[list[_Made], dict[int, RegularsError]]:
        """Let the engine hold the points, and capture them where nothing else is to be paid. What
        it refuses has changed nothing."""
        drafts = dict(
            zip(served, redemptions.new_ids(tx, len(served)), strict=True) if served else ()
        )
        paying = [place for place in served if asked[place].points]
        receipts = dict(
            zip(
                paying,
                self._take(
                    tx, [_opening(asked[place], drafts[place], now) for place in paying], now
                ),
                strict=True,
            )
        )
        failed = {place: one for place, one in receipts.items() if isinstance(one, RegularsError)}
        made = [
            _Made(
                place,
                asked[place],
                _redemption(
                    asked[place],
                    drafts[place],
                    receipts[place].explanation.hold if place in receipts else None,
                    plan=plan,
                    now=now,
                ),
                parts,
            )
            for place, parts in served.items()
            if place not in failed
        ]
        captures = [
            _arrival(one.redemption.id, one.asked, "capture", data, now)
            for one in made
            if one.redemption.pay_by is None
            and (data := _capture(one.redemption.hold_id)) is not None
        ]
        for outcome in self._take(tx, captures, now):
            if isinstance(outcome, RegularsError):
                # It was held a moment ago, in this very transaction.
                raise outcome
        return made, failed

    def _take(self, tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> Sequence[Any]:
        return self._take_many(tx, arrivals, now) if arrivals else []

    def _write(self, tx: Tx, done: Sequence[_Made], *, plan: Plan, now: datetime) -> None:
        if not done:
            return
        organization = self._organization
        for one in done:
            if one.redemption.state is RedemptionState.FULFILLED:
                given = hand_out(
                    tx, organization, plan.program, one.asked.reward, one.redemption,
                    by=one.asked.wish.by,
                )  # fmt: skip
                one.redemption = replace(one.redemption, given=given)
        reservations.hold(tx, organization, [held for one in done for held in _holdings(one)], now)
        rows = [(one.redemption, self._sealed(tx, one, now)) for one in done]
        redemptions.insert(tx, organization, rows, [one.asked.wish.by for one in done])

    def _sealed(self, tx: Tx, one: _Made, now: datetime) -> bytes | None:
        """Where it goes, under the member's own key; one is made for who has none yet."""
        delivery, member_id = one.asked.wish.delivery, one.redemption.member_id
        if delivery is None:
            return None
        place = {"member_id": member_id}
        if not vault.knows(tx, self._organization, member_id):
            kept = profiles.read(tx, self._cabinet, self._organization, member_id)
            profiles.put(tx, self._cabinet, self._organization, **place, profile=kept, now=now)
        plain, what = msgspec.json.encode(delivery), sealed_as(one.redemption.id)
        return vault.seal_for(
            tx, self._cabinet, self._organization, **place, plain=plain, what=what
        )


def sealed_as(redemption_id: int) -> str:
    """Under which name the address of a redemption is sealed."""
    return f"redemption {redemption_id}"


def _holdings(one: _Made) -> list[Holding]:
    return [
        Holding(
            room=room,
            amount=amount,
            owner=Owner.REDEMPTION,
            owner_id=one.redemption.id,
            member_id=one.redemption.member_id,
            expires_at=one.redemption.pay_by,
            by=one.asked.wish.by,
        )
        for room, amount in one.parts
    ]


def _redemption(
    asked: Asked, number: int, hold_id: int | None, *, plan: Plan, now: datetime
) -> Redemption:
    wish, reward, cash = asked.wish, asked.reward, asked.cash_minor
    return Redemption(
        id=number,
        member_id=asked.member.id,
        reward_id=reward.id,
        variant_id=asked.variant.id,
        sale_id=wish.sale_id,
        quantity=wish.quantity,
        currency=reward.terms.currency,
        points=asked.points,
        cash_minor=cash,
        cash_currency=plan.program.money,
        state=first_state(reward.kind, cash),
        way=wish.way,
        place=wish.place if wish.way is Way.PICK_UP else "",
        has_address=wish.delivery is not None,
        code=drawn(secrets.choice) if wish.way is Way.PICK_UP else "",
        hold_id=hold_id,
        given="",
        carrier="",
        tracking="",
        payment_reference="",
        pay_by=add(now, pay_until(asked.pay_minutes), plan.program.zone) if cash else None,
        placed_at=now,
        changed_at=now,
        request_key=wish.key,
        digest=wish.digest,
    )


def _opening(asked: Asked, number: int, now: datetime) -> Arrival:
    seconds = asked.pay_minutes * 60 if asked.cash_minor else HOLD_SECONDS
    data = HoldOpening(
        currency=asked.reward.terms.currency,
        amount=asked.points,
        seconds=seconds,
        reference=encode(REDEMPTION, number),
    )
    return _arrival(number, asked, "hold", data, now)


def _capture(hold_id: int | None) -> HoldCapture | None:
    return None if hold_id is None else HoldCapture(hold=hold_id)


def _arrival(number: int, asked: Asked, deed: str, data: Operation, now: datetime) -> Arrival:
    return arrival_of(number, asked.member.id, deed, data, by=asked.wish.by, now=now)


def arrival_of(
    number: int, member_id: int, deed: str, data: Operation, *, by: str, now: datetime
) -> Arrival:
    """What is done to the points of a redemption, as an event: once for each deed."""
    key = f"{encode(REDEMPTION, number)}:{deed}"
    ref = write_ref(MemberRef(member_id))
    return arrive(Event(key, SOURCE, type_of[type(data)], ref, now, now, data), by)


def _left(rooms: dict[Key, Room], asked: Asked, local: Local) -> int | None:
    """Pieces for all that are left, of what there is least."""
    found = [rooms[limit.key].left for limit, _ in limits_of(asked, local) if not limit.member_id]
    return min((left for left in found if left is not None), default=None)


def _again(known: Redemption, wish: Wish) -> Taken:
    if known.digest != wish.digest:
        raise IdempotencyKeyReused
    return Taken(known, is_repeat=True)


def _same(first: Outcome, wish: Wish) -> Outcome:
    """The same request twice in one batch."""
    if isinstance(first, RegularsError):
        return first
    if first.redemption.digest != wish.digest:
        return IdempotencyKeyReused()
    return replace(first, is_repeat=True)


def _fault(error: Exception) -> RegularsError:
    if isinstance(error, RegularsError):
        return error
    fault = InternalFault()
    fault.__cause__ = error
    return fault
