"""Verifications and exports: asked for, run in a process of their own, looked at, fetched."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec

from regulars.domain.audit import By, Deed, by_system
from regulars.domain.finance.jobs import (
    BEAT_EVERY,
    DEAD_AFTER,
    FAILED,
    GAVE_UP,
    KEPT,
    MOST_ATTEMPTS,
    MOST_WAITING,
    Claim,
    ExportOrder,
    ExportResult,
    Job,
    Kind,
    State,
    VerificationOrder,
    VerificationResult,
)
from regulars.domain.finance.nights import is_due
from regulars.domain.finance.refusals import FileNotReady, RunNotFound, RunsBusy
from regulars.gateways import heartbeats
from regulars.storage import audit, histories, organizations, programs
from regulars.storage.database import Database, Tx
from regulars.storage.finance import beats, jobs, spans
from regulars.storage.proofs import Proof

PIECE_BYTES = 1024 * 1024
"""Of a file, before it is compressed."""

_encode = msgspec.json.Encoder().encode


def verify(
    db: Database, organization: int, order: VerificationOrder, *, by: By, now: datetime
) -> tuple[Job, bool]:
    """Ask for a verification; the one that is under way, where there is one. And whether it is
    new. Safe to repeat."""
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        for known in jobs.under_way(tx, organization, Kind.VERIFICATION):
            return known, False
        job = _ask(tx, Kind.VERIFICATION, order, "verification.started", by=by, now=now)
    return job, True


def export(
    db: Database, organization: int, order: ExportOrder, *, by: By, now: datetime
) -> tuple[Job, bool]:
    """Ask for an export; the same one that is under way, where there is one. And whether it is new.
    Safe to repeat. Raises RunsBusy."""
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        there = jobs.under_way(tx, organization, Kind.EXPORT)
        for known in there:
            if msgspec.json.decode(known.request, type=ExportOrder) == order:
                return known, False
        if len(there) >= MOST_WAITING:
            raise RunsBusy
        job = _ask(tx, Kind.EXPORT, order, "export.requested", by=by, now=now)
    return job, True


def _ask(tx: Tx, kind: Kind, order: msgspec.Struct, deed: str, *, by: By, now: datetime) -> Job:
    request = _encode(order).decode()
    job = jobs.put(tx, by.organization, kind, request, by=by.actor, now=now)
    done = Deed(deed, f"{kind.value}:{job.id}", after=msgspec.to_builtins(order))
    audit.record(tx, by, [done], now)
    return job


def get(db: Database, organization: int, kind: Kind, number: int) -> Job:
    """One run. Raises RunNotFound."""
    with db.transaction(organization) as tx:
        job = jobs.get(tx, organization, kind, number)
    if job is None:
        raise RunNotFound
    return job


def listed(
    db: Database, organization: int, kind: Kind, *, before: int | None, limit: int
) -> list[Job]:
    """Runs of a kind, newest first."""
    with db.transaction(organization) as tx:
        return jobs.page(tx, organization, kind, before=before, limit=limit)


def verified(
    db: Database,
    organization: int,
    proofs: Sequence[Proof],
    sums: Sequence[tuple[str, str, int]],
    *,
    replayed: int,
) -> VerificationResult:
    """What a verification has found, to keep."""
    with db.snapshot(organization) as tx:
        events = histories.count(tx, organization)
    claims = [Claim(proof.claim, list(proof.offenders)) for proof in proofs]
    clean = not any(claim.offenders for claim in claims)
    return VerificationResult(clean, replayed, events, claims, list(sums))


def keep(
    db: Database, organization: int, result: VerificationResult,
    *, replay: bool, by: By, began: datetime, ended: datetime,
) -> None:  # fmt: skip
    """Put on record a verification that the command line has made."""
    order = VerificationOrder(replay=replay)
    with db.transaction(organization) as tx:
        jobs.keep(
            tx, organization, Kind.VERIFICATION, _encode(order).decode(),
            _encode(result).decode(), by=by.actor, began=began, ended=ended, done=result.replayed,
        )  # fmt: skip


class Work:
    """A run that is ours, while we work on it: how far we are is told every second."""

    def __init__(
        self, db: Database, organization: int, job: Job, clock: Callable[[], datetime]
    ) -> None:
        self.job = job
        self._db = db
        self._organization = organization
        self._clock = clock
        self._done, self._total = 0, 0

    @property
    def total(self) -> int:
        """Of how many."""
        return self._total

    def told(self, done: int, total: int) -> None:
        """So far it is."""
        self._done, self._total = done, total

    def write(self, pieces: Iterable[bytes]) -> int:
        """Keep a file, some of it at a time; how long it is, in bytes."""
        with self._db.transaction(self._organization) as tx:
            jobs.drop_file(tx, self._organization, self.job.id)
        length = 0
        for number, piece in enumerate(_gathered(pieces)):
            length += len(piece)
            packed = zlib.compress(piece, level=1)
            with self._db.transaction(self._organization) as tx:
                jobs.put_piece(tx, self._organization, self.job.id, number, packed)
        return length

    def end(self, result: msgspec.Struct) -> None:
        """It is done."""
        now = self._clock()
        expires_at = now + KEPT if isinstance(result, ExportResult) else None
        with self._db.transaction(self._organization) as tx:
            jobs.end(
                tx, self._organization, self.job, done=self._done, total=self._done,
                now=now, result=_encode(result).decode(), expires_at=expires_at,
            )  # fmt: skip

    def fail(self) -> None:
        """It cannot be done; why is in the log."""
        with self._db.transaction(self._organization) as tx:
            jobs.drop_file(tx, self._organization, self.job.id)
            jobs.end(
                tx, self._organization, self.job, done=self._done, total=self._total,
                now=self._clock(), refusal=FAILED,
            )  # fmt: skip

    def beating(self) -> AbstractContextManager[None]:
        """Be heard of while the block runs."""
        return heartbeats.beating(self._beat, BEAT_EVERY.total_seconds())

    def _beat(self) -> None:
        with self._db.transaction(self._organization) as tx:
            jobs.beat(
                tx, self._organization, self.job, done=self._done, total=self._total,
                now=self._clock(),
            )  # fmt: skip


def take(db: Database, organization: int, clock: Callable[[], datetime]) -> Work | None:
    """The next run that waits, as ours; None when nothing waits, or enough runs already."""
    now = clock()
    with db.transaction(organization) as tx:
        _revive(tx, organization, now)
        job = jobs.take(tx, organization, now)
    return None if job is None else Work(db, organization, job, clock)


def look_after(db: Database, organization: int, now: datetime) -> bool:
    """Bring back runs whose process was lost, forget files that are too old, ask for the nightly
    verification; whether something waits that nobody works on."""
    with db.transaction(organization) as tx:
        _revive(tx, organization, now)
        jobs.forget(tx, organization, now)
        _nightly(tx, organization, now)
        return jobs.is_neglected(tx, organization)


def _nightly(tx: Tx, organization: int, now: datetime) -> None:
    policy = organizations.settings(tx, organization).verification
    if not policy.nightly or jobs.under_way(tx, organization, Kind.VERIFICATION):
        return
    last = jobs.page(tx, organization, Kind.VERIFICATION, before=None, limit=1)
    document = programs.document(tx, organization, now)
    if document is None:
        return
    if is_due(policy, programs.zone_of(document), now, last[0].asked_at if last else None):
        order = VerificationOrder()
        by = by_system(organization)
        _ask(tx, Kind.VERIFICATION, order, "verification.started", by=by, now=now)
        jobs.put(tx, organization, Kind.BREAKAGE, "{}", by=by.actor, now=now)


def beat(db: Database, organization: int, now: datetime, took_ms: int) -> None:
    """Note that a worker has looked after the organization, and keep the marks of the search for
    transfers up to date."""
    with db.transaction(organization) as tx:
        beats.note(tx, organization, now, took_ms)
    while spans.extend(db, organization) == spans.SPANS_TOGETHER:
        pass


def _revive(tx: Tx, organization: int, now: datetime) -> None:
    jobs.revive(
        tx, organization, before=now - DEAD_AFTER, now=now, most=MOST_ATTEMPTS, words=GAVE_UP
    )


def fetch(
    db: Database, organization: int, number: int, *, by: By, now: datetime
) -> tuple[Job, Iterator[bytes]]:
    """An export and its file, piece by piece; put on record first. Raises RunNotFound,
    FileNotReady."""
    job = get(db, organization, Kind.EXPORT, number)
    if job.is_open:
        raise FileNotReady
    if job.state is not State.DONE or job.expires_at is None or job.expires_at <= now:
        raise RunNotFound("The file of this export is not kept, or no longer. Make another.")
    with db.transaction(organization) as tx:
        audit.record(tx, by, [Deed("export.fetched", f"export:{job.id}")], now)
    return job, _pieces(db, organization, job.id)


def _pieces(db: Database, organization: int, job_id: int) -> Iterator[bytes]:
    number = 0
    while True:
        with db.transaction(organization) as tx:
            piece = jobs.piece(tx, organization, job_id, number)
        if piece is None:
            return
        yield zlib.decompress(piece)
        number += 1


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of about PIECE_BYTES; none for nothing."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PIECE_BYTES:
            yield bytes(waiting[:PIECE_BYTES])
            del waiting[:PIECE_BYTES]
    if waiting:
        yield bytes(waiting)
