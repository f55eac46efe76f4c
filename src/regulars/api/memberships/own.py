"""Paid cards for the member: what is on offer, what they hold, what it saved, who shares it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.me import signed_in_member
from regulars.api.memberships.reading import (
    CREATED,
    RENEWING,
    SELLING,
    CardCode,
    FamilyCode,
    MembershipIn,
    MembershipRenewsIn,
    PersonIn,
    house_of,
    told_in_brief,
)
from regulars.api.memberships.selling import MemberMembershipsAnswer, tell_wallet, told
from regulars.api.memberships.shapes import (
    MembershipAnswer,
    MembershipDetailAnswer,
    PaidCardAnswer,
    SavingsAnswer,
    tell_card,
    tell_savings,
)
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.ids import FAMILY_PERSON, MEMBERSHIP, MemberRef, encode
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.memberships.refusals import (
    CardHeld,
    FamilyRefused,
    InvitationLost,
    MembershipNotFound,
    MembershipOver,
)
from regulars.domain.memberships.sharing import grouped
from regulars.services.memberships import reading, saving, selling, sharing
from regulars.services.memberships.selling import Sale

router = APIRouter(prefix="/v1/me", tags=["me"])


class OwnCardsAnswer(Struct, frozen=True):
    """The cards on offer, and what the member has of them."""

    offers: list[PaidCardAnswer]
    memberships: MemberMembershipsAnswer


class OwnMembershipOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """A card that the member tries, or buys with points. For money, the shop sells it."""

    card: CardCode
    pay: Literal["points", "trial"]
    renews: bool | None = None


class OwnRenewalOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """One term more, paid in points."""

    pay: Literal["points"] = "points"


class FamilyInvitationAnswer(Struct, frozen=True):
    """A code for somebody who is to share the card. It is told once, and used once."""

    person: str
    code: str
    expires_at: Instant


class FamilyJoinIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that the holder of the card has given."""

    code: FamilyCode


class FamilyNoneIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said."""


class FamilyLeftAnswer(Struct, frozen=True):
    """Done. `person`: who shares the card no longer."""

    membership: str
    person: str


@router.get(
    "/cards",
    **declared(OwnCardsAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound, NoProgramInForce)),
)
def get_my_cards(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """The paid cards on offer and those that the member holds. Only for the member in person."""
    now = served.runtime.clock()
    ref = MemberRef(signed_in_member(access))
    wallet = reading.of_member(house_of(served), ref, now=now)
    program = wallet.plan.program
    cards = [tell_card(card, program, language) for card in program.cards.values()]
    return respond(OwnCardsAnswer(cards, tell_wallet(wallet, now, language)))


@router.post(
    "/memberships",
    **declared(
        MembershipDetailAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=OwnMembershipOrder,
        example={"card": "plus", "pay": "trial"},
        refusals=SELLING,
    ),
)
def begin_my_membership(
    *,
    body: Annotated[OwnMembershipOrder, Depends(body_of(OwnMembershipOrder))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Try a card, once, or buy it with points. Only for the member in person."""
    ref = MemberRef(signed_in_member(access))
    sale = Sale(pay=body.pay, renews=body.renews)
    house, now = house_of(served), served.runtime.clock()
    sold = selling.begin(house, ref, body.card, sale, key=key, by=by, now=now)
    return told(served, sold, language)


