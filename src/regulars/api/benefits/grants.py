"""Benefits that members were given: listed, and taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Struct

from regulars.api.benefits.reading import BenefitAsked, GrantIn, MemberAsked, house_of
from regulars.api.benefits.shapes import BenefitGrantAnswer, BenefitGrantPage, tell_grant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import Language, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import BenefitGrantNotFound
from regulars.domain.errors import Malformed, MemberNotFound, TooLarge
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import granting
from regulars.storage.benefits.grants import Filter

router = APIRouter(prefix="/v1/benefit-grants", tags=["benefits"])


class EndGrantIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a grant is taken back. No personal data."""

    reason: Reason


@router.get(
    "",
    **declared(BenefitGrantPage, scope=Scope.OFFERS_READ, refusals=(MemberNotFound,)),
)
def list_benefit_grants(
    *,
    served: ServedBy,
    page: Paged,
    language: Language,
    member: MemberAsked,
    benefit: BenefitAsked = None,
    carrier: Annotated[
        str | None,
        Query(max_length=40, description="By what it came", examples=["person"]),
    ] = None,
    is_open: Annotated[bool | None, Query(description="Whether it holds now")] = None,
) -> Response:
    """Benefits that members were given, the newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    wanted = Filter(benefit=benefit, carrier=carrier, is_open=is_open)
    listing = granting.page(
        house_of(served), wanted, ref=member, before=before, limit=page.limit + 1, at=now
    )
    found, last = page.cut(listing.items)
    following = None if last is None else write_cursor(last.id)
    program = None if listing.plan is None else listing.plan.program
    items = [tell_grant(one, program, language, at=now) for one in found]
    return page.respond(BenefitGrantPage(items, following), following)


@router.post(
    "/{grant}/end",
    **declared(
        BenefitGrantAnswer,
        scope=Scope.OFFERS_WRITE,
        body=EndGrantIn,
        example={"reason": "Given to the wrong member"},
        refusals=(Malformed, TooLarge, BenefitGrantNotFound),
    ),
)
def end_benefit_grant(
    *,
    grant: GrantIn,
    body: Annotated[EndGrantIn, Depends(body_of(EndGrantIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Take a grant back: what was used of it stays used. Safe to repeat."""
    refuse_personal({"/reason": body.reason})
    now = served.runtime.clock()
    ended = granting.end(house_of(served), grant, reason=body.reason, by=by, now=now)
    program = None if ended.plan is None else ended.plan.program
    return respond(tell_grant(ended.grant, program, language, at=now))
