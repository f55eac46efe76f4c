"""Selling paid memberships at a till or shop, and what a member has of them."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.memberships.reading import (
    CREATED,
    RENEWING,
    SELLING,
    CardCode,
    MembershipIn,
    Payment,
    house_of,
)
from regulars.api.memberships.shapes import (
    MembershipDetailAnswer,
    PaidCardsAnswer,
    tell_card,
    tell_detail,
)
from regulars.api.reading import IdempotencyKey, Language, RefIn, body_of
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.errors import MemberNotFound, NoProgramInForce
from regulars.domain.uses import refuse_personal
from regulars.services.memberships import reading, selling
from regulars.services.memberships.selling import Sale, Sold

router = APIRouter(tags=["memberships"])

Paid = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]


class MembershipOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """A card for a member. `pay`: money (with the shop's number of the payment), points, or trial.
    `paid`: minor units, where it was less than the price. `renews`: to be renewed by itself."""

    card: CardCode
    pay: Literal["money", "points", "trial"] = "money"
    payment: Payment = ""
    paid: Paid | None = None
    renews: bool | None = None


class RenewalOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """One term more; the fields are as for the first."""

    pay: Literal["money", "points"] = "money"
    payment: Payment = ""
    paid: Paid | None = None
    renews: bool | None = None


class MemberMembershipsAnswer(Struct, frozen=True):
    """What a member has of paid cards. `own`: theirs, the newest first. `shared`: those of somebody
    else that they share. `tried`: cards that they have tried."""

    own: list[MembershipDetailAnswer]
    shared: list[MembershipDetailAnswer]
    tried: list[str]


@router.get(
    "/v1/paid-cards",
    **declared(PaidCardsAnswer, scope=Scope.ORDERS_READ, refusals=(NoProgramInForce,)),
)
def get_paid_cards(served: ServedBy, language: Language) -> Response:
    """The paid cards that the program in force sells: prices, terms, and what they bring."""
    program = reading.offers(house_of(served), now=served.runtime.clock()).program
    cards = [tell_card(card, program, language) for card in program.cards.values()]
    return respond(PaidCardsAnswer(cards))


@router.get(
    "/v1/members/{ref}/memberships",
    **declared(
        MemberMembershipsAnswer,
        scope=Scope.ORDERS_READ,
        refusals=(MemberNotFound, NoProgramInForce),
    ),
)
def get_memberships_of_member(ref: RefIn, served: ServedBy, language: Language) -> Response:
    """The paid cards that a member has and had, and those that they share."""
    now = served.runtime.clock()
    wallet = reading.of_member(house_of(served), ref, now=now)
    return respond(tell_wallet(wallet, now, language))


@router.post(
    "/v1/members/{ref}/memberships",
    **declared(
        MembershipDetailAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        body=MembershipOrder,
        example={"card": "plus", "payment": "pay-2026-000481", "renews": True},
        refusals=SELLING,
    ),
)
def sell_membership(
    *,
    ref: RefIn,
    body: Annotated[MembershipOrder, Depends(body_of(MembershipOrder))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Let a member try or buy a card. Its benefits are there at once. Who buys while trying keeps
    the rest of the trial. A card that is held is renewed instead."""
    sale = _sale_of(body, key)
    house, now = house_of(served), served.runtime.clock()
    sold = selling.begin(house, ref, body.card, sale, key=key, by=by, now=now)
    return told(served, sold, language)


@router.post(
    "/v1/memberships/{membership}/renewals",
    **declared(
        MembershipDetailAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        body=RenewalOrder,
        example={"payment": "pay-2027-000112"},
        refusals=RENEWING,
    ),
)
def renew_membership(
    *,
    membership: MembershipIn,
    body: Annotated[RenewalOrder, Depends(body_of(RenewalOrder))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Sell one term more, which begins where the last one ends: nothing is lost by being early, and
    in the grace it counts from the end."""
    sale = _sale_of(body, key)
    house, now = house_of(served), served.runtime.clock()
    return told(served, selling.renew(house, membership, sale, key=key, by=by, now=now), language)


def _sale_of(body: MembershipOrder | RenewalOrder, key: str) -> Sale:
    """Raises InvalidInput for personal data in the numbers that the shop gives."""
    refuse_personal({"/payment": body.payment, "/header/idempotency-key": key})
    return Sale(pay=body.pay, payment=body.payment, paid=body.paid, renews=body.renews)


def told(served: Served, sold: Sold, language: str) -> Response:
    """The membership as it is now."""
    house, now = house_of(served), served.runtime.clock()
    plan = reading.offers(house, now=now)
    found = reading.one(house, sold.membership.id)
    answer = tell_detail(found, plan, now, language, is_repeat=sold.is_repeat)
    headers = {"idempotent-replayed": "true"} if sold.is_repeat else None
    return respond(answer, CREATED, headers)


def tell_wallet(wallet: reading.Wallet, now: datetime, language: str) -> MemberMembershipsAnswer:
    """`language`: one of LANGUAGES. Of a family that they share a member is told of themselves."""
    return MemberMembershipsAnswer(
        [tell_detail(one, wallet.plan, now, language) for one in wallet.own],
        [
            tell_detail(reading.Told(held, (), (person,)), wallet.plan, now, language)
            for held, person in wallet.shared
        ],
        wallet.member.state.tried,
    )
