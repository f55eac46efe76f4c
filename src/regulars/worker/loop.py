"""The worker: what falls due by the clock alone is done within moments, whoever else is awake."""

import logging
import sys
import time
from dataclasses import dataclass
from threading import Event, Thread

from regulars.domain.audit import by_system
from regulars.domain.chains import write_head
from regulars.gateways.log_lines import log_failure
from regulars.gateways.messages.choosing import messenger
from regulars.runtime import Runtime
from regulars.services import auditing, letters, organizations, retention, rotation
from regulars.services.designing import simulations
from regulars.services.finance import jobs
from regulars.services.intake.reviewing import review_due
from regulars.services.lifecycle.celebrating import celebrate
from regulars.services.limits import timing_out
from regulars.services.mall import settling as mall_settling
from regulars.services.memberships import passing
from regulars.services.memberships.house import House as CardHouse
from regulars.services.orders.timing_out import close_due
from regulars.services.play import boards
from regulars.services.rosters import activity
from regulars.services.runs import running
from regulars.services.runs.running import House as GivingHouse
from regulars.services.signing_in import deciding
from regulars.services.signing_in.house import House
from regulars.storage.programs import Versions
from regulars.worker import importing, summing
from regulars.worker.giving import HANDS

LOG = logging.getLogger("regulars.worker")
EVERY_S = 15.0
LONGEST_PAUSE_S = 300.0
GIVING_S = 20.0
"""So long one pass gives things to many members of an organization; then others have their turn."""
GOODBYE_S = 20.0
"""How long an import may take to end its batch and note how far it has come."""


@dataclass(slots=True)
class Pass:
    """What one pass has done."""

    reviewed: int = 0
    repeated: int = 0
    refused: int = 0
    celebrated: int = 0


def run(runtime: Runtime, stop: Event, *, every_s: float = EVERY_S) -> None:
    """Look for what is due every so many seconds, until `stop` is set.

    Any number of workers may run. A pass that fails is logged and tried again, ever later.
    """
    beside = [
        Thread(target=work, args=(runtime, stop), name=name, daemon=True)
        for name, work in (("imports", importing.run), ("sums", summing.run))
    ]
    for thread in beside:
        thread.start()
    pause_s = every_s
    known: dict[int, Versions] = {}
    while not stop.is_set():
        try:
            once(runtime, stop, known)
            pause_s = every_s
        except Exception as error:
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            said = f"This pass failed; the next one begins in {pause_s:.0f} s."
            log_failure(LOG, said, error)
        stop.wait(pause_s)
    for thread in beside:
        thread.join(GOODBYE_S)


def once(
    runtime: Runtime, stop: Event | None = None, known: dict[int, Versions] | None = None
) -> Pass:
    """One pass over all that is due now. `known`: compiled programs of passes before."""
    done = Pass()
    compiled = {} if known is None else known
    began = time.monotonic()
    for organization in organizations.active(runtime.db):
        looked = time.monotonic()
        versions = compiled.setdefault(organization, Versions(organization))
        _review(runtime, organization, done, stop)
        timing_out.time_out(runtime.db, organization, runtime.clock())
        close_due(runtime.db, organization, runtime.clock())
        mall_settling.time_out(runtime.db, organization, runtime.clock())
        boards.compute(runtime.db, versions, runtime.clock())
        _celebrate(runtime, organization, done, stop)
        _give_to_many(runtime, versions, stop)
        _pass_cards(runtime, versions)
        _write(runtime, organization)
        _list(runtime, organization)
        _run_jobs(runtime, organization)
        took_ms = round((time.monotonic() - looked) * 1000)
        jobs.beat(runtime.db, organization, runtime.clock(), took_ms)
        if stop is not None and stop.is_set():
            break
    for one in organizations.listed(runtime.db):
        _tidy(runtime, one.id, stop)
        _seal(runtime, one.id)
    if done.reviewed or done.refused:
        LOG.info(
            "Reviewed %d members in %.1f s; %d refused.",
            done.reviewed,
            time.monotonic() - began,
            done.refused,
        )
    return done


def _celebrate(runtime: Runtime, organization: int, done: Pass, stop: Event | None) -> None:
    """Birthdays and the like, and add them to `done`."""
    intake = runtime.intake(organization)
    for sent in celebrate(runtime.db, organization, intake, runtime.clock()):
        done.celebrated += sent
        if stop is not None and stop.is_set():
            break


def _give_to_many(runtime: Runtime, versions: Versions, stop: Event | None) -> None:
    """Benefits and coupons for many members at once, part by part; the rest on the next pass."""
    house = GivingHouse(runtime.db, versions)
    until = time.monotonic() + GIVING_S
    while running.step(house, HANDS, runtime.clock()) is not None:
        if time.monotonic() > until or (stop is not None and stop.is_set()):
            break


def _pass_cards(runtime: Runtime, versions: Versions) -> None:
    """Remind holders of paid cards, renew what is paid for in points, close what is over."""
    take = runtime.intake(versions.organization).take_within
    house = CardHouse(runtime.db, runtime.cabinet, versions, take)
    passing.look(house, runtime.clock())


def _write(runtime: Runtime, organization: int) -> None:
    """Hand over letters that could not be handed over at once, and forget what serves no more."""
    now = runtime.clock()
    post = messenger(runtime.settings, runtime.clock, sys.stderr)
    letters.send(runtime.db, runtime.cabinet, organization, post, now=now)
    deciding.forget(House(runtime.db, runtime.cabinet, organization), now)


def _run_jobs(runtime: Runtime, organization: int) -> None:
    """Start a process for verifications, exports and simulations that wait, should nobody work on
    any."""
    if jobs.look_after(runtime.db, organization, runtime.clock()):
        runtime.launch("regulars.worker.jobs", [str(organization)])
    if simulations.look_after(runtime.db, organization, runtime.clock()):
        runtime.launch("regulars.worker.simulating", [str(organization)])


def _list(runtime: Runtime, organization: int) -> None:
    """Keep up what members are found by, which their events do not wait for."""
    activity.keep_up(runtime.db, organization)
    activity.index_names(runtime.db, runtime.cabinet, organization)


def _seal(runtime: Runtime, organization: int) -> None:
    """Chain what was put on record. The head in the log, which goes elsewhere, is a witness."""
    if auditing.seal(runtime.db, organization):
        head = auditing.head(runtime.db, organization)
        if head is not None:
            LOG.info("Audit trail of organization %d sealed: %s", organization, write_head(head))


def _tidy(runtime: Runtime, organization: int, stop: Event | None) -> None:
    """Once a day take away what was kept long enough, and keys that nothing hangs on."""
    now = runtime.clock()
    if not retention.is_due(runtime.db, organization, now):
        return
    is_over = stop.is_set if stop is not None else lambda: False
    for run in retention.sweep(runtime.db, organization, now, stop=is_over):
        if run.removed:
            LOG.info("Retention took %d of %s away.", run.removed, run.what.value)
    by = by_system(organization)
    rotation.drop_old(runtime.db, runtime.cabinet, organization, by=by, now=now)


def _review(runtime: Runtime, organization: int, done: Pass, stop: Event | None) -> None:
    """Review what is due of one organization, and add it to `done`."""
    intake = runtime.intake(organization)
    for looked in review_due(runtime.db, organization, intake, runtime.clock()):
        done.reviewed += looked.reviewed
        done.repeated += looked.repeated
        done.refused += looked.refused
        if stop is not None and stop.is_set():
            break
