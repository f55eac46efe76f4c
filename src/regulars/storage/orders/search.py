"""Orders found by what they have in common, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.orders.states import OrderState
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.orders.orders import COLUMNS, Order, order_from

LAST = 2**63 - 1

# An open order whose time is over counts as timed out. `offers`: by what was reserved for them.
_MATCHING = """
    o.organization_id = %(organization)s and o.id < %(before)s
    and (%(state)s::text is null or %(state)s = case
        when o.state = 'open' and o.expires_at <= %(now)s then 'timed_out' else o.state end)
    and (%(store)s::text is null or o.store = %(store)s)
    and (%(source)s::text is null or o.source = %(source)s)
    and (%(external_id)s::text is null or o.external_id = %(external_id)s)
    and (%(since)s::timestamptz is null or o.opened_at >= %(since)s)
    and (%(until)s::timestamptz is null or o.opened_at < %(until)s)
    and (%(coupon)s::text is null or o.id in (
        select reservation.owner_id
        from quota join reservation on reservation.quota_id = quota.id
            and reservation.organization_id = quota.organization_id
        where quota.organization_id = %(organization)s and quota.kind = 'coupon'
            and quota.subject = %(coupon)s and reservation.owner_kind = 'order'))
order by o.id desc
limit %(limit)s
"""

ALL = f"select {COLUMNS} from customer_order o where {_MATCHING}"  # noqa: S608  # constants

OF_MEMBERS = f"""
select {COLUMNS} from customer_order o
where o.member_id = any(%(members)s::bigint[]) and {_MATCHING}
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders; None: whatever it is. `coupon`: the number of one that was used or reserved."""

    state: OrderState | None = None
    store: str | None = None
    source: str | None = None
    external_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    coupon: int | None = None


def page(
    tx: Tx,
    organization: int,
    wanted: Wanted,
    *,
    members: Sequence[int] | None,
    before: int | None,
    limit: int,
    now: datetime,
) -> list[Order]:
    """Orders below number `before`; of these members alone where there are some."""
    asked = {
        "organization": organization,
        "before": LAST if before is None else before,
        "members": int_array(members or ()),
        "state": None if wanted.state is None else wanted.state.value,
        "store": wanted.store,
        "source": wanted.source,
        "external_id": wanted.external_id,
        "since": wanted.since,
        "until": wanted.until,
        "coupon": None if wanted.coupon is None else str(wanted.coupon),
        "now": now,
        "limit": limit,
    }
    return [
        order_from(row) for row in tx.execute(OF_MEMBERS if members is not None else ALL, asked)
    ]
