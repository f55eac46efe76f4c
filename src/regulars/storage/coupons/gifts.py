"""Coupons offered to friends, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

_COLUMNS = "id, coupon_id, giver_id, taker_id, code, state, offered_at, expires_at"

PUT = f"""
insert into coupon_gift (organization_id, coupon_id, giver_id, code, state, offered_at, expires_at)
values (%s, %s, %s, %s, 'open', %s, %s)
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

OPEN = f"""
select {_COLUMNS} from coupon_gift
where organization_id = %s and coupon_id = %s and state = 'open'
"""  # noqa: S608

BY_CODE = f"select {_COLUMNS} from coupon_gift where organization_id = %s and code = %s"  # noqa: S608

OF_COUPON = f"""
select {_COLUMNS} from coupon_gift where organization_id = %s and coupon_id = %s order by id
"""  # noqa: S608

CLOSE = """
update coupon_gift set state = %s, taker_id = %s, closed_at = %s
where organization_id = %s and id = %s and state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Gift:
    """An offer. `state`: open, accepted, taken_back or lapsed; open ones lapse by the clock."""

    id: int
    coupon_id: int
    giver_id: int
    taker_id: int | None
    code: str
    state: str
    offered_at: datetime
    expires_at: datetime


def put(
    tx: Tx, organization: int, *, coupon_id: int, giver_id: int, code: str, now: datetime,
    expires_at: datetime,
) -> Gift:  # fmt: skip
    """Offer a locked coupon."""
    row = tx.execute(PUT, [organization, coupon_id, giver_id, code, now, expires_at]).fetchone()
    assert row is not None
    return Gift(*row)


def open_of(tx: Tx, organization: int, coupon_id: int) -> Gift | None:
    """The offer of a coupon that is not closed."""
    row = tx.execute(OPEN, [organization, coupon_id]).fetchone()
    return None if row is None else Gift(*row)


def by_code(tx: Tx, organization: int, code: str) -> Gift | None:
    """The offer that this code accepts."""
    row = tx.execute(BY_CODE, [organization, code]).fetchone()
    return None if row is None else Gift(*row)


def of_coupon(tx: Tx, organization: int, coupon_id: int) -> list[Gift]:
    """All offers of a coupon, oldest first."""
    return [Gift(*row) for row in tx.execute(OF_COUPON, [organization, coupon_id])]


def hands(tx: Tx, organization: int, coupon_id: int) -> list[int]:
    """Who has had the coupon and given it on, in order."""
    return [one.giver_id for one in of_coupon(tx, organization, coupon_id) if one.taker_id]


def close(
    tx: Tx, organization: int, number: int, state: str, *, taker_id: int | None, at: datetime
) -> None:
    """Accepted, taken back or lapsed; its coupon is locked."""
    tx.execute(CLOSE, [state, taker_id, at, organization, number])
