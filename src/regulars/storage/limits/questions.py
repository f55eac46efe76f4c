"""The invariants of what is limited, as questions to PostgreSQL; each finds what breaks it."""

COUNTED = """
with counted as (
    select quota_id, coalesce(sum(amount) filter (where state = 'captured'), 0) as used,
           coalesce(sum(amount) filter (where state = 'open'), 0) as reserved
    from reservation where organization_id = %(organization)s group by quota_id
)
select format('limit %%s %%s counts %%s used and %%s reserved; its rows say %%s and %%s',
              kind, subject, quota.used, quota.reserved, coalesce(counted.used, 0),
              coalesce(counted.reserved, 0))
from quota left join counted on counted.quota_id = quota.id
where organization_id = %(organization)s
    and (quota.used <> coalesce(counted.used, 0) or quota.reserved <> coalesce(counted.reserved, 0))
limit %(limit)s
"""

WITHIN = """
select format('of limit %%s %%s at most %%s may be taken; %%s are', kind, subject, most,
              used + reserved)
from quota
where organization_id = %(organization)s and used + reserved > most
limit %(limit)s
"""

# Who shares a paid card may use the quota of its holder.
OWN = """
select format('reservation %%s of member %%s takes of a limit of member %%s', reservation.id,
              reservation.member_id, quota.member_id)
from reservation join quota on quota.id = quota_id
where reservation.organization_id = %(organization)s and quota.member_id <> 0
    and quota.member_id <> reservation.member_id
    and (quota.kind <> 'benefit' or not exists (
        select from family_person join membership on membership.id = membership_id
        where family_person.organization_id = reservation.organization_id
            and family_person.member_id = reservation.member_id
            and membership.member_id = quota.member_id))
limit %(limit)s
"""

QUESTIONS = {
    "limits count what was reserved and used": COUNTED,
    "no limit is passed": WITHIN,
    "nobody takes of another member's limit": OWN,
}
