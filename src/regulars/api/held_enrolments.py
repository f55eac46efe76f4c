"""The queue of enrolments that are held: looked at by staff, admitted or refused."""

from collections.abc import Callable
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.doors import At, home
from regulars.api.enrolments import set_birth_month
from regulars.api.mailing import handing_over
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import body_of
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.audit import By
from regulars.domain.errors import IdentityTaken, Malformed, TooLarge
from regulars.domain.ids import ENROLMENT, MEMBER, decode, encode
from regulars.domain.risk import risk_words
from regulars.domain.sign_in_refusals import EnrolmentDecided, EnrolmentNotFound
from regulars.services.signing_in import deciding
from regulars.services.signing_in.deciding import MAX_REASON, Decided, Looked
from regulars.services.signing_in.house import Circumstances
from regulars.services.signing_in.house import House as Home

router = APIRouter(prefix="/v1/enrolments", tags=["enrolment"])


class RiskReasonAnswer(Struct, frozen=True):
    """One thing that speaks against an enrolment."""

    code: str
    points: int
    words: str


class HeldAnswer(Struct, frozen=True):
    """An enrolment as staff see it. `profile` is masked, and empty once it was decided."""

    enrolment: str
    state: str
    proven_at: Instant
    submitted_at: Instant | None
    score: int | None
    reasons: list[RiskReasonAnswer]
    profile: dict[str, str]
    decided_at: Instant | None
    decided_by: str
    decision_reason: str
    member: str | None


class HeldPage(Struct, frozen=True):
    """Enrolments, oldest first."""

    items: list[HeldAnswer]
    next: str | None


class DecisionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why; no personal data, as it is kept with the record of who did what."""

    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]


class DecidedAnswer(Struct, frozen=True):
    """What became of an enrolment."""

    enrolment: str
    state: str
    member: str | None


@router.get("", **declared(HeldPage, scope=Scope.ENROLMENTS_DECIDE))
def list_enrolments(
    at: At,
    served: ServedBy,
    page: Paged,
    by: ByIn,
    state: Annotated[
        Literal["held", "admitted", "refused"], Query(description="Those in this state")
    ] = "held",
) -> Response:
    """Enrolments with what speaks against them. Personal data is masked."""
    (after,) = page.start(tuple[int]) or (0,)
    looked = deciding.page(
        home(served), state, after=after, limit=page.limit + 1, by=by, now=at.now
    )
    found, last = page.cut(looked)
    following = None if last is None else write_cursor(last.enrolment.id)
    told = [_tell(one, at.language) for one in found]
    return page.respond(HeldPage(told, following), following)


EnrolmentId = Annotated[
    str, Path(description="An enrolment's id (enr_…)", examples=["enr_2v9c3n5x7k1qd"])
]
DECIDING = (Malformed, TooLarge, EnrolmentNotFound, EnrolmentDecided)


@router.post(
    "/{enrolment}/admit",
    **declared(
        DecidedAnswer,
        scope=Scope.ENROLMENTS_DECIDE,
        body=DecisionIn,
        example={"reason": "Known in the shop"},
        refusals=(*DECIDING, IdentityTaken),
    ),
)
async def admit_enrolment(
    at: At,
    served: ServedBy,
    by: ByIn,
    enrolment: EnrolmentId,
    body: Annotated[DecisionIn, Depends(body_of(DecisionIn))],
) -> Response:
    """Make a member of somebody who was held; they get a letter. Safe to repeat."""
    decided = await _decided(deciding.admit, served, enrolment, body.reason, by=by, at=at)
    if decided.member_id is not None:
        await set_birth_month(served, decided.member_id, decided.birth_month)
    response = respond(_told(enrolment, decided))
    response.background = handing_over(served.runtime, served.organization, decided.letter)
    return response


@router.post(
    "/{enrolment}/refuse",
    **declared(
        DecidedAnswer,
        scope=Scope.ENROLMENTS_DECIDE,
        body=DecisionIn,
        example={"reason": "A row of numbers from one device"},
        refusals=DECIDING,
    ),
)
async def refuse_enrolment(
    at: At,
    served: ServedBy,
    by: ByIn,
    enrolment: EnrolmentId,
    body: Annotated[DecisionIn, Depends(body_of(DecisionIn))],
) -> Response:
    """Let somebody who was held not become a member; what they told is forgotten."""
    decided = await _decided(deciding.refuse, served, enrolment, body.reason, by=by, at=at)
    return respond(_told(enrolment, decided))


async def _decided(
    work: Callable[..., Decided],
    served: Served,
    enrolment: str,
    reason: str,
    *,
    by: By,
    at: Circumstances,
) -> Decided:
    number = decode(ENROLMENT, enrolment)
    if number is None:
        raise EnrolmentNotFound
    whose: Home = home(served)
    return await anyio.to_thread.run_sync(lambda: work(whose, number, reason, by=by, at=at))


def _told(enrolment: str, decided: Decided) -> DecidedAnswer:
    number = decided.member_id
    return DecidedAnswer(
        enrolment, decided.state, None if number is None else encode(MEMBER, number)
    )


def _tell(looked: Looked, language: str) -> HeldAnswer:
    one = looked.enrolment
    return HeldAnswer(
        encode(ENROLMENT, one.id),
        one.state,
        one.proven_at,
        one.submitted_at,
        one.score,
        [
            RiskReasonAnswer(reason.code, reason.points, risk_words(reason, language))
            for reason in looked.reasons
        ],
        looked.profile,
        one.decided_at,
        one.decided_by,
        one.decision_reason,
        None if one.member_id is None else encode(MEMBER, one.member_id),
    )
