"""Giving a paid card back: what is paid back of its terms, and its end for everybody who has it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.limits.limits import Owner
from regulars.domain.memberships.memberships import Membership, Term
from regulars.domain.memberships.refunding import PaidTerm, TermRefund, refund_all
from regulars.domain.memberships.refusals import MembershipNotFound, MembershipOver
from regulars.domain.memberships.saving import Savings
from regulars.domain.operations import CardChange, PointsRestore
from regulars.domain.plans import Plan
from regulars.domain.programs.paid_cards import CardRefund
from regulars.services.memberships.house import Circle, House, change, locked, record
from regulars.services.memberships.saving import saved
from regulars.storage import audit
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import reservations
from regulars.storage.memberships import families, memberships


@dataclass(frozen=True, slots=True)
class Refund:
    """What is paid back: of each term, and together. `money` is paid back by the shop; `points` are
    given back by us. `savings`: what the card has saved in the term under way."""

    membership: Membership
    terms: Sequence[Term]
    parts: Sequence[TermRefund]
    savings: Savings
    plan: Plan
    is_repeat: bool = False

    @property
    def money(self) -> int:
        """Minor units in all: due, or paid back by now."""
        if self.membership.ended_how:
            return sum(term.refunded for term in self.terms)
        return sum(part.money for part in self.parts)

    @property
    def points(self) -> int:
        """Points in all."""
        if self.membership.ended_how:
            return sum(term.refunded_points for term in self.terms)
        return sum(part.points for part in self.parts)


def preview(house: House, number: int, *, now: datetime) -> Refund:
    """What would be paid back at `now`. Raises MembershipNotFound, MembershipOver."""
    with house.db.snapshot(house.organization) as tx:
        membership = memberships.get(tx, house.organization, number)
        if membership is None:
            raise MembershipNotFound
        if not membership.is_live(now):
            raise MembershipOver
        return _worked_out(house, tx, membership, now)


def refund(house: House, number: int, *, reason: str, key: str, by: By, now: datetime) -> Refund:
    """Take the card back and pay back what is due. Safe to repeat under the same key.

    Raises MembershipNotFound, MembershipOver, MemberNotFound, NoProgramInForce.
    """

    def work(tx: Tx) -> Refund:
        organization = house.organization
        known = locked(house, tx, number, now=None)
        if _asked_before(known.membership, "refunded", by, key):
            return _as_it_was(house, tx, known.membership)
        circle = locked(house, tx, number, now=now)
        due = _worked_out(house, tx, circle.membership, now)
        _pay_points_back(house, tx, due, now)
        parts = [(part.term, part.money, part.points) for part in due.parts]
        memberships.refund(tx, organization, parts, by=by.actor, at=now)
        end_circle(house, tx, circle, how="refunded", reason=reason, key=key, by=by, now=now)
        after: dict[str, object] = {"money": due.money, "points": due.points}
        deed = _deed("membership.refunded", circle.membership, reason, after)
        audit.record(tx, by, [deed], now)
        told = _as_it_was(house, tx, circle.membership)
        return replace(told, parts=due.parts, savings=due.savings, is_repeat=False)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def end(house: House, number: int, *, reason: str, key: str, by: By, now: datetime) -> Membership:
    """Take the card back at once; nothing is paid back. Safe to repeat under the same key.

    Raises MembershipNotFound, MembershipOver, MemberNotFound.
    """

    def work(tx: Tx) -> Membership:
        known = locked(house, tx, number, now=None).membership
        if _asked_before(known, "ended", by, key):
            return known
        circle = locked(house, tx, number, now=now)
        end_circle(house, tx, circle, how="ended", reason=reason, key=key, by=by, now=now)
        audit.record(tx, by, [_deed("membership.ended", circle.membership, reason, {})], now)
        after = memberships.get(tx, house.organization, number)
        assert after is not None
        return after

    return house.db.retrying(house.organization, work, retry_on=RACES)


def _worked_out(house: House, tx: Tx, membership: Membership, now: datetime) -> Refund:
    table = house.versions.read(tx)
    plan = table.in_force(now)
    terms = memberships.terms(tx, house.organization, [membership.id])[membership.id]
    open_terms = [term for term in terms if term.refunded_at is None and term.ends_at > now]
    current = next((term for term in open_terms if term.starts_at <= now), None)
    savings = Savings()
    if current is not None:
        savings = saved(house, tx, plan, membership, span=(current.starts_at, now))
    # The terms of the sale hold, whatever the program says today.
    parts: list[TermRefund] = []
    for term in open_terms:
        card = table.version(term.version).program.cards.get(membership.card)
        policy = card.refund if card is not None else CardRefund()
        paid = PaidTerm(term.id, term.starts_at, term.ends_at, term.price, term.points)
        parts += refund_all([paid], policy, now, plan.program.zone, saved=savings.money)
    return Refund(membership, terms, parts, savings, plan)


def _asked_before(membership: Membership, how: str, by: By, key: str) -> bool:
    known = (membership.ended_how, membership.ended_by, membership.ended_key)
    return known == (how, by.actor, key)


def _as_it_was(house: House, tx: Tx, before: Membership) -> Refund:
    """What was paid back, from what is written of it."""
    after = memberships.get(tx, house.organization, before.id)
    assert after is not None
    assert after.ended_at is not None
    terms = memberships.terms(tx, house.organization, [after.id])[after.id]
    plan = house.versions.read(tx).in_force(after.ended_at)
    return Refund(after, terms, (), Savings(), plan, is_repeat=True)


def _pay_points_back(house: House, tx: Tx, due: Refund, now: datetime) -> None:
    holds = {term.id: term.hold_id for term in due.terms}
    for part in due.parts:
        hold = holds[part.term]
        if part.points and hold is not None:
            data = PointsRestore(hold=hold, amount=part.points)
            key = f"refund:{part.term}"
            record(house, tx, due.membership.member_id, data, key=key, now=now)


def end_circle(
    house: House, tx: Tx, circle: Circle, *, how: str, reason: str, key: str, by: By, now: datetime
) -> None:
    """End the card of the holder and of all who share it; their places are free again."""
    membership, organization = circle.membership, house.organization
    everybody = [membership.member_id, *(one.member_id for one in circle.persons)]
    for member_id in everybody:
        assert member_id is not None
        data = CardChange(card=membership.card, deed="end", membership=membership.id)
        change(house, tx, member_id, data, key=str(membership.id), now=now)
    owners = [(Owner.SEAT, one.id) for one in circle.persons]
    if owners:
        reservations.restore(tx, organization, owners, now)
    people = families.of_memberships(tx, organization, [membership.id]).get(membership.id, [])
    numbers = [one.id for one in people if one.state in {"invited", "joined"}]
    families.close(tx, organization, numbers, state="over", by=by.actor, at=now)
    memberships.close(
        tx, organization, membership.id, how=how, by=by.actor, why=reason, key=key, at=now
    )


def _deed(action: str, membership: Membership, reason: str, after: dict[str, object]) -> Deed:
    target = f"membership:{membership.id}"
    return Deed(
        action, target, membership.member_id, reason, after={"card": membership.card, **after}
    )
