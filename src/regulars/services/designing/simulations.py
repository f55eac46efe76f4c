"""Simulations: asked for, waiting, taken by a process of their own, looked at, cancelled."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.designing.refusals import (
    DraftNotFound,
    SimulationNotFound,
    SimulationsBusy,
)
from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import (
    AS_DECIDED,
    BEAT_EVERY_S,
    DEAD_AFTER,
    KEPT,
    MOST_ATTEMPTS,
    MOST_WAITING,
    UNFORESEEN,
    Asked,
    Simulation,
    State,
)
from regulars.domain.errors import Fault, InvalidInput, NoProgramInForce, VersionNotFound
from regulars.domain.programs.document import read
from regulars.gateways import heartbeats
from regulars.storage import audit, programs
from regulars.storage.database import Database, Tx
from regulars.storage.designing import drafts, simulations

Clock = Callable[[], datetime]


class Unwanted(Exception):
    """Somebody has cancelled the simulation, or another process has it."""


def ask(
    db: Database,
    organization: int,
    asked: Asked,
    *,
    by: By,
    now: datetime,
) -> Simulation:
    """Put a simulation in the queue. A draft whose text is left out is simulated as it stands, and
    `against` -1 stands for the version in force now. Asked for again while it is under way, it is
    the same.

    Raises ProgramInvalid, DraftNotFound, VersionNotFound, NoProgramInForce, InvalidInput,
    SimulationsBusy.
    """
    wanted = checked(db, organization, asked, now)
    with db.transaction(organization) as tx:
        simulations.serialize(tx, organization)
        there = simulations.under_way(tx, organization)
        for known in there:
            if (known.asked, known.requested_by) == (wanted, by.actor):
                return known
        if len(there) >= MOST_WAITING:
            raise SimulationsBusy
        made = simulations.put(tx, organization, wanted, by=by.actor, at=now)
        after = {"against": wanted.against, "draft": wanted.draft_id}
        deed = Deed("simulation.requested", f"simulation:{made.id}", after=after)
        audit.record(tx, by, [deed], now)
    return made


IN_FORCE = -1
"""Stands where a version is asked for: the one in force now."""


def checked(db: Database, organization: int, asked: Asked, now: datetime) -> Asked:
    """What is asked for with its text and the number of its version. Raises as `ask` does."""
    _check_window(asked, now)
    with db.transaction(organization) as tx:
        wanted = _resolved(tx, organization, asked, now)
    read(wanted.document)
    return wanted


def _check_window(asked: Asked, now: datetime) -> None:
    until = asked.until or now
    if until > now:
        raise InvalidInput(
            "What will happen cannot be replayed: the window ends now at the latest.",
            faults=[Fault("/to", "lies ahead")],
        )
    if asked.from_ is not None and asked.from_ >= until:
        raise InvalidInput(
            "The window ends before it begins.", faults=[Fault("/from", "not before the end")]
        )


def _resolved(tx: Tx, organization: int, asked: Asked, now: datetime) -> Asked:
    """With the draft's text and the version's number."""
    known = programs.load(tx, organization)
    against = asked.against
    in_force = max(
        (one for one in known if one.in_force_from <= now),
        key=lambda one: one.in_force_from,
        default=None,
    )
    if in_force is None:
        raise NoProgramInForce("There is nothing to compare with: publish a first version.")
    if against == IN_FORCE:
        against = in_force.version
    if against != AS_DECIDED and all(one.version != against for one in known):
        raise VersionNotFound(f"There is no version {against} of the program.")
    document, revision = asked.document, asked.draft_revision
    if asked.draft_id is not None:
        draft = drafts.get(tx, organization, asked.draft_id)
        if draft is None:
            raise DraftNotFound
        revision = draft.revision if revision is None else revision
        said = drafts.revision(tx, organization, asked.draft_id, revision)
        if said is None:
            raise DraftNotFound("There is no such revision of the draft, or it was forgotten.")
        document = said.document or ""
    return msgspec.structs.replace(
        asked, document=document, draft_revision=revision, against=against
    )


def get(db: Database, organization: int, number: int) -> Simulation:
    """One simulation, with its result. Raises SimulationNotFound."""
    with db.transaction(organization) as tx:
        found = simulations.get(tx, organization, number)
    if found is None:
        raise SimulationNotFound
    return found


def listed(db: Database, organization: int, *, before: int | None, limit: int) -> list[Simulation]:
    """A page of simulations without their results, newest first."""
    with db.transaction(organization) as tx:
        return simulations.listed(tx, organization, before=before, limit=limit)


def cancel(db: Database, organization: int, number: int, *, by: By, now: datetime) -> Simulation:
    """Let it go; one that has ended stays as it is. Raises SimulationNotFound."""
    with db.transaction(organization) as tx:
        if simulations.cancel(tx, organization, number, now):
            deed = Deed("simulation.cancelled", f"simulation:{number}")
            audit.record(tx, by, [deed], now)
    return get(db, organization, number)


def look_after(db: Database, organization: int, now: datetime) -> bool:
    """Bring back those whose process was lost, and forget old results; whether one waits that
    nobody works on."""
    with db.transaction(organization) as tx:
        _revive(tx, organization, now)
        simulations.forget(tx, organization, now - KEPT)
        return simulations.is_neglected(tx, organization, now - DEAD_AFTER)


def _revive(tx: Tx, organization: int, now: datetime) -> None:
    simulations.revive(tx, organization, before=now - DEAD_AFTER, now=now, most=MOST_ATTEMPTS)


class Work:
    """A simulation that is ours, while we work on it."""

    def __init__(
        self, db: Database, organization: int, simulation: Simulation, clock: Clock
    ) -> None:
        self.simulation = simulation
        self.organization = organization
        self.db = db
        self.clock = clock
        self.total: int | None = None
        self._done: Callable[[], int] = lambda: 0
        self._unwanted = Event()

    def count(self, done: Callable[[], int]) -> None:
        """From now on `done` says how many events are replayed."""
        self._done = done

    def told(self, total: int) -> None:
        """It is so many events in all."""
        self.total = total

    def demand_wanted(self) -> None:
        """Raises Unwanted once nobody waits for the result."""
        if self._unwanted.is_set():
            raise Unwanted

    def end(self, result: SimulationResult) -> None:
        """It is done. Raises Unwanted."""
        text = msgspec.json.encode(result).decode()
        with self.db.transaction(self.organization) as tx:
            is_ours = simulations.end(
                tx,
                self.organization,
                self.simulation,
                State.DONE,
                now=self.clock(),
                done=self.total,
                result=text,
            )
        if not is_ours:
            raise Unwanted

    def fail(self, code: str = UNFORESEEN) -> None:
        """It cannot be done; `code` says why, and the log tells more."""
        with self.db.transaction(self.organization) as tx:
            simulations.end(
                tx,
                self.organization,
                self.simulation,
                State.FAILED,
                now=self.clock(),
                failure=code,
            )

    def beating(self) -> AbstractContextManager[None]:
        """Tell how far it is while the block runs, and hear whether it is still wanted."""
        return heartbeats.beating(self._beat, BEAT_EVERY_S)

    def _beat(self) -> None:
        if not self.db.retrying(self.organization, self._tell):
            self._unwanted.set()

    def _tell(self, tx: Tx) -> bool:
        """Write how far it is; False when nobody waits for it any more."""
        total = self.total
        done = self._done() if total is None else min(self._done(), total)
        return simulations.beat(
            tx, self.organization, self.simulation, done=done, total=total, now=self.clock()
        )


def take(db: Database, organization: int, clock: Clock) -> Work | None:
    """The simulation that waits longest, as ours; None when none waits, or enough run already."""
    now = clock()
    with db.transaction(organization) as tx:
        simulations.serialize(tx, organization)
        _revive(tx, organization, now)
        taken = simulations.take(tx, organization, runner=secrets.token_hex(8), now=now)
    return None if taken is None else Work(db, organization, taken, clock)
