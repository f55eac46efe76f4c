"""What the routes of paid memberships read, and what it takes to serve them."""

from typing import Annotated

from fastapi import Depends, Path
from msgspec import Meta

from regulars.api.state import Served
from regulars.domain.errors import (
    IdempotencyKeyReused,
    InsufficientPoints,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    RegularsError,
    TooLarge,
)
from regulars.domain.ids import FAMILY_PERSON, MEMBERSHIP, decode
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
from regulars.services.memberships.house import House

CREATED = 201

SELLING: tuple[type[RegularsError], ...] = (
    Malformed, TooLarge, MemberNotFound, NoProgramInForce, IdempotencyKeyReused, CardNotSold,
    CardHeld, CardNotHeld, TrialUsed, PaymentKnown, InsufficientPoints, NotAllowed, MemberFrozen,
)  # fmt: skip
"""How a term may not be sold."""

RENEWING = (*SELLING, MembershipNotFound, MembershipOver)

CardCode = Annotated[str, Meta(min_length=1, max_length=63, examples=["plus"])]
Payment = Annotated[
    str, Meta(max_length=100, pattern=r"^[\x21-\x7e]*$", examples=["pay-2026-000481"])
]
FamilyCode = Annotated[str, Meta(min_length=1, max_length=60, examples=["FA7K-Q292-MXTB"])]


def house_of(served: Served) -> House:
    """What it takes to serve memberships of the caller's organization."""
    intake = served.runtime.intake(served.organization)
    return House(served.db, served.runtime.cabinet, served.versions, intake.take_within)


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
