"""Records that an import has rejected, sealed: for people to look at, correct and try again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

PLACE = "rejected"

ADD = """
insert into rejected_record (organization_id, import_id, row, code, key_version, sealed, created_at)
values (%s, %s, %s, %s, %s, %s, %s)
"""

LIST = """
select id, row, code, key_version, sealed from rejected_record
where organization_id = %(organization)s and import_id = %(import)s
    and (%(row)s::bigint is null or (row, id) > (%(row)s, %(after)s))
order by row, id
limit %(limit)s
"""

# Locked, so that two people who try the same records again take turns.
TAKE = """
select id, row, code, key_version, sealed from rejected_record
where organization_id = %s and import_id = %s and id = any(%s::bigint[])
order by row, id
for update
"""

REMOVE = """
delete from rejected_record where organization_id = %s and import_id = %s and id = any(%s::bigint[])
"""

RENEW = """
update rejected_record set code = %s, key_version = %s, sealed = %s
where organization_id = %s and import_id = %s and id = %s
"""

COUNT = "select count(*) from rejected_record where organization_id = %s and import_id = %s"


@dataclass(frozen=True, slots=True, repr=False)
class Rejected:
    """A rejected record. `told`: JSON, as the service that wrote it knows."""

    id: int
    row: int
    code: str
    told: bytes


def add(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    number: int,
    *,
    records: Iterable[tuple[int, str, bytes]],
    now: datetime,
) -> None:
    """List records of import `number`: row, code, and what is told of each."""
    records = list(records)
    if not records:
        return
    keys = cabinet.keys(tx, organization)
    rows = [
        (organization, number, row, code, *keys.seal(told, PLACE), now)
        for row, code, told in records
    ]
    with tx.cursor() as cursor:
        cursor.executemany(ADD, rows)


def listed(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    number: int,
    *,
    after: tuple[int, int] | None,
    limit: int,
) -> list[Rejected]:
    """Rejected records in the order of the file; `after`: row and id of the last one known."""
    row, last = after or (None, None)
    asked = {
        "organization": organization, "import": number, "row": row, "after": last, "limit": limit,
    }  # fmt: skip
    return _opened(tx, cabinet, organization, tx.execute(LIST, asked).fetchall())


def take(
    tx: Tx, cabinet: Cabinet, organization: int, number: int, ids: Sequence[int]
) -> list[Rejected]:
    """Those of `ids` that are still there, locked."""
    rows = tx.execute(TAKE, [organization, number, int_array(ids)]).fetchall()
    return _opened(tx, cabinet, organization, rows)


def remove(tx: Tx, organization: int, number: int, ids: Sequence[int]) -> int:
    """Forget those that were taken in after all; how many."""
    return tx.execute(REMOVE, [organization, number, int_array(ids)]).rowcount


def renew(tx: Tx, cabinet: Cabinet, organization: int, number: int, *, record: Rejected) -> None:
    """Tell of a record that was rejected again."""
    version, sealed = cabinet.keys(tx, organization).seal(record.told, PLACE)
    tx.execute(RENEW, [record.code, version, sealed, organization, number, record.id])


def count(tx: Tx, organization: int, number: int) -> int:
    """How many are listed."""
    row = tx.execute(COUNT, [organization, number]).fetchone()
    return 0 if row is None else int(row[0])


def _opened(
    tx: Tx, cabinet: Cabinet, organization: int, rows: Sequence[tuple[int, int, str, int, bytes]]
) -> list[Rejected]:
    return [
        Rejected(
            one,
            row,
            code,
            cabinet.keys(tx, organization, version=version).open(version, bytes(sealed), PLACE),
        )
        for one, row, code, version, sealed in rows
    ]
