"""Paid memberships for the operator: lists, one with all about it, refunds, figures, families."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.memberships.reading import (
    TAKING_BACK,
    MembershipIn,
    MembershipRenewsIn,
    PersonIn,
    house_of,
    told_in_brief,
)
from regulars.api.memberships.shapes import (
    MembershipAnswer,
    MembershipDetailAnswer,
    MembershipPage,
    MembershipRefundAnswer,
    SavingsAnswer,
    tell_detail,
    tell_membership,
    tell_refund,
    tell_savings,
)
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import (
    FIRST,
    IdempotencyKey,
    Language,
    body_of,
    in_utc,
    instant,
    named,
)
from regulars.api.shapes import MoneyAnswer
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.approvals import demand_factor
from regulars.domain.errors import (
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.ids import MEMBERSHIP, encode
from regulars.domain.memberships.memberships import MembershipStanding
from regulars.domain.memberships.refusals import (
    InvitationLost,
    MembershipNotFound,
    MembershipOver,
)
from regulars.domain.uses import refuse_personal
from regulars.services import organizations
from regulars.services.memberships import ending, reading, saving, sharing
from regulars.storage.memberships.listing import CardFigures, Filter, Income

router = APIRouter(prefix="/v1/memberships", tags=["memberships"])

MONTH = timedelta(days=30)
LONGEST_SPAN = timedelta(days=3 * 366)


class MembershipReasonIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is done. No personal data."""

    reason: Reason


class CardFiguresAnswer(Struct, frozen=True):
    """One card. `active`, `trials`, `in_grace`: now. In the span: `begun`; `gone` of those `before`
    it, of which `churn` is the share in millionths, or null for none; `tried`, of which `kept` were
    bought; `renewals`; what was sold and paid back."""

    card: str
    active: int
    trials: int
    in_grace: int
    begun: int
    before: int
    gone: int
    churn: int | None
    tried: int
    kept: int
    renewals: int
    sold: MoneyAnswer
    refunded: MoneyAnswer
    points: int
    refunded_points: int


class MembershipFiguresAnswer(Struct, frozen=True):
    """What paid cards amount to in [since, until)."""

    since: Instant
    until: Instant
    cards: list[CardFiguresAnswer]


class FamilyClosedAnswer(Struct, frozen=True):
    """Done: nobody has the card by this any more."""

    membership: str


@router.get(
    "",
    **declared(
        MembershipPage, scope=Scope.OFFERS_READ, refusals=(MemberNotFound, NoProgramInForce)
    ),
)
def list_memberships(
    *,
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    language: Language,
    card: Annotated[str | None, Query(max_length=63)] = None,
    standing: MembershipStanding | None = None,
    member: Annotated[str | None, Query(max_length=250, examples=["card:4711"])] = None,
    until: Annotated[
        str | None, Query(max_length=40, description="Paid for until before this instant")
    ] = None,
    renews: bool | None = None,
) -> Response:
    """All memberships, the newest first. `until` with `renews=true` are those for which a shop
    takes the next payment."""
    start = page.start(tuple[int])
    house, now = house_of(served), served.runtime.clock()
    ref = None if member is None else named(served, access, member, "/query/member")
    wanted = Filter(card=card, standing=standing, until=_at(until, "until"), renews=renews)
    rows = reading.listed(
        house, wanted, ref, now=now, before=start[0] if start else None, limit=page.limit + 1
    )
    found, last = page.cut(rows)
    following = None if last is None else write_cursor(last.id)
    program = reading.offers(house, now=now).program
    items = [tell_membership(one, program, now, language) for one in found]
    return page.respond(MembershipPage(items, following), following)


@router.get("/figures", **declared(MembershipFiguresAnswer, scope=Scope.OFFERS_READ))
def get_membership_figures(
    served: ServedBy,
    since: Annotated[str | None, Query(max_length=40, description="Left out: 30 days ago")] = None,
    until: Annotated[str | None, Query(max_length=40, description="Left out: now")] = None,
) -> Response:
    """What paid cards amount to: held now; begun, gone, tried, sold and paid back in a span."""
    now = served.runtime.clock()
    end = _at(until, "until") or now
    start = _at(since, "since") or end - MONTH
    if not start < end or end - start > LONGEST_SPAN:
        raise InvalidInput("Ask for a span of at most three years.")
    cards, income = reading.figures(house_of(served), since=start, until=end, now=now)
    by_card = {one.card: one for one in income}
    money = reading.offers(house_of(served), now=now).program.money
    told = [_figures(one, by_card.get(one.card, Income(one.card, money))) for one in cards]
    return respond(MembershipFiguresAnswer(start, end, told))


@router.get(
    "/{membership}",
    **declared(
        MembershipDetailAnswer,
        scope=Scope.OFFERS_READ,
        refusals=(MembershipNotFound, NoProgramInForce),
    ),
)
def get_membership(membership: MembershipIn, served: ServedBy, language: Language) -> Response:
    """One membership with its terms and who shares it."""
    house, now = house_of(served), served.runtime.clock()
    plan = reading.offers(house, now=now)
    return respond(tell_detail(reading.one(house, membership), plan, now, language))


