"""Flash sales in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.mall.rewards import RewardState
from regulars.domain.mall.sales import Sale, SaleTerms
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = """id, reward_id, variant_id, state, revision, terms, points, cash_minor, pieces,
    per_member, starts_at, ends_at, changed_at"""

GET = f"""
select {_COLUMNS} from sale where organization_id = %s and id = any(%s::bigint[])
"""  # noqa: S608  # the constant above

GET_SHARED = f"{GET} order by id for share"

GET_LOCKED = f"{GET} order by id for update"

PAGE = f"""
select {_COLUMNS} from sale
where organization_id = %(organization)s and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

# Those that a member may look forward to, take part in, or has just missed.
SHOWN = f"""
select {_COLUMNS} from sale
where organization_id = %s and state <> 'draft' and ends_at > %s
order by starts_at, id
limit %s
"""  # noqa: S608

INSERT = """
insert into sale (organization_id, reward_id, variant_id, state, terms, points, cash_minor, pieces,
                  per_member, starts_at, ends_at, created_at, created_by, changed_at, changed_by)
values (%(organization)s, %(reward_id)s, %(variant_id)s, %(state)s, %(terms)s, %(points)s,
        %(cash_minor)s, %(pieces)s, %(per_member)s, %(starts_at)s, %(ends_at)s, %(now)s, %(by)s,
        %(now)s, %(by)s)
returning id
"""

UPDATE = """
update sale
set state = %(state)s, terms = %(terms)s, points = %(points)s, cash_minor = %(cash_minor)s,
    pieces = %(pieces)s, per_member = %(per_member)s, starts_at = %(starts_at)s,
    ends_at = %(ends_at)s, changed_at = %(now)s, changed_by = %(by)s, revision = revision + 1
where organization_id = %(organization)s and id = %(id)s
"""

_terms = msgspec.json.Decoder(SaleTerms)


def get(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, Sale]:
    """Sales by number."""
    return _found(tx.execute(GET.encode(), [organization, int_array(numbers)]).fetchall())


def share(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, Sale]:
    """The same; their terms stay until the transaction ends."""
    return _found(tx.execute(GET_SHARED.encode(), [organization, int_array(numbers)]).fetchall())


def lock(tx: Tx, organization: int, number: int) -> Sale | None:
    """One sale; nobody buys at it until the transaction ends."""
    rows = tx.execute(GET_LOCKED.encode(), [organization, int_array([number])]).fetchall()
    return _found(rows).get(number)


def page(tx: Tx, organization: int, *, before: int | None, limit: int) -> list[Sale]:
    """All sales, newest first."""
    asked = {"organization": organization, "before": before, "limit": limit}
    return [_sale(row) for row in tx.execute(PAGE.encode(), asked).fetchall()]


def shown(tx: Tx, organization: int, now: datetime, limit: int) -> list[Sale]:
    """Sales that are announced and not over, by their beginning."""
    return [_sale(row) for row in tx.execute(SHOWN.encode(), [organization, now, limit]).fetchall()]


def insert(tx: Tx, organization: int, sale: Sale, *, by: str, now: datetime) -> int:
    """Add a sale; returns its number."""
    row = tx.execute(INSERT, _row(organization, sale, by, now)).fetchone()
    assert row is not None
    return int(row[0])


def update(tx: Tx, organization: int, sale: Sale, *, by: str, now: datetime) -> None:
    """Write a locked sale anew."""
    tx.execute(UPDATE, _row(organization, sale, by, now) | {"id": sale.id})


def _found(rows: Sequence[Any]) -> dict[int, Sale]:
    return {row[0]: _sale(row) for row in rows}


def _row(organization: int, sale: Sale, by: str, now: datetime) -> dict[str, Any]:
    return {
        "organization": organization, "reward_id": sale.reward_id, "variant_id": sale.variant_id,
        "state": sale.state.value, "terms": msgspec.json.encode(sale.terms).decode(),
        "points": sale.points, "cash_minor": sale.cash_minor, "pieces": sale.pieces,
        "per_member": sale.per_member, "starts_at": sale.starts_at, "ends_at": sale.ends_at,
        "now": now, "by": by,
    }  # fmt: skip


def _sale(row: Sequence[Any]) -> Sale:
    named = dict(zip(Sale.__slots__, row, strict=True))
    named["state"], named["terms"] = RewardState(named["state"]), _terms.decode(named["terms"])
    return Sale(**named)
