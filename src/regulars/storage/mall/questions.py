"""What must hold of redemptions and stock: the statements that find where it does not."""

POINTS = """
select format('redemption %%s is %%s; its hold of %%s points is %%s', redemption.id,
              redemption.state, points, coalesce(hold.state, 'gone'))
from redemption left join hold on hold.id = hold_id
    and hold.organization_id = redemption.organization_id
where redemption.organization_id = %(organization)s
    and (hold_id is not null or points > 0)
    and case redemption.state
        when 'awaiting_payment' then hold.id is null or hold.state not in ('open', 'timed_out')
        when 'timed_out' then hold.id is null or hold.state not in ('open', 'timed_out')
        when 'cancelled' then hold.id is null or hold.state = 'open'
            or (hold.state = 'captured' and hold.restored <> hold.captured)
        else hold.id is null or hold.state <> 'captured' or hold.restored > 0 end
limit %(limit)s
"""

RESERVED = """
select format('redemption %%s is %%s; %%s of a limit are %%s for it', reservation.owner_id,
              coalesce(redemption.state, 'gone'), reservation.amount, reservation.state)
from reservation left join redemption on redemption.id = reservation.owner_id
    and redemption.organization_id = reservation.organization_id
where reservation.organization_id = %(organization)s and reservation.owner_kind = 'redemption'
    and case reservation.state
        when 'open' then redemption.id is null
            or redemption.state not in ('awaiting_payment', 'timed_out')
        when 'captured' then redemption.id is null
            or redemption.state in ('awaiting_payment', 'timed_out', 'cancelled')
        else false end
limit %(limit)s
"""

# What stands has its pieces; whatever else is taken of a variant's stock is nobody's.
PIECES = """
with stands as (
    select variant_id, sum(quantity) as pieces
    from redemption where organization_id = %(organization)s
        and state not in ('awaiting_payment', 'cancelled', 'timed_out')
    group by variant_id
), taken as (
    select substr(subject, 9)::bigint as variant_id, used as pieces
    from quota where organization_id = %(organization)s and kind = 'stock'
        and starts_with(subject, 'variant:')
)
select format('of variant %%s %%s pieces are taken; its redemptions have %%s', variant_id,
              coalesce(taken.pieces, 0), coalesce(stands.pieces, 0))
from taken full join stands using (variant_id)
where coalesce(taken.pieces, 0) <> coalesce(stands.pieces, 0)
limit %(limit)s
"""

STOCK = """
select format('of variant %%s %%s pieces came, and %%s are taken', reward_variant.id, stock,
              used + reserved)
from reward_variant join quota on quota.organization_id = reward_variant.organization_id
    and quota.kind = 'stock' and quota.subject = 'variant:' || reward_variant.id::text
where reward_variant.organization_id = %(organization)s and used + reserved > stock
limit %(limit)s
"""

QUESTIONS = {
    "redemptions that stand have taken their points, others none": POINTS,
    "redemptions keep nothing reserved or taken that is not theirs": RESERVED,
    "pieces that are taken are those of redemptions that stand": PIECES,
    "no more pieces are taken than came": STOCK,
}
