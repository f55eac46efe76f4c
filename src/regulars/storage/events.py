"""Events and their decisions in PostgreSQL: written once, never changed but for waiting returns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from regulars.domain.envelopes import data_of
from regulars.domain.events import Event
from regulars.domain.explanations import Explanation
from regulars.domain.operations import PREFIX, HoldCapture, Redemption, type_of
from regulars.storage.arrays import int_array, json_texts, text_array, time_array
from regulars.storage.database import Later, Tx

Key = tuple[str, str]
"""(source, external id): what makes an event the same event."""

SPENDING = (type_of[Redemption], type_of[HoldCapture])
"""Operations that count as something the member did."""

_COLUMNS = """
    e.id, e.member_id, e.seq, e.version, e.occurred_at, e.received_at, e.status,
    e.digest::text, e.source, e.external_id, e.type, e.payload, e.decision, e.sent_by
"""

# The inner limit keeps the planner from ever reading all events to find a few.
FIND = f"""
select {_COLUMNS}
from unnest(%(sources)s::text[], %(external_ids)s::text[]) as asked (source, external_id)
cross join lateral (
    select * from event
    where organization_id = %(organization)s and event.source = asked.source
        and event.external_id = asked.external_id
    limit 1
) as e
"""  # noqa: S608  # only the constant above is put in

PURCHASES = f"""
select {_COLUMNS}, coalesce(returned.lines, '{{}}'), coalesce(member.merged_into, e.member_id)
from unnest(%(sources)s::text[], %(external_ids)s::text[]) as asked (source, external_id)
cross join lateral (
    select * from event
    where organization_id = %(organization)s and event.source = asked.source
        and event.external_id = asked.external_id
        and event.type = 'purchase' and event.status = 'decided'
    limit 1
) as e
left join returned on returned.event_id = e.id
left join member on member.id = e.member_id
"""  # noqa: S608

GET = f"""
select {_COLUMNS} from event e where e.organization_id = %s and e.id = %s
"""  # noqa: S608

WAITING = f"""
select {_COLUMNS}, waiting.purchase_source, waiting.purchase_id
from unnest(%(sources)s::text[], %(external_ids)s::text[]) as asked (source, external_id)
join waiting_return waiting on waiting.organization_id = %(organization)s
    and waiting.purchase_source = asked.source and waiting.purchase_id = asked.external_id
join event e on e.id = waiting.event_id
order by e.id
"""  # noqa: S608

# Both keys fall, so the index on (member_id, occurred_at desc, id desc) serves page and order.
TIMELINE = f"""
select {_COLUMNS}
from unnest(%(members)s::bigint[]) as asked (member_id)
cross join lateral (
    select * from event
    where event.organization_id = %(organization)s and event.member_id = asked.member_id
        and (%(at)s::timestamptz is null or (event.occurred_at, event.id) < (%(at)s, %(id)s))
        and (%(types)s::text[] is null or event.type = any(%(types)s::text[]))
    order by event.occurred_at desc, event.id desc
    limit %(limit)s
) as e
order by e.occurred_at desc, e.id desc
limit %(limit)s
"""  # noqa: S608

LAST_ACT = """
select occurred_at from event
where organization_id = %(organization)s and member_id = %(member)s and occurred_at <= %(at)s
    and status = 'decided' and type <> 'return'
    and (not starts_with(type, %(prefix)s) or type = any(%(acts)s::text[]))
order by occurred_at desc, id desc
limit 1
"""

INSERT = """
insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at, status,
                   digest, source, external_id, type, payload, decision, sent_by)
select id, %(organization)s, member_id, seq, version, occurred_at, received_at, status,
       digest, source, external_id, type, payload, decision, sent_by
