"""What the routes of benefits read: ids, words, and what it takes to serve them."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from msgspec import Meta

from regulars.api.reading import FIRST, in_utc, instant, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import BOOKING, GRANT, GRANT_RUN, SLOT, USE, MemberRef, decode
from regulars.services.benefits.using import House

Code = Annotated[str, Meta(min_length=1, max_length=200, examples=["lounge"])]
Uses = Annotated[int, Meta(ge=1, le=100_000)]
Store = Annotated[str, Meta(max_length=200)]
GrantId = Annotated[str, Meta(max_length=40, examples=["grt_2v9c3n5x7k1qd"])]


def house_of(served: Served) -> House:
    """What it takes to serve benefits of the caller's organization."""
    return House(served.db, served.versions, served.runtime.cabinet)


def number_of(kind: str, text: str | None, pointer: str) -> int | None:
    """The row number of an id in a body; None where none is given. Raises InvalidInput."""
    if text is None:
        return None
    number = decode(kind, text)
    if number is None:
        raise InvalidInput(
            "This is none of our ids; send it as it was told.", faults=[Fault(pointer, "no id")]
        )
    return number


def _grant(
    grant: Annotated[str, Path(description="A benefit grant's id", examples=["grt_2v9c3n5x7k1qd"])],
) -> int:
    return decode(GRANT, grant) or 0


def _use(
    use: Annotated[str, Path(description="The id of a use", examples=["use_2v9c3n5x7k1qd"])],
) -> int:
    return decode(USE, use) or 0


def _slot(
    slot: Annotated[str, Path(description="An appointment's id", examples=["slt_2v9c3n5x7k1qd"])],
) -> int:
    return decode(SLOT, slot) or 0


def _booking(
    booking: Annotated[str, Path(description="A booking's id", examples=["bkg_2v9c3n5x7k1qd"])],
) -> int:
    return decode(BOOKING, booking) or 0


def _run(
    run: Annotated[str, Path(description="The id of a run", examples=["grn_2v9c3n5x7k1qd"])],
) -> int:
    return decode(GRANT_RUN, run) or 0


GrantIn = Annotated[int, Depends(_grant)]
UseIn = Annotated[int, Depends(_use)]
SlotIn = Annotated[int, Depends(_slot)]
BookingIn = Annotated[int, Depends(_booking)]
RunIn = Annotated[int, Depends(_run)]


def _member_asked(
    served: ServedBy,
    access: AccessBy,
    member: Annotated[
        str | None,
        Query(max_length=250, description="Only of this member", examples=["card:4711"]),
    ] = None,
) -> MemberRef | None:
    return None if member is None else named(served, access, member, "/query/member")


MemberAsked = Annotated[MemberRef | None, Depends(_member_asked)]
BenefitAsked = Annotated[str | None, Query(max_length=200, description="Only of this benefit")]
InstantAsked = Annotated[
    str | None,
    Query(max_length=40, description="RFC 3339 with a zone", examples=["2026-03-01T00:00:00Z"]),
]


def instant_asked(text: str | None, name: str) -> datetime | None:
    """The instant that a parameter says. Raises InvalidInput."""
    if text is None:
        return None
    pointer = f"/query/{name}"
    return in_utc(instant(text, pointer), pointer, FIRST)
