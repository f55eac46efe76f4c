"""`decide` alone, and the replay of histories in memory as a simulation does it; one core."""

import time
from collections.abc import Callable

from bench.yard import GROCERY, NOW, Figure, first_texts, middle
from regulars.domain.decisions import World, advance, decide, needs_book
from regulars.domain.envelopes import Arrival, data_of, read_event
from regulars.domain.events import Event, Return
from regulars.domain.members import Member, State
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read

EVENTS = 20_000
MEMBERS = 1_000
LIMIT_DECIDE_US = 25.0
LIMIT_SIMULATE = 40_000.0


def measure(repeats: int) -> list[Figure]:
    """decide_us, the grocery program with ten rules; simulate, events a second."""
    ready = plan(read(GROCERY.read_text()), 1)
    arrivals = [read_event(text.encode(), NOW) for text in first_texts(EVENTS, MEMBERS)]
    arrivals = [one for one in arrivals if not isinstance(one.event.data, Return)]
    decides = [_timed(lambda: _decide_all(ready, arrivals), len(arrivals)) for _ in range(repeats)]
    replays = [_timed(lambda: _simulate(ready, arrivals), len(arrivals)) for _ in range(repeats)]
    rates = [1e6 / each for each in replays]
    return [
        Figure("decide_us", middle(decides), "µs", LIMIT_DECIDE_US,
               middle(decides) / LIMIT_DECIDE_US, repeats),
        Figure("simulate", middle(rates), "events/s", LIMIT_SIMULATE,
               middle(rates) / LIMIT_SIMULATE, repeats),
    ]  # fmt: skip


def _timed(work: Callable[[], None], events: int) -> float:
    """Microseconds of processor time an event."""
    began = time.process_time()
    work()
    return (time.process_time() - began) / events * 1e6


def _decide_all(ready: Plan, arrivals: list[Arrival]) -> None:
    members: dict[str, Member] = {}
    world = World()
    for arrival in arrivals:
        event = arrival.event
        member = members.get(event.subject)
        if member is None:
            member = members[event.subject] = Member(1, event.time, State())
        assert not needs_book(ready, member, event)
        advance(member, None, decide(ready, member, event, world))


def _simulate(ready: Plan, arrivals: list[Arrival]) -> None:
    """What is stored of an event is read again and decided under a draft."""
    members: dict[str, Member] = {}
    world = World()
    for arrival in arrivals:
        stored = arrival.event
        event = Event(
            stored.id, stored.source, stored.type, "", stored.time, stored.received_at,
            data_of(stored.type, arrival.payload),
        )  # fmt: skip
        member = members.get(stored.subject)
        if member is None:
            member = members[stored.subject] = Member(1, event.time, State())
        advance(member, None, decide(ready, member, event, world))
