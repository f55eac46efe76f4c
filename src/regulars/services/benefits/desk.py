"""What the desk sees of whoever stands before it."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.cards.numbers import SYSTEM
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import GRANT, MemberRef, encode
from regulars.services.benefits.holding import Holdings, of_member
from regulars.services.benefits.using import House, demand_code
from regulars.storage import audit, members
from regulars.storage.benefits import codes
from regulars.storage.benefits.codes import Code
from regulars.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member at the desk. `card`: the number on their card. `code`: the one that they showed."""

    holdings: Holdings
    card: str | None
    is_frozen: bool
    code: Code | None = None

    @property
    def grant(self) -> str | None:
        """The grant that the code is for, by our outside id; None for whichever ends first."""
        if self.code is None or self.code.grant_id is None:
            return None
        return encode(GRANT, self.code.grant_id)


def by_ref(house: House, ref: MemberRef, *, by: By, now: datetime) -> Visitor:
    """The member of this reference. Raises MemberNotFound, NoProgramInForce."""
    with house.db.transaction(house.organization) as tx:
        return _visitor(tx, house, ref, None, by=by, now=now)


def by_code(house: House, text: str, *, by: By, now: datetime) -> Visitor:
    """The member who shows this code; nothing is used. A wrong one is counted against the caller.

    Raises BenefitCodeInvalid, TooManyRequests, NoProgramInForce.
    """
    code_hash = demand_code(house, text, by=by, now=now)
    with house.db.transaction(house.organization) as tx:
        code = codes.find(tx, house.organization, code_hash)
        if code is None:
            raise MemberNotFound
        return _visitor(tx, house, MemberRef(code.member_id), code, by=by, now=now)


def _visitor(
    tx: Tx, house: House, ref: MemberRef, code: Code | None, *, by: By, now: datetime
) -> Visitor:
    member = members.must_get(tx, house.organization, ref)
    if member.is_erased:
        raise MemberNotFound
    names = members.identities(tx, house.organization, member.id)
    cards = sorted(name for system, name in names if system == SYSTEM)
    deed = Deed("member.met", f"member:{member.id}", member.id)
    audit.record(tx, by, [deed], now)
    return Visitor(
        of_member(tx, house, member, now), cards[-1] if cards else None, member.is_frozen, code
    )
