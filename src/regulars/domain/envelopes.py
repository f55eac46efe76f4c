"""From what a sender wrote to an event: the CloudEvents envelope, checked, with typed data."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import jsonschema_rs
import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.audit import By
from regulars.domain.errors import Fault, InvalidInput, Malformed, TooLarge, UnknownEventType
from regulars.domain.events import BUILT_IN, Data, Envelope, Event, Head, Purchase, Referral
from regulars.domain.ids import VEILED, MemberRef, parse_ref
from regulars.domain.operations import KINDS, PREFIX, Operation
from regulars.domain.programs.model import CustomType, Program

MAX_EVENT_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_AHEAD = timedelta(minutes=5)
"""How far a sender's clock may run before ours."""

Veil = Callable[[str], str]
"""From "phone:…" or "email:…" to the same member under a keyed hash. Raises InvalidInput."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Arrival(Struct, frozen=True, gc=False):
    """An event at the door: who it is about, its data in one canonical text, and their digest.

    `sent_by`: who sent it, as `Access.actor` says; empty for what the product does by itself.
    `by`: who asked for an operation, for the audit trail.
    """

    event: Event
    ref: MemberRef
    payload: str
    digest: str
    sent_by: str = ""
    by: By | None = None


_envelope = msgspec.json.Decoder(Envelope)
_decoders = {code: msgspec.json.Decoder(kind) for code, kind in (BUILT_IN | KINDS).items()}
_free = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder(order="deterministic")
_PATH = re.compile(r" - at `\$(.*)`$")
_VALUE = re.compile(r"(Invalid (?:enum )?value) .*", re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def read_event(
    raw: bytes | Raw, now: datetime, *, sent_by: str = "", veil: Veil | None = None
) -> Arrival:
    """Read one event as a sender wrote it. Raises Malformed, InvalidInput, TooLarge.

    `veil` takes the place of a subject that is personal; without it such an event is refused.
    Custom types are checked against the program later, by `check_against`.
    """
    if len(memoryview(raw)) > MAX_EVENT_BYTES:
        raise TooLarge(f"An event is at most {MAX_EVENT_BYTES} bytes of JSON.")
    try:
        envelope = _envelope.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise told(error, "") from error
    _check_names(envelope)
    time = _instant(envelope.time, now)
    decoder = _decoders.get(envelope.type, _free)
    try:
        data = decoder.decode(envelope.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise told(error, "/data") from error
    _check_data(data)
    subject = envelope.subject
    if veil is not None and subject.startswith(VEILED):
        subject = veil(subject)
    if isinstance(data, Referral) and data.referee is not None:
        data = replace(data, referee=_referee(data.referee, veil))
    event = Event(envelope.id, envelope.source, envelope.type, subject, time, now, data)
    return arrive(event, sent_by)


def make_event(
    head: Mapping[str, object],
    data: Mapping[str, object],
    now: datetime,
    *,
    sent_by: str = "",
    veil: Veil | None = None,
) -> Arrival:
    """The same from values that came otherwise than as JSON: the fields of a Head, and the data.

    Raises InvalidInput, TooLarge.
    """
    try:
        envelope = msgspec.convert(head, Head)
    except msgspec.ValidationError as error:
        raise told(error, "") from error
    _check_names(envelope)
    time = _instant(envelope.time, now)
    kind = BUILT_IN.get(envelope.type)
    typed: Any = data
    if kind is not None:
        try:
            typed = msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            raise told(error, "/data") from error
    _check_data(typed)
    subject = envelope.subject
    if veil is not None and subject.startswith(VEILED):
        subject = veil(subject)
    if isinstance(typed, Referral) and typed.referee is not None:
        typed = replace(typed, referee=_referee(typed.referee, veil))
    arrival = arrive(
        Event(envelope.id, envelope.source, envelope.type, subject, time, now, typed), sent_by
    )
    if len(arrival.payload) > MAX_EVENT_BYTES:
        raise TooLarge(f"An event is at most {MAX_EVENT_BYTES} bytes of JSON.")
    return arrival


def _check_names(envelope: Envelope | Head) -> None:
    # Nearly all texts are printable, and that is known ten times as fast as a pattern is matched.
    if not (envelope.id + envelope.source + envelope.type + envelope.subject).isprintable():
        for name in ("id", "source", "type", "subject"):
            if _CONTROL.search(getattr(envelope, name)):
                raise InvalidInput(
                    f"The {name} contains a control character.",
                    faults=[Fault(f"/{name}", "contains a control character")],
                )
    if envelope.type.startswith(PREFIX):
        raise InvalidInput(
            f"Types that begin with {PREFIX!r} are recorded by the product itself.",
            faults=[Fault("/type", "reserved")],
        )
    if envelope.source.startswith(PREFIX):
        raise InvalidInput(
            f"Sources that begin with {PREFIX!r} are the product's own.",
            faults=[Fault("/source", "reserved")],
        )


def _check_data(data: object) -> None:
    """What the shape alone does not say."""
    if isinstance(data, Purchase):
        _check_total(data)
    elif not isinstance(data, Data):
        _check_free(data)


def arrive(event: Event, sent_by: str = "", by: By | None = None) -> Arrival:
    """The event with its canonical payload and digest. Raises InvalidInput for a bad subject, and
    for the NUL character, with which PostgreSQL could not read the payload as JSON.

    The time of an operation is our own, not something its caller said, so it is no part of the
    digest: the same request a second later is still the same.
    """
    payload = _encoder.encode(event.data)
    if b"\\u0000" in payload and _NUL.search(payload):
        raise InvalidInput("A text may not contain the NUL character.", faults=[Fault("/data", "")])
    time = "" if isinstance(event.data, Operation) else event.time.isoformat()
    head = f"{event.type}\n{event.subject}\n{time}\n".encode()
    digest = blake2b(head + payload, digest_size=16).hexdigest()
    return Arrival(event, parse_ref(event.subject), payload.decode(), digest, sent_by, by)


def data_of(code: str, payload: str) -> Any:
    """The typed data of a stored event."""
    return _decoders.get(code, _free).decode(payload)


def _instant(time: datetime, now: datetime) -> datetime:
    if time.tzinfo is None:
        raise InvalidInput(
            "An event's time needs a zone, such as 2026-03-01T09:30:00Z.",
            faults=[Fault("/time", "has no zone")],
        )
    try:
        time = time.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput("The time is out of range.", faults=[Fault("/time", "")]) from error
    if time > now + MAX_AHEAD:
        raise InvalidInput(
            "The event lies in the future; send it when it has happened and check the clock.",
            faults=[Fault("/time", f"later than now, {now.isoformat()}")],
        )
    if time < EARLIEST:
        raise InvalidInput(
            "Events before 1990 are not taken.", faults=[Fault("/time", "too early")]
        )
    return time


def _referee(text: str, veil: Veil | None) -> str:
    """Whom a referral names, who may be called by phone or e-mail as well. Raises InvalidInput."""
    if veil is not None and text.startswith(VEILED):
        text = veil(text)
    parse_ref(text, pointer="/data/referee")
    return text


def _check_total(purchase: Purchase) -> None:
    if purchase.lines and purchase.total is not None:
        total = sum(line.amount for line in purchase.lines)
        if purchase.total != total:
            raise InvalidInput(
                f"The lines add up to {total}, the total says {purchase.total}. "
                "Leave the total out, or make the lines what was paid after discounts.",
                faults=[Fault("/data/total", f"is not {total}")],
            )
    if not purchase.lines and purchase.total is None:
        raise InvalidInput(
            "A purchase needs lines or a total.", faults=[Fault("/data", "no lines, no total")]
        )


def _check_free(data: object, depth: int = 0) -> None:
    if depth == 0 and not isinstance(data, dict):
        raise InvalidInput("Event data is a JSON object.", faults=[Fault("/data", "not an object")])
    if depth > MAX_DEPTH:
        raise InvalidInput(
            f"Event data nests at most {MAX_DEPTH} deep.", faults=[Fault("/data", "")]
        )
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        _check_free(item, depth + 1)


def check_against(program: Program, event: Event) -> None:
    """Check what only the program knows. Raises UnknownEventType, InvalidInput."""
    data = event.data
    if isinstance(data, Data):
        currency = getattr(data, "currency", program.money)
        if currency != program.money:
            raise InvalidInput(
                f"This program counts money in {program.money}; the event says {currency}.",
                faults=[Fault("/data/currency", f"is not {program.money}")],
            )
        if data.attributes:
            _check_attributes(program.event_attributes.get(event.type, {}), data.attributes)
        return
    if isinstance(data, Operation):
        return
    custom = program.custom_types.get(event.type)
    if custom is None:
        known = sorted([*BUILT_IN, *program.custom_types])
        raise UnknownEventType(
            f"The program in force knows no event type {event.type!r}. Known: {', '.join(known)}.",
            faults=[Fault("/type", "unknown")],
        )
    faults = [
        Fault("/data" + "".join(f"/{step}" for step in found.instance_path), found.message)
        for found in _validator(_Schema(custom)).iter_errors(data)
    ]
    amount = data.get(custom.amount, 0) if custom.amount else 0
    # JSON Schema takes 5.0 for an integer, and sets no bounds that the document does not set.
    if not faults and (type(amount) is not int or not 0 <= amount <= MAX_AMOUNT):
        faults.append(Fault(f"/data/{custom.amount}", f"not a whole number up to {MAX_AMOUNT}"))
    if faults:
        raise InvalidInput(f"The data does not fit the type {event.type!r}.", faults=faults[:20])


_TYPES: dict[str, type] = {"bool": bool, "int": int, "string": str}


def _check_attributes(declared: Mapping[str, str], given: Mapping[str, object]) -> None:
    for name, value in given.items():
        kind = declared.get(name)
        pointer = f"/data/attributes/{name}"
        if kind is None:
            raise InvalidInput(
                f"The program declares no attribute {name!r} for this event type.",
                faults=[Fault(pointer, "not declared")],
            )
        if type(value) is not _TYPES[kind]:
            raise InvalidInput(
                f"Attribute {name!r} is a {kind}.", faults=[Fault(pointer, f"not a {kind}")]
            )


class _Schema:
    """A custom type's schema as a cache key: program versions are immutable, so identity serves."""

    def __init__(self, custom: CustomType) -> None:
        self.schema = custom.schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Schema) and other.schema is self.schema


@lru_cache(maxsize=256)
def _validator(key: _Schema) -> Any:
    # What was sent is not told back: it may be somebody's name, and what is told may be logged.
    return jsonschema_rs.validator_for(dict(key.schema), mask="this")


def told(error: Exception, root: str, what: str = "event") -> InvalidInput | Malformed:
    """What msgspec found in `what`, with a JSON pointer that begins with `root`."""
    message = str(error)
    found = _PATH.search(message)
    if isinstance(error, msgspec.ValidationError):
        path = found.group(1) if found else ""
        pointer = root + "".join(f"/{name or index}" for name, index in _STEP.findall(path))
        detail = _VALUE.sub(r"\1", _PATH.sub("", message)).replace("`", "'")
        return InvalidInput(f"The {what} is not valid: {detail}.", faults=[Fault(pointer, detail)])
    if isinstance(error, RecursionError):
        return Malformed("The JSON nests too deeply.")
    return Malformed(f"This is not JSON in UTF-8: {message}")