@router.patch(
    "/{membership}",
    **declared(
        MembershipAnswer,
        scope=Scope.ORDERS_WRITE,
        body=MembershipRenewsIn,
        example={"renews": False},
        refusals=(Malformed, TooLarge, MembershipNotFound, NoProgramInForce),
    ),
)
def change_membership(
    *,
    membership: MembershipIn,
    body: Annotated[MembershipRenewsIn, Depends(body_of(MembershipRenewsIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Note whether the holder wants it renewed by itself; without, it ends with its term."""
    house, now = house_of(served), served.runtime.clock()
    held = reading.set_renews(house, membership, renews=body.renews, by=by, now=now)
    return told_in_brief(served, held, language)


@router.get(
    "/{membership}/savings",
    **declared(
        SavingsAnswer, scope=Scope.OFFERS_READ, refusals=(MembershipNotFound, NoProgramInForce)
    ),
)
def get_savings(
    *,
    membership: MembershipIn,
    served: ServedBy,
    language: Language,
    since: Annotated[str | None, Query(max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """What the card has saved and what was paid for it, also where it was not worth it."""
    told = saving.statement(
        house_of(served),
        membership,
        since=_at(since, "since"),
        until=_at(until, "until"),
        now=served.runtime.clock(),
    )
    return respond(tell_savings(told, language))


@router.get(
    "/{membership}/refund",
    **declared(
        MembershipRefundAnswer,
        scope=Scope.OFFERS_READ,
        refusals=(MembershipNotFound, MembershipOver, NoProgramInForce),
    ),
)
def preview_refund(membership: MembershipIn, served: ServedBy, language: Language) -> Response:
    """What would be paid back now, term by term, and what the card has saved meanwhile."""
    now = served.runtime.clock()
    told = ending.preview(house_of(served), membership, now=now)
    return respond(tell_refund(told, now, language))


@router.post(
    "/{membership}/refund",
    **declared(
        MembershipRefundAnswer,
        scope=Scope.OFFERS_WRITE,
        body=MembershipReasonIn,
        example={"reason": "Moved away, the shops are out of reach"},
        refusals=TAKING_BACK,
    ),
)
def refund_membership(
    *,
    membership: MembershipIn,
    body: Annotated[MembershipReasonIn, Depends(body_of(MembershipReasonIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Take the card back and pay back what is due: points at once, money by the shop, which is told
    how much. It ends for everybody who shares it."""
    _demand(served, access, body, key)
    now = served.runtime.clock()
    told = ending.refund(house_of(served), membership, reason=body.reason, key=key, by=by, now=now)
    return respond(tell_refund(told, now, language))


@router.post(
    "/{membership}/end",
    **declared(
        MembershipAnswer,
        scope=Scope.OFFERS_WRITE,
        body=MembershipReasonIn,
        example={"reason": "Sold on to strangers"},
        refusals=TAKING_BACK,
    ),
)
def end_membership(
    *,
    membership: MembershipIn,
    body: Annotated[MembershipReasonIn, Depends(body_of(MembershipReasonIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """End a card at once; nothing is paid back."""
    _demand(served, access, body, key)
    house, now = house_of(served), served.runtime.clock()
    held = ending.end(house, membership, reason=body.reason, key=key, by=by, now=now)
    return told_in_brief(served, held, language)


@router.delete(
    "/{membership}/family/{person}",
    **declared(
        FamilyClosedAnswer,
        scope=Scope.OFFERS_WRITE,
        refusals=(MembershipNotFound, InvitationLost, NoProgramInForce),
    ),
)
def remove_from_family(
    membership: MembershipIn, person: PersonIn, served: ServedBy, by: ByIn
) -> Response:
    """Take somebody out of a family, or an invitation back."""
    sharing.close(house_of(served), membership, person, by=by, now=served.runtime.clock())
    return respond(FamilyClosedAnswer(_id(membership)))


def _demand(served: Served, access: Access, body: MembershipReasonIn, key: str) -> None:
    """What it takes to take a card back. Raises InvalidInput, SecondFactorNeeded."""
    refuse_personal({"/reason": body.reason, "/header/idempotency-key": key})
    demand_factor(organizations.settings(served.db, served.organization).approvals, access)


def _id(number: int) -> str:
    return encode(MEMBERSHIP, number)


def _at(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    pointer = f"/query/{name}"
    return in_utc(instant(text, pointer), pointer, FIRST)


def _figures(one: CardFigures, income: Income) -> CardFiguresAnswer:
    return CardFiguresAnswer(
        card=one.card,
        active=one.active,
        trials=one.trials,
        in_grace=one.in_grace,
        begun=one.begun,
        before=one.before,
        gone=one.gone,
        churn=one.gone * 1_000_000 // one.before if one.before else None,
        tried=one.tried,
        kept=one.kept,
        renewals=income.renewals,
        sold=MoneyAnswer(income.sold, income.money),
        refunded=MoneyAnswer(income.refunded, income.money),
        points=income.points,
        refunded_points=income.refunded_points,
    )
