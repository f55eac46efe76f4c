"""Codes made by the hundred thousand in PostgreSQL, and read back in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

ROWS_TOGETHER = 20_000

_COLUMNS = """coupon_batch.id, template_id, size, made, note, coupon_batch.state, why, made_by,
    made_at, job.state, job.refusal"""

_JOINED = "coupon_batch left join job on job.id = coupon_batch.job_id"

PUT = """
insert into coupon_batch (organization_id, template_id, size, note, state, made_by, made_at,
                          request_key)
values (%s, %s, %s, %s, 'active', %s, %s, %s)
returning id
"""

SET_JOB = "update coupon_batch set job_id = %s where organization_id = %s and id = %s"

GET = f"select {_COLUMNS} from {_JOINED} where coupon_batch.organization_id = %s and coupon_batch.id = %s"  # noqa: S608, E501

ASKED = """
select id from coupon_batch where organization_id = %s and made_by = %s and request_key = %s
"""

PAGE = f"""
select {_COLUMNS} from {_JOINED}
where coupon_batch.organization_id = %(organization)s and template_id = %(template)s
    and (%(before)s::bigint is null or coupon_batch.id < %(before)s)
order by coupon_batch.id desc
limit %(limit)s
"""  # noqa: S608

LOCK_MADE = """
select template_id, size, made from coupon_batch
where organization_id = %s and id = %s
for no key update
"""

# Row-level security lets nobody COPY into the table itself: the codes come as one array. Those that
# are there already, which chance hardly brings about, are drawn again by the caller.
INSERT = """
insert into coupon (organization_id, template_id, batch_id, code, source, issued_at, issued_by)
select %s, %s, %s, code, 'batch', %s, %s
from unnest(%s::text[]) as fresh (code)
on conflict (organization_id, code) do nothing
"""

COUNT_MADE = """
update coupon_batch set made = made + %s where organization_id = %s and id = %s
"""

SET_STATE = """
update coupon_batch set state = %s, why = %s
where organization_id = %s and id = %s and state <> 'revoked'
"""

CODES = """
select id, code, member_id is not null from coupon
where organization_id = %s and batch_id = %s and id > %s
order by id
limit %s
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes made together: `made` of `size` are there. `state`: holds for all of them. `run`: how
    far their making has come: waiting, running, done or failed; `refusal`: why it failed."""

    id: int
    template_id: int
    size: int
    made: int
    note: str
    state: str
    why: str
    made_by: str
    made_at: datetime
    run: str | None
    refusal: str | None


def put(
    tx: Tx, organization: int, *, template_id: int, size: int, note: str, by: str, key: str,
    now: datetime,
) -> int:  # fmt: skip
    """Keep a batch of which nothing is made yet. Raises UniqueViolation for a key that is taken."""
    asked = [organization, template_id, size, note, by, now, key]
    row = tx.execute(PUT, asked).fetchone()
    assert row is not None
    return int(row[0])


def set_job(tx: Tx, organization: int, number: int, job_id: int) -> None:
    """Note which run makes it."""
    tx.execute(SET_JOB, [job_id, organization, number])


def get(tx: Tx, organization: int, number: int) -> Batch | None:
    """One batch."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else Batch(*row)


def asked_for(tx: Tx, organization: int, by: str, key: str) -> int | None:
    """The number of the batch that was made for this very request before."""
    row = tx.execute(ASKED, [organization, by, key]).fetchone()
    return None if row is None else int(row[0])


def page(
    tx: Tx, organization: int, template_id: int, *, before: int | None, limit: int
) -> list[Batch]:
    """The batches of a template, newest first."""
    asked = {
        "organization": organization, "template": template_id, "before": before, "limit": limit,
    }  # fmt: skip
    return [Batch(*row) for row in tx.execute(PAGE, asked)]


def left(tx: Tx, organization: int, number: int) -> tuple[int, int]:
    """The template of a batch, locked, and how many codes are still to be made."""
    row = tx.execute(LOCK_MADE, [organization, number]).fetchone()
    assert row is not None, "a batch is never deleted"
    template_id, size, made = row
    return template_id, size - made


def add(
    tx: Tx, organization: int, number: int, template_id: int, codes: Sequence[str],
    *, by: str, now: datetime,
) -> int:  # fmt: skip
    """Add codes to a locked batch; how many of them were new."""
    done = tx.execute(INSERT, [organization, template_id, number, now, by, text_array(codes)])
    tx.execute(COUNT_MADE, [done.rowcount, organization, number])
    return done.rowcount


def set_state(tx: Tx, organization: int, number: int, state: str, *, why: str) -> bool:
    """Freeze, unfreeze or revoke all codes of a batch; whether that was possible."""
    return tx.execute(SET_STATE, [state, why, organization, number]).rowcount == 1


def codes_of(
    tx: Tx, organization: int, number: int, *, after: int, limit: int
) -> Iterator[tuple[int, str, bool]]:
    """Number, code, and whether somebody has it, in order."""
    yield from tx.execute(CODES, [organization, number, after, limit])
