"""The time zones that a condition may name: IANA names and fixed offsets."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-]?)([0-9]{2}):([0-5][0-9])")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")
_HOURS_IN_DAY = 24


def zone_named(name: str) -> tzinfo | None:
    """The zone that `Asia/Shanghai`, `UTC` or `+08:00` names; None if there is no such zone."""
    if name == "UTC":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        sign, hours, minutes = offset.groups()
        if int(hours) >= _HOURS_IN_DAY:
            return None
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-span if sign == "-" else span)
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        # A folder of the zone database, such as `America`, is an OSError.
        return None
