"""Figures of coupon templates: how many were given out, reserved, redeemed, what they gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

ISSUED = """
select template_id, count(*), count(member_id)
from coupon
where organization_id = %s and template_id = any(%s::bigint[])
group by template_id
"""

REDEEMED = """
select template_id, count(*), sum(discount)::bigint, sum(sales)::bigint
from coupon_redeemed
where organization_id = %s and template_id = any(%s::bigint[]) and taken_back_at is null
group by template_id
"""

RESERVED = """
select coupon.template_id, count(*)
from reservation
join quota on quota.id = reservation.quota_id and quota.kind = 'coupon'
join coupon on coupon.id = quota.subject::bigint
    and coupon.organization_id = reservation.organization_id
where reservation.organization_id = %s and reservation.state = 'open'
    and reservation.expires_at > %s and coupon.template_id = any(%s::bigint[])
group by coupon.template_id
"""

EXPIRED = """
select count(*) from coupon
left join quota on quota.organization_id = coupon.organization_id and quota.kind = 'coupon'
    and quota.subject = coupon.id::text and quota.member_id = 0 and quota.period = ''
where coupon.organization_id = %(organization)s and coupon.template_id = %(template)s
    and least(coupon.valid_until, %(until)s::timestamptz) <= %(now)s
    and coalesce(quota.used, 0) = 0
"""

BY_DAY = """
select day, sum(issued)::bigint, sum(claimed)::bigint, sum(redeemed)::bigint,
       sum(taken_back)::bigint, sum(discount)::bigint, sum(sales)::bigint
from (
    select (issued_at at time zone %(zone)s)::date as day, count(*) as issued, 0 as claimed,
           0 as redeemed, 0 as taken_back, 0 as discount, 0 as sales
    from coupon
    where organization_id = %(organization)s and template_id = %(template)s
        and issued_at >= %(since)s and issued_at < %(until)s
    group by 1
    union all
    select (claimed_at at time zone %(zone)s)::date, 0, count(*), 0, 0, 0, 0
    from coupon
    where organization_id = %(organization)s and template_id = %(template)s
        and claimed_at >= %(since)s and claimed_at < %(until)s
    group by 1
    union all
    select (redeemed_at at time zone %(zone)s)::date, 0, 0, count(*), count(taken_back_at),
           coalesce(sum(discount) filter (where taken_back_at is null), 0),
           coalesce(sum(sales) filter (where taken_back_at is null), 0)
    from coupon_redeemed
    where organization_id = %(organization)s and template_id = %(template)s
        and redeemed_at >= %(since)s and redeemed_at < %(until)s
    group by 1
) as counted
group by day
order by day
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """`issued`: coupons there are; `claimed`: of these, in some member's hands. `redeemed`: uses
    that were not taken back. `discount`, `sales`: minor units, of these uses."""

    issued: int = 0
    claimed: int = 0
    reserved: int = 0
    redeemed: int = 0
    discount: int = 0
    sales: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day. `redeemed`: all uses of the day, `taken_back` of them later."""

    day: date
    issued: int
    claimed: int
    redeemed: int
    taken_back: int
    discount: int
    sales: int


def of_templates(
    tx: Tx, organization: int, numbers: Sequence[int], now: datetime
) -> dict[int, Figures]:
    """The figures of each of these templates, as of now."""
    asked = [organization, int_array(numbers)]
    issued = {number: counts for number, *counts in tx.execute(ISSUED, asked)}
    redeemed = {number: sums for number, *sums in tx.execute(REDEEMED, asked)}
    open_ones = tx.execute(RESERVED, [organization, now, int_array(numbers)])
    reserved = {number: count for number, count in open_ones}  # noqa: C416  # told as a mapping
    told = {}
    for number in numbers:
        there, claimed = issued.get(number, (0, 0))
        count, discount, sales = redeemed.get(number, (0, 0, 0))
        told[number] = Figures(there, claimed, reserved.get(number, 0), count, discount, sales)
    return told


def expired(
    tx: Tx, organization: int, template: int, *, until: datetime | None, now: datetime
) -> int:
    """Coupons of a template whose time was over before they were used. `until`: of the template."""
    asked = {"organization": organization, "template": template, "until": until, "now": now}
    row = tx.execute(EXPIRED, asked).fetchone()
    assert row is not None
    return int(row[0])


def by_day(
    tx: Tx, organization: int, template: int, *, since: datetime, until: datetime, zone: str
) -> list[Day]:
    """Day by day in the program's zone; days on which nothing happened are left out."""
    asked = {
        "organization": organization, "template": template, "since": since, "until": until,
        "zone": zone,
    }  # fmt: skip
    return [Day(*row) for row in tx.execute(BY_DAY, asked)]
