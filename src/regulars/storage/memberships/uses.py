"""What members did with a paid card: their orders, and their uses of benefits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import Quote
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Tx

MOST_ORDERS = 5_000
"""Of one card and period; beyond them the oldest are not looked at."""

ORDERS = """
select id, cart, quote from customer_order
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and confirmed_at >= %(since)s and confirmed_at < %(until)s
    and state in ('confirmed', 'returned_in_part')
order by id desc
limit %(limit)s
"""

RETURNED = """
select order_id, lines from order_return
where organization_id = %s and order_id = any(%s::bigint[])
"""

USED = """
select benefit, count(*) from benefit_use
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and used_at >= %(since)s and used_at < %(until)s and restored_at is null
    and benefit = any(%(benefits)s::text[])
group by benefit
"""

_cart = msgspec.json.Decoder(Cart)
_quote = msgspec.json.Decoder(Quote)
_lines = msgspec.json.Decoder(list[tuple[int, int]])


@dataclass(frozen=True, slots=True)
class Bought:
    """One confirmed order. `returned`: how much of each line came back."""

    cart: Cart
    quote: Quote
    returned: dict[int, int]


def orders(
    tx: Tx, organization: int, members: Iterable[int], since: datetime, until: datetime
) -> list[Bought]:
    """What these members bought in [since, until), without what came back whole."""
    asked = {
        "organization": organization, "members": int_array(members), "since": since,
        "until": until, "limit": MOST_ORDERS,
    }  # fmt: skip
    rows = tx.execute(ORDERS, asked).fetchall()
    came_back: dict[int, dict[int, int]] = {}
    numbers = int_array(number for number, _, _ in rows)
    for order, lines in tx.execute(RETURNED, [organization, numbers]).fetchall():
        back = came_back.setdefault(order, {})
        for place, quantity in _lines.decode(lines):
            back[place] = back.get(place, 0) + quantity
    return [
        Bought(_cart.decode(cart), _quote.decode(quote), came_back.get(number, {}))
        for number, cart, quote in rows
    ]


def uses(
    tx: Tx,
    organization: int,
    members: Iterable[int],
    benefits: Iterable[str],
    *,
    since: datetime,
    until: datetime,
) -> dict[str, int]:
    """How often these members used each of these benefits outside orders."""
    asked = {
        "organization": organization, "members": int_array(members), "since": since,
        "until": until, "benefits": text_array(benefits),
    }  # fmt: skip
    return dict(tx.execute(USED, asked).fetchall())
