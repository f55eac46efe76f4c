"""What must hold of paid memberships: the statements that find where it does not."""

# A membership that nobody closed stays with its holder, though its time may be over.
HELD = """
select format('membership %%s of card %%s is open until %%s; its holder %%s has none that agrees',
              membership.id, card, until, member_id)
from membership join member on member.id = member_id
where membership.organization_id = %(organization)s and ended_at is null
    and member.erased_at is null
    and (
        (state::jsonb -> 'cards' -> card ->> 'membership')::bigint is distinct from membership.id
        or (state::jsonb -> 'cards' -> card ->> 'until')::timestamptz is distinct from until
        or (state::jsonb -> 'cards' -> card ->> 'ends_at')::timestamptz is distinct from ends_at)
limit %(limit)s
"""

TAKEN_BACK = """
select format('member %%s has card %%s, which was taken back', member.id, card.key)
from member cross join lateral jsonb_each(state::jsonb -> 'cards') as card
join membership on membership.id = (card.value ->> 'membership')::bigint
    and membership.organization_id = member.organization_id
where member.organization_id = %(organization)s and strpos(state, '"cards":{"') > 0
    and member.merged_into is null and member.erased_at is null
    and ended_how in ('refunded', 'ended')
limit %(limit)s
"""

TERMS = """
with sold as (
    select membership_id, max(ends_at) as until from membership_term
    where organization_id = %(organization)s group by membership_id
)
select format('membership %%s is paid until %%s; its terms say %%s', id, membership.until,
              sold.until)
from membership left join sold on membership_id = id
where organization_id = %(organization)s and sold.until is distinct from membership.until
limit %(limit)s
"""

SEATS = """
with taken as (
    select owner_id, sum(amount) as places from reservation
    where organization_id = %(organization)s and owner_kind = 'seat' and state = 'captured'
    group by owner_id
)
select format('person %%s of membership %%s is %%s and has %%s places', family_person.id,
              membership_id, family_person.state, coalesce(places, 0))
from family_person full join taken on owner_id = family_person.id
where (family_person.id is null or organization_id = %(organization)s)
    and coalesce(places, 0) <> (family_person.state is not distinct from 'joined')::int
limit %(limit)s
"""

QUESTIONS = {
    "members have the paid cards that their memberships say": HELD,
    "nobody has a paid card that was taken back": TAKEN_BACK,
    "memberships last as long as their terms": TERMS,
    "who shares a paid card has one place, others none": SEATS,
}
