"""Coupons given out in PostgreSQL, any number of them in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.coupons import rationing
from regulars.storage.database import Tx

# Where a template's coupons are counted, those that somebody gets are counted with it.
INSERT = """
with fresh as (
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
returning id, code, template_id, member_id
), counted as (
    update coupon_template set given = given + more.count
    from (
        select template_id, count(*) from fresh where member_id is not null group by template_id
    ) as more
    where coupon_template.organization_id = %(organization)s
        and coupon_template.id = more.template_id and given is not null
)
select id, code from fresh
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

# Whose coupons a member has taken over by a merge has had theirs of the run.
RAN = """
select distinct member_id from coupon
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and template_id = %(template)s and source = 'run' and starts_with(request_key, %(key)s)
"""

ASKED = """
select request_key, id from coupon
where organization_id = %s and issued_by = %s and request_key = any(%s::text[])
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
    revoked = [number for (number,) in tx.execute(REVOKE_OF_EVENTS, asked)]
    rationing.forget(tx, organization, revoked)
    return revoked


def ran(
    tx: Tx, organization: int, template_id: int, members: Sequence[int], run_key: str
) -> set[int]:
    """Which of these members got a coupon with this run, whatever became of it."""
    asked = {
        "organization": organization, "template": template_id, "members": int_array(members),
        "key": run_key,
    }  # fmt: skip
    return {member for (member,) in tx.execute(RAN, asked)}


def asked_for(tx: Tx, organization: int, by: str, keys: Sequence[str]) -> dict[str, int]:
    """The coupons that were given out for these very requests before, by their keys."""
    return dict(tx.execute(ASKED, [organization, by, text_array(keys)]).fetchall())
