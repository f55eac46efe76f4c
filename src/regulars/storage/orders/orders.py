"""Orders in PostgreSQL: written and settled set-wise, locked in the order of their numbers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from regulars.domain.orders.states import OrderState
from regulars.storage.arrays import int_array, json_texts, text_array, time_array
from regulars.storage.database import Later, Tx

Key = tuple[str, str]
"""(source, external id): what makes an order the same order."""

COLUMNS = """
    o.id, o.member_id, o.source, o.external_id, o.state, o.revision, o.digest::text, o.version,
    o.currency, o.total, o.discount, o.payable, o.points_currency, o.points, o.points_value,
    o.hold_id, o.event_id, o.store, o.channel, o.cart, o.quote, o.confirmation, o.report,
    o.opened_at, o.expires_at, o.confirmed_at, o.closed_at, o.opened_by
"""

# A plan that was made while there were no orders takes any index that begins with the organization,
# and goes on reading all of it. What is asked for in an order is looked for in the index that has
# this order, whatever the planner takes the table for: by name, and by number.
_LOCKED = """
cross join lateral (
    select * from customer_order
    where customer_order.id >= wanted.id and customer_order.id <= wanted.id
        and organization_id = %(organization)s
    order by customer_order.id
    limit 1
    for update
) as o
"""

LOCK_NAMED = f"""
select {COLUMNS}
from unnest(array(
    select named.id
    from unnest(%(sources)s::text[], %(external_ids)s::text[]) as asked (source, external_id)
    cross join lateral (
        select id, source, external_id from customer_order
        where organization_id = %(organization)s
            and (customer_order.source, customer_order.external_id)
                >= (asked.source, asked.external_id)
        order by customer_order.source, customer_order.external_id
        limit 1
    ) as named
    where named.source = asked.source and named.external_id = asked.external_id
    order by named.id
)) as wanted (id)
{_LOCKED}
"""  # noqa: S608  # only the constants above are put in

LOCK = f"""
select {COLUMNS}
from unnest(array(select asked.id from unnest(%(ids)s::bigint[]) as asked (id) order by 1))
    as wanted (id)
{_LOCKED}
"""  # noqa: S608

GET = f"""
select {COLUMNS} from customer_order o where o.organization_id = %s and o.id = %s
"""  # noqa: S608

INSERT = """
insert into customer_order (
    id, organization_id, member_id, source, external_id, state, revision, digest, version, currency,
    total, discount, payable, points_currency, points, points_value, hold_id, event_id, store,
    channel, cart, quote, confirmation, report, opened_at, expires_at, confirmed_at, closed_at,
    opened_by
)
select id, %(organization)s, member_id, source, external_id, state, revision, digest, version,
       currency, total, discount, payable, points_currency, points, points_value, hold_id, event_id,
       store, channel, cart, quote, confirmation, report, opened_at, expires_at, confirmed_at,
       closed_at, opened_by
from unnest(%(ids)s::bigint[], %(members)s::bigint[], %(sources)s::text[],
            %(external_ids)s::text[], %(states)s::text[], %(revisions)s::integer[],
            %(digests)s::uuid[], %(versions)s::integer[], %(currencies)s::text[],
            %(totals)s::bigint[], %(discounts)s::bigint[], %(payables)s::bigint[],
            %(points_currencies)s::text[], %(points)s::bigint[], %(points_values)s::bigint[],
            %(holds)s::bigint[], %(events)s::bigint[], %(stores)s::text[], %(channels)s::text[],
            string_to_array(%(carts)s, E'\\x01'), string_to_array(%(quotes)s, E'\\x01'),
            %(confirmations)s::text[], %(reports)s::text[], %(opened_at)s::timestamptz[],
            %(expires_at)s::timestamptz[], %(confirmed_at)s::timestamptz[],
            %(closed_at)s::timestamptz[], %(opened_by)s::text[])
    as fresh (id, member_id, source, external_id, state, revision, digest, version, currency, total,
              discount, payable, points_currency, points, points_value, hold_id, event_id, store,
              channel, cart, quote, confirmation, report, opened_at, expires_at, confirmed_at,
              closed_at, opened_by)
"""

# Another content under the same number: everything but who and when it was begun.
REQUOTE = """
update customer_order
set revision = %(revision)s, digest = %(digest)s, version = %(version)s, currency = %(currency)s,
    total = %(total)s, discount = %(discount)s, payable = %(payable)s,
    points_currency = %(points_currency)s, points = %(points)s, points_value = %(points_value)s,
    hold_id = %(hold_id)s, store = %(store)s, channel = %(channel)s, cart = %(cart)s,
    quote = %(quote)s, expires_at = %(expires_at)s, state = 'open', closed_at = null,
    member_id = %(member_id)s
where organization_id = %(organization)s and id = %(id)s
"""

SETTLE = """
update customer_order
set state = fresh.state, event_id = fresh.event_id, confirmation = fresh.confirmation,
    confirmed_at = fresh.confirmed_at, closed_at = fresh.closed_at
from unnest(%(ids)s::bigint[], %(states)s::text[], %(events)s::bigint[], %(confirmations)s::text[],
            %(confirmed_at)s::timestamptz[], %(closed_at)s::timestamptz[])
    as fresh (id, state, event_id, confirmation, confirmed_at, closed_at)
