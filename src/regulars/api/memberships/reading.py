"""What the routes of paid memberships read, and what it takes to serve them."""

from typing import Annotated

from fastapi import Depends, Path, Response
from msgspec import Meta, Struct

from regulars.api.contract import respond
from regulars.api.memberships.shapes import tell_membership
from regulars.api.state import Served
from regulars.domain.errors import (
    IdempotencyKeyReused,
    InsufficientPoints,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    RegularsError,
    SecondFactorNeeded,
    TooLarge,
)
from regulars.domain.ids import FAMILY_PERSON, MEMBERSHIP, decode
from regulars.domain.memberships.memberships import Membership
from regulars.domain.memberships.refusals import (
    CardHeld,
    CardNotHeld,
    CardNotSold,
    MembershipNotFound,
    MembershipOver,
    PaymentKnown,
    TrialUsed,
)
from regulars.domain.merging.refusals import MemberFrozen
from regulars.services.memberships import reading
from regulars.services.memberships.house import House

CREATED = 201

SELLING: tuple[type[RegularsError], ...] = (
    Malformed, TooLarge, MemberNotFound, NoProgramInForce, IdempotencyKeyReused, CardNotSold,
    CardHeld, CardNotHeld, TrialUsed, PaymentKnown, InsufficientPoints, NotAllowed, MemberFrozen,
)  # fmt: skip
"""How a term may not be sold."""

TAKING_BACK: tuple[type[RegularsError], ...] = (
    Malformed, TooLarge, MembershipNotFound, MembershipOver, MemberNotFound, NoProgramInForce,
    SecondFactorNeeded,
)  # fmt: skip
"""How a card may not be taken back."""

RENEWING = (*SELLING, MembershipNotFound, MembershipOver)

CardCode = Annotated[str, Meta(min_length=1, max_length=63, examples=["plus"])]
Payment = Annotated[
    str, Meta(max_length=100, pattern=r"^[\x21-\x7e]*$", examples=["pay-2026-000481"])
]
FamilyCode = Annotated[str, Meta(min_length=1, max_length=60, examples=["FA7K-Q292-MXTB"])]


class MembershipRenewsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it is to be renewed by itself."""

    renews: bool


def house_of(served: Served) -> House:
    """What it takes to serve memberships of the caller's organization."""
    intake = served.runtime.intake(served.organization)
    return House(served.db, served.runtime.cabinet, served.versions, intake.take_within)


def told_in_brief(served: Served, held: Membership, language: str) -> Response:
    """The answer with one membership as it stands now. `language`: one of LANGUAGES."""
    now = served.runtime.clock()
    program = reading.offers(house_of(served), now=now).program
    return respond(tell_membership(held, program, now, language))


def _membership(
    membership: Annotated[
        str, Path(description="A membership's id", examples=["mbs_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(MEMBERSHIP, membership) or 0


def _person(
    person: Annotated[
        str, Path(description="Somebody of a family", examples=["fmp_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(FAMILY_PERSON, person) or 0


MembershipIn = Annotated[int, Depends(_membership)]
PersonIn = Annotated[int, Depends(_person)]
