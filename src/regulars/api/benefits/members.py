"""A member's benefits over HTTP: what they can use, used at a till, given by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.benefits.reading import Code, GrantId, Store, Uses, house_of, number_of
from regulars.api.benefits.shapes import (
    BenefitGrantAnswer,
    BenefitUseAnswer,
    HeldBenefitsAnswer,
    tell_done,
    tell_grant,
    tell_holdings,
)
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.operations import REPLAYED
from regulars.api.privacy import Reason
from regulars.api.reading import IdempotencyKey, Language, RefIn, body_of, in_utc
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import BenefitNotHeld, BenefitNotNow
from regulars.domain.errors import (
    IdempotencyKeyReused,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.ids import GRANT
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import granting, holding, using
from regulars.services.benefits.granting import Gift
from regulars.services.benefits.using import Wanted

router = APIRouter(prefix="/v1/members/{ref}", tags=["benefits"])

CREATED = 201

USING = (
    Malformed, TooLarge, MemberNotFound, NoProgramInForce, MemberFrozen, BenefitNotHeld,
    BenefitNotNow, LimitReached, IdempotencyKeyReused,
)  # fmt: skip
"""What using a benefit may be refused with."""


class BenefitUseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One use of a benefit. `grant`: take it of this grant; left out: of what ends first.
    `reference`: such as the number of the receipt."""

    benefit: Code
    grant: GrantId | None = None
    store: Store = ""
    reference: Store = ""


class BenefitGrantIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A benefit for one member. `uses` left out: as often as the benefit says; `valid_until` left
    out: as long as the benefit says. The reason holds no personal data."""

    benefit: Code
    reason: Reason
    uses: Uses | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None


@router.get(
    "/benefits",
    **declared(
        HeldBenefitsAnswer,
        scope=Scope.OFFERS_READ,
        refusals=(MemberNotFound, NoProgramInForce),
    ),
)
def get_member_benefits(ref: RefIn, served: ServedBy, language: Language) -> Response:
    """What the member can use now: by what they are, and what they were given; how much is left of
    each, until when, and why they have it."""
    found = holding.holdings(house_of(served), ref, served.runtime.clock())
    return respond(tell_holdings(found, language))


@router.post(
    "/benefit-uses",
    **declared(
        BenefitUseAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        body=BenefitUseIn,
        example={"benefit": "lounge", "store": "S-12", "reference": "receipt-881"},
        refusals=USING,
    ),
)
def use_member_benefit(
    *,
    ref: RefIn,
    body: Annotated[BenefitUseIn, Depends(body_of(BenefitUseIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Use a benefit once, at a till. What an order uses is used by the order. Of uses at the same
    moment as many succeed as are left; the others are refused with `limit_reached`."""
    wanted = Wanted(
        benefit=body.benefit,
        how="till",
        key=key,
        grant_id=number_of(GRANT, body.grant, "/grant"),
        store=body.store,
        reference=body.reference,
    )
    refuse_personal({"/store": body.store, "/reference": body.reference})
    done = using.use(house_of(served), ref, wanted, by=by, now=served.runtime.clock())
    return told_use(done, language)


def told_use(done: using.Done, language: str) -> Response:
    """The answer to a use, the same for a repeat."""
    headers = {REPLAYED: "true"} if done.is_repeat else None
    return respond(tell_done(done, language), CREATED, headers)


@router.post(
    "/benefit-grants",
    **declared(
        BenefitGrantAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=BenefitGrantIn,
        example={"benefit": "lounge", "uses": 2, "reason": "Waited an hour for the delivery"},
        refusals=(
            Malformed, TooLarge, MemberNotFound, NoProgramInForce, IdempotencyKeyReused,
        ),
    ),
)  # fmt: skip
def grant_benefit(
    *,
    ref: RefIn,
    body: Annotated[BenefitGrantIn, Depends(body_of(BenefitGrantIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Give the member a benefit of the program in force, beside what they have."""
    refuse_personal({"/reason": body.reason})
    now = served.runtime.clock()
    starts, ends = body.valid_from, body.valid_until
    gift = Gift(
        benefit=body.benefit,
        reason=body.reason,
        uses=body.uses,
        valid_from=None if starts is None else in_utc(starts, "/valid_from"),
        valid_until=None if ends is None else in_utc(ends, "/valid_until"),
    )
    given = granting.grant(house_of(served), ref, gift, key=key, by=by, now=now)
    headers = {REPLAYED: "true"} if given.is_repeat else None
    program = None if given.plan is None else given.plan.program
    return respond(tell_grant(given.grant, program, language, at=now), CREATED, headers)
