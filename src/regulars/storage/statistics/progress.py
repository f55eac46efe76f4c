"""How far the sums of days are, and which days have changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from regulars.storage.database import Tx
from regulars.storage.statistics.summing import Cut

READ = """
select zone, first_day, built_from, looked_at, snapshot, counted_at, stale_from, swept_on,
       marked_at,
       last_member, next_member, last_tier_change, next_tier_change
from day_sum_progress
where organization_id = %s
"""

CLAIM = f"{READ} for update skip locked"

BEGIN = """
insert into day_sum_progress (organization_id, zone, first_day, built_from, looked_at, marked_at,
                              last_member, next_member, last_tier_change, next_tier_change)
select %(organization)s, %(zone)s,
       coalesce((least(
           (select min(occurred_at) from event where organization_id = %(organization)s),
           (select min(effective_at) from transfer where organization_id = %(organization)s),
           (select min(enrolled_at) from member where organization_id = %(organization)s),
           (select min(effective_at) from tier_change where organization_id = %(organization)s)
       ) at time zone %(zone)s)::date, %(today)s),
       %(tomorrow)s, %(now)s, %(now)s, %(last_member)s, %(last_member)s, %(last_tier_change)s,
       %(last_tier_change)s
on conflict do nothing
"""

SAVE = """
update day_sum_progress
set first_day = %(first_day)s, built_from = %(built_from)s, looked_at = %(looked_at)s,
    snapshot = %(snapshot)s,
    counted_at = %(counted_at)s, stale_from = %(stale_from)s, swept_on = %(swept_on)s,
    marked_at = %(marked_at)s, last_member = %(last_member)s, next_member = %(next_member)s,
    last_tier_change = %(last_tier_change)s, next_tier_change = %(next_tier_change)s
where organization_id = %(organization)s
"""

DROP = (
    "delete from day_sum where organization_id = %s",
    "delete from active_day where organization_id = %s",
    "delete from day_sum_progress where organization_id = %s",
)

# What was recorded since, with the day it belongs to. A return changes its purchase's day. What is
# committed late was received before others that are in the sums already: a transaction's number
# tells whether the last look has seen it. Rows carry the lower half of the number.
CHANGED = """
select distinct day from (
    select (occurred_at at time zone %(zone)s)::date as day, xmin::text::bigint as half from event
    where organization_id = %(organization)s and received_at >= %(since)s
    union all
    select (effective_at at time zone %(zone)s)::date, xmin::text::bigint from transfer
    where organization_id = %(organization)s and recorded_at >= %(since)s
    union all
    select (bought.occurred_at at time zone %(zone)s)::date, back.xmin::text::bigint
    from event as back
    cross join lateral (
        select occurred_at from event
        where organization_id = %(organization)s
            and external_id = back.payload::json ->> 'purchase_id'
            and source = coalesce(back.payload::json ->> 'purchase_source', back.source)
        limit 1
    ) as bought
    where back.organization_id = %(organization)s and back.received_at >= %(since)s
        and back.type = 'return'
    union all
    select (effective_at at time zone %(zone)s)::date, xmin::text::bigint from tier_change
    where organization_id = %(organization)s and id > %(last_tier_change)s
    union all
    select (enrolled_at at time zone %(zone)s)::date, xmin::text::bigint from member
    where organization_id = %(organization)s and id > %(last_member)s
    union all
    select (erased_at at time zone %(zone)s)::date, xmin::text::bigint from member
    where organization_id = %(organization)s and erased_at is not null and erased_at >= %(since)s
    union all
    select (merged_at at time zone %(zone)s)::date, xmin::text::bigint from member
    where organization_id = %(organization)s and merged_into is not null
        and merged_at >= %(since)s
) as recorded
where %(snapshot)s::pg_snapshot is null or not pg_visible_in_snapshot(
    (%(epoch)s::bigint + half - case
        when %(epoch)s::bigint > 0 and %(epoch)s::bigint + half >= %(current)s::bigint
        then 4294967296 else 0
    end)::text::xid8,
    %(snapshot)s::pg_snapshot
)
order by day
"""

SNAPSHOT = """
select pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""

