"""What it takes to sell and share paid memberships: the engine within a transaction, and locks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import MemberNotFound
from regulars.domain.events import Event
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.memberships.memberships import Membership, Person
from regulars.domain.memberships.refusals import MembershipNotFound, MembershipOver
from regulars.domain.operations import PREFIX, CardChange, Operation, type_of
from regulars.services.intake.batch import Receipt
from regulars.storage import members
from regulars.storage.database import Database, Tx
from regulars.storage.memberships import families, memberships
from regulars.storage.overtaking import Overtaken
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet

SOURCE = PREFIX + "membership"

Take = Callable[[Tx, Arrival, datetime], Receipt]
"""Decides and records one event within the transaction: the engine that all events go through."""


@dataclass(frozen=True, slots=True)
class House:
    """Whose memberships, under which program, and the engine."""

    db: Database
    cabinet: Cabinet
    versions: Versions
    take: Take

    @property
    def organization(self) -> int:
        """Whose members they are."""
        return self.versions.organization


@dataclass(frozen=True, slots=True)
class Circle:
    """A membership with everybody who has it, all locked."""

    membership: Membership
    persons: Sequence[Person]


def locked(house: House, tx: Tx, number: int, *, now: datetime | None) -> Circle:
    """The membership, its holder and who shares it, with nobody else changing them. `now`: it must
    be live by then. Raises MembershipNotFound, MembershipOver, MemberNotFound."""
    organization = house.organization
    known = memberships.get(tx, organization, number)
    if known is None:
        raise MembershipNotFound
    sharing = [one.member_id for one in families.joined(tx, organization, number)]
    everybody = {known.member_id, *(one for one in sharing if one is not None)}
    found = members.lock(tx, organization, sorted(everybody))
    membership = memberships.lock(tx, organization, number)
    assert membership is not None, "memberships are never deleted"
    persons = families.joined(tx, organization, number)
    if not {membership.member_id, *(one.member_id for one in persons)} <= found.keys():
        raise Overtaken
    if now is not None:
        if not membership.is_live(now):
            raise MembershipOver
        if found[membership.member_id].is_erased:
            raise MemberNotFound("This member was erased.")
    return Circle(membership, persons)


def change(
    house: House, tx: Tx, member_id: int, data: CardChange, *, key: str, now: datetime
) -> Receipt:
    """Let the engine change the member's card. Raises what it refuses with."""
    return record(house, tx, member_id, data, key=f"{data.deed}:{key}", now=now)


def record(
    house: House, tx: Tx, member_id: int, data: Operation, *, key: str, now: datetime
) -> Receipt:
    """Let the engine carry an operation out. `key`: tells it from all others of the member's."""
    name = write_ref(MemberRef(member_id))
    event = Event(f"{key}:{name}", SOURCE, type_of[type(data)], name, now, now, data)
    return house.take(tx, arrive(event), now)


def moved_to(told: Explanation) -> tuple[datetime, datetime]:
    """(until, ends_at) of the card that a decision changed."""
    (move,) = told.cards
    return move.until, move.ends_at


def follow(
    house: House, tx: Tx, circle: Circle, *, until: datetime, key: str, now: datetime
) -> None:
    """Give everybody who shares the card its new end."""
    membership = circle.membership
    for person in circle.persons:
        assert person.member_id is not None
        data = CardChange(
            card=membership.card,
            deed="join",
            membership=membership.id,
            holder=membership.member_id,
            until=until,
        )
        change(house, tx, person.member_id, data, key=f"{key}:{person.id}", now=now)
