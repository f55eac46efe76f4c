"""Wrong codes of coupons, counted by who types them, so that nobody goes on guessing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from regulars.domain.errors import TooManyRequests
from regulars.domain.throttling import Backoff, is_forgotten, next_try
from regulars.storage.database import Tx
from regulars.storage.failed_tries import Counted

BY_MEMBER = Backoff(free=10, first=timedelta(seconds=30), cap=timedelta(hours=1))
"""Of a member's wrong codes; one that is right does not make the others good."""

BY_CALLER = Backoff(free=100, first=timedelta(seconds=5), cap=timedelta(minutes=5))
"""Of all wrong codes of a till, a shop or one of the staff, since the last that was right."""

READ = """
select failures, last_at from failed_try
where organization_id = %s and what = %s and name_hash = %s
"""


def by_member(member_id: int) -> Counted:
    """Codes that a member types."""
    return Counted("coupon_member", f"member:{member_id}", BY_MEMBER)


def by_caller(actor: str) -> Counted:
    """Codes that a caller asks for, for whichever member."""
    return Counted("coupon_caller", actor, BY_CALLER)


def refuse(tx: Tx, organization: int, counted: Sequence[Counted], now: datetime) -> None:
    """Raises TooManyRequests for who has typed too many wrong codes; counts nothing."""
    for one in counted:
        row = tx.execute(READ, [organization, one.what, one.name_hash]).fetchone()
        if row is None or is_forgotten(row[1], now) or row[0] < one.rule.free:
            continue
        wait = next_try(row[0], row[1], one.rule) - now
        if wait > timedelta():
            seconds = max(1, ceil(wait.total_seconds()))
            raise TooManyRequests(
                f"Too many wrong codes. The next one is permitted in {seconds} s.",
                retry_after_s=seconds,
            )
