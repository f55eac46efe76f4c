"""The statement of what a paid card has saved, and what it has cost."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.memberships.memberships import Membership, Term
from regulars.domain.memberships.refusals import MembershipNotFound
from regulars.domain.memberships.saving import Savings, add_order, carried_by_card
from regulars.domain.plans import Plan
from regulars.services.memberships.house import House
from regulars.storage.database import Tx
from regulars.storage.memberships import families, memberships, uses


@dataclass(frozen=True, slots=True)
class Statement:
    """What was saved in [since, until), by everybody who shares the card, and what was paid for the
    terms that began in it, less what was paid back."""

    membership: Membership
    since: datetime
    until: datetime
    savings: Savings
    paid: int
    paid_points: dict[str, int]
    money: str
    plan: Plan


def statement(
    house: House,
    number: int,
    *,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    member_id: int | None = None,
) -> Statement:
    """Without instants: all that it has saved since it began. `member_id`: only if it is theirs.
    Raises MembershipNotFound, NoProgramInForce."""
    with house.db.snapshot(house.organization) as tx:
        membership = memberships.get(tx, house.organization, number)
        if membership is None or member_id not in {None, membership.member_id}:
            raise MembershipNotFound
        plan = house.versions.read(tx).in_force(now)
        start, end = since or membership.begun_at, until or now
        terms = memberships.terms(tx, house.organization, [number]).get(number, [])
        return _statement(house, tx, plan, membership, terms=terms, span=(start, end))


def _statement(
    house: House,
    tx: Tx,
    plan: Plan,
    membership: Membership,
    *,
    terms: list[Term],
    span: tuple[datetime, datetime],
) -> Statement:
    start, end = span
    paid_points: dict[str, int] = {}
    begun = [term for term in terms if start <= term.starts_at < end]
    for term in begun:
        if term.points:
            code = term.points_currency
            paid_points[code] = paid_points.get(code, 0) + term.points - term.refunded_points
    return Statement(
        membership,
        start,
        end,
        saved(house, tx, plan, membership, span=span),
        sum(term.price - term.refunded for term in begun),
        paid_points,
        plan.program.money,
        plan,
    )


def saved(
    house: House, tx: Tx, plan: Plan, membership: Membership, *, span: tuple[datetime, datetime]
) -> Savings:
    """What the card has saved its holder and their family in the span."""
    benefits = carried_by_card(plan.program.benefits, membership.card)
    savings = Savings()
    if not benefits:
        return savings
    since, until = span
    people = families.of_memberships(tx, house.organization, [membership.id])
    sharing = people.get(membership.id, [])
    everybody = {membership.member_id, *(one.member_id for one in sharing if one.member_id)}
    for bought in uses.orders(tx, house.organization, everybody, since, until):
        add_order(savings, bought.cart, bought.quote, bought.returned, benefits)
    used = uses.uses(tx, house.organization, everybody, benefits, since=since, until=until)
    for code, count in used.items():
        savings.uses[code] = savings.uses.get(code, 0) + count
    return savings
