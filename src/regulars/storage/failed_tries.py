"""Counts of failed tries in PostgreSQL, so that all processes agree when the next is permitted.

A try is counted before it is made, and taken back when it succeeds: of a hundred at once, no more
get through than of a hundred in a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from regulars.domain.errors import TooManyRequests
from regulars.domain.throttling import (
    CODES,
    CODES_AT_A_DESK,
    FORGOTTEN_AFTER,
    SENDING,
    SENDING_BY_ADDRESS,
    SIGN_IN_BY_ACCOUNT,
    SIGN_IN_BY_ADDRESS,
    Backoff,
    is_forgotten,
    next_try,
)
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

BEGIN = """
insert into failed_try (organization_id, what, name_hash, failures, last_at)
select %s, what, name_hash, 0, %s
from unnest(%s::text[], %s::text[]) as asked (what, name_hash)
order by what, name_hash
on conflict do nothing
"""

LOCK = """
select what, name_hash, failures, last_at
from failed_try
where organization_id = %s
    and (what, name_hash) in (select * from unnest(%s::text[], %s::text[]))
order by what, name_hash
for update
"""

COUNT = """
update failed_try set failures = %s, last_at = %s
where organization_id = %s and what = %s and name_hash = %s
"""

CLEAR = "delete from failed_try where organization_id = %s and what = %s and name_hash = %s"

TAKE_BACK = """
update failed_try set failures = greatest(failures - 1, 0)
where organization_id = %s and what = %s and name_hash = %s
"""

FORGET = "delete from failed_try where organization_id = %s and last_at <= %s"


@dataclass(frozen=True, slots=True)
class Counted:
    """What tries are counted by: `what` is tried, and the keyed hash of who or where."""

    what: str
    name_hash: str
    rule: Backoff


def password_of(account: str) -> Counted:
    """Passwords tried for the account whose address has this keyed hash, known or not."""
    return Counted("staff_password", account, SIGN_IN_BY_ACCOUNT)


def code_of(account: str) -> Counted:
    """One-time codes tried for an account. There are few codes, so the waits are long; only who
    has given the password, or has a session, gets to try one."""
    return Counted("staff_code", account, CODES)


def sign_in_from(address: str) -> Counted:
    """Tries from the network address with this keyed hash, at all accounts together."""
    return Counted("staff_address", address, SIGN_IN_BY_ADDRESS)


def reset_of(account: str) -> Counted:
    """Letters about a new password that were asked for an account."""
    return Counted("staff_reset", account, SENDING)


def reset_from(address: str) -> Counted:
    """Such letters that were asked for from a network address."""
    return Counted("staff_reset_address", address, SENDING_BY_ADDRESS)


def desk_code_by(actor: str) -> Counted:
    """Codes that members show, tried by the caller with this keyed hash."""
    return Counted("desk_code", actor, CODES_AT_A_DESK)


def begin_try(tx: Tx, organization: int, by: Sequence[Counted], now: datetime) -> None:
    """Count a try by everything in `by`, or refuse it. Commit before the try is made.

    Raises TooManyRequests, which says how long to wait; nothing is counted then.
    """
    whats = text_array(one.what for one in by)
    names = text_array(one.name_hash for one in by)
    tx.execute(BEGIN, [organization, now, whats, names])
    rows = tx.execute(LOCK, [organization, whats, names]).fetchall()
    found = {(what, name): (failures, last) for what, name, failures, last in rows}
    counts: list[int] = []
    for one in by:
        failures, last = found[one.what, one.name_hash]
        if is_forgotten(last, now):
            failures = 0
        if failures >= one.rule.free and next_try(failures, last, one.rule) > now:
            raise _refused(next_try(failures, last, one.rule) - now)
        counts.append(failures + 1)
    for one, count in zip(by, counts, strict=True):
        tx.execute(COUNT, [count, now, organization, one.what, one.name_hash])


def succeed(tx: Tx, organization: int, account: Counted, *around: Counted) -> None:
    """The try was good: what failed before at this account no longer counts, and this one counts
    nowhere `around` it."""
    tx.execute(CLEAR, [organization, account.what, account.name_hash])
    take_back(tx, organization, *around)


def take_back(tx: Tx, organization: int, *counted: Counted) -> None:
    """The try was neither good nor bad, and does not count; what failed before does."""
    for one in counted:
        tx.execute(TAKE_BACK, [organization, one.what, one.name_hash])


def forget(tx: Tx, organization: int, now: datetime) -> None:
    """Let go of counts that no longer matter."""
    tx.execute(FORGET, [organization, now - FORGOTTEN_AFTER])


def _refused(wait: timedelta) -> TooManyRequests:
    seconds = max(1, ceil(wait.total_seconds()))
    return TooManyRequests(
        f"Too many tries. The next one is permitted in {seconds} s.", retry_after_s=seconds
    )