@router.post(
    "/memberships/{membership}/renewals",
    **declared(
        MembershipDetailAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=OwnRenewalOrder,
        example={"pay": "points"},
        refusals=RENEWING,
    ),
)
def renew_my_membership(
    *,
    membership: MembershipIn,
    body: Annotated[OwnRenewalOrder, Depends(body_of(OwnRenewalOrder))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Pay one term more with points. Only for the member in person."""
    house, now = house_of(served), served.runtime.clock()
    _demand_own(served, access, membership)
    sale = Sale(pay=body.pay)
    return told(served, selling.renew(house, membership, sale, key=key, by=by, now=now), language)


@router.patch(
    "/memberships/{membership}",
    **declared(
        MembershipAnswer,
        scope=Scope.SELF_WRITE,
        body=MembershipRenewsIn,
        example={"renews": False},
        refusals=(Malformed, TooLarge, MembershipNotFound, NoProgramInForce),
    ),
)
def change_my_membership(
    *,
    membership: MembershipIn,
    body: Annotated[MembershipRenewsIn, Depends(body_of(MembershipRenewsIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Say whether the card is to be renewed by itself. Only for the member in person."""
    house, now = house_of(served), served.runtime.clock()
    number = signed_in_member(access)
    held = reading.set_renews(
        house, membership, renews=body.renews, by=by, now=now, member_id=number
    )
    return told_in_brief(served, held, language)


@router.get(
    "/memberships/{membership}/savings",
    **declared(
        SavingsAnswer, scope=Scope.SELF_READ, refusals=(MembershipNotFound, NoProgramInForce)
    ),
)
def get_my_savings(
    membership: MembershipIn, served: ServedBy, access: AccessBy, language: Language
) -> Response:
    """What the card has saved since it began, and what was paid for it. Only for its holder in
    person."""
    statement = saving.statement(
        house_of(served),
        membership,
        since=None,
        until=None,
        now=served.runtime.clock(),
        member_id=signed_in_member(access),
    )
    return respond(tell_savings(statement, language))


@router.post(
    "/memberships/{membership}/family",
    **declared(
        FamilyInvitationAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=FamilyNoneIn,
        example={},
        refusals=(
            Malformed,
            TooLarge,
            MembershipNotFound,
            MembershipOver,
            FamilyRefused,
            LimitReached,
            NoProgramInForce,
        ),
    ),
)
def invite_to_my_family(
    *,
    membership: MembershipIn,
    _body: Annotated[FamilyNoneIn, Depends(body_of(FamilyNoneIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Ask somebody to share the card: a code for seven days, to be given to them. Only for the
    holder in person."""
    now = served.runtime.clock()
    number = signed_in_member(access)
    made = sharing.invite(house_of(served), membership, member_id=number, by=by, now=now)
    person = encode(FAMILY_PERSON, made.person.id)
    answer = FamilyInvitationAnswer(person, grouped(made.code), made.person.expires_at)
    return respond(answer, CREATED)


@router.delete(
    "/memberships/{membership}/family/{person}",
    **declared(
        FamilyLeftAnswer,
        scope=Scope.SELF_WRITE,
        refusals=(MembershipNotFound, InvitationLost, NoProgramInForce),
    ),
)
def remove_from_my_family(
    *, membership: MembershipIn, person: PersonIn, served: ServedBy, access: AccessBy, by: ByIn
) -> Response:
    """Take somebody out of the family, or an invitation back. Only for the holder in person."""
    now, number = served.runtime.clock(), signed_in_member(access)
    sharing.close(house_of(served), membership, person, holder=number, by=by, now=now)
    return _left(membership, person)


@router.post(
    "/family",
    **declared(
        MembershipAnswer,
        scope=Scope.SELF_WRITE,
        body=FamilyJoinIn,
        example={"code": "FA7K-Q292-MXTB"},
        refusals=(
            Malformed,
            TooLarge,
            InvitationLost,
            MembershipOver,
            MemberNotFound,
            CardHeld,
            FamilyRefused,
            LimitReached,
            TooManyRequests,
            NoProgramInForce,
        ),
    ),
)
def join_a_family(
    *,
    body: Annotated[FamilyJoinIn, Depends(body_of(FamilyJoinIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Accept an invitation: the benefits of the card are there at once, points stay with whose they
    are. Only for the member in person."""
    house, now = house_of(served), served.runtime.clock()
    ref = MemberRef(signed_in_member(access))
    held = sharing.join(house, ref, body.code, by=by, now=now)
    return told_in_brief(served, held, language)


@router.delete(
    "/family/{membership}/{person}",
    **declared(
        FamilyLeftAnswer,
        scope=Scope.SELF_WRITE,
        refusals=(MembershipNotFound, InvitationLost, NoProgramInForce),
    ),
)
def leave_a_family(
    *, membership: MembershipIn, person: PersonIn, served: ServedBy, access: AccessBy, by: ByIn
) -> Response:
    """Share the card no longer. Only for the member in person."""
    now, number = served.runtime.clock(), signed_in_member(access)
    sharing.close(house_of(served), membership, person, leaving=number, by=by, now=now)
    return _left(membership, person)


def _left(membership: int, person: int) -> Response:
    return respond(FamilyLeftAnswer(encode(MEMBERSHIP, membership), encode(FAMILY_PERSON, person)))


def _demand_own(served: ServedBy, access: AccessBy, membership: int) -> None:
    """Raises MembershipNotFound for another member's."""
    number = signed_in_member(access)
    if reading.one(house_of(served), membership).membership.member_id != number:
        raise MembershipNotFound