where customer_order.organization_id = %(organization)s and customer_order.id = fresh.id
"""

DUE = """
select id from customer_order
where organization_id = %s and state = 'open' and expires_at <= %s
order by expires_at
limit %s
"""

OPEN_OF = """
select id from customer_order
where organization_id = %s and member_id = any(%s::bigint[]) and state = 'open' and expires_at > %s
order by id
"""

RECORDED = """
select 1 from customer_order
where organization_id = %s and source = %s and external_id = %s and event_id is not null
"""


class Order(Struct, kw_only=True, gc=False):
    """An order as it is stored; see migration 0018."""

    id: int
    member_id: int
    source: str
    external_id: str
    state: OrderState
    revision: int
    digest: str
    version: int
    currency: str
    total: int
    discount: int
    payable: int
    points_currency: str
    points: int
    points_value: int
    hold_id: int | None
    event_id: int | None
    store: str | None
    channel: str | None
    cart: str
    quote: str
    confirmation: str
    report: str
    opened_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    opened_by: str

    @property
    def key(self) -> Key:
        """What makes it the same order."""
        return self.source, self.external_id


_FIELDS = Order.__struct_fields__


def lock_named(tx: Tx, organization: int, keys: Sequence[Key]) -> Later[dict[Key, Order]]:
    """The orders under `keys`, with no one else changing them until the transaction ends; those
    unknown are left out."""
    cursor = tx.execute(
        LOCK_NAMED,
        {
            "organization": organization,
            "sources": text_array(source for source, _ in keys),
            "external_ids": text_array(external_id for _, external_id in keys),
        },
    )
    return lambda: {order.key: order for order in map(order_from, cursor.fetchall())}


def lock(tx: Tx, organization: int, ids: Iterable[int]) -> dict[int, Order]:
    """The same by number."""
    rows = tx.execute(LOCK, {"organization": organization, "ids": int_array(ids)}).fetchall()
    return {order.id: order for order in map(order_from, rows)}


def get(tx: Tx, organization: int, number: int) -> Order | None:
    """One order, without a lock."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else order_from(row)


def is_recorded(tx: Tx, organization: int, key: Key) -> bool:
    """Whether the purchase of an order of this name is on record."""
    return tx.execute(RECORDED, [organization, *key]).fetchone() is not None


def order_from(row: Sequence[Any]) -> Order:
    """A row of `COLUMNS`, with its digest as plain hexadecimal."""
    values = dict(zip(_FIELDS, row, strict=True))
    values["state"] = OrderState(values["state"])
    values["digest"] = values["digest"].replace("-", "")
    return Order(**values)


def insert(tx: Tx, organization: int, orders: Sequence[Order]) -> None:
    """Write new orders. Raises UniqueViolation when one of their keys is there already."""
    tx.execute(
        INSERT,
        {
            "organization": organization,
            "ids": int_array(one.id for one in orders),
            "members": int_array(one.member_id for one in orders),
            "sources": text_array(one.source for one in orders),
            "external_ids": text_array(one.external_id for one in orders),
            "states": text_array(one.state.value for one in orders),
            "revisions": int_array(one.revision for one in orders),
            "digests": "{" + ",".join(one.digest for one in orders) + "}",
            "versions": int_array(one.version for one in orders),
            "currencies": text_array(one.currency for one in orders),
            "totals": int_array(one.total for one in orders),
            "discounts": int_array(one.discount for one in orders),
            "payables": int_array(one.payable for one in orders),
            "points_currencies": text_array(one.points_currency for one in orders),
            "points": int_array(one.points for one in orders),
            "points_values": int_array(one.points_value for one in orders),
            "holds": int_array(one.hold_id for one in orders),
            "events": int_array(one.event_id for one in orders),
            "stores": text_array(one.store for one in orders),
            "channels": text_array(one.channel for one in orders),
            "carts": json_texts(one.cart for one in orders),
            "quotes": json_texts(one.quote for one in orders),
            "confirmations": text_array(one.confirmation for one in orders),
            "reports": text_array(one.report for one in orders),
            "opened_at": time_array(one.opened_at for one in orders),
            "expires_at": time_array(one.expires_at for one in orders),
            "confirmed_at": time_array(one.confirmed_at for one in orders),
            "closed_at": time_array(one.closed_at for one in orders),
            "opened_by": text_array(one.opened_by for one in orders),
        },
    )


def requote(tx: Tx, organization: int, order: Order) -> None:
    """Write another content of a locked order."""
    values = {name: getattr(order, name) for name in _FIELDS}
    tx.execute(REQUOTE, values | {"organization": organization})


def settle(tx: Tx, organization: int, orders: Sequence[Order]) -> None:
    """Write where locked orders stand now."""
    tx.execute(
        SETTLE,
        {
            "organization": organization,
            "ids": int_array(one.id for one in orders),
            "states": text_array(one.state.value for one in orders),
            "events": int_array(one.event_id for one in orders),
            "confirmations": text_array(one.confirmation for one in orders),
            "confirmed_at": time_array(one.confirmed_at for one in orders),
            "closed_at": time_array(one.closed_at for one in orders),
        },
    )


def due(tx: Tx, organization: int, now: datetime, *, limit: int) -> list[int]:
    """Orders that are open though their time is over, those that wait longest first."""
    return [number for (number,) in tx.execute(DUE, [organization, now, limit]).fetchall()]


def open_of(tx: Tx, organization: int, members: Iterable[int], now: datetime) -> list[int]:
    """The numbers of the orders that these members have open at `now`."""
    rows = tx.execute(OPEN_OF, [organization, int_array(members), now]).fetchall()
    return [number for (number,) in rows]
