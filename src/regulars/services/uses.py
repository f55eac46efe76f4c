"""What a member is told of who used their data: each use from the audit trail, without names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.uses import WHAT
from regulars.storage import audit_search
from regulars.storage.audit_search import Wanted
from regulars.storage.database import Database


@dataclass(frozen=True, slots=True)
class Use:
    """One use. `fields`: of the profile, where it was about some; `actor`, `action` and `purpose`
    as the trail says them, for `domain/uses` to put into words."""

    id: int
    at: datetime
    actor: str
    action: str
    purpose: str
    fields: tuple[str, ...]


def of_member(
    db: Database, organization: int, member_id: int, *, before: int | None, limit: int
) -> Sequence[Use]:
    """Uses of what is kept of a member, newest first: those before a number."""
    wanted = Wanted(member_id=member_id, before_id=before)
    with db.transaction(organization) as tx:
        found = audit_search.page(tx, organization, wanted, limit=limit)
    return [
        Use(one.id, one.at, one.actor, one.action, one.purpose, _fields(one.after)) for one in found
    ]


def _fields(after: str) -> tuple[str, ...]:
    values = msgspec.json.decode(after)
    told = values.get(WHAT, []) if isinstance(values, dict) else []
    return tuple(str(one) for one in told)
