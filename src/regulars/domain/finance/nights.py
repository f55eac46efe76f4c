"""When the ledger is verified by itself: once a night, in an hour that is quiet."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

LATEST = timedelta(hours=3)
"""A worker that was off at the hour still begins so much later, and no later."""


class VerificationPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`nightly`: verify by itself. `hour`: from when on, by the clocks of the program's zone."""

    nightly: bool = True
    hour: Annotated[int, Meta(ge=0, le=23)] = 3


def is_due(
    policy: VerificationPolicy, zone: ZoneInfo, now: datetime, last: datetime | None
) -> bool:
    """Whether to begin at `now`, the `last` one having been asked for then."""
    if not policy.nightly:
        return False
    local = now.astimezone(zone)
    hour = local.replace(hour=policy.hour, minute=0, second=0, microsecond=0)
    if local < hour:
        hour -= timedelta(days=1)
    return local < hour + LATEST and (last is None or last < hour)
