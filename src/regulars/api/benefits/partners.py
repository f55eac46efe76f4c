"""Partners over HTTP: who works for which, and what they use."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.benefits.members import CREATED, USING
from regulars.api.benefits.reading import InstantAsked, Store, house_of, instant_asked
from regulars.api.benefits.shapes import benefit_name
from regulars.api.benefits.uses import CodeText
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.keys import NO_STORE
from regulars.api.operations import REPLAYED
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import BenefitCodeInvalid, NotYourBenefit
from regulars.domain.errors import Malformed, NotYourRole, TooLarge
from regulars.domain.ids import USE, encode
from regulars.domain.uses import refuse_personal
from regulars.services import keys
from regulars.services.benefits import partners
from regulars.services.benefits.using import Wanted
from regulars.services.keys import MAX_NAME
from regulars.storage.benefits.seats import ListedSeat

router = APIRouter(prefix="/v1/partner", tags=["partners"])
seats_router = APIRouter(prefix="/v1/partner-seats", tags=["partners"])
partners_router = APIRouter(prefix="/v1/partners", tags=["partners"])

PartnerName = Annotated[str, Meta(min_length=1, max_length=200, examples=["sparkle"])]


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

    partner: PartnerName | None


class TillIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A till of a partner's, to be let in with a key of its own."""

    partner: PartnerName
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME, examples=["Sparkle, till 1"])]


class TillAnswer(Struct, frozen=True):
    """A till that was let in. Its secret is in this answer alone."""

    actor: str
    name: str
    partner: str
    secret: str


class SeatAnswer(Struct, frozen=True):
    """Somebody who works for a partner. `name`: of a key or an application. `is_open`: whether they
    may use the partner's benefits now; not with a key that is revoked, and the like."""

    actor: str
    name: str
    partner: str
    given_by: str
    given_at: Instant
    is_open: bool


class SeatsAnswer(Struct, frozen=True):
    """All who work for partners."""

    items: list[SeatAnswer]


class PartnerBenefit(Struct, frozen=True):
    """A benefit that a partner may use."""

    benefit: str
    name: str


class PartnerAnswer(Struct, frozen=True):
    """A partner: what it may use, how many may do so, and what was used there in the time asked
    for: how often, by how many members, how often it was given back."""

    partner: str
    benefits: list[PartnerBenefit]
    seats: int
    uses: int
    members: int
    restored: int
    last_used_at: Instant | None


class PartnersAnswer(Struct, frozen=True):
    """Every partner, by name."""

    items: list[PartnerAnswer]


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


@router.get(
    "/benefit-uses",
    **declared(PartnerUsePage, scope=Scope.PARTNER_USE, refusals=(NotYourBenefit,)),
)
def list_partner_uses(served: ServedBy, by: ByIn, page: Paged, language: Language) -> Response:
    """What the caller used at their partner's, the newest first."""
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


@seats_router.post(
    "",
    **declared(
        TillAnswer,
        scope=Scope.CLIENTS_MANAGE,
        status=CREATED,
        body=TillIn,
        example={"partner": "sparkle", "name": "Sparkle, till 1"},
        refusals=(Malformed, TooLarge, NotYourRole),
    ),
)
def let_partner_in(
    body: Annotated[TillIn, Depends(body_of(TillIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Make a key that can do nothing but use this partner's benefits. Managing staff is needed
    beside. The key's secret is in this answer alone."""
    access.demand(Scope.STAFF_MANAGE)
    refuse_personal({"/name": body.name})
    now = served.runtime.clock()
    # A key without a seat opens nothing: it does no harm where the second half does not happen.
    made = keys.create(
        served.db,
        served.organization,
        name=body.name,
        scopes=frozenset({Scope.PARTNER_USE}),
        giver=access,
        by=by,
        now=now,
    )
    actor = f"key:{made.id}"
    partners.seat(house_of(served), actor, body.partner, by=by, now=now)
    return respond(TillAnswer(actor, made.name, body.partner, made.secret), CREATED, NO_STORE)


@partners_router.get("", **declared(PartnersAnswer, scope=Scope.OFFERS_READ))
def list_partners(
    served: ServedBy,
    language: Language,
    since: InstantAsked = None,
    until: InstantAsked = None,
) -> Response:
    """Every partner that the program in force names or that somebody works for: what it may use,
    and what was used there from `since` until `until`."""
    found = partners.listed_partners(
        house_of(served),
        since=instant_asked(since, "since"),
        until=instant_asked(until, "until"),
        now=served.runtime.clock(),
    )
    program = None if found.plan is None else found.plan.program
    items = [
        PartnerAnswer(
            partner=one.name,
            benefits=[
                PartnerBenefit(benefit.id, benefit_name(program, benefit.id, language))
                for benefit in one.benefits
            ],
            seats=one.seats,
            uses=one.figures.uses if one.figures else 0,
            members=one.figures.members if one.figures else 0,
            restored=one.figures.restored if one.figures else 0,
            last_used_at=one.figures.last_at if one.figures else None,
        )
        for one in found.items
    ]
    return respond(PartnersAnswer(items))


def _told(found: Sequence[ListedSeat]) -> SeatsAnswer:
    return SeatsAnswer(
        [
            SeatAnswer(one.actor, one.name, one.partner, one.given_by, one.given_at, one.is_open)
            for one in found
        ]
    )
