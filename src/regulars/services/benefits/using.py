"""Using benefits outside orders: at a till, by a code, at the desk, by a partner; and giving back.

Each use takes one of the limit that it is counted under, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.codes import is_code, normal
from regulars.domain.benefits.grants import Grant
from regulars.domain.benefits.held import Held, chosen, held
from regulars.domain.benefits.refusals import (
    BenefitCodeInvalid,
    BenefitUseNotFound,
    NotYourBenefit,
)
from regulars.domain.errors import IdempotencyKeyReused, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Holding, Key, Owner, Room, take
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.plans import Plan
from regulars.storage import audit, failed_tries, members
from regulars.storage.benefits import codes, grants, uses
from regulars.storage.benefits.uses import Filter, ListedUse, NewUse, Use
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet

CODE, CALLER = "benefit_code", "caller"
"""The kinds of keyed hashes that stand for a code, and for who types one."""


@dataclass(frozen=True, slots=True)
class House:
    """What it takes to use benefits."""

    db: Database
    versions: Versions
    cabinet: Cabinet

    @property
    def organization(self) -> int:
        """Whose members they are."""
        return self.versions.organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be used, and how. `grant_id`: this grant and no other way to have the benefit.
    `partner`: None for our own; else only benefits that name it. `key`: the caller's."""

    benefit: str
    how: str
    key: str
    grant_id: int | None = None
    store: str = ""
    reference: str = ""
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A use. `left`: how many are left of its limit; None for no limit. `is_repeat`: it was asked
    for before, and nothing was used again."""

    use: Use
    plan: Plan
    left: int | None
    is_repeat: bool = False


def use(house: House, ref: MemberRef, wanted: Wanted, *, by: By, now: datetime) -> Done:
    """Use a benefit of the member once. Safe to repeat under the same key.

    Raises MemberNotFound, MemberFrozen, BenefitNotHeld, BenefitNotNow, LimitReached,
    NotYourBenefit, IdempotencyKeyReused, NoProgramInForce.
    """

    def work(tx: Tx) -> Done:
        member = members.lock_living(tx, house.organization, ref)
        return _use(house, tx, member, wanted, by=by, now=now)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def use_by_code(house: House, text: str, wanted: Wanted, *, by: By, now: datetime) -> Done:
    """Use the benefit that a code stands for. `wanted.benefit` is the code's. Safe to repeat under
    the same key. A wrong code is counted against the caller.

    Raises BenefitCodeInvalid, TooManyRequests and what `use` raises.
    """
    code_hash = demand_code(house, text, by=by, now=now)

    def work(tx: Tx) -> Done:
        found = codes.find(tx, house.organization, code_hash)
        if found is None:
            raise BenefitCodeInvalid
        member = members.lock_living(tx, house.organization, MemberRef(found.member_id))
        code = codes.lock(tx, house.organization, code_hash)
        if code is None:
            raise BenefitCodeInvalid
        known = uses.asked_before(tx, house.organization, by.actor, wanted.key)
        if known is not None and known.id == code.use_id:
            return _repeated(house, tx, member, known, now)
        if code.use_id is not None or now >= code.expires_at:
            raise BenefitCodeInvalid
        done = _use(house, tx, member, _of_code(wanted, code), by=by, now=now)
        codes.used(tx, house.organization, code_hash, done.use.id)
        return done

    return house.db.retrying(house.organization, work, retry_on=RACES)


def demand_code(house: House, text: str, *, by: By, now: datetime) -> str:
    """The hash of a code that is known, used or not. Counts a try that is wrong.

    Raises BenefitCodeInvalid, TooManyRequests.
    """
    with house.db.transaction(house.organization) as tx:
        keys = house.cabinet.keys(tx, house.organization)
        caller = failed_tries.desk_code_by(keys.hash_of(CALLER, by.actor))
        failed_tries.begin_try(tx, house.organization, [caller], now)
        code = normal(text)
        code_hash = keys.hash_of(CODE, code)
        if is_code(code) and codes.find(tx, house.organization, code_hash) is not None:
            failed_tries.take_back(tx, house.organization, caller)
            return code_hash
    raise BenefitCodeInvalid


def restore(house: House, number: int, *, reason: str, by: By, now: datetime) -> Done:
    """Give back a use: it can be used again, in the stretch of the calendar of which it was taken.
    Safe to repeat. Raises BenefitUseNotFound; InvalidInput for what a booking used."""

    def work(tx: Tx) -> Done:
        found = uses.get(tx, house.organization, number)
        if found is None:
            raise BenefitUseNotFound
        member = members.lock(tx, house.organization, [found.member_id])[found.member_id]
        if found.how == "booking":
            raise InvalidInput("This was used by a booking: cancel the booking.")
        give_back(tx, found, reason=reason, by=by, now=now)
        fresh = uses.get(tx, house.organization, number)
        assert fresh is not None
        return _repeated(house, tx, member, fresh, now)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def give_back(tx: Tx, use: Use, *, reason: str, by: By, now: datetime) -> None:
    """Give back one use, once, and put it on record. Its member is locked."""
    organization = by.organization
    if not uses.restore(tx, organization, use.id, at=now, by=by.actor, why=reason):
        return
    reservations.restore(tx, organization, [(Owner.BENEFIT_USE, use.id)], now)
    target = f"benefit_use:{use.id}"
    deed = Deed("benefit.restored", target, use.member_id, reason, after={"benefit": use.benefit})
    audit.record(tx, by, [deed], now)


def record_use(tx: Tx, one: Held, rooms: Mapping[Key, Room], fresh: NewUse, *, by: By) -> int:
    """Write a use of what a member has, and take it of its limit; the use's number. The member and
    the rooms are locked. Raises LimitReached."""
    parts = take(rooms, [(one.limit, 1)])
    number = uses.insert(tx, by.organization, fresh)
    holdings = [
        Holding(
            room=room,
            amount=amount,
            owner=Owner.BENEFIT_USE,
            owner_id=number,
            member_id=fresh.member_id,
            expires_at=None,
            by=by.actor,
        )
        for room, amount in parts
    ]
    reservations.hold(tx, by.organization, holdings, fresh.used_at)
    after = {"benefit": fresh.benefit, "how": fresh.how, "grant": fresh.grant_id}
    deed = Deed("benefit.used", f"benefit_use:{number}", fresh.member_id, after=after)
    audit.record(tx, by, [deed], fresh.used_at)
    return number


def ways_of(
    tx: Tx,
    versions: Versions,
    member: Member,
    benefit: str,
    now: datetime,
    *,
    used_at: datetime | None = None,
) -> tuple[Plan, list[Held]]:
    """The ways in which a member has one benefit now; `used_at`: to be used then, where that is
    later. Raises NoProgramInForce."""
    plan = versions.read(tx).in_force(now)
    given = grants.open_grants(tx, versions.organization, [member.id], now).get(member.id, [])
    wanted: list[Grant] = [grant for grant in given if grant.benefit == benefit]
    found = held(plan, member, wanted, now, used_at=used_at)
    return plan, [one for one in found if one.benefit.id == benefit]


def _use(house: House, tx: Tx, member: Member, wanted: Wanted, *, by: By, now: datetime) -> Done:
    organization = house.organization
    known = uses.asked_before(tx, organization, by.actor, wanted.key)
    if known is not None:
        same = (known.member_id, known.benefit, known.store, known.reference)
        if same != (member.id, wanted.benefit, wanted.store, wanted.reference):
            raise IdempotencyKeyReused
        return _repeated(house, tx, member, known, now)
    if member.is_frozen:
        raise MemberFrozen
    plan, ways = ways_of(tx, house.versions, member, wanted.benefit, now)
    rooms = quotas.lock(tx, organization, [one.limit for one in ways], now)
    one = chosen(ways, rooms, benefit=wanted.benefit, grant_id=wanted.grant_id)
    if wanted.partner is not None and one.benefit.partner != wanted.partner:
        raise NotYourBenefit
    fresh = NewUse(
        member_id=member.id,
        benefit=wanted.benefit,
        grant_id=one.grant_id,
        carrier=one.carrier,
        how=wanted.how,
        used_at=now,
        used_by=by.actor,
        store=wanted.store,
        reference=wanted.reference,
        request_key=wanted.key,
        partner=wanted.partner or "",
    )
    number = record_use(tx, one, rooms, fresh, by=by)
    written = uses.get(tx, organization, number)
    assert written is not None
    return Done(written, plan, rooms[one.limit.key].left)


def _repeated(house: House, tx: Tx, member: Member, known: Use, now: datetime) -> Done:
    plan, ways = ways_of(tx, house.versions, member, known.benefit, now)
    limits = [one.limit for one in ways if one.grant_id == known.grant_id]
    rooms = quotas.read(tx, house.organization, limits, now)
    left = rooms[limits[0].key].left if limits else 0
    return Done(known, plan, left, is_repeat=True)


def _of_code(wanted: Wanted, code: codes.Code) -> Wanted:
    return Wanted(
        benefit=code.benefit,
        how=wanted.how,
        key=wanted.key,
        grant_id=code.grant_id,
        store=wanted.store,
        reference=wanted.reference,
        partner=wanted.partner,
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of uses, and the program in force, by which they are named; None before the first."""

    items: Sequence[ListedUse]
    plan: Plan | None


def listed(
    house: House,
    wanted: Filter,
    *,
    ref: MemberRef | None,
    before: int | None,
    limit: int,
    now: datetime,
) -> Listing:
    """Who used what, the newest first; of one member with `ref`. Raises MemberNotFound."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        if ref is not None:
            member = members.must_get(tx, organization, ref)
            wanted = replace(wanted, members=merging.all_of(tx, organization, member.id))
        table = house.versions.read(tx)
        plan = table.in_force(now) if table.instants and table.instants[0] <= now else None
        return Listing(uses.page(tx, organization, wanted, before=before, limit=limit), plan)
