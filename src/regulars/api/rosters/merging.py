"""Making one of two members who are one person: looked at beforehand, then done for good."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.privacy import Reason
from regulars.api.reading import RefIn, body_of, ref_in
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.approvals import is_exempt
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotYourRole,
    PersonalDataUnusable,
    SecondFactorNeeded,
    TooLarge,
)
from regulars.domain.ids import MEMBER, encode
from regulars.domain.merging.refusals import MergeRefused
from regulars.domain.staffing import demand_strong, person
from regulars.domain.uses import refuse_personal
from regulars.services.merging import merging
from regulars.services.merging.merging import House, Merged

router = APIRouter(prefix="/v1/members/{ref}", tags=["members"])

Other = Annotated[str, Meta(min_length=1, max_length=250, examples=["card:4712"])]


class MergePreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The member who is the same person as the one in the path, who stays."""

    duplicate: Other


class MergeOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """The same, and why it is sure that they are one. No personal data."""

    duplicate: Other
    reason: Reason


class GainAnswer(Struct, frozen=True):
    """What the survivor gets of one currency. Lots keep the day on which they lapse."""

    currency: str
    available: int
    pending: int
    owed: int
    lots: int


class MergeAnswer(Struct, frozen=True):
    """What a merge does, or has done. `systems`: whose ids of the duplicate name the survivor from
    then on. `fields`: of the profile, which the survivor had not; what they say is not told here.
    `repeated`: it was done before."""

    survivor: str
    duplicate: str
    gains: list[GainAnswer]
    tier_before: str | None
    tier_after: str | None
    systems: list[str]
    fields: list[str]
    attributes: list[str]
    sessions_ended: int
    repeated: bool


REFUSALS = (
    Malformed,
    TooLarge,
    MemberNotFound,
    MergeRefused,
    NoProgramInForce,
    PersonalDataUnusable,
)


@router.post(
    "/merge:preview",
    **declared(
        MergeAnswer,
        scope=Scope.MEMBERS_MANAGE,
        body=MergePreviewIn,
        example={"duplicate": "card:4712"},
        refusals=REFUSALS,
    ),
)
def preview_merge(
    ref: RefIn,
    body: Annotated[MergePreviewIn, Depends(body_of(MergePreviewIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """What merging the duplicate into this member would do. Nothing is changed."""
    duplicate = ref_in(served, body.duplicate, "/duplicate")
    now = served.runtime.clock()
    return respond(_told(merging.preview(_house(served), ref, duplicate, by=by, now=now)))


@router.post(
    "/merge",
    **declared(
        MergeAnswer,
        scope=Scope.MEMBERS_MANAGE,
        body=MergeOrder,
        example={"duplicate": "card:4712", "reason": "Showed both cards at the desk"},
        refusals=(*REFUSALS, NotYourRole, SecondFactorNeeded),
    ),
)
async def merge_members(
    *,
    ref: RefIn,
    body: Annotated[MergeOrder, Depends(body_of(MergeOrder))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Make the duplicate one with this member, for good: points, ids and counts go to the member in
    the path, whoever names the duplicate means them from then on, and what both did is told
    together. Safe to repeat, by the members' ids of ours."""
    _demand_person(access)
    refuse_personal({"/reason": body.reason})

    def work() -> Merged:
        duplicate = ref_in(served, body.duplicate, "/duplicate")
        now = served.runtime.clock()
        return merging.merge(_house(served), ref, duplicate, reason=body.reason, by=by, now=now)

    return respond(_told(await anyio.to_thread.run_sync(work)))


def _demand_person(access: Access) -> None:
    """It cannot be undone, so it takes a person, and one who is surely themselves."""
    if not is_exempt(access):
        person(access)
        demand_strong(access)


def _house(served: Served) -> House:
    intake = served.runtime.intake(served.organization)
    return House(served.db, served.runtime.cabinet, served.versions, intake.take_within)


def _told(done: Merged) -> MergeAnswer:
    before, after = done.tier
    return MergeAnswer(
        survivor=encode(MEMBER, done.survivor_id),
        duplicate=encode(MEMBER, done.duplicate_id),
        gains=[
            GainAnswer(one.currency, one.available, one.pending, one.owed, one.lots)
            for one in done.gains
        ],
        tier_before=before or None,
        tier_after=after or None,
        systems=list(done.systems),
        fields=list(done.fields),
        attributes=list(done.attributes),
        sessions_ended=done.sessions,
        repeated=done.is_repeat,
    )
