"""What there is of paid memberships: one with all about it, lists, figures, cards on offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member
from regulars.domain.memberships.holding import FAMILY, is_held
from regulars.domain.memberships.memberships import Membership, Person, Term
from regulars.domain.memberships.refusals import MembershipNotFound
from regulars.domain.plans import Plan
from regulars.services.memberships.house import House
from regulars.storage import audit, members
from regulars.storage.database import Tx
from regulars.storage.memberships import families, listing, memberships
from regulars.storage.memberships.listing import CardFigures, Filter, Income
from regulars.storage.merging import members as merging


@dataclass(frozen=True, slots=True)
class Told:
    """A membership with its terms and who shares it."""

    membership: Membership
    terms: Sequence[Term]
    people: Sequence[Person]


@dataclass(frozen=True, slots=True)
class Wallet:
    """What one member has of cards. `own`: theirs, the newest first; `shared`: those of others that
    they share, with who they are in that family; `tried`: codes of cards they have tried."""

    member: Member
    plan: Plan
    own: Sequence[Told]
    shared: Sequence[tuple[Membership, Person]]


def one(house: House, number: int) -> Told:
    """Raises MembershipNotFound."""
    with house.db.snapshot(house.organization) as tx:
        membership = memberships.get(tx, house.organization, number)
        if membership is None:
            raise MembershipNotFound
        return _told(house, tx, [membership])[0]


def of_member(house: House, ref: MemberRef, *, now: datetime) -> Wallet:
    """All that a member has and had. Raises MemberNotFound, NoProgramInForce."""
    organization = house.organization
    with house.db.snapshot(organization) as tx:
        member = members.must_get(tx, organization, ref)
        plan = house.versions.read(tx).in_force(now)
        own = memberships.of_members(tx, organization, [member.id])
        shared: list[tuple[Membership, Person]] = []
        for person in families.of_members(tx, organization, [member.id]):
            held = memberships.get(tx, organization, person.membership_id)
            if held is not None and person.state == "joined":
                shared.append((held, person))
        live = {
            card.membership
            for card in member.state.cards.values()
            if card.how == FAMILY and is_held(card, now)
        }
        return Wallet(
            member,
            plan,
            _told(house, tx, own),
            [(held, person) for held, person in shared if held.id in live],
        )


def listed(
    house: House,
    wanted: Filter,
    member: MemberRef | None,
    *,
    now: datetime,
    before: int | None,
    limit: int,
) -> list[Membership]:
    """A page of memberships, the newest first. Raises MemberNotFound."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        numbers: tuple[int, ...] | None = None
        if member is not None:
            found = members.must_get(tx, organization, member)
            numbers = tuple(merging.all_of(tx, organization, found.id))
        asked = Filter(
            card=wanted.card,
            standing=wanted.standing,
            members=numbers,
            until=wanted.until,
            renews=wanted.renews,
        )
        return listing.listed(tx, organization, asked, now=now, before=before, limit=limit)


def figures(
    house: House, *, since: datetime, until: datetime, now: datetime
) -> tuple[Sequence[CardFigures], Sequence[Income]]:
    """What there is of each card, and what it brought in [since, until)."""
    with house.db.snapshot(house.organization) as tx:
        return listing.figures(tx, house.organization, since=since, until=until, now=now)


def offers(house: House, *, now: datetime) -> Plan:
    """The program whose cards are sold. Raises NoProgramInForce."""
    with house.db.transaction(house.organization) as tx:
        return house.versions.read(tx).in_force(now)


def set_renews(
    house: House,
    number: int,
    *,
    renews: bool,
    by: By,
    now: datetime,
    member_id: int | None = None,
) -> Membership:
    """Note whether the holder wants it renewed by itself. `member_id`: only if it is theirs. Safe
    to repeat. Raises MembershipNotFound."""

    def work(tx: Tx) -> Membership:
        held = memberships.lock(tx, house.organization, number)
        if held is None or member_id not in {None, held.member_id}:
            raise MembershipNotFound
        if held.ended_at is None and held.renews is not renews:
            memberships.set_renews(tx, house.organization, number, renews=renews)
            deed = Deed(
                "membership.renewal_set",
                f"membership:{number}",
                held.member_id,
                after={"renews": renews},
            )
            audit.record(tx, by, [deed], now)
        after = memberships.get(tx, house.organization, number)
        assert after is not None
        return after

    return house.db.retrying(house.organization, work)


def _told(house: House, tx: Tx, found: Sequence[Membership]) -> list[Told]:
    numbers = [membership.id for membership in found]
    terms = memberships.terms(tx, house.organization, numbers)
    people = families.of_memberships(tx, house.organization, numbers)
    return [Told(one, terms.get(one.id, []), people.get(one.id, [])) for one in found]
