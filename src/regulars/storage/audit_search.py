"""Rows of the audit trail by what somebody looks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.chains import Entry
from regulars.storage.database import Tx

ROWS_TOGETHER = 5_000

_ROWS = """
select id, organization_id, at, actor, action, target, member_id, purpose, before, after, trace_id
from audit
where organization_id = %(organization)s
"""

# Each condition stands only where it is asked for, so that its index can be used.
CONDITIONS = {
    "actor": "and actor = %(actor)s",
    "action": """and action collate "C" >= %(action)s
        and action collate "C" < %(action)s || E'\x7f'""",
    "target": "and target = %(target)s",
    # With the rows of whoever was merged into them: they are the same person.
    "member_id": """and member_id in (
            select %(member_id)s::bigint
            union all
            select id from member
            where organization_id = %(organization)s and merged_into = %(member_id)s
        )""",
    "trace": "and trace_id = %(trace)s",
    "since": "and at >= %(since)s",
    "until": "and at < %(until)s",
    "before_id": "and id < %(before_id)s",
}

NEWEST_FIRST = "order by id desc limit %(limit)s"
OLDEST_FIRST = "order by id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows; None for whatever. `action` is how the action begins, such as "staff.";
    [`since`, `until`) are instants; `before_id` is where the page before ended."""

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    member_id: int | None = None
    trace: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before_id: int | None = None


def page(tx: Tx, organization: int, wanted: Wanted, *, limit: int) -> list[Entry]:
    """The newest rows that are wanted."""
    query, values = _asked(organization, wanted, NEWEST_FIRST)
    return [Entry(*row) for row in tx.execute(query, values | {"limit": limit})]


def stream(tx: Tx, organization: int, wanted: Wanted) -> Iterator[Entry]:
    """All rows that are wanted, oldest first, some thousands at a time."""
    query, values = _asked(organization, wanted, OLDEST_FIRST)
    with tx.cursor(name="audit") as cursor:
        cursor.itersize = ROWS_TOGETHER
        cursor.execute(query, values)
        for row in cursor:
            yield Entry(*row)


def _asked(organization: int, wanted: Wanted, order: str) -> tuple[str, dict[str, object]]:
    """A statement made of the constants above, and its values, which travel beside it."""
    values: dict[str, object] = {"organization": organization}
    parts = [_ROWS]
    for name, condition in CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            values[name] = value
            parts.append(condition)
    return " ".join([*parts, order]), values
