"""Freezing a member: nothing of what they have is spent until it is lifted."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.privacy import Reason
from regulars.api.reading import RefIn, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import Malformed, MemberNotFound, TooLarge
from regulars.domain.ids import MEMBER, encode
from regulars.domain.uses import refuse_personal
from regulars.services.merging import freezing

router = APIRouter(prefix="/v1/members/{ref}", tags=["members"])


class FreezeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the member is frozen, and why. No personal data."""

    frozen: bool
    reason: Reason


class FreezeAnswer(Struct, frozen=True):
    """Since when the member is frozen; null where they are not."""

    member: str
    frozen_at: Instant | None


@router.post(
    "/freeze",
    **declared(
        FreezeAnswer,
        scope=Scope.MEMBERS_MANAGE,
        body=FreezeIn,
        example={"frozen": True, "reason": "Points were redeemed in two cities within an hour"},
        refusals=(Malformed, TooLarge, MemberNotFound),
    ),
)
def freeze_member(
    ref: RefIn,
    body: Annotated[FreezeIn, Depends(body_of(FreezeIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Freeze a member, or lift it. Meanwhile redemptions, transfers, conversions, holds and their
    capture are refused with `member_frozen`; purchases are recorded and earn, points lapse in
    their time, and the staff may correct them. Safe to repeat."""
    refuse_personal({"/reason": body.reason})
    number, since = freezing.freeze(
        served.db,
        served.organization,
        ref,
        is_on=body.frozen,
        reason=body.reason,
        by=by,
        now=served.runtime.clock(),
    )
    return respond(FreezeAnswer(encode(MEMBER, number), since))
