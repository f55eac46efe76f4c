"""The client: `Regulars(url, key)` sends events, reads members, moves points.

with Regulars("http://127.0.0.1:8321", "rgl_…") as regulars:
    regulars.events.send(event)
    regulars.redeem("card:4711", "stars", 10)
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from types import TracebackType
from urllib.parse import quote

from msgspec import Struct

from regulars.client.answers import (
    Balance,
    BatchItem,
    Event,
    EventResult,
    Happening,
    Member,
    Movement,
    Standing,
)
from regulars.client.connection import ATTEMPTS, TIMEOUT_S, Connection
from regulars.client.orders import Orders

BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
MAX_BATCH = 500
PAGE = 200


class _Balances(Struct):
    balances: list[Balance]


class _Timeline(Struct):
    items: list[Happening]
    next: str | None


class _Members(Struct):
    items: list[Member]
    next: str | None


class Events:
    """What members do."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, event: Event) -> EventResult:
        """Send one event; sending it again is safe."""
        return self._connection.ask(
            EventResult, "POST", "/v1/events", body=event, media_type=SINGLE
        )

    def send_many(self, events: Iterable[Event]) -> Iterator[BatchItem]:
        """Send any number of events, MAX_BATCH at a time; one item for each, in their order."""
        rest = iter(events)
        while batch := list(islice(rest, MAX_BATCH)):
            yield from self._connection.ask(
                list[BatchItem], "POST", "/v1/events", body=batch, media_type=BATCH
            )

    def preview(self, event: Event) -> EventResult:
        """What sending it would do. Nothing is written."""
        return self._connection.ask(
            EventResult, "POST", "/v1/events:preview", body=event, media_type=SINGLE
        )


class Members:
    """Who takes part. `ref` is a member id (mem_…) or system:external-id, such as card:4711."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        refs: list[str],
        attributes: dict[str, bool | int | str] | None = None,
        *,
        enrolled_at: datetime | None = None,
    ) -> Member:
        """Enrol a member, or find the one that was enrolled just so."""
        body: dict[str, object] = {"refs": refs, "attributes": attributes or {}}
        if enrolled_at is not None:
            body["enrolled_at"] = enrolled_at
        return self._connection.ask(Member, "POST", "/v1/members", body=body)

    def get(self, ref: str) -> Member:
        """One member."""
        return self._connection.ask(Member, "GET", path_of(ref))

    def change(self, ref: str, attributes: dict[str, bool | int | str | None]) -> Member:
        """Set attributes that the program declares; None removes one."""
        return self._connection.ask(Member, "PATCH", path_of(ref), body={"attributes": attributes})

    def identify(self, ref: str, further: str) -> Member:
        """Give a member a further reference."""
        return self._connection.ask(
            Member, "POST", path_of(ref, "identities"), body={"ref": further}
        )

    def all(self) -> Iterator[Member]:
        """Every member, in the order of enrolment, a page at a time."""
        cursor: str | None = None
        while True:
            page = self._connection.ask(
                _Members, "GET", "/v1/members", params={"limit": PAGE, "cursor": cursor}
            )
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def balances(self, ref: str, as_of: datetime | None = None) -> dict[str, Balance]:
        """What the member has of each currency, now or at any instant."""
        params = {"as_of": None if as_of is None else as_of.isoformat()}
        found = self._connection.ask(_Balances, "GET", path_of(ref, "balances"), params=params)
        return {balance.currency: balance for balance in found.balances}

    def tier(self, ref: str) -> Standing:
        """The member's tier, and what is missing to the next."""
        return self._connection.ask(Standing, "GET", path_of(ref, "tier"))

    def timeline(self, ref: str, types: Iterable[str] = ()) -> Iterator[Happening]:
        """The member's events, newest first, a page at a time."""
        cursor: str | None = None
        while True:
            params = {"limit": PAGE, "cursor": cursor, "type": list(types)}
            page = self._connection.ask(_Timeline, "GET", path_of(ref, "timeline"), params=params)
            yield from page.items
            cursor = page.next
            if cursor is None:
                return


class Regulars:
    """A server, seen with one API key. Every write is safe to repeat, and is repeated where a lost
    connection, 429 or 503 leaves open whether it was done.

    `key` of an operation names what is to be done once; without one a new name is made up, so that
    only the retries within the call are the same operation.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        language: str = "en",
        attempts: int = ATTEMPTS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._connection = Connection(
            base_url, api_key, language=language, attempts=attempts, timeout_s=timeout_s
        )
        self.events = Events(self._connection)
        self.members = Members(self._connection)
        self.orders = Orders(self._connection)

    def __enter__(self) -> "Regulars":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def redeem(
        self, ref: str, currency: str, amount: int, *, reference: str | None = None, key: str = ""
    ) -> Movement:
        """Spend points for good."""
        body = {"currency": currency, "amount": amount} | _given(reference=reference)
        return self._do(path_of(ref, "redemptions"), body, key)

    def adjust(
        self, ref: str, currency: str, amount: int, *, reason: str, key: str = ""
    ) -> Movement:
        """Correct points by hand; a negative amount takes some away."""
        body = {"currency": currency, "amount": amount, "reason": reason}
        return self._do(path_of(ref, "adjustments"), body, key)

    def transfer(self, ref: str, currency: str, amount: int, *, to: str, key: str = "") -> Movement:
        """Give points to another member."""
        body = {"to": to, "currency": currency, "amount": amount}
        return self._do(path_of(ref, "transfers"), body, key)

    def convert(
        self, ref: str, source: str, amount: int, *, target: str, key: str = ""
    ) -> Movement:
        """Convert points of one currency into another."""
        body = {"source": source, "target": target, "amount": amount}
        return self._do(path_of(ref, "conversions"), body, key)

    def hold(
        self, ref: str, currency: str, amount: int, *, seconds: int = 900, key: str = ""
    ) -> Movement:
        """Reserve points; the answer's `hold` names them."""
        body = {"currency": currency, "amount": amount, "seconds": seconds}
        return self._do(path_of(ref, "holds"), body, key)

    def capture(self, ref: str, hold: str, *, amount: int | None = None, key: str = "") -> Movement:
        """Spend held points: all, or `amount` and give the rest back."""
        return self._do(path_of(ref, f"holds/{hold}/capture"), _given(amount=amount), key)

    def release(self, ref: str, hold: str, *, key: str = "") -> Movement:
        """Give held points back."""
        return self._do(path_of(ref, f"holds/{hold}/release"), {}, key)

    def _do(self, path: str, body: dict[str, object], key: str) -> Movement:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return self._connection.ask(Movement, "POST", path, body=body, headers=headers)


def path_of(ref: str, part: str = "") -> str:
    """The address of a member, or of a part of theirs."""
    return f"/v1/members/{quote(ref, safe=':')}" + (f"/{part}" if part else "")


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
