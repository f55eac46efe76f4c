"""Freezing: what a member has stays as it is until somebody has looked into it."""

from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.ids import MemberRef
from regulars.storage import audit, members
from regulars.storage.database import Database
from regulars.storage.merging import members as merging


def freeze(
    db: Database,
    organization: int,
    ref: MemberRef,
    *,
    is_on: bool,
    reason: str,
    by: By,
    now: datetime,
) -> tuple[int, datetime | None]:
    """Freeze a member, or lift it; the member's number, and since when it holds. Safe to repeat.

    Meanwhile nothing is spent, given away, converted or held, while what they buy is recorded and
    earns. Whoever is spending at the same moment is done before, or refused. Raises MemberNotFound.
    """
    with db.transaction(organization) as tx:
        member = members.lock_living(tx, organization, ref)
        since = merging.freeze(tx, organization, member.id, is_on=is_on, reason=reason, at=now)
        if member.is_frozen != is_on:
            action = "member.frozen" if is_on else "member.unfrozen"
            deed = Deed(action, f"member:{member.id}", member.id, reason)
            audit.record(tx, by, [deed], now)
    return member.id, since
