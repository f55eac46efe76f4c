"""Who looks on while decisions are made: one look a second for all listeners of a process."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from regulars.api.onlooking.stopping import when_told_to_stop
from regulars.domain.errors import Overloaded, TooManyRequests
from regulars.domain.plans import Timetable
from regulars.gateways.log_lines import log_failure
from regulars.services.statistics import decisions
from regulars.services.statistics.decisions import Decided
from regulars.storage.database import Database
from regulars.storage.programs import Versions
from regulars.storage.statistics.decisions import Decision

LOG = logging.getLogger("regulars.api")
LOOK_EVERY_S = 1.0
LONGEST_PAUSE_S = 30.0

OVERLAP = timedelta(seconds=30)
"""How much later than it was received something may be committed, or another machine's clock may
be behind, and is told all the same."""

MOST_KNOWN = 5_000
MOST_LISTENERS = 200
"""Of one process."""

MOST_OF_ONE = 5
"""Of one caller; a person has so many windows."""

MOST_UNREAD = 500
"""What a listener that does not read misses is the oldest."""

Heard = tuple[Decision, Timetable]


class Listener:
    """Where one listener's decisions wait to be written."""

    def __init__(self) -> None:
        self._waiting: deque[Heard] = deque(maxlen=MOST_UNREAD)
        self._bell = asyncio.Event()
        self.is_over = False

    def tell(self, decided: Decided) -> None:
        """Put them where they wait."""
        self._waiting.extend((event, decided.table) for event in decided.events)
        self._bell.set()

    def end(self) -> None:
        """Nothing more will come."""
        self.is_over = True
        self._bell.set()

    async def heard(self, patience_s: float) -> list[Heard]:
        """What has come; waits for it, but not longer than `patience_s`."""
        try:
            await asyncio.wait_for(self._bell.wait(), patience_s)
        except TimeoutError:
            return []
        self._bell.clear()
        told = list(self._waiting)
        self._waiting.clear()
        return told


class Hub:
    """All listeners of this process. Belongs to one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[int, dict[Listener, str]] = {}
        self._looks: dict[int, asyncio.Task[None]] = {}
        self._is_told = False

    @contextmanager
    def listening(
        self, db: Database, versions: Versions, clock: Callable[[], datetime], caller: str
    ) -> Iterator[Listener]:
        """A listener to one organization. Raises Overloaded, TooManyRequests."""
        organization = versions.organization
        if sum(map(len, self._listeners.values())) >= MOST_LISTENERS:
            raise Overloaded("Too many look on already. Try again later, or ask for JSON.")
        own = self._listeners.setdefault(organization, {})
        if list(own.values()).count(caller) >= MOST_OF_ONE:
            raise TooManyRequests(f"At most {MOST_OF_ONE} streams are open for one caller.")
        if not self._is_told:
            self._is_told = True
            when_told_to_stop(self.close)
        listener = Listener()
        own[listener] = caller
        if organization not in self._looks:
            look = self._look(db, versions, clock)
            self._looks[organization] = asyncio.create_task(look)
        try:
            yield listener
        finally:
            del own[listener]
            if not own:
                self._looks.pop(organization).cancel()
                del self._listeners[organization]

    def close(self) -> None:
        """End all of them: the process stops."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    async def _look(self, db: Database, versions: Versions, clock: Callable[[], datetime]) -> None:
        known: OrderedDict[int, None] = OrderedDict()
        newest = begun = clock()
        pause_s = LOOK_EVERY_S
        while True:
            await asyncio.sleep(pause_s)
            try:
                since = max(newest - OVERLAP, begun)
                ask = partial(decisions.since, db, versions, since, known.keys())
                found = await asyncio.to_thread(ask)
            except Exception as error:
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
                log_failure(LOG, "What was decided could not be read.", error)
                continue
            pause_s = LOOK_EVERY_S
            for event in found.events:
                known[event.id] = None
                newest = max(newest, event.received_at)
            while len(known) > MOST_KNOWN:
                known.popitem(last=False)
            if found.events:
                for listener in self._listeners.get(versions.organization, {}):
                    listener.tell(found)
