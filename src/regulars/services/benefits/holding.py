"""What a member can use now: each benefit with how often it is left, until when, and why."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.codes import LIFETIME, POSSIBLE, code_of
from regulars.domain.benefits.held import Held, chosen, held, why_not
from regulars.domain.benefits.quotas import renewed_each
from regulars.domain.ids import MemberRef
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.periods import end_of
from regulars.domain.plans import Plan
from regulars.domain.programs.model import Program
from regulars.services.benefits.using import CODE, House
from regulars.storage import audit, members
from regulars.storage.benefits import codes, grants
from regulars.storage.benefits.codes import Code
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import quotas


@dataclass(frozen=True, slots=True)
class Usable:
    """A benefit that somebody has. `left`: uses left in this stretch; None: as many as one likes.
    `renewed_at`: when the count begins anew. `why_not`: why it cannot be used now; "": it can."""

    held: Held
    left: int | None
    renewed_at: datetime | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that one member has at an instant."""

    member_id: int
    plan: Plan
    at: datetime
    items: Sequence[Usable]


@dataclass(frozen=True, slots=True)
class Shown:
    """A code to be shown. `text` is told this once and kept nowhere."""

    text: str = field(repr=False)
    expires_at: datetime


def holdings(house: House, ref: MemberRef, now: datetime) -> Holdings:
    """What the member has now. Raises MemberNotFound, NoProgramInForce."""
    with house.db.transaction(house.organization) as tx:
        member = members.must_get(tx, house.organization, ref)
        return of_member(tx, house, member, now)


def program(house: House, now: datetime) -> Program:
    """The program in force. Raises NoProgramInForce."""
    with house.db.transaction(house.organization) as tx:
        return house.versions.read(tx).in_force(now).program


def of_member(tx: Tx, house: House, member: Member, now: datetime) -> Holdings:
    """The same of a member who is at hand."""
    plan = house.versions.read(tx).in_force(now)
    given = grants.open_grants(tx, house.organization, [member.id], now).get(member.id, [])
    found = held(plan, member, given, now)
    rooms = quotas.read(tx, house.organization, [one.limit for one in found], now)
    items = []
    for one in found:
        room = rooms[one.limit.key]
        uses = None if one.grant is None else one.grant.uses
        unit = renewed_each(one.benefit, uses=uses)
        renewed_at = None if unit is None else end_of(unit, now, plan.program.zone)
        reason = why_not(one, room, is_frozen=member.is_frozen)
        items.append(Usable(one, room.left, renewed_at, reason))
    return Holdings(member.id, plan, now, items)


def show_code(
    house: House, member_id: int, benefit: str, *, grant_id: int | None, by: By, now: datetime
) -> Shown:
    """A code by which the member can use a benefit within minutes; it takes nothing yet. The one
    before it is void.

    Raises BenefitNotHeld, BenefitNotNow, LimitReached, MemberFrozen, NoProgramInForce.
    """

    def work(tx: Tx) -> Shown:
        organization = house.organization
        member = members.lock_living(tx, organization, MemberRef(member_id))
        if member.is_frozen:
            raise MemberFrozen
        found = of_member(tx, house, member, now)
        ways = [one.held for one in found.items if one.held.benefit.id == benefit]
        rooms = quotas.read(tx, organization, [one.limit for one in ways], now)
        one = chosen(ways, rooms, benefit=benefit, grant_id=grant_id)
        if not rooms[one.limit.key].fits(1):
            raise LimitReached("This benefit is used up for now.")
        text = code_of(secrets.randbelow(POSSIBLE))
        code_hash = house.cabinet.keys(tx, organization).hash_of(CODE, text)
        # Which of several ways it is taken of is decided when it is used, unless one was asked for.
        code = Code(code_hash, member.id, benefit, grant_id, now, now + LIFETIME, None)
        codes.make(tx, organization, code)
        deed = Deed("benefit.shown", f"member:{member.id}", member.id, after={"benefit": benefit})
        audit.record(tx, by, [deed], now)
        return Shown(text, code.expires_at)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def last_code(house: House, member_id: int, benefit: str) -> Code | None:
    """What became of the member's newest code for a benefit; None where there was none."""
    with house.db.transaction(house.organization) as tx:
        return codes.latest(tx, house.organization, member_id, benefit)
