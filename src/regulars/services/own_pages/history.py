"""What a member reads of their own history: every happening in words, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.envelopes import data_of
from regulars.domain.events import Event, Return
from regulars.domain.member_words.happenings import Fact, Happening, happening
from regulars.storage.database import Database
from regulars.storage.events import Key, Recorded, decode_explanation
from regulars.storage.own_pages import happened
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Line:
    """One recorded event and how it is told."""

    event: Recorded
    told: Happening


def page(
    db: Database,
    versions: Versions,
    member_id: int,
    *,
    before: tuple[datetime, int] | None,
    limit: int,
    language: str,
) -> Sequence[Line]:
    """A page of what happened to the member: before an (instant, id). `language`: of LANGUAGES."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        found = happened.page(tx, organization, member_id, before=before, limit=limit)
        moved = happened.moved(tx, organization, member_id, (one.id for one in found))
        events = [_event_of(one) for one in found]
        keys = {_purchase_of(one) for one in events if isinstance(one.data, Return)}
        bought = happened.bought(tx, organization, sorted(keys))
        table = versions.read(tx)
    lines: list[Line] = []
    for one, event in zip(found, events, strict=True):
        is_return = isinstance(event.data, Return)
        fact = Fact(
            plan=table.version(one.version),
            event=event,
            status=one.status,
            told=decode_explanation(one.decision),
            moved=moved.get(one.id, []),
            bought_at=bought.get(_purchase_of(event)) if is_return else None,
            is_received=one.member_id != member_id,
        )
        lines.append(Line(one, happening(fact, language)))
    return lines


def _purchase_of(event: Event) -> Key:
    """What a return names."""
    return event.data.purchase_source or event.source, event.data.purchase_id


def _event_of(recorded: Recorded) -> Event:
    """The event as it was taken in. Its subject is not kept."""
    return Event(
        recorded.external_id,
        recorded.source,
        recorded.type,
        "",
        recorded.occurred_at,
        recorded.received_at,
        data_of(recorded.type, recorded.payload),
    )
