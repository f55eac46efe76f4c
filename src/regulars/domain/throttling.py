"""How often one may try: free tries, then waits that double, up to a cap.

Why guessing fails. An attacker who never stops gets, in a year, at one account:

| what is tried | tries a year | each finds it with | expected successes a year |
|---|---|---|---|
| one-time codes | 1,472 | 1 in 1,000,000 | 0.0015 |
| passwords | 35,051 | less than 1 in 100,000,000 | less than 0.0004 |

Codes: wrong ones are counted by account, over all codes that are sent; after CODES.free of them
the waits grow to six hours, so four tries a day. Nothing is gained by asking for new codes: a try
is a try. Passwords: four tries an hour at most, and the measure that lets a password be chosen
(`passwords.ENOUGH_GUESSES`) is the number of guesses that find it.

From one address, at all accounts together, SIGN_IN_BY_ADDRESS leaves 8,785 tries a year: 0.009
codes. An attacker with N addresses gets N times that, and never more than 1,472 at one account;
codes must have been sent to be guessed, and SENDING bounds those as well.

The cap is a bargain: whoever knows an account's name can keep its owner waiting that long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_DIGITS = 6
CODE_TRIES = 5
"""Wrong tries after which a code is void, whatever the waits."""
CODE_LIFETIME = timedelta(minutes=10)

FORGOTTEN_AFTER = timedelta(days=7)
"""A count without a further failure for this long starts anew. So long that waiting for it gives
an attacker fewer tries than going on at the cap."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """`free` failures cost nothing; then the wait is `first`, and doubles up to `cap`."""

    free: int
    first: timedelta
    cap: timedelta


SIGN_IN_BY_ACCOUNT = Backoff(free=5, first=timedelta(seconds=5), cap=timedelta(minutes=15))
SIGN_IN_BY_ADDRESS = Backoff(free=20, first=timedelta(seconds=30), cap=timedelta(hours=1))
"""More are free: a shop's staff share one address."""
CODES = Backoff(free=5, first=timedelta(minutes=1), cap=timedelta(hours=6))
"""Wrong codes by account, counted over all codes sent to it."""
SENDING = Backoff(free=3, first=timedelta(minutes=1), cap=timedelta(hours=1))
"""Codes sent to one phone or e-mail address; each counts like a failure."""
SENDING_BY_ADDRESS = Backoff(free=10, first=timedelta(minutes=1), cap=timedelta(hours=1))
"""Codes asked for from one network address."""

CODES_AT_A_DESK = Backoff(free=20, first=timedelta(seconds=5), cap=timedelta(minutes=15))
"""Wrong codes of benefits, by who types them: a member of staff mistypes, and a thousand members
show theirs at one till; right ones are not counted."""


def next_try(failures: int, last: datetime, rule: Backoff = SIGN_IN_BY_ACCOUNT) -> datetime:
    """When the next try is permitted, after `failures` in a row of which `last` is the latest.

    A success begins the count anew; so does `is_forgotten`. A try before that instant is refused
    unseen and is not counted.
    """
    doublings = failures - rule.free
    if doublings < 0:
        return last
    # Beyond this many doublings every rule has reached its cap; larger numbers would only overflow.
    return last + min(rule.cap, rule.first * (1 << min(doublings, 30)))


def is_forgotten(last: datetime, now: datetime) -> bool:
    """Whether failures up to `last` no longer count."""
    return now - last >= FORGOTTEN_AFTER


def tries_within(rule: Backoff, span: timedelta) -> int:
    """The most tries in a stretch of time for somebody who always fails; its start is included."""
    tries, at, wait = rule.free, timedelta(), rule.first
    while wait < rule.cap:
        at += wait
        if at >= span:
            return tries
        tries += 1
        wait = min(rule.cap, wait * 2)
    at_the_cap = -((at - span) // rule.cap) - 1
    return tries + max(0, at_the_cap)