from unnest(%(ids)s::bigint[], %(members)s::bigint[], %(seqs)s::bigint[], %(versions)s::bigint[],
            %(occurred)s::timestamptz[], %(received)s::timestamptz[], %(statuses)s::text[],
            %(digests)s::uuid[], %(sources)s::text[], %(external_ids)s::text[], %(types)s::text[],
            string_to_array(%(payloads)s, E'\\x01'), string_to_array(%(decisions)s, E'\\x01'),
            %(senders)s::text[])
    as fresh (id, member_id, seq, version, occurred_at, received_at, status, digest, source,
              external_id, type, payload, decision, sent_by)
"""

DECIDE_WAITING = """
update event
set status = fresh.status, decision = fresh.decision, seq = fresh.seq, version = fresh.version
from unnest(%(ids)s::bigint[], %(statuses)s::text[], %(decisions)s::text[], %(seqs)s::bigint[],
            %(versions)s::bigint[])
    as fresh (id, status, decision, seq, version)
where event.id = fresh.id and event.status = 'waiting'
"""

FORGET_WAITING = "delete from waiting_return where event_id = any(%s::bigint[])"

WAIT = """
insert into waiting_return (event_id, organization_id, purchase_source, purchase_id)
select event_id, %(organization)s, source, external_id
from unnest(%(ids)s::bigint[], %(sources)s::text[], %(external_ids)s::text[])
    as fresh (event_id, source, external_id)
"""

SAVE_RETURNED = """
insert into returned (event_id, organization_id, lines)
select event_id, %(organization)s, lines
from unnest(%(ids)s::bigint[], %(lines)s::text[]) as fresh (event_id, lines)
on conflict (event_id) do update set lines = excluded.lines
"""


class Recorded(Struct, gc=False):
    """An event as it is stored. `decision` is an Explanation in JSON; `sent_by`: see Access."""

    id: int
    member_id: int
    seq: int
    version: int
    occurred_at: datetime
    received_at: datetime
    status: str
    digest: str
    source: str
    external_id: str
    type: str
    payload: str
    decision: str
    sent_by: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same event."""
        return self.source, self.external_id


encode_explanation = msgspec.json.Encoder().encode
decode_explanation = msgspec.json.Decoder(Explanation).decode
_lines = msgspec.json.Decoder(dict[int, int])


def find(tx: Tx, organization: int, keys: Sequence[Key]) -> dict[Key, Recorded]:
    """The events that were recorded before under any of `keys`."""
    return ask(tx, organization, keys)()


def ask(tx: Tx, organization: int, keys: Sequence[Key]) -> Later[dict[Key, Recorded]]:
    """As `find`, for a pipeline."""
    if not keys:
        return dict
    cursor = tx.execute(FIND, _asked(organization, keys))
    return lambda: {event.key: event for event in map(recorded_from, cursor.fetchall())}


def ask_purchases(
    tx: Tx, organization: int, keys: Sequence[Key]
) -> Later[list[tuple[Recorded, dict[int, int], int]]]:
    """The decided purchases under any of `keys`, each with how much of each line came back, and
    whose they are: of a member who was merged into another, the other's."""
    if not keys:
        return list
    cursor = tx.execute(PURCHASES, _asked(organization, keys))
    return lambda: [
        (recorded_from(row), _lines.decode(row[14]), row[15]) for row in cursor.fetchall()
    ]


def get(tx: Tx, organization: int, event_id: int) -> Recorded | None:
    """One event by its number."""
    row = tx.execute(GET, [organization, event_id]).fetchone()
    return None if row is None else recorded_from(row)


def timeline(
    tx: Tx,
    organization: int,
    member_ids: Sequence[int],
    *,
    before: tuple[datetime, int] | None,
    types: Sequence[str],
    limit: int,
) -> list[Recorded]:
    """The events of members, newest first: those before an (instant, id), of any type or of
    `types`."""
    rows = tx.execute(
        TIMELINE,
        {
            "organization": organization,
            "members": int_array(member_ids),
            "at": before[0] if before else None,
            "id": before[1] if before else None,
            "types": text_array(types) if types else None,
            "limit": limit,
        },
    )
    return [recorded_from(row) for row in rows]


