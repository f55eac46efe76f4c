"""What somebody should look at: found in the sums of days and in what waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

SURGE_DAYS = 28
SURGE_TIMES = 3
SURGE_LEAST = 1_000
SURGE_KNOWN = 3
"""A rule is told of when it gave so many times what it gave on average on those of the days before
on which it gave anything, at least so many points more, and there were so many such days."""

JUMP_DAYS = 7
JUMP_PERCENT = 10
JUMP_LEAST = 10_000
"""Outstanding points are told of when they grew by so much within a week."""

WORKER_LATE = timedelta(minutes=2)
DUE_LATE = timedelta(minutes=15)
RETURN_LATE = timedelta(days=7)
LETTER_LATE = timedelta(hours=1)
RECENT = timedelta(days=7)
DAY = timedelta(days=1)


class Level(StrEnum):
    """How much it presses."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Alert:
    """`code` says what; `count` is how many or much, `usual` what it is otherwise; `subject`: the
    rule or currency; `since`: from when on; `day`: of which business day."""

    code: str
    level: Level
    count: int
    usual: int | None = None
    subject: str | None = None
    since: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits or went wrong, counted. `looked_at`: when the worker last was there; None: never.
    `due_since`: what falls due by the clock has been waiting since; None: nothing has."""

    looked_at: datetime | None
    due_since: datetime | None
    refused_returns: int
    waiting_returns: int
    waiting_since: datetime | None
    approvals: int
    enrolments: int
    letters: int
    letters_since: datetime | None
    rejected_records: int


def surges(by_rule: Mapping[str, Mapping[date, int]], today: date) -> Iterable[Alert]:
    """Rules that gave far more today, so far, or yesterday than on a day of theirs before."""
    for rule, by_day in sorted(by_rule.items()):
        for day in (today, today - DAY):
            earlier = [by_day.get(day - back * DAY, 0) for back in range(1, SURGE_DAYS + 1)]
            gave = [points for points in earlier if points > 0]
            if len(gave) < SURGE_KNOWN:
                continue
            usual, points = sum(gave) // len(gave), by_day.get(day, 0)
            if points >= SURGE_TIMES * usual and points - usual >= SURGE_LEAST:
                yield Alert("rule_surge", Level.WARNING, points, usual, rule, day=day)
                break


def jumps(outstanding: Mapping[str, tuple[int, int]]) -> Iterable[Alert]:
    """Currencies of which far more is outstanding than a week ago: (then, now) by currency."""
    for currency, (then, now) in sorted(outstanding.items()):
        grown = now - then
        if then > 0 and grown >= JUMP_LEAST and grown * 100 >= then * JUMP_PERCENT:
            yield Alert("liability_jump", Level.WARNING, grown, then, currency)


def waits(found: Waiting, now: datetime) -> Sequence[Alert]:
    """What waits, what presses most first."""
    told: list[Alert] = []
    if found.looked_at is None or now - found.looked_at > WORKER_LATE:
        told.append(Alert("worker_away", Level.ERROR, 1, since=found.looked_at))
    elif found.due_since is not None and now - found.due_since > DUE_LATE:
        minutes = int((now - found.due_since).total_seconds()) // 60
        told.append(Alert("worker_behind", Level.WARNING, minutes, since=found.due_since))
    for code, level, count, since in (
        ("letters_stuck", Level.ERROR, found.letters, found.letters_since),
        ("returns_refused", Level.WARNING, found.refused_returns, None),
        ("returns_waiting", Level.WARNING, found.waiting_returns, found.waiting_since),
        ("records_rejected", Level.WARNING, found.rejected_records, None),
        ("enrolments_held", Level.INFO, found.enrolments, None),
        ("approvals_waiting", Level.INFO, found.approvals, None),
    ):
        if count:
            told.append(Alert(code, level, count, since=since))
    return told
