"""What routes read: member references, instants, page sizes, bodies, Idempotency-Keys."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Depends, Header, Path, Query, Request
from msgspec import Struct

from regulars.api import bodies
from regulars.api.answers import Instant, language_in
from regulars.api.problems import UnsupportedMediaType
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.envelopes import EARLIEST, MAX_EVENT_BYTES, told
from regulars.domain.errors import Fault, InvalidInput, Malformed, MissingScope
from regulars.domain.ids import HOLD, VEILED, MemberRef, decode, parse_ref
from regulars.domain.programs.phrases import LANGUAGES

T = TypeVar("T", bound=Struct)

MAX_KEY = 200
MAX_BODY_BYTES = MAX_EVENT_BYTES
MAX_DOCUMENT_BYTES = 5 * 1024 * 1024
"""A program document of the longest kind, written in JSON."""

BODY_TYPES = frozenset({"application/json", "application/merge-patch+json"})


def ref_in(served: Served, text: str, pointer: str) -> MemberRef:
    """The member whom a caller names; by phone or e-mail too. Raises InvalidInput."""
    if text.startswith(VEILED):
        text = served.runtime.veil(served.organization)(text)
    return parse_ref(text, pointer=pointer)


NAMING = (Scope.PROFILES_READ, Scope.MEMBERS_WRITE, Scope.EVENTS_WRITE, Scope.LEDGER_WRITE)
"""Who has one of these deals with members in person, and may call them by phone or e-mail: who only
analyses would learn by it who is behind a number of ours."""


def _ref(
    served: ServedBy,
    access: AccessBy,
    ref: Annotated[
        str,
        Path(
            description="A member id of ours (mem_…), system:external-id such as card:4711, or "
            "phone:… or email:…",
            examples=["card:4711"],
        ),
    ],
) -> MemberRef:
    return named(served, access, ref, "/path/ref")


def named(served: Served, access: Access, text: str, pointer: str) -> MemberRef:
    """The member whom this caller may name so. Raises MissingScope, InvalidInput."""
    if text.startswith(VEILED) and not any(access.may(scope) for scope in NAMING):
        raise MissingScope(f"To call a member by phone or e-mail you need {NAMING[0].value}.")
    return ref_in(served, text, pointer)


def _as_of(
    served: ServedBy,
    as_of: Annotated[
        str | None,
        Query(
            description="The instant asked about, RFC 3339 with a zone; now when left out",
            json_schema_extra={"format": "date-time"},
            examples=["2026-03-01T00:00:00Z"],
        ),
    ] = None,
) -> datetime:
    if as_of is None:
        return served.runtime.clock()
    return instant(as_of, "/query/as_of")


def instant(text: str, pointer: str) -> datetime:
    """An instant as a parameter says it. Raises InvalidInput."""
    # A plus sign that was not escaped arrives as a blank.
    text = text.replace(" ", "+", 1) if text[-6:-5] == " " else text
    try:
        at = msgspec.convert(text, Instant)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "An instant is written with its zone, such as 2026-03-01T09:30:00Z.",
            faults=[Fault(pointer, "no instant with a zone")],
        ) from error
    return in_utc(at, pointer, FIRST)


FIRST = datetime(2, 1, 1, tzinfo=UTC)
LAST = datetime(9000, 1, 1, tzinfo=UTC)
"""Beyond these there is no counting on with instants."""


def in_utc(at: datetime, pointer: str, earliest: datetime = EARLIEST) -> datetime:
    """The same instant in UTC. Raises InvalidInput for one out of all reason."""
    if not earliest <= at < LAST:
        raise InvalidInput("The instant is out of range.", faults=[Fault(pointer, "out of range")])
    return at.astimezone(UTC)


def _language(
    accept_language: Annotated[str, Header(description="en or zh-CN", max_length=500)] = "",
) -> str:
    return language_in(accept_language) if accept_language else LANGUAGES[0]


def _idempotency_key(
    idempotency_key: Annotated[
        str,
        Header(
            description="Chosen by the caller, one for each thing to be done: the same key with "
            "the same request gets the first answer again",
            min_length=1,
            max_length=MAX_KEY,
            pattern=r"^[\x21-\x7e]+$",
            examples=["redeem-2026-000481"],
        ),
    ],
) -> str:
    return idempotency_key


def _mark_in(
    if_match: Annotated[
        str | None,
        Header(max_length=200, description="The ETag of what is changed, as it was read"),
    ] = None,
) -> str | None:
    """The mark in an If-Match header; None for no header, or for "*": whatever it is."""
    if if_match is None or if_match.strip() == "*":
        return None
    return if_match.strip().removeprefix("W/").strip('"') or "none"


def hold_number(
    hold: Annotated[str, Path(description="A hold's id (hld_…)", examples=["hld_2v9c3n5x7k1qd"])],
) -> int:
    """The row number of the hold in the path; 0, which none has, for what is no hold id."""
    return decode(HOLD, hold) or 0


RefIn = Annotated[MemberRef, Depends(_ref)]
AsOf = Annotated[datetime, Depends(_as_of)]
Language = Annotated[str, Depends(_language)]
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
IfMatch = Annotated[str | None, Depends(_mark_in)]
HoldIn = Annotated[int, Depends(hold_number)]


@lru_cache
def body_of(kind: type[T], limit: int = MAX_BODY_BYTES) -> Callable[..., Any]:
    """A dependency that reads the body as `kind`. An empty body counts as {}."""
    decoder = msgspec.json.Decoder(kind)

    async def read(request: Request) -> T:
        raw = await raw_body(request, limit)
        try:
            return decoder.decode(raw or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise told(error, "", "request") from error

    return read


async def raw_body(request: Request, limit: int, types: frozenset[str] = BODY_TYPES) -> bytes:
    """The body, not yet decoded. Raises UnsupportedMediaType, TooLarge."""
    bodies.announced(_header(request, "content-length"), limit)
    try:
        raw = await bodies.whole(request.receive, limit)
    except bodies.HungUpError as error:
        raise Malformed("The request ended before its body did.") from error
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if raw and media_type not in types:
        raise UnsupportedMediaType(f"Send {' or '.join(sorted(types))}.")
    return raw


def _header(request: Request, name: str) -> bytes | None:
    value = request.headers.get(name)
    return None if value is None else value.encode("latin-1")
