"""What Prometheus is told: events by outcome, batches, latency, and what waits."""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from regulars.api.pacing import Pace
from regulars.domain.errors import RegularsError
from regulars.services.intake.batch import Outcome

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 500)


class Counts:
    """The instruments of one process, in a registry of their own."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        self.waiting = waiting
        self.pace = Pace()
        self._registry = CollectorRegistry()
        self._events = Counter(
            "regulars_events",
            "Events and operations answered, by outcome or refusal code.",
            ["outcome"],
            registry=self._registry,
        )
        self._batch = Histogram(
            "regulars_batch_events",
            "Events decided in one transaction.",
            buckets=SIZES,
            registry=self._registry,
        )
        self._decide = Histogram(
            "regulars_decide_seconds",
            "Time to decide, write and commit one batch.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._request = Histogram(
            "regulars_request_seconds",
            "Time from request to answer.",
            ["route", "method", "status"],
            buckets=SECONDS,
            registry=self._registry,
        )
        depth = Gauge(
            "regulars_queue_events",
            "Events that wait to be decided.",
            registry=self._registry,
        )
        depth.set_function(waiting)
        self._by_request: dict[tuple[str, str, int], Histogram] = {}

    def batch(self, size: int, seconds: float) -> None:
        """One batch was taken in."""
        self._batch.observe(size)
        self._decide.observe(seconds)
        self.pace.add(size, seconds)

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """These were answered."""
        by_name: dict[str, int] = {}
        for outcome in outcomes:
            name = outcome_name(outcome)
            by_name[name] = by_name.get(name, 0) + 1
        for name, count in by_name.items():
            self._events.labels(name).inc(count)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request was answered. `route` is the template, never the address itself."""
        key = (route, method, status)
        child = self._by_request.get(key)
        if child is None:
            child = self._request.labels(route, method, str(status))
            self._by_request[key] = child
        child.observe(seconds)

    def text(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self._registry)


def outcome_name(outcome: Outcome) -> str:
    """What an outcome counts as."""
    if isinstance(outcome, RegularsError):
        return outcome.code
    return "repeat" if outcome.is_repeat else outcome.status
