"""What must hold of lucky draws: the statements that find where it does not."""

# For every turn its event, in which the same prize stands.
TURNS = """
select format('turn %%s at draw %%s won %%s; its event does not say so', draw_turn.id, draw_id,
              prize)
from draw_turn left join event on event.id = event_id
    and event.organization_id = draw_turn.organization_id
where draw_turn.organization_id = %(organization)s
    and (event.id is null or event.status <> 'decided'
         or event.payload::json ->> 'prize' is distinct from prize)
limit %(limit)s
"""

PRIZES = """
with given as (
    select format('draw:%%s:%%s', draw_id, prize) as subject, count(*) as pieces
    from draw_turn where organization_id = %(organization)s and serial > 0
    group by draw_id, prize
), taken as (
    select subject, used as pieces from quota
    where organization_id = %(organization)s and kind = 'stock' and used > 0
        and starts_with(subject, 'draw:')
)
select format('of prize %%s %%s are taken; turns won %%s', subject, coalesce(taken.pieces, 0),
              coalesce(given.pieces, 0))
from taken full join given using (subject)
where taken.pieces is distinct from given.pieces
limit %(limit)s
"""

CHANCES = """
with given as (
    select draw_id, member_id, sum(amount) as chances from draw_chance
    where organization_id = %(organization)s group by draw_id, member_id
), used as (
    select draw_id, coalesce(merged_into, member.id) as member_id, count(*) as chances
    from draw_turn join member on member.id = draw_turn.member_id
    where draw_turn.organization_id = %(organization)s and paid = 'chance' group by 1, 2
)
select format('member %%s used %%s turns at draw %%s, of %%s that were given', member_id,
              used.chances, draw_id, coalesce(given.chances, 0))
from used left join given using (draw_id, member_id)
where used.chances > coalesce(given.chances, 0)
limit %(limit)s
"""

QUESTIONS = {
    "turns at draws won what their events say": TURNS,
    "prizes that are taken were won": PRIZES,
    "nobody took more turns than they were given": CHANCES,
}
