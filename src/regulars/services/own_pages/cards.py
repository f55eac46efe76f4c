"""A member's card: the number that tills scan, made where a member has none."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.cards.numbers import DRAWN, SYSTEM, is_own, number_of
from regulars.domain.ids import MemberRef
from regulars.storage import audit, members
from regulars.storage.database import RACES, Database, Tx


def held(db: Database, organization: int, member_id: int) -> str | None:
    """The number of the member's card; None where they have none."""
    with db.transaction(organization) as tx:
        return chosen(members.identities(tx, organization, member_id))


def issue(db: Database, organization: int, member_id: int, *, by: By, now: datetime) -> str:
    """The number of the member's card, a new one where they have none. Safe to repeat.

    Raises MemberNotFound.
    """

    def work(tx: Tx) -> str:
        member = members.lock_living(tx, organization, MemberRef(member_id))
        known = chosen(members.identities(tx, organization, member.id))
        if known is not None:
            return known
        number = number_of(secrets.randbelow(10**DRAWN))
        members.name(tx, organization, [(MemberRef(None, SYSTEM, number), member.id)])
        deed = Deed("card.issued", f"member:{member.id}", member.id)
        audit.record(tx, by, [deed], now)
        return number

    # The same number, drawn for somebody else before, is found on writing it; then we draw again.
    return db.retrying(organization, work, retry_on=RACES)


def chosen(identities: Sequence[tuple[str, str]]) -> str | None:
    """Of several cards the one of our own making, else the last by its number."""
    numbers = sorted(name for system, name in identities if system == SYSTEM)
    own = [number for number in numbers if is_own(number)]
    found = own or numbers
    return found[-1] if found else None
