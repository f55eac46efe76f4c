"""Uses of benefits over HTTP: by the code that a member shows; listed; given back."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api.benefits.members import CREATED, USING, told_use
from regulars.api.benefits.reading import (
    BenefitAsked,
    InstantAsked,
    MemberAsked,
    Store,
    UseIn,
    house_of,
    instant_asked,
)
from regulars.api.benefits.shapes import (
    BenefitUseAnswer,
    BenefitUsePage,
    ListedUseAnswer,
    benefit_name,
    tell_use,
)
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import BenefitCodeInvalid, BenefitUseNotFound
from regulars.domain.errors import Malformed, MemberNotFound, TooLarge
from regulars.domain.ids import GRANT, MEMBER, ORDER, USE, encode
from regulars.domain.limits.limits import Owner
from regulars.domain.programs.model import Program
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import using
from regulars.services.benefits.using import Wanted
from regulars.storage.benefits.uses import Filter, ListedUse

router = APIRouter(prefix="/v1/benefit-uses", tags=["benefits"])

CodeText = Annotated[str, Meta(min_length=1, max_length=60, examples=["B7KQ2-92MXT"])]


class CodeUseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One use of the benefit whose code a member shows."""

    code: CodeText
    store: Store = ""
    reference: Store = ""


class RestoreUseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a use is given back. No personal data."""

    reason: Reason


@router.post(
    "",
    **declared(
        BenefitUseAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        body=CodeUseIn,
        example={"code": "B7KQ2-92MXT", "store": "S-12"},
        refusals=(*USING, BenefitCodeInvalid),
    ),
)
def use_benefit_code(
    *,
    body: Annotated[CodeUseIn, Depends(body_of(CodeUseIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Use a benefit by the code that the member shows. A code is used once and lives for minutes;
    whoever sends wrong ones waits longer each time."""
    refuse_personal({"/store": body.store, "/reference": body.reference})
    wanted = Wanted(benefit="", how="code", key=key, store=body.store, reference=body.reference)
    now = served.runtime.clock()
    done = using.use_by_code(house_of(served), body.code, wanted, by=by, now=now)
    return told_use(done, language)


@router.get(
    "",
    **declared(BenefitUsePage, scope=Scope.OFFERS_READ, refusals=(MemberNotFound,)),
)
def list_benefit_uses(
    *,
    served: ServedBy,
    page: Paged,
    language: Language,
    member: MemberAsked,
    benefit: BenefitAsked = None,
    used_by: Annotated[
        str | None, Query(max_length=100, description="Who used it", examples=["staff:12"])
    ] = None,
    partner: Annotated[
        str | None, Query(max_length=200, description="At which partner's", examples=["sparkle"])
    ] = None,
    since: InstantAsked = None,
    until: InstantAsked = None,
) -> Response:
    """Who used which benefit, when, where, and by whose grant; by orders too. The newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    wanted = Filter(
        benefit=benefit,
        by=used_by,
        partner=partner,
        since=instant_asked(since, "since"),
        until=instant_asked(until, "until"),
    )
    listing = using.listed(
        house_of(served),
        wanted,
        ref=member,
        before=before,
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    found, last = page.cut(listing.items)
    following = None if last is None else write_cursor(last.id)
    program = None if listing.plan is None else listing.plan.program
    items = [tell_listed_use(one, program, language) for one in found]
    return page.respond(BenefitUsePage(items, following), following)


@router.post(
    "/{use}/restore",
    **declared(
        BenefitUseAnswer,
        scope=Scope.ORDERS_WRITE,
        body=RestoreUseIn,
        example={"reason": "The lounge was closed"},
        refusals=(Malformed, TooLarge, BenefitUseNotFound),
    ),
)
def restore_benefit_use(
    *,
    use: UseIn,
    body: Annotated[RestoreUseIn, Depends(body_of(RestoreUseIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Give a use back, so that the member can use the benefit again. What an order used, the order
    gives back. Safe to repeat."""
    refuse_personal({"/reason": body.reason})
    done = using.restore(
        house_of(served), use, reason=body.reason, by=by, now=served.runtime.clock()
    )
    return respond(tell_use(done.use, done.plan.program, language, left=done.left))


def tell_listed_use(
    found: ListedUse, program: Program | None, language: str, *, for_member: bool = False
) -> ListedUseAnswer:
    """One use, by itself or by an order. `for_member`: who of the staff did it is not theirs."""
    if for_member:
        found = replace(found, used_by="", granted_by="", restored_by="")
    is_own = found.owner_kind == Owner.BENEFIT_USE
    return ListedUseAnswer(
        use=encode(USE, found.owner_id) if is_own else None,
        order=encode(ORDER, found.owner_id) if found.owner_kind == Owner.ORDER else None,
        member=encode(MEMBER, found.member_id),
        benefit=found.benefit,
        name=benefit_name(program, found.benefit, language),
        amount=found.amount,
        how=found.how,
        carrier=found.carrier,
        grant=None if found.grant_id is None else encode(GRANT, found.grant_id),
        granted_by=found.granted_by,
        used_at=found.used_at,
        used_by=found.used_by,
        store=found.store,
        reference=found.reference,
        restored_at=found.restored_at,
        restored_by=found.restored_by,
        restored_why=found.restored_why,
        partner=found.partner,
    )
