"""What happened to a member, and why: events with the reasons that were kept with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import EventNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.plans import Timetable
from regulars.storage import events, members
from regulars.storage.database import Database
from regulars.storage.events import Recorded
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Told:
    """Recorded events and the program versions that decided them."""

    events: Sequence[Recorded]
    table: Timetable
    member_id: int = 0


def timeline(
    db: Database,
    versions: Versions,
    ref: MemberRef,
    *,
    before: tuple[datetime, int] | None,
    types: Sequence[str],
    limit: int,
) -> Told:
    """A page of a member's events, newest first: before an (instant, id), of any type or of
    `types`; with those of whoever was merged into them. Raises MemberNotFound."""
    with db.transaction(versions.organization) as tx:
        number = members.must_get(tx, versions.organization, ref).id
        everybody = merging.all_of(tx, versions.organization, number)
        found = events.timeline(
            tx, versions.organization, everybody, before=before, types=types, limit=limit
        )
        return Told(found, versions.read(tx), number)


def event(db: Database, versions: Versions, event_id: int) -> Told:
    """One event by our number. Raises EventNotFound."""
    with db.transaction(versions.organization) as tx:
        found = events.get(tx, versions.organization, event_id)
        if found is None:
            raise EventNotFound
        return Told([found], versions.read(tx), found.member_id)


def event_by_key(db: Database, versions: Versions, source: str, external_id: str) -> Told:
    """One event by its sender's own id. Raises EventNotFound."""
    key = (source, external_id)
    with db.transaction(versions.organization) as tx:
        found = events.find(tx, versions.organization, [key]).get(key)
        if found is None:
            raise EventNotFound(f"No event {external_id!r} from {source!r} was recorded.")
        return Told([found], versions.read(tx), found.member_id)
