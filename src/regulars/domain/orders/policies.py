"""What an organization decides about its orders."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

LONGEST_HOURS = 24 * 366


class OrderPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`cancel_within_hours`: so long after it was confirmed an order can still be cancelled as a
    whole; 0: never. Goods can be taken back at any time."""

    cancel_within_hours: Annotated[int, Meta(ge=0, le=LONGEST_HOURS)] = 24


def may_cancel(policy: OrderPolicy, confirmed_at: datetime, now: datetime) -> bool:
    """Whether a confirmed order can still be cancelled at `now`."""
    return now - confirmed_at < timedelta(hours=policy.cancel_within_hours)
