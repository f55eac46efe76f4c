"""Coupons in PostgreSQL: found by code, by number, listed; frozen, revoked, given to members."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.coupons.templates import Coupon
from regulars.storage.arrays import int_array, text_array
from regulars.storage.coupons import rationing
from regulars.storage.database import Tx

# What holds for a batch holds for each of its codes.
COLUMNS = """coupon.id, coupon.template_id, coupon.batch_id, coupon.code, coupon.member_id,
    case when 'revoked' in (coupon.state, coupon_batch.state) then 'revoked'
         when 'frozen' in (coupon.state, coupon_batch.state) then 'frozen' else 'active' end,
    coupon.source, coupon.valid_from, coupon.valid_until, coupon.issued_at, coupon.issued_by,
    coupon.claimed_at, coupon.offered_until"""

JOINED = "coupon left join coupon_batch on coupon_batch.id = coupon.batch_id"

GET = f"select {COLUMNS} from {JOINED} where coupon.organization_id = %s and coupon.id = %s"  # noqa: S608

BY_CODE = f"""
select {COLUMNS} from {JOINED}
where coupon.organization_id = %s and coupon.code = any(%s::text[])
"""  # noqa: S608

LOCK = f"""
select {COLUMNS} from {JOINED}
where coupon.organization_id = %s and coupon.id = any(%s::bigint[])
order by coupon.id
for no key update of coupon
"""  # noqa: S608

PAGE = f"""
select {COLUMNS} from {JOINED}
where coupon.organization_id = %(organization)s
    and (%(before)s::bigint is null or coupon.id < %(before)s)
    and (%(template)s::bigint is null or coupon.template_id = %(template)s)
    and (%(batch)s::bigint is null or coupon.batch_id = %(batch)s)
    and (%(member)s::bigint is null or coupon.member_id = %(member)s)
    and (%(state)s::text is null or coupon.state = %(state)s)
    and (%(code)s = '' or starts_with(coupon.code, %(code)s))
order by coupon.id desc
limit %(limit)s
"""  # noqa: S608

ASKED = f"""
select {COLUMNS} from {JOINED}
where coupon.organization_id = %s and coupon.issued_by = %s and coupon.request_key = %s
"""  # noqa: S608

SET_STATE = """
update coupon set state = %(state)s
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) and state <> %(state)s
returning id
"""

GIVE = """
update coupon
set member_id = %(member)s, claimed_at = coalesce(claimed_at, %(now)s),
    valid_from = %(valid_from)s, valid_until = %(valid_until)s, offered_until = null,
    code = coalesce(%(code)s, code), source = coalesce(%(source)s, source)
where organization_id = %(organization)s and id = %(id)s
"""

OFFER = """
update coupon set offered_until = %s where organization_id = %s and id = %s
"""

NOTE = """
insert into coupon_change (organization_id, coupon_id, at, what, done_by, why)
select %s, id, %s, %s, %s, %s from unnest(%s::bigint[]) as noted (id)
"""

CHANGES = """
select at, what, done_by, why from coupon_change
where organization_id = %s and coupon_id = %s
order by id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was done with a coupon beside its being used."""

    at: datetime
    what: str
    by: str
    why: str


def get(tx: Tx, organization: int, number: int) -> Coupon | None:
    """One coupon."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else coupon_of(row)


def by_codes(tx: Tx, organization: int, codes: Iterable[str]) -> dict[str, Coupon]:
    """The coupons with these codes."""
    rows = tx.execute(BY_CODE, [organization, text_array(codes)])
    return {one.code: one for one in map(coupon_of, rows)}


def lock(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, Coupon]:
    """Coupons, with nobody else changing them until the transaction ends."""
    rows = tx.execute(LOCK, [organization, int_array(numbers)])
    return {one.id: one for one in map(coupon_of, rows)}


def page(
    tx: Tx, organization: int, wanted: Mapping[str, object], *, before: int | None, limit: int
) -> list[Coupon]:
    """Coupons, newest first. `wanted`: template, batch, member (numbers), state, code (how it
    begins); what is left out does not matter."""
    asked: dict[str, object] = dict.fromkeys(("template", "batch", "member", "state"))
    asked |= {"code": "", "organization": organization, "before": before, "limit": limit, **wanted}
    return [coupon_of(row) for row in tx.execute(PAGE, asked)]


def asked_for(tx: Tx, organization: int, by: str, request_key: str) -> Coupon | None:
    """The coupon that was made for this very request before."""
    row = tx.execute(ASKED, [organization, by, request_key]).fetchone()
    return None if row is None else coupon_of(row)


def set_state(
    tx: Tx, organization: int, numbers: Sequence[int], state: str, *, by: str, why: str,
    now: datetime,
) -> list[int]:  # fmt: skip
    """Freeze, unfreeze or revoke coupons; the numbers of those that were not so before."""
    asked = {"organization": organization, "ids": int_array(numbers), "state": state}
    changed = [number for (number,) in tx.execute(SET_STATE, asked)]
    if state == "revoked":
        rationing.forget(tx, organization, changed)
    note(tx, organization, changed, state, by=by, why=why, now=now)
    return changed


def give(
    tx: Tx, organization: int, number: int, member_id: int,
    *, valid: tuple[datetime | None, datetime | None], now: datetime, code: str | None = None,
    source: str | None = None,
) -> None:  # fmt: skip
    """Let a locked coupon be this member's, under a new code where one is given."""
    tx.execute(
        GIVE,
        {"organization": organization, "id": number, "member": member_id, "now": now,
         "valid_from": valid[0], "valid_until": valid[1], "code": code, "source": source},
    )  # fmt: skip


def offer(tx: Tx, organization: int, number: int, until: datetime | None) -> None:
    """Note until when a locked coupon may be accepted as a gift; None: no longer."""
    tx.execute(OFFER, [until, organization, number])


def note(
    tx: Tx, organization: int, numbers: Sequence[int], what: str, *, by: str, why: str = "",
    now: datetime,
) -> None:  # fmt: skip
    """Put on record what was done with coupons."""
    if numbers:
        tx.execute(NOTE, [organization, now, what, by, why, int_array(numbers)])


def changes(tx: Tx, organization: int, number: int) -> list[Change]:
    """What was done with a coupon, oldest first."""
    return [Change(*row) for row in tx.execute(CHANGES, [organization, number])]


def coupon_of(row: Sequence[Any]) -> Coupon:
    """The coupon in a row of COLUMNS."""
    number, template, batch, code, member, state, source, *times = row
    valid_from, valid_until, issued_at, issued_by, claimed_at, offered_until = times
    return Coupon(
        id=number,
        template_id=template,
        batch_id=batch,
        code=code,
        member_id=member,
        state=state,
        source=source,
        valid_from=valid_from,
        valid_until=valid_until,
        issued_at=issued_at,
        issued_by=issued_by,
        claimed_at=claimed_at,
        offered_until=offered_until,
    )
