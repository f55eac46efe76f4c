"""A member's own benefits: what they have, the code by which one is used, what they used."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.benefits.reading import GrantId, house_of, number_of
from regulars.api.benefits.shapes import (
    BenefitUsePage,
    HeldBenefitsAnswer,
    tell_holdings,
)
from regulars.api.benefits.uses import tell_listed_use
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.me import signed_in_member
from regulars.api.own_pages.drawing import Drawing, qr
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.codes import grouped
from regulars.domain.benefits.refusals import BenefitCodeInvalid, BenefitNotHeld, BenefitNotNow
from regulars.domain.errors import Malformed, NoProgramInForce, TooLarge
from regulars.domain.ids import GRANT, MemberRef
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.merging.refusals import MemberFrozen
from regulars.services.benefits import holding, using
from regulars.storage.benefits.uses import Filter

router = APIRouter(prefix="/v1/me", tags=["me"])

BenefitIn = Annotated[str, Path(max_length=200, description="The benefit", examples=["lounge"])]


class ShowCodeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of several ways to have the benefit is to be used; left out: what ends first."""

    grant: GrantId | None = None


class ShownCodeAnswer(Struct, frozen=True):
    """A code to be shown. It is told this once, holds until `expires_at`, and is used once."""

    code: str
    shown: str
    qr: Drawing
    expires_at: Instant


class CodeStateAnswer(Struct, frozen=True):
    """What became of the newest code: open, used or over."""

    state: str
    expires_at: Instant


@router.get(
    "/benefits",
    **declared(HeldBenefitsAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)),
)
def get_my_benefits(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """What the member can use now, how much of it is left, until when, and why they have it. Only
    for the member in person."""
    ref = MemberRef(signed_in_member(access))
    found = holding.holdings(house_of(served), ref, served.runtime.clock())
    return respond(tell_holdings(found, language))


@router.post(
    "/benefits/{benefit}/code",
    **declared(
        ShownCodeAnswer,
        scope=Scope.SELF_WRITE,
        body=ShowCodeIn,
        example={},
        refusals=(
            Malformed, TooLarge, BenefitNotHeld, BenefitNotNow, LimitReached, MemberFrozen,
            NoProgramInForce,
        ),
    ),
)  # fmt: skip
def show_my_code(
    *,
    benefit: BenefitIn,
    body: Annotated[ShowCodeIn, Depends(body_of(ShowCodeIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """A code that the member shows at the counter. Nothing is used yet; an earlier code for the
    same benefit is void. Only for the member in person."""
    shown = holding.show_code(
        house_of(served),
        signed_in_member(access),
        benefit,
        grant_id=number_of(GRANT, body.grant, "/grant"),
        by=by,
        now=served.runtime.clock(),
    )
    return respond(
        ShownCodeAnswer(shown.text, grouped(shown.text), qr(shown.text), shown.expires_at)
    )


@router.get(
    "/benefits/{benefit}/code",
    **declared(CodeStateAnswer, scope=Scope.SELF_READ, refusals=(BenefitCodeInvalid,)),
)
def get_my_code_state(benefit: BenefitIn, served: ServedBy, access: AccessBy) -> Response:
    """Whether the newest code for a benefit was used. Only for the member in person."""
    found = holding.last_code(house_of(served), signed_in_member(access), benefit)
    if found is None:
        raise BenefitCodeInvalid("No code was shown for this benefit.")
    state = found.state_at(served.runtime.clock())
    return respond(CodeStateAnswer(state, found.expires_at))


@router.get("/benefit-uses", **declared(BenefitUsePage, scope=Scope.SELF_READ))
def list_my_benefit_uses(
    served: ServedBy, access: AccessBy, page: Paged, language: Language
) -> Response:
    """What the member used, the newest first. Only for the member in person."""
    (before,) = page.start(tuple[int]) or (None,)
    listing = using.listed(
        house_of(served),
        Filter(),
        ref=MemberRef(signed_in_member(access)),
        before=before,
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    found, last = page.cut(listing.items)
    following = None if last is None else write_cursor(last.id)
    program = None if listing.plan is None else listing.plan.program
    items = [tell_listed_use(one, program, language, for_member=True) for one in found]
    return page.respond(BenefitUsePage(items, following), following)
