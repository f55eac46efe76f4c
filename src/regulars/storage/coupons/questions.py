"""What must hold of coupons: the statements that find where it does not."""

COUNTED = """
with given as (
    select coupon_id, count(*) as times from coupon_redeemed
    where organization_id = %(organization)s and coupon_id is not null and taken_back_at is null
    group by coupon_id
), taken as (
    select subject::bigint as coupon_id, used as times from quota
    where organization_id = %(organization)s and kind = 'coupon' and used > 0
)
select format('coupon %%s is used %%s times; it was redeemed %%s times', coupon_id,
              coalesce(taken.times, 0), coalesce(given.times, 0))
from taken full join given using (coupon_id)
where taken.times is distinct from given.times
limit %(limit)s
"""

USES = """
select format('use %%s of coupons is %%s; %%s of a limit are %%s for it', reservation.owner_id,
              case when coupon_use.id is null then 'gone'
                   when rolled_back_at is not null then 'rolled back'
                   when redeemed_at is not null then 'redeemed' else 'reserved' end,
              reservation.amount, reservation.state)
from reservation left join coupon_use on coupon_use.id = reservation.owner_id
    and coupon_use.organization_id = reservation.organization_id
where reservation.organization_id = %(organization)s and reservation.owner_kind = 'coupon_use'
    and case reservation.state
        when 'open' then coupon_use.id is null or redeemed_at is not null
            or rolled_back_at is not null
        when 'captured' then coupon_use.id is null or redeemed_at is null
            or rolled_back_at is not null
        else redeemed_at is not null and rolled_back_at is null end
limit %(limit)s
"""

GIFTS = """
select format('coupon %%s is offered until %%s; its open gift says %%s', coupon.id,
              offered_until, coupon_gift.expires_at)
from coupon_gift join coupon on coupon.id = coupon_id
where coupon_gift.organization_id = %(organization)s and coupon_gift.state = 'open'
    and offered_until is distinct from coupon_gift.expires_at
limit %(limit)s
"""

GIVEN = """
select format('template %%s says that members have %%s coupons of it; they have %%s', template.id,
              given, there.count)
from coupon_template as template
cross join lateral (
    select count(*) from coupon
    where organization_id = %(organization)s and template_id = template.id
        and member_id is not null and state <> 'revoked'
) as there
where template.organization_id = %(organization)s and given is distinct from there.count
    and given is not null
limit %(limit)s
"""

QUESTIONS = {
    "coupons are used as often as they were redeemed": COUNTED,
    "uses of coupons have taken what they redeemed, or nothing": USES,
    "coupons that are offered have their gift": GIFTS,
    "templates have counted the coupons that members have": GIVEN,
}