def last_act(tx: Tx, organization: int, member_id: int, at: datetime) -> datetime | None:
    """When the member last did something by `at` that keeps points from lapsing."""
    asked = {"organization": organization, "member": member_id, "at": at, "prefix": PREFIX}
    row = tx.execute(LAST_ACT, asked | {"acts": text_array(SPENDING)}).fetchone()
    return None if row is None else row[0]


def ask_waiting(tx: Tx, organization: int, keys: Sequence[Key]) -> Later[dict[Key, list[Recorded]]]:
    """Returns that wait for one of these purchases, in the order in which they came."""
    if not keys:
        return dict
    cursor = tx.execute(WAITING, _asked(organization, keys))

    def found() -> dict[Key, list[Recorded]]:
        waiting: dict[Key, list[Recorded]] = {}
        for row in cursor.fetchall():
            waiting.setdefault((row[14], row[15]), []).append(recorded_from(row))
        return waiting

    return found


def insert(tx: Tx, organization: int, events: Sequence[Recorded]) -> None:
    """Write new events. Raises UniqueViolation when one of their keys is there already."""
    tx.execute(
        INSERT,
        {
            "organization": organization,
            "ids": int_array(event.id for event in events),
            "members": int_array(event.member_id for event in events),
            "seqs": int_array(event.seq for event in events),
            "versions": int_array(event.version for event in events),
            "occurred": time_array(event.occurred_at for event in events),
            "received": time_array(event.received_at for event in events),
            "statuses": text_array(event.status for event in events),
            "digests": "{" + ",".join(event.digest for event in events) + "}",
            "sources": text_array(event.source for event in events),
            "external_ids": text_array(event.external_id for event in events),
            "types": text_array(event.type for event in events),
            "payloads": json_texts(event.payload for event in events),
            "decisions": json_texts(event.decision for event in events),
            "senders": text_array(event.sent_by for event in events),
        },
    )


def wait(tx: Tx, organization: int, waiting: Sequence[tuple[int, Key]]) -> None:
    """Remember which purchase each of these returns waits for."""
    tx.execute(
        WAIT,
        {
            "organization": organization,
            "ids": int_array(event_id for event_id, _ in waiting),
            "sources": text_array(key[0] for _, key in waiting),
            "external_ids": text_array(key[1] for _, key in waiting),
        },
    )


def decide_waiting(tx: Tx, events: Sequence[Recorded]) -> None:
    """Write what was decided of returns whose purchase has come."""
    ids = int_array(event.id for event in events)
    tx.execute(
        DECIDE_WAITING,
        {
            "ids": ids,
            "statuses": text_array(event.status for event in events),
            "decisions": text_array(event.decision for event in events),
            "seqs": int_array(event.seq for event in events),
            "versions": int_array(event.version for event in events),
        },
    )
    tx.execute(FORGET_WAITING, [ids])


def save_returned(tx: Tx, organization: int, returned: dict[int, dict[int, int]]) -> None:
    """Write how much of each line of these purchases has come back by now."""
    encode = msgspec.json.encode
    tx.execute(
        SAVE_RETURNED,
        {
            "organization": organization,
            "ids": int_array(returned),
            "lines": text_array(encode(lines).decode() for lines in returned.values()),
        },
    )


def _asked(organization: int, keys: Sequence[Key]) -> dict[str, object]:
    return {
        "organization": organization,
        "sources": text_array(source for source, _ in keys),
        "external_ids": text_array(external_id for _, external_id in keys),
    }


def event_of(recorded: Recorded) -> Event:
    """A stored event as it was taken in. Its subject is not kept; the member is known."""
    return Event(
        recorded.external_id,
        recorded.source,
        recorded.type,
        "",
        recorded.occurred_at,
        recorded.received_at,
        data_of(recorded.type, recorded.payload),
    )


def recorded_from(row: Sequence[Any]) -> Recorded:
    """A row of `_COLUMNS`, with its digest as plain hexadecimal."""
    values = list(row[:14])
    values[7] = values[7].replace("-", "")
    return Recorded(*values)
