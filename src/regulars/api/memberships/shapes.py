"""What is told of paid memberships: cards on offer, who holds which until when, what was saved."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.shapes import MoneyAnswer
from regulars.domain.ids import FAMILY_PERSON, MEMBER, MEMBERSHIP, encode
from regulars.domain.member_words.cards import card_says
from regulars.domain.memberships.memberships import Membership, Person, Term
from regulars.domain.plans import Plan
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import PaidCard
from regulars.domain.programs.phrases import name_in
from regulars.services.memberships.ending import Refund
from regulars.services.memberships.reading import Told
from regulars.services.memberships.saving import Statement


class PointsPriceAnswer(Struct, frozen=True):
    """So many points of a currency."""

    currency: str
    amount: int


class CardBenefitAnswer(Struct, frozen=True):
    """A benefit that the card brings."""

    benefit: str
    name: str


class PaidCardAnswer(Struct, frozen=True):
    """A paid card on offer. Spans are ISO 8601. `says`: its terms in words. `persons`: how many
    may share it beside the holder."""

    card: str
    name: str
    price: MoneyAnswer | None
    points: PointsPriceAnswer | None
    term: str
    trial: str | None
    grace: str | None
    persons: int
    benefits: list[CardBenefitAnswer]
    says: list[str]


class PaidCardsAnswer(Struct, frozen=True):
    """The paid cards that the program in force sells."""

    items: list[PaidCardAnswer]


class MembershipTermAnswer(Struct, frozen=True):
    """One term and what was paid for it. `kind`: trial, purchase or renewal."""

    kind: str
    starts_at: Instant
    ends_at: Instant
    price: MoneyAnswer
    points: PointsPriceAnswer | None
    payment: str | None
    program_version: int
    sold_at: Instant
    sold_by: str
    refunded_at: Instant | None
    refunded: MoneyAnswer
    refunded_points: int


class FamilyPersonAnswer(Struct, frozen=True):
    """Somebody who shares the card or was asked to. `state`: invited, joined, left, removed,
    withdrawn, lapsed (an invitation), or over with the card."""

    person: str
    member: str | None
    state: str
    invited_at: Instant
    expires_at: Instant
    joined_at: Instant | None
    closed_at: Instant | None


class MembershipAnswer(Struct, frozen=True):
    """Who holds which paid card until when. `standing`: trial, active, grace, expired, refunded or
    ended. `until`: paid for until then; `ends_at`: its benefits stay until then. `renews`: the
    holder wants it renewed without being asked; with a price in money the shop takes the payment
    and reports it."""

    membership: str
    member: str
    card: str
    name: str
    standing: str
    kind: str
    begun_at: Instant
    until: Instant
    ends_at: Instant
    renews: bool
    ended_at: Instant | None
    ended_why: str | None


class MembershipDetailAnswer(Struct, frozen=True):
    """The same with its terms and who shares it. `repeated`: it was done before."""

    membership: MembershipAnswer
    terms: list[MembershipTermAnswer]
    family: list[FamilyPersonAnswer]
    repeated: bool = False


class MembershipPage(Struct, frozen=True):
    """A page of memberships, the newest first."""

    items: list[MembershipAnswer]
    next: str | None


class BenefitSavingAnswer(Struct, frozen=True):
    """What one benefit has saved, and how often it was used."""

    benefit: str
    name: str
    saved: MoneyAnswer
    uses: int


class SavingsAnswer(Struct, frozen=True):
    """What the card has saved in [since, until), by all who share it, less what came back; and what
    was paid for the terms that began in it, less refunds. `net`: saved less paid, which may be
    less than nothing. Only benefits that one has by the card alone are counted."""

    since: Instant
    until: Instant
    saved: MoneyAnswer
    paid: MoneyAnswer
    paid_points: dict[str, int]
    net: MoneyAnswer
    orders: int
    benefits: list[BenefitSavingAnswer]


class TermRefundAnswer(Struct, frozen=True):
    """What is paid back of one term. `why`: full, pro_rata, nothing, or free. `deducted`: what the
    card has saved, as far as it is taken off."""

    starts_at: Instant
    ends_at: Instant
    why: str
    days: int
    days_left: int
    money: MoneyAnswer
    points: int
    deducted: MoneyAnswer


class MembershipRefundAnswer(Struct, frozen=True):
    """What is paid back for the membership: `money` by the shop, `points` by us. `saved`: in the
    term under way, of benefits that one has by this card. `repeated`: it was done before."""

    membership: MembershipAnswer
    money: MoneyAnswer
    points: int
    parts: list[TermRefundAnswer]
    saved: MoneyAnswer
    uses: dict[str, int]
    repeated: bool = False


def tell_card(card: PaidCard, program: Program, language: str) -> PaidCardAnswer:
    """`language`: one of LANGUAGES."""
    return PaidCardAnswer(
        card=card.code,
        name=name_in(language, card.name),
        price=None if card.price is None else MoneyAnswer(card.price, program.money),
        points=None if card.points is None else PointsPriceAnswer(*card.points),
        term=str(card.term),
        trial=None if card.trial is None else str(card.trial),
        grace=None if card.grace is None else str(card.grace),
        persons=0 if card.family is None else card.family.persons,
        benefits=brings(card.code, program, language),
        says=card_says(card, program, language),
    )


def brings(card: str, program: Program, language: str) -> list[CardBenefitAnswer]:
    """The benefits that a card brings."""
    return [
        CardBenefitAnswer(benefit.id, name_in(language, benefit.name))
        for benefit in program.benefits
        if benefit.carriers is not None and card in benefit.carriers.cards
    ]


def tell_membership(
    held: Membership, program: Program, now: datetime, language: str
) -> MembershipAnswer:
    """`language`: one of LANGUAGES."""
    card = program.cards.get(held.card)
    return MembershipAnswer(
        membership=encode(MEMBERSHIP, held.id),
        member=encode(MEMBER, held.member_id),
        card=held.card,
        name=held.card if card is None else name_in(language, card.name),
        standing=held.standing(now).value,
        kind=held.kind,
        begun_at=held.begun_at,
        until=held.until,
        ends_at=held.ends_at,
        renews=held.renews,
        ended_at=held.ended_at,
        ended_why=held.ended_why or None,
    )


def tell_detail(
    told: Told, plan: Plan, now: datetime, language: str, *, is_repeat: bool = False
) -> MembershipDetailAnswer:
    """`language`: one of LANGUAGES."""
    return MembershipDetailAnswer(
        tell_membership(told.membership, plan.program, now, language),
        [tell_term(term) for term in told.terms],
        tell_people(told.people, now),
        is_repeat,
    )


def tell_people(people: Iterable[Person], now: datetime) -> list[FamilyPersonAnswer]:
    """An invitation whose time is over has lapsed."""
    return [
        FamilyPersonAnswer(
            encode(FAMILY_PERSON, one.id),
            None if one.member_id is None else encode(MEMBER, one.member_id),
            "lapsed" if one.state == "invited" and now >= one.expires_at else one.state,
            one.invited_at,
            one.expires_at,
            one.joined_at,
            one.closed_at,
        )
        for one in people
    ]


def tell_term(term: Term) -> MembershipTermAnswer:
    """As it was sold."""
    points = PointsPriceAnswer(term.points_currency, term.points) if term.points else None
    return MembershipTermAnswer(
        kind=term.kind.value,
        starts_at=term.starts_at,
        ends_at=term.ends_at,
        price=MoneyAnswer(term.price, term.money),
        points=points,
        payment=term.payment or None,
        program_version=term.version,
        sold_at=term.sold_at,
        sold_by=term.sold_by,
        refunded_at=term.refunded_at,
        refunded=MoneyAnswer(term.refunded, term.money),
        refunded_points=term.refunded_points,
    )


def tell_savings(told: Statement, language: str) -> SavingsAnswer:
    """`language`: one of LANGUAGES."""
    program, money = told.plan.program, told.money
    saved = told.savings
    names = {benefit.id: name_in(language, benefit.name) for benefit in program.benefits}
    codes: Sequence[str] = sorted({*saved.by_benefit, *saved.uses})
    return SavingsAnswer(
        since=told.since,
        until=told.until,
        saved=MoneyAnswer(saved.money, money),
        paid=MoneyAnswer(told.paid, money),
        paid_points=told.paid_points,
        net=MoneyAnswer(saved.money - told.paid, money),
        orders=saved.orders,
        benefits=[
            BenefitSavingAnswer(
                code,
                names.get(code, code),
                MoneyAnswer(saved.by_benefit.get(code, 0), money),
                saved.uses.get(code, 0),
            )
            for code in codes
        ],
    )


def tell_refund(told: Refund, now: datetime, language: str) -> MembershipRefundAnswer:
    """`language`: one of LANGUAGES."""
    program = told.plan.program
    terms = {term.id: term for term in told.terms}
    return MembershipRefundAnswer(
        membership=tell_membership(told.membership, program, now, language),
        money=MoneyAnswer(told.money, program.money),
        points=told.points,
        parts=[
            TermRefundAnswer(
                terms[part.term].starts_at,
                terms[part.term].ends_at,
                part.why.value,
                part.days,
                part.days_left,
                MoneyAnswer(part.money, program.money),
                part.points,
                MoneyAnswer(part.deducted, program.money),
            )
            for part in told.parts
        ],
        saved=MoneyAnswer(told.savings.money, program.money),
        uses=told.savings.uses,
        repeated=told.is_repeat,
    )
