"""Coupons given out in PostgreSQL, any number of them in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Tx

INSERT = """
insert into coupon (organization_id, template_id, batch_id, code, member_id, source, event_id,
                    valid_from, valid_until, issued_at, issued_by, claimed_at, request_key)
select %(organization)s, template_id, batch_id, code, member_id, source, event_id, valid_from,
       valid_until, issued_at, issued_by, case when member_id is not null then issued_at end,
       request_key
from unnest(%(templates)s::bigint[], %(batches)s::bigint[], %(codes)s::text[],
            %(members)s::bigint[], %(sources)s::text[], %(events)s::bigint[],
            %(valid_from)s::timestamptz[], %(valid_until)s::timestamptz[],
            %(issued_at)s::timestamptz[], %(by)s::text[], %(keys)s::text[])
    as fresh (template_id, batch_id, code, member_id, source, event_id, valid_from, valid_until,
              issued_at, issued_by, request_key)
on conflict (organization_id, issued_by, request_key) where request_key <> '' do nothing
returning id, code
"""

REVOKE_OF_EVENTS = """
update coupon set state = 'revoked'
where organization_id = %(organization)s and event_id = any(%(events)s::bigint[])
    and state <> 'revoked' and not exists (
        select from quota
        where quota.organization_id = coupon.organization_id and quota.kind = 'coupon'
            and quota.subject = coupon.id::text and quota.member_id = 0 and quota.period = ''
            and quota.used + quota.reserved > 0
    )
returning id
"""

GIVEN_OUT = """
select count(*) from coupon
where organization_id = %s and template_id = %s and member_id is not null and state <> 'revoked'
"""

# Whose coupons a member has taken over by a merge has had theirs of the run.
HAD = """
select member_id, count(*) filter (where state <> 'revoked'),
       bool_or(source = 'run' and starts_with(request_key, %(key)s))
from coupon
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and template_id = %(template)s
group by member_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A coupon to give out. `code`: by `codes.code_of`, from what was drawn by chance. `source`:
    claim, code, staff, rule, gift, reward, prize or run. `valid`: by `ready.span_of`, of the
    template. `event_id`: by which it is given. `request_key`: with `by`, given out only once; ""
    for none."""

    template_id: int
    code: str
    member_id: int | None
    source: str
    issued_at: datetime
    by: str
    valid: tuple[datetime | None, datetime | None] = (None, None)
    batch_id: int | None = None
    event_id: int | None = None
    request_key: str = ""


def issue(tx: Tx, organization: int, rows: Sequence[Issue]) -> list[int | None]:
    """Give out coupons; their numbers in order. None for one whose request was served before.

    Raises UniqueViolation for a code that is taken, which chance does not bring about.
    """
    if not rows:
        return []
    found = tx.execute(
        INSERT,
        {
            "organization": organization,
            "templates": int_array(one.template_id for one in rows),
            "batches": int_array(one.batch_id for one in rows),
            "codes": text_array(one.code for one in rows),
            "members": int_array(one.member_id for one in rows),
            "sources": text_array(one.source for one in rows),
            "events": int_array(one.event_id for one in rows),
            "valid_from": time_array(one.valid[0] for one in rows),
            "valid_until": time_array(one.valid[1] for one in rows),
            "issued_at": time_array(one.issued_at for one in rows),
            "by": text_array(one.by for one in rows),
            "keys": text_array(one.request_key for one in rows),
        },
    ).fetchall()
    by_code = {code: number for number, code in found}
    return [by_code.get(one.code) for one in rows]


def revoke_of_events(tx: Tx, organization: int, events: Sequence[int]) -> list[int]:
    """Revoke what these events gave and nobody has used or reserved; the numbers."""
    asked = {"organization": organization, "events": int_array(events)}
    return [number for (number,) in tx.execute(REVOKE_OF_EVENTS, asked)]


def given_out(tx: Tx, organization: int, template_id: int) -> int:
    """How many coupons of a template members have that are not revoked."""
    row = tx.execute(GIVEN_OUT, [organization, template_id]).fetchone()
    assert row is not None
    return int(row[0])


def had(
    tx: Tx, organization: int, template_id: int, members: Sequence[int], run_key: str
) -> dict[int, tuple[int, bool]]:
    """How many coupons of a template each of these members has that are not revoked, and whether
    one of them, whatever became of it, came with this run; who has none is left out."""
    asked = {
        "organization": organization, "template": template_id, "members": int_array(members),
        "key": run_key,
    }  # fmt: skip
    return {member: (count, ran) for member, count, ran in tx.execute(HAD, asked)}
