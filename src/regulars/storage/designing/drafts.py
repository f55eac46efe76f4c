"""Drafts of the program and their revisions in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.storage.database import Tx

MAX_REVISIONS = 500
"""Of one draft; beyond that the eldest are forgotten."""

_HEAD = """
d.id, d.name, d.base_version, d.revision, d.created_at, d.changed_by, d.changed_at, d.published_as
"""

COUNT = "select count(*) from draft where organization_id = %s"

INSERT = """
insert into draft (organization_id, name, base_version, revision, created_at, changed_by,
                   changed_at)
values (%(organization)s, %(name)s, %(base)s, 1, %(at)s, %(by)s, %(at)s)
returning id
"""

KEEP = """
insert into draft_revision (draft_id, organization_id, revision, name, document, changed_by,
                            changed_at)
values (%(draft)s, %(organization)s, %(revision)s, %(name)s, %(document)s, %(by)s, %(at)s)
"""

FORGET = """
delete from draft_revision
where organization_id = %(organization)s and draft_id = %(draft)s and revision <= %(until)s
"""

GET = f"""
select {_HEAD}, r.document
from draft d
join draft_revision r on r.draft_id = d.id and r.revision = d.revision
where d.organization_id = %s and d.id = %s
"""  # noqa: S608  # only the constant above is put in, as in all statements here

LOCK = "select id from draft where organization_id = %s and id = %s for update"

LIST = f"""
select {_HEAD}
from draft d
where d.organization_id = %(organization)s
    and (%(at)s::timestamptz is null or (d.changed_at, d.id) < (%(at)s, %(id)s))
order by d.changed_at desc, d.id desc
limit %(limit)s
"""  # noqa: S608

CHANGE = """
update draft
set name = %(name)s, revision = %(revision)s, changed_by = %(by)s, changed_at = %(at)s
where organization_id = %(organization)s and id = %(draft)s
"""

PUBLISHED = """
update draft set published_as = %s where organization_id = %s and id = %s
"""

DELETE = "delete from draft where organization_id = %s and id = %s"

REVISIONS = """
select revision, name, null, changed_by, changed_at
from draft_revision
where organization_id = %(organization)s and draft_id = %(draft)s and revision < %(before)s
order by revision desc
limit %(limit)s
"""

REVISION = """
select revision, name, document, changed_by, changed_at
from draft_revision
where organization_id = %s and draft_id = %s and revision = %s
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is now. `document` is None where only the list was asked for."""

    id: int
    name: str
    base_version: int | None
    revision: int
    created_at: datetime
    changed_by: str
    changed_at: datetime
    published_as: int | None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a draft said once. `document` is None where only the list was asked for."""

    revision: int
    name: str
    document: str | None
    changed_by: str
    changed_at: datetime


def count(tx: Tx, organization: int) -> int:
    """How many drafts there are."""
    row = tx.execute(COUNT, [organization]).fetchone()
    assert row is not None
    return int(row[0])


def create(
    tx: Tx,
    organization: int,
    *,
    name: str,
    document: str,
    base_version: int | None,
    by: str,
    at: datetime,
) -> int:
    """Write a new draft with its first revision; its number."""
    values = {"organization": organization, "name": name, "base": base_version, "by": by, "at": at}
    row = tx.execute(INSERT, values).fetchone()
    assert row is not None
    _keep(tx, organization, row[0], Revision(1, name, document, by, at))
    return int(row[0])


def get(tx: Tx, organization: int, number: int, *, lock: bool = False) -> Draft | None:
    """One draft with its text; with `lock`, nobody else changes it until the transaction ends."""
    if lock:
        tx.execute(LOCK, [organization, number])
    row = tx.execute(GET.encode(), [organization, number]).fetchone()
    return None if row is None else Draft(*row)


def listed(
    tx: Tx, organization: int, *, before: tuple[datetime, int] | None, limit: int
) -> list[Draft]:
    """A page of drafts without their texts, those that were changed last first."""
    asked = {
        "organization": organization,
        "at": before[0] if before else None,
        "id": before[1] if before else None,
        "limit": limit,
    }
    return [Draft(*row) for row in tx.execute(LIST.encode(), asked)]


def change(tx: Tx, organization: int, number: int, revision: Revision) -> None:
    """Let a draft that is locked say something else."""
    assert revision.document is not None
    _keep(tx, organization, number, revision)
    values = _values(organization, number, revision)
    tx.execute(CHANGE, values)
    if revision.revision > MAX_REVISIONS:
        tx.execute(FORGET, values | {"until": revision.revision - MAX_REVISIONS})


def published(tx: Tx, organization: int, number: int, version: int) -> bool:
    """Note which version was published from a draft; False where there is no such draft."""
    return tx.execute(PUBLISHED, [version, organization, number]).rowcount > 0


def delete(tx: Tx, organization: int, number: int) -> None:
    """Take a draft away, with all that it said."""
    tx.execute(DELETE, [organization, number])


def revisions(tx: Tx, organization: int, number: int, *, before: int, limit: int) -> list[Revision]:
    """A page of what a draft said, without the texts, newest first."""
    asked = {"organization": organization, "draft": number, "before": before, "limit": limit}
    return [Revision(*row) for row in tx.execute(REVISIONS, asked)]


def revision(tx: Tx, organization: int, number: int, wanted: int) -> Revision | None:
    """What a draft said in one revision."""
    row = tx.execute(REVISION, [organization, number, wanted]).fetchone()
    return None if row is None else Revision(*row)


def _keep(tx: Tx, organization: int, number: int, kept: Revision) -> None:
    tx.execute(KEEP, _values(organization, number, kept))


def _values(organization: int, number: int, kept: Revision) -> dict[str, Any]:
    return {
        "organization": organization,
        "draft": number,
        "revision": kept.revision,
        "name": kept.name,
        "document": kept.document,
        "by": kept.changed_by,
        "at": kept.changed_at,
    }
