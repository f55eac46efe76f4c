"""Program versions in PostgreSQL, and what is left of rules with a budget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from regulars.domain.plans import Plan, Timetable, plan
from regulars.domain.programs.document import read
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Later, Tx

KEPT = 256
"""Documents that a process remembers having read."""

NEWEST = "select coalesce(max(version), 0) from program_version where organization_id = %s"

LOAD = """
select version, document, in_force_from, published_at, note
from program_version
where organization_id = %s and version > %s
order by version
"""

IN_FORCE = """
select document
from program_version
where organization_id = %s and in_force_from <= %s
order by in_force_from desc, version desc
limit 1
"""

PUBLISH = """
insert into program_version (organization_id, version, document, in_force_from, published_at, note)
values (%s, %s, %s, %s, %s, %s)
"""

# One publisher at a time, so that version numbers have no gaps and instants keep their order.
SERIALIZE = "select id from organization where id = %s for update"

BEGIN_BUDGETS = """
insert into rule_budget (organization_id, rule, used)
select %(organization)s, rule, 0 from unnest(%(rules)s::text[]) as asked (rule)
order by rule
on conflict do nothing
"""

LOCK_BUDGETS = """
select rule, used from rule_budget
where organization_id = %(organization)s and rule = any(%(rules)s::text[])
order by rule
for update
"""

READ_BUDGETS = """
select rule, used from rule_budget
where organization_id = %(organization)s and rule = any(%(rules)s::text[])
"""

USE_BUDGETS = """
update rule_budget
set used = used + fresh.points
from unnest(%(rules)s::text[], %(points)s::bigint[]) as fresh (rule, points)
where organization_id = %(organization)s and rule_budget.rule = fresh.rule
"""


@dataclass(frozen=True, slots=True)
class Published:
    """One version of the program, as published."""

    version: int
    document: str
    in_force_from: datetime
    published_at: datetime
    note: str


def newest(tx: Tx, organization: int) -> int:
    """The highest version number; 0 when nothing was published."""
    return ask_newest(tx, organization)()


def ask_newest(tx: Tx, organization: int) -> Later[int]:
    """As `newest`, for a pipeline."""
    cursor = tx.execute(NEWEST, [organization])
    return lambda: int((cursor.fetchone() or (0,))[0])


def load(tx: Tx, organization: int, after: int = 0) -> list[Published]:
    """All versions above `after`, in order."""
    return [Published(*row) for row in tx.execute(LOAD, [organization, after])]


def document(tx: Tx, organization: int, at: datetime) -> str | None:
    """The text of the version in force at `at`."""
    row = tx.execute(IN_FORCE, [organization, at]).fetchone()
    return None if row is None else str(row[0])


@lru_cache(KEPT)
def zone_of(document: str) -> ZoneInfo:
    """The time zone that the text of a program names."""
    return read(document).zone


def timetable(
    tx: Tx, organization: int, known: Timetable, *, there: int | None = None
) -> Timetable:
    """`known`, or an extended one when versions were published since. `there`: the newest version
    in the database, where it has been asked for already."""
    if (newest(tx, organization) if there is None else there) == known.newest:
        return known
    fresh = load(tx, organization, known.newest)
    return known.extended(
        (version.in_force_from, _compiled(version.document, version.version)) for version in fresh
    )


@lru_cache(KEPT)
def _compiled(document: str, version: int) -> Plan:
    """Once a process: intake, orders, mall and pages each keep a timetable of their own."""
    return plan(read(document), version)


class Versions:
    """The compiled versions of one organization's program, kept between transactions."""

    def __init__(self, organization: int) -> None:
        self.organization = organization
        self._table = Timetable()

    def read(self, tx: Tx) -> Timetable:
        """All versions as of this transaction. Any thread may ask: two that find a new version at
        once compile it twice, and one of the equal results is kept."""
        return self.ask(tx)()

    def ask(self, tx: Tx) -> Later[Timetable]:
        """The same, for a pipeline."""
        there = ask_newest(tx, self.organization)

        def found() -> Timetable:
            self._table = table = timetable(tx, self.organization, self._table, there=there())
            return table

        return found


def publish(tx: Tx, organization: int, version: Published) -> None:
    """Write a new version. Call `serialize` first."""
    tx.execute(
        PUBLISH,
        [
            organization,
            version.version,
            version.document,
            version.in_force_from,
            version.published_at,
            version.note,
        ],
    )


def serialize(tx: Tx, organization: int) -> None:
    """Let nobody else publish for this organization until the transaction ends."""
    tx.execute(SERIALIZE, [organization])


def ask_budgets(tx: Tx, organization: int, rules: Iterable[str]) -> Later[dict[str, int]]:
    """How much of each rule's budget is used, with no one else using it until we are done; rules
    that never gave anything are left out. For a pipeline."""
    wanted = sorted(rules)
    if not wanted:
        return dict
    cursor = tx.execute(LOCK_BUDGETS, {"organization": organization, "rules": text_array(wanted)})
    return lambda: dict(cursor.fetchall())


def begin_budgets(tx: Tx, organization: int, rules: Sequence[str]) -> dict[str, int]:
    """Begin to count for rules that never gave anything, and lock them."""
    tx.execute(BEGIN_BUDGETS, {"organization": organization, "rules": text_array(rules)})
    return ask_budgets(tx, organization, rules)()


def read_budgets(tx: Tx, organization: int, rules: Sequence[str]) -> dict[str, int]:
    """How much of each rule's budget is used, without a lock; rules never used are left out."""
    return ask_used(tx, organization, rules)()


def ask_used(tx: Tx, organization: int, rules: Sequence[str]) -> Later[dict[str, int]]:
    """The same, for a pipeline."""
    asked = {"organization": organization, "rules": text_array(rules)}
    cursor = tx.execute(READ_BUDGETS, asked)
    return lambda: dict(cursor.fetchall())


def use_budgets(tx: Tx, organization: int, used: dict[str, int]) -> None:
    """Count what was given under budgets that this transaction has locked."""
    tx.execute(
        USE_BUDGETS,
        {
            "organization": organization,
            "rules": text_array(used),
            "points": int_array(used.values()),
        },
    )
