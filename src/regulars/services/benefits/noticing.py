"""What members were told in the app, as they look at it."""

from datetime import datetime

from regulars.storage import notices
from regulars.storage.database import Database
from regulars.storage.notices import Notice


def told(
    db: Database, organization: int, member_id: int, *, before: int | None, limit: int
) -> tuple[int, list[Notice]]:
    """How many are unread, and what the member was told, the latest first."""
    with db.transaction(organization) as tx:
        unread = notices.unread(tx, organization, member_id)
        return unread, notices.page(tx, organization, member_id, before=before, limit=limit)


def unread(db: Database, organization: int, member_id: int) -> int:
    """How many the member has not read, counted up to 100."""
    with db.transaction(organization) as tx:
        return notices.unread(tx, organization, member_id)


def read(db: Database, organization: int, member_id: int, *, up_to: int, now: datetime) -> int:
    """The member has read all up to number `up_to`; how many were new. Safe to repeat."""
    with db.transaction(organization) as tx:
        return notices.mark_read(tx, organization, member_id, up_to=up_to, at=now)
