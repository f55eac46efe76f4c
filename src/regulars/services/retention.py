"""Retention: what has been kept long enough goes, once a day, and it is on record what went."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.audit import Deed, by_system
from regulars.domain.privacy import retention_of
from regulars.domain.retention import CLASSES, Policy, What, due_before, span_of
from regulars.storage import audit, credentials, organizations, retention
from regulars.storage.database import Database, Tx
from regulars.storage.retention import ENDINGS, NOT_BY_SCHEDULE, Ending, Run

ROWS_TOGETHER = 5_000
MEMBERS_TOGETHER = 1_000
EVERY = timedelta(days=1)

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long the organization keeps what, and what the newest run of each took away."""

    policy: Policy
    runs: Sequence[Run]
    left_out: dict[What, str]


def is_due(db: Database, organization: int, now: datetime) -> bool:
    """Whether a day has passed since the schedule was last executed."""
    with db.transaction(organization) as tx:
        last = retention.last_run(tx, organization)
    return last is None or now - last >= EVERY


def schedule(db: Database, organization: int) -> Schedule:
    """What is kept how long here, and what went last."""
    with db.transaction(organization) as tx:
        policy = retention_of(organizations.settings(tx, organization).privacy)
        return Schedule(policy, retention.newest(tx, organization), dict(NOT_BY_SCHEDULE))


def sweep(
    db: Database,
    organization: int,
    now: datetime,
    *,
    dry_run: bool = False,
    stop: Stop = lambda: False,
) -> Iterator[Run]:
    """Take away what is due, some thousands of rows in a transaction; tells of each kind of record
    when it is done. Safe to repeat, to break off, and to run in many processes at once.

    `dry_run`: only count. Members who no longer come lose what leads to them as persons; their
    points stay with the number on their card.
    """
    with db.transaction(organization) as tx:
        policy = retention_of(organizations.settings(tx, organization).privacy)
    for what in CLASSES:
        if what in NOT_BY_SCHEDULE or stop():
            continue
        before = due_before(policy, what, now)
        removed = sum(_removed(db, organization, what, before, now, dry_run=dry_run, stop=stop))
        run = Run(what, str(span_of(policy, what)), before, now, removed)
        if not dry_run:
            with db.transaction(organization) as tx:
                retention.note(tx, organization, run)
        yield run


def _removed(
    db: Database, organization: int, what: What, before: datetime, now: datetime,
    *, dry_run: bool, stop: Stop,
) -> Iterator[int]:  # fmt: skip
    if what is What.INACTIVE_MEMBERS:
        yield from _inactive(db, organization, before, now, dry_run=dry_run, stop=stop)
        return
    for ending in ENDINGS[what]:
        if dry_run:
            with db.transaction(organization) as tx:
                yield retention.count(tx, organization, ending, before=before)
        else:
            yield from _ended(db, organization, ending, before, stop)


def _ended(
    db: Database, organization: int, ending: Ending, before: datetime, stop: Stop
) -> Iterator[int]:
    while not stop():
        with db.transaction(organization) as tx:
            gone = retention.remove(tx, organization, ending, before=before, limit=ROWS_TOGETHER)
        yield gone
        if gone < ROWS_TOGETHER:
            return


def _inactive(
    db: Database, organization: int, before: datetime, now: datetime, *, dry_run: bool, stop: Stop
) -> Iterator[int]:
    after = 0
    while not stop():
        with db.transaction(organization) as tx:
            ids = retention.window(tx, organization, after=after, limit=MEMBERS_TOGETHER)
            found = retention.inactive(tx, organization, ids, before=before) if ids else []
            if found and not dry_run:
                found = _forget(tx, organization, found, before, now)
        yield len(found)
        if not ids:
            return
        after = ids[-1]


def _forget(
    tx: Tx, organization: int, ids: Sequence[int], before: datetime, now: datetime
) -> list[int]:
    """Forget those who, looked at again under the lock, still did nothing."""
    retention.lock(tx, organization, ids)
    found = retention.inactive(tx, organization, ids, before=before)
    retention.forget(tx, organization, found)
    credentials.revoke(tx, organization, [f"member:{number}" for number in found], now)
    deeds = [Deed("member.forgotten", f"member:{number}", number, "retention") for number in found]
    audit.record(tx, by_system(organization), deeds, now)
    return found
