"""The history of stock that was changed by hand, and who waits for stock, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

RECORD = """
insert into stock_change (organization_id, variant_id, at, by, change, amount, left_before,
                          left_after, reason, request_key)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

_COLUMNS = (
    """id, variant_id, at, by, change, amount, left_before, left_after, reason, request_key"""
)

BY_KEY = f"select {_COLUMNS} from stock_change where organization_id = %s and request_key = %s"  # noqa: S608

HISTORY = f"""
select {_COLUMNS} from stock_change
where organization_id = %(organization)s and variant_id = any(%(variants)s::bigint[])
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s
"""  # noqa: S608  # the constant above

JOIN = """
insert into stock_wait (organization_id, variant_id, member_id, joined_at)
values (%s, %s, %s, %s)
on conflict (organization_id, variant_id, member_id) where told_at is null do nothing
"""

LEAVE = """
delete from stock_wait
where organization_id = %s and variant_id = %s and member_id = %s and told_at is null
"""

WAITED = """
select variant_id from stock_wait
where organization_id = %s and member_id = any(%s::bigint[]) and told_at is null
    and variant_id = any(%s::bigint[])
"""

WAITING = """
select variant_id, count(*) from stock_wait
where organization_id = %s and variant_id = any(%s::bigint[]) and told_at is null
group by variant_id
"""

# The first come is the first told. Two who bring stock at the same time tell different people.
TELL = """
update stock_wait set told_at = %(now)s
where organization_id = %(organization)s and id in (
    select id from stock_wait
    where organization_id = %(organization)s and variant_id = %(variant)s and told_at is null
    order by id
    limit %(limit)s
    for update skip locked
)
returning id, member_id
"""


@dataclass(frozen=True, slots=True)
class StockChange:
    """A change by hand. `change`: set, add or unlimited; what was left before and after it (None:
    as many as one likes)."""

    id: int
    variant_id: int
    at: datetime
    by: str
    change: str
    amount: int
    left_before: int | None
    left_after: int | None
    reason: str
    request_key: str


def record(tx: Tx, organization: int, change: StockChange) -> None:
    """Put a change on record; its number is not looked at."""
    tx.execute(
        RECORD,
        [
            organization, change.variant_id, change.at, change.by, change.change, change.amount,
            change.left_before, change.left_after, change.reason, change.request_key,
        ],
    )  # fmt: skip


def by_key(tx: Tx, organization: int, key: str) -> StockChange | None:
    """The change that was asked for under this key."""
    row = tx.execute(BY_KEY.encode(), [organization, key]).fetchone()
    return None if row is None else StockChange(*row)


def history(
    tx: Tx, organization: int, variants: list[int], *, before: int | None, limit: int
) -> list[StockChange]:
    """Changes of these variants, newest first."""
    asked = {
        "organization": organization, "variants": int_array(variants), "before": before,
        "limit": limit,
    }  # fmt: skip
    return [StockChange(*row) for row in tx.execute(HISTORY.encode(), asked)]


def join(tx: Tx, organization: int, variant_id: int, member_id: int, now: datetime) -> None:
    """Wait for a variant. Safe to repeat; who waits already keeps their turn."""
    tx.execute(JOIN, [organization, variant_id, member_id, now])


def leave(tx: Tx, organization: int, variant_id: int, member_id: int) -> None:
    """Wait no longer. Safe to repeat."""
    tx.execute(LEAVE, [organization, variant_id, member_id])


def waited_for(
    tx: Tx, organization: int, member_ids: list[int], variants: list[int]
) -> frozenset[int]:
    """For which of these variants one of the members waits."""
    rows = tx.execute(WAITED, [organization, int_array(member_ids), int_array(variants)])
    return frozenset(number for (number,) in rows)


def waiting(tx: Tx, organization: int, variants: list[int]) -> dict[int, int]:
    """How many wait for each; those for whom nobody waits are left out."""
    return dict(tx.execute(WAITING, [organization, int_array(variants)]).fetchall())


def tell(tx: Tx, organization: int, variant_id: int, limit: int, now: datetime) -> list[int]:
    """The members whose turn it is to hear that there is stock, in the order in which they came;
    they wait no longer."""
    asked = {
        "organization": organization, "variant": variant_id, "limit": limit, "now": now,
    }  # fmt: skip
    return [member for _, member in sorted(tx.execute(TELL, asked).fetchall())]
