"""Keeps the sums of days up to date, beside the worker's other duties: summing years of the past
must not keep what falls due waiting."""

import logging
import time
from threading import Event

from regulars.gateways.log_lines import log_failure
from regulars.runtime import Runtime
from regulars.services import organizations
from regulars.services.statistics import summing
from regulars.storage.programs import Versions

LOG = logging.getLogger("regulars.worker")
EVERY_S = 5.0
LONGEST_PAUSE_S = 300.0

REST = 9
LONGEST_REST_S = 30.0
"""Where summing takes long, it rests so many times as long, but no longer than this: most of the
time a tenth of a processor is enough."""


def run(runtime: Runtime, stop: Event) -> None:
    """Look every few seconds, until `stop` is set. What fails is logged and tried again."""
    pause_s = EVERY_S
    known: dict[int, Versions] = {}
    while not stop.is_set():
        began = time.monotonic()
        try:
            is_complete = once(runtime, stop, known)
            took_s = time.monotonic() - began
            rest_s = min(REST * took_s, LONGEST_REST_S) if is_complete else 0.0
            pause_s = max(EVERY_S, rest_s)
        except Exception as error:
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            said = f"Days could not be summed; the next try is in {pause_s:.0f} s."
            log_failure(LOG, said, error)
        stop.wait(pause_s)


def once(
    runtime: Runtime, stop: Event | None = None, known: dict[int, Versions] | None = None
) -> bool:
    """Bring the sums of all organizations up to date; returns whether all of them are. `known`:
    compiled programs of before."""
    is_complete = True
    is_over = stop.is_set if stop is not None else lambda: False
    versions = {} if known is None else known
    for organization in organizations.active(runtime.db):
        own = versions.setdefault(organization, Versions(organization))
        done = summing.bring_up_to_date(runtime.db, own, runtime.clock(), is_over=is_over)
        if done.days > summing.DAYS_AT_ONCE:
            LOG.info("Summed %d days of organization %d.", done.days, organization)
        is_complete = is_complete and done.is_complete
        if is_over():
            break
    return is_complete
