"""Pseudonyms: what members are called where somebody only analyses."""

from collections.abc import Callable

import msgspec
from msgspec import structs

from regulars.domain.envelopes import data_of
from regulars.domain.events import CardPayment, Referral
from regulars.domain.operations import (
    Adjustment,
    HoldOpening,
    PointsTransfer,
    Redemption,
    type_of,
)

SYSTEM = "pseudonym"
"""The system of a subject that is a pseudonym, so that another installation can take it in."""

PREFIX = "psn_"

LETTERS = 22
"""Of six bits each: no two members of one organization meet."""

PERSONAL_TYPES = frozenset(
    {
        "referral",
        "card_payment",
        type_of[Adjustment],
        type_of[Redemption],
        type_of[HoldOpening],
        type_of[PointsTransfer],
    }
)
"""The events in whose data others are named, or something may have been typed."""

NOT_TOLD = "(not told)"
"""Stands where a reason stood."""


def pseudonym_of(keyed_hash: str) -> str:
    """The pseudonym that comes of a member's keyed hash."""
    return PREFIX + keyed_hash.removeprefix("~")[:LETTERS]


def without_names(code: str, payload: str, pseudonym: Callable[[int], str]) -> str:
    """The data of an event with pseudonyms for names, and without what somebody typed."""
    data = data_of(code, payload)
    match data:
        case Adjustment():
            data = structs.replace(data, reason=NOT_TOLD)
        case Redemption() | HoldOpening():
            data = structs.replace(data, reference=None)
        case PointsTransfer():
            to = f"{SYSTEM}:{pseudonym(data.to_id)}"
            # Our number would lead back to the member.
            data = structs.replace(data, to=to, to_id=0)
        case Referral():
            data = structs.replace(data, referee=None)
        case CardPayment():
            data = structs.replace(data, card=None)
    return msgspec.json.encode(data).decode()
