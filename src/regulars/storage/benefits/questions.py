"""What must hold of benefits in use: the statements that find where it does not."""

# A use without a limit takes nothing; one that was given back has nothing taken any more.
USES = """
select format('use %%s of a benefit %%s; %%s of a limit are %%s for it', reservation.owner_id,
              case when benefit_use.id is null then 'is gone'
                   when benefit_use.restored_at is null then 'stands' else 'was given back' end,
              reservation.amount, reservation.state)
from reservation left join benefit_use on benefit_use.id = reservation.owner_id
    and benefit_use.organization_id = reservation.organization_id
where reservation.organization_id = %(organization)s and reservation.owner_kind = 'benefit_use'
    and (benefit_use.id is null
         or (reservation.state = 'captured') <> (benefit_use.restored_at is null))
limit %(limit)s
"""

PLACES = """
with taken as (
    select owner_id, quota.subject, reservation.amount as places
    from reservation join quota on quota.id = quota_id
    where reservation.organization_id = %(organization)s and owner_kind = 'booking'
        and reservation.state in ('open', 'captured')
)
select format('booking %%s of appointment %%s is %%s; it has %%s places of appointment %%s',
              coalesce(booking.id, owner_id), booking.slot_id, booking.state, coalesce(places, 0),
              subject)
from (select * from slot_booking where organization_id = %(organization)s) as booking
full join taken on owner_id = booking.id
where booking.id is null
    or case when booking.state = 'cancelled' then places is not null
       else places is distinct from 1 or subject <> booking.slot_id::text end
limit %(limit)s
"""

BOOKED_USES = """
select format('booking %%s is %%s; its use of the benefit does not say so', slot_booking.id,
              state)
from slot_booking join benefit_use on benefit_use.id = use_id
where slot_booking.organization_id = %(organization)s
    and (state = 'cancelled') <> (restored_at is not null)
limit %(limit)s
"""

QUESTIONS = {
    "uses of benefits that stand have taken of their limits": USES,
    "bookings that stand have a place, others none": PLACES,
    "bookings agree with their uses": BOOKED_USES,
}
