"""The desk: staff look up whatever a member shows, and use what they may."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.benefits.members import CREATED, USING, told_use
from regulars.api.benefits.reading import Code, GrantId, Store, house_of, number_of
from regulars.api.benefits.shapes import (
    BenefitUseAnswer,
    HeldBenefitsAnswer,
    tell_holdings,
)
from regulars.api.benefits.uses import CodeText
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.reading import IdempotencyKey, Language, body_of, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.benefits.codes import is_code, normal
from regulars.domain.benefits.refusals import BenefitCodeInvalid
from regulars.domain.cards.numbers import SYSTEM
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.ids import GRANT, MemberRef
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import desk, using
from regulars.services.benefits.using import Wanted

router = APIRouter(prefix="/v1/desk", tags=["desk"])

Text = Annotated[str, Meta(min_length=1, max_length=250, examples=["9100 0000 0000 0006"])]
MOST_DIGITS = 40


class LookIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What was scanned or typed: a card, a reference such as phone:…, or a benefit's code."""

    text: Text


class LookAnswer(Struct, frozen=True):
    """What it is. `kind`: member, benefit_code, or unknown: then it may be the code of a coupon or
    of a pick-up. `card`: the number on the member's card. `benefit`: which one the code is for;
    `code_state`: open, used or over. `held`: what the member has now."""

    kind: str
    card: str | None = None
    status: str | None = None
    benefit: str | None = None
    grant: str | None = None
    code_state: str | None = None
    held: HeldBenefitsAnswer | None = None


class DeskUseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One use at the desk: of a benefit of this member, or of the one whose code is shown."""

    code: CodeText | None = None
    member: Annotated[str, Meta(min_length=1, max_length=250)] | None = None
    benefit: Code | None = None
    grant: GrantId | None = None
    store: Store = ""
    reference: Store = ""


@router.post(
    "/look",
    **declared(
        LookAnswer,
        scope=Scope.DESK_USE,
        body=LookIn,
        example={"text": "9100 0000 0000 0006"},
        refusals=(Malformed, TooLarge, NoProgramInForce),
    ),
)
def look_up(
    *,
    body: Annotated[LookIn, Depends(body_of(LookIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """What a scanned or typed text is: a member, or the code of a benefit; and what the member may
    use now. Nothing is used. Whoever sends wrong codes waits longer each time."""
    now, house = served.runtime.clock(), house_of(served)
    try:
        if is_code(normal(body.text)):
            found = desk.by_code(house, body.text, by=by, now=now)
        else:
            found = desk.by_ref(house, _ref(served, access, body.text), by=by, now=now)
    except (MemberNotFound, BenefitCodeInvalid):
        return respond(LookAnswer("unknown"))
    code = found.code
    return respond(
        LookAnswer(
            kind="member" if code is None else "benefit_code",
            card=found.card,
            status="frozen" if found.is_frozen else "active",
            benefit=None if code is None else code.benefit,
            grant=found.grant,
            code_state=None if code is None else code.state_at(now),
            held=tell_holdings(found.holdings, language),
        )
    )


@router.post(
    "/benefit-uses",
    **declared(
        BenefitUseAnswer,
        scope=Scope.DESK_USE,
        status=CREATED,
        body=DeskUseIn,
        example={"member": "card:9100000000000006", "benefit": "lounge", "store": "S-12"},
        refusals=(*USING, BenefitCodeInvalid),
    ),
)
def use_at_desk(
    *,
    body: Annotated[DeskUseIn, Depends(body_of(DeskUseIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Use a benefit at the desk, by the code that is shown or for a member who stands there."""
    refuse_personal({"/store": body.store, "/reference": body.reference})
    now, house = served.runtime.clock(), house_of(served)
    if body.code is not None:
        if body.member is not None or body.benefit is not None:
            raise InvalidInput("A code says whose it is and for which benefit: send it alone.")
        wanted = Wanted(benefit="", how="code", key=key, store=body.store, reference=body.reference)
        return told_use(using.use_by_code(house, body.code, wanted, by=by, now=now), language)
    if body.member is None or body.benefit is None:
        raise InvalidInput(
            "Send a code, or a member and a benefit.", faults=[Fault("/benefit", "missing")]
        )
    wanted = Wanted(
        benefit=body.benefit,
        how="desk",
        key=key,
        grant_id=number_of(GRANT, body.grant, "/grant"),
        store=body.store,
        reference=body.reference,
    )
    ref = named(served, access, body.member, "/member")
    return told_use(using.use(house, ref, wanted, by=by, now=now), language)


def _ref(served: Served, access: Access, text: str) -> MemberRef:
    """Digits are a card's, in whatever groups they were typed."""
    digits = "".join(text.split())
    if digits.isdigit() and len(digits) <= MOST_DIGITS:
        return MemberRef(None, SYSTEM, digits)
    try:
        return named(served, access, text.strip(), "/text")
    except InvalidInput as error:
        raise MemberNotFound from error
