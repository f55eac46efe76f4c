"""What must hold of orders: the statements that find where it does not."""

# An order that was bought and then cancelled keeps its purchase, and has nothing taken any more.
PURCHASES = """
select format('order %%s is %%s; its purchase is not there', customer_order.id,
              customer_order.state)
from customer_order left join event on event.id = event_id
    and event.organization_id = customer_order.organization_id
where customer_order.organization_id = %(organization)s
    and (event_id is not null or customer_order.state in ('confirmed', 'returned_in_part',
                                                          'returned'))
    and (event.id is null or event.type <> 'purchase' or event.status <> 'decided'
         or event.source <> customer_order.source
         or event.external_id <> customer_order.external_id)
limit %(limit)s
"""

# What an order had reserved in an earlier revision was given back.
RESERVED = """
select format('order %%s is %%s; %%s of a limit are %%s for it', reservation.owner_id,
              coalesce(customer_order.state, 'gone'), reservation.amount, reservation.state)
from reservation left join customer_order on customer_order.id = reservation.owner_id
    and customer_order.organization_id = reservation.organization_id
where reservation.organization_id = %(organization)s and reservation.owner_kind = 'order'
    and case reservation.state
        when 'open' then customer_order.id is null
            or customer_order.state not in ('open', 'timed_out')
        when 'captured' then customer_order.id is null
            or customer_order.state in ('open', 'cancelled', 'timed_out')
        else false end
limit %(limit)s
"""

HOLDS = """
select format('order %%s is %%s and holds %%s points; their hold is %%s', customer_order.id,
              customer_order.state, points, coalesce(hold.state, 'gone'))
from customer_order left join hold on hold.id = hold_id
    and hold.organization_id = customer_order.organization_id
where customer_order.organization_id = %(organization)s and hold_id is not null
    and (hold.id is null or hold.amount <> points
         or (hold.state = 'captured') <> (customer_order.event_id is not null)
         or (hold.state = 'open' and customer_order.state = 'cancelled')
         or (customer_order.event_id is not null and customer_order.state = 'cancelled'
             and hold.restored <> hold.captured))
limit %(limit)s
"""

SUMS = """
with told as (
    select id, total, discount, payable, points_value, quote::jsonb as quote
    from customer_order where organization_id = %(organization)s
), line as (
    select told.id, sum((one ->> 'price')::bigint) as price,
           sum((one ->> 'net')::bigint) as net,
           sum(coalesce((one ->> 'tax')::bigint, 0)) as tax,
           sum(coalesce((one ->> 'by_points')::bigint, 0)) as by_points
    from told, lateral jsonb_array_elements(quote -> 'lines' || (quote -> 'delivery')) as one
    group by told.id
)
select format('order %%s comes to %%s less %%s, that is %%s; its lines say %%s', told.id, total,
              discount, payable,
              net + case when (quote ->> 'tax_on_top')::boolean then tax else 0 end)
from told left join line on line.id = told.id
where total <> (quote ->> 'total')::bigint or payable <> (quote ->> 'payable')::bigint
    or discount <> (quote ->> 'discount')::bigint
    or points_value <> payable - (quote ->> 'to_pay')::bigint
    or points_value is distinct from by_points
    or payable is distinct from
        net + case when (quote ->> 'tax_on_top')::boolean then tax else 0 end
    or (total is distinct from price and not (quote ->> 'tax_on_top')::boolean)
limit %(limit)s
"""

RETURNED = """
with line as (
    select order_id, (one ->> 0)::int as place, sum((one ->> 1)::bigint) as quantity
    from order_return, lateral jsonb_array_elements(lines::jsonb) as one
    where organization_id = %(organization)s group by order_id, place
), back as (
    select order_id, sum(money) as money, sum(points) as points
    from order_return where organization_id = %(organization)s group by order_id
)
select format('of order %%s more came back than was bought', customer_order.id)
from customer_order join back on back.order_id = customer_order.id
where organization_id = %(organization)s
    and (back.points > customer_order.points or back.money > payable - points_value
         or exists (
            select from line
            where line.order_id = customer_order.id
                and quantity > coalesce(
                    ((cart::jsonb -> 'lines' -> place) ->> 'quantity')::bigint,
                    case when cart::jsonb -> 'lines' -> place is null then 0 else 1 end)))
limit %(limit)s
"""

QUESTIONS = {
    "orders that were bought have their purchase": PURCHASES,
    "orders keep nothing reserved or taken that is not theirs": RESERVED,
    "orders have spent the points that they held, or none": HOLDS,
    "orders come to what their lines do": SUMS,
    "no more comes back than was bought": RETURNED,
}
