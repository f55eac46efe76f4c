"""Partners over HTTP: who works for which, and what they use."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.benefits.members import CREATED, USING
from regulars.api.benefits.reading import Store, house_of
from regulars.api.benefits.shapes import benefit_name
from regulars.api.benefits.uses import CodeText
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.operations import REPLAYED
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import BenefitCodeInvalid, NotYourBenefit
from regulars.domain.errors import Malformed, TooLarge
from regulars.domain.ids import USE, encode
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import partners
from regulars.services.benefits.using import Wanted
from regulars.storage.benefits.seats import Seat

router = APIRouter(prefix="/v1/partner", tags=["partners"])
seats_router = APIRouter(prefix="/v1/partner-seats", tags=["partners"])


class PartnerUseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that a member shows at the partner's."""

    code: CodeText
    store: Store = ""
    reference: Store = ""


class PartnerUseAnswer(Struct, frozen=True):
    """One use at a partner's. Who the member is, is not theirs to know."""

    use: str
    benefit: str
    name: str
    used_at: Instant
    store: str
    reference: str
    restored_at: Instant | None


class PartnerUsePage(Struct, frozen=True):
    """What the caller used, the newest first."""

    items: list[PartnerUseAnswer]
    next: str | None = None


class SeatIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For which partner somebody works, as benefits name it; null: for none."""

    partner: Annotated[str, Meta(min_length=1, max_length=200, examples=["sparkle"])] | None


class SeatAnswer(Struct, frozen=True):
    """Somebody who works for a partner."""

    actor: str
    partner: str
    given_by: str
    given_at: Instant


class SeatsAnswer(Struct, frozen=True):
    """All who work for partners."""

    items: list[SeatAnswer]


@router.post(
    "/benefit-uses",
    **declared(
        PartnerUseAnswer,
        scope=Scope.PARTNER_USE,
        status=CREATED,
        body=PartnerUseIn,
        example={"code": "B7KQ2-92MXT"},
        refusals=(*USING, BenefitCodeInvalid, NotYourBenefit),
    ),
)
def use_as_partner(
    *,
    body: Annotated[PartnerUseIn, Depends(body_of(PartnerUseIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Use a benefit of one's partner by the code that the member shows; of others it is refused,
    and nothing is used."""
    refuse_personal({"/store": body.store, "/reference": body.reference})
    wanted = Wanted(benefit="", how="partner", key=key, store=body.store, reference=body.reference)
    now = served.runtime.clock()
    done = partners.use(house_of(served), body.code, wanted, by=by, now=now)
    use = done.use
    answer = PartnerUseAnswer(
        encode(USE, use.id),
        use.benefit,
        benefit_name(done.plan.program, use.benefit, language),
        use.used_at,
        use.store,
        use.reference,
        use.restored_at,
    )
    return respond(answer, CREATED, {REPLAYED: "true"} if done.is_repeat else None)


@router.get("/benefit-uses", **declared(PartnerUsePage, scope=Scope.PARTNER_USE))
def list_partner_uses(served: ServedBy, by: ByIn, page: Paged, language: Language) -> Response:
    """What the caller used, the newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    listing = partners.own_uses(
        house_of(served), before=before, limit=page.limit + 1, by=by, now=now
    )
    found, last = page.cut(listing.items)
    following = None if last is None else write_cursor(last.id)
    program = None if listing.plan is None else listing.plan.program
    items = [
        PartnerUseAnswer(
            encode(USE, one.owner_id),
            one.benefit,
            benefit_name(program, one.benefit, language),
            one.used_at,
            one.store,
            one.reference,
            one.restored_at,
        )
        for one in found
    ]
    return page.respond(PartnerUsePage(items, following), following)


@seats_router.get("", **declared(SeatsAnswer, scope=Scope.STAFF_MANAGE))
def list_partner_seats(served: ServedBy) -> Response:
    """Who works for which partner."""
    return respond(_told(partners.seated(house_of(served))))


@seats_router.put(
    "/{actor}",
    **declared(
        SeatsAnswer,
        scope=Scope.STAFF_MANAGE,
        body=SeatIn,
        example={"partner": "sparkle"},
        refusals=(Malformed, TooLarge),
    ),
)
def give_partner_seat(
    actor: Annotated[
        str,
        Path(
            pattern=r"^(staff|key|client):[0-9]{1,18}$",
            description="Who, as records name them",
            examples=["staff:12"],
        ),
    ],
    body: Annotated[SeatIn, Depends(body_of(SeatIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Say for which partner somebody works: they need `partner:use` beside. Safe to repeat."""
    now = served.runtime.clock()
    return respond(_told(partners.seat(house_of(served), actor, body.partner, by=by, now=now)))


def _told(found: Sequence[Seat]) -> SeatsAnswer:
    return SeatsAnswer(
        [SeatAnswer(one.actor, one.partner, one.given_by, one.given_at) for one in found]
    )