NEWEST = """
select coalesce((select max(id) from member where organization_id = %(organization)s), 0),
       coalesce((select max(id) from tier_change where organization_id = %(organization)s), 0)
"""

HEARD = """
select exists (
    select from event where organization_id = %(organization)s and received_at >= %(since)s
) or exists (
    select from member where organization_id = %(organization)s and id > %(last_member)s
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A row of day_sum_progress; the migration says what is what."""

    zone: str
    first_day: date
    built_from: date
    looked_at: datetime
    snapshot: str | None
    counted_at: datetime | None
    stale_from: date | None
    swept_on: date | None
    marked_at: datetime
    last_member: int
    next_member: int
    last_tier_change: int
    next_tier_change: int

    @property
    def is_complete(self) -> bool:
        """Whether every day there is has been summed."""
        return self.built_from <= self.first_day


HALF = 32
"""Bits of a transaction's number that rows carry."""

FIELDS = tuple(Progress.__dataclass_fields__)


def read(tx: Tx, organization: int) -> Progress | None:
    """How far the sums are; None where nobody has begun."""
    return _progress(tx.execute(READ, [organization]).fetchone())


def claim(tx: Tx, organization: int) -> Progress | None:
    """The same, and nobody else sums until the transaction ends; None also where somebody does."""
    return _progress(tx.execute(CLAIM, [organization]).fetchone())


def _progress(row: Sequence[object] | None) -> Progress | None:
    if row is None:
        return None
    return Progress(**dict(zip(FIELDS, row, strict=True)))  # type: ignore[arg-type]


def begin(tx: Tx, organization: int, cut: Cut, now: datetime) -> None:
    """Note that nothing is summed yet. Nothing happens where something is."""
    today = cut.day_of(now)
    members, changes = newest(tx, organization)
    tx.execute(
        BEGIN,
        {
            "organization": organization,
            "zone": str(cut.zone),
            "today": today,
            "tomorrow": date.fromordinal(today.toordinal() + 1),
            "now": now,
            "last_member": members,
            "last_tier_change": changes,
        },
    )


def save(tx: Tx, organization: int, progress: Progress) -> None:
    """Write how far it is."""
    values = {name: getattr(progress, name) for name in FIELDS}
    tx.execute(SAVE, values | {"organization": organization})


def drop(tx: Tx, organization: int) -> None:
    """Throw all sums away, to begin anew."""
    for statement in DROP:
        tx.execute(statement, [organization])


class Seen(NamedTuple):
    """What a transaction sees: a snapshot, and the number of the next transaction."""

    snapshot: str
    current: int

    def before(self, known: Progress) -> str | None:
        """The snapshot of the last look; None where it tells nothing, as after the database was
        brought back from a copy, in which transactions are numbered anew."""
        if known.snapshot is None or int(known.snapshot.split(":")[1]) > self.current:
            return None
        return known.snapshot


def seen(tx: Tx) -> Seen:
    """What is seen now."""
    row = tx.execute(SNAPSHOT).fetchone()
    assert row is not None
    return Seen(*row)


def changed(
    tx: Tx, organization: int, known: Progress, now: Seen, *, zone: str, since: datetime
) -> list[date]:
    """The days about which anything was recorded that the last look has not seen, the earliest
    first. Only what was received from `since` on is looked at."""
    asked = {
        "organization": organization,
        "zone": zone,
        "since": since,
        "snapshot": now.before(known),
        "current": now.current,
        "epoch": now.current >> HALF << HALF,
        "last_member": known.last_member,
        "last_tier_change": known.last_tier_change,
    }
    return [day for (day,) in tx.execute(CHANGED, asked)]


def newest(tx: Tx, organization: int) -> tuple[int, int]:
    """The highest numbers of members and of changes of tier."""
    row = tx.execute(NEWEST, {"organization": organization}).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def has_heard(tx: Tx, organization: int, progress: Progress) -> bool:
    """Whether anything has come in since the last look."""
    asked = {
        "organization": organization,
        "since": progress.looked_at,
        "last_member": progress.next_member,
    }
    row = tx.execute(HEARD, asked).fetchone()
    return row is not None and bool(row[0])
