"""Sharing a paid card: the holder asks by a code, somebody accepts, leaves, or is removed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Holding, Limit, LimitKind, Owner, Room, take
from regulars.domain.memberships.memberships import Membership, Person
from regulars.domain.memberships.refusals import (
    FamilyRefused,
    InvitationLost,
    MembershipNotFound,
    MembershipOver,
)
from regulars.domain.memberships.sharing import INVITED_FOR, MOST_INVITED, POSSIBLE, code_of, normal
from regulars.domain.operations import CardChange
from regulars.domain.programs.paid_cards import Family
from regulars.services.memberships.house import Circle, House, change, locked
from regulars.storage import audit, failed_tries, members
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.memberships import families, memberships
from regulars.storage.overtaking import Overtaken

CODE, CALLER = "family_code", "caller"
"""The kinds of keyed hashes that stand for a code, and for who types one."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and its code, which is told once."""

    person: Person
    code: str


def invite(house: House, number: int, *, member_id: int | None, by: By, now: datetime) -> Invited:
    """Ask somebody to share the card. `member_id`: its holder, where the caller is a member.

    Raises MembershipNotFound, MembershipOver, FamilyRefused, LimitReached.
    """
    code = code_of(secrets.randbelow(POSSIBLE))

    def work(tx: Tx) -> Invited:
        circle = _own(house, tx, number, member_id, now)
        family = _family(house, tx, circle.membership, now)
        people = families.of_memberships(tx, house.organization, [number]).get(number, [])
        waiting = [one for one in people if one.state == "invited" and now < one.expires_at]
        if len(waiting) >= MOST_INVITED:
            raise FamilyRefused("Too many invitations are open. Take some back first.")
        limit = _seats(number, family)
        take(quotas.read(tx, house.organization, [limit], now), [(limit, 1)])
        keys = house.cabinet.keys(tx, house.organization)
        person = families.invite(
            tx,
            house.organization,
            number,
            code_hash=keys.hash_of(CODE, code),
            at=now,
            until=min(now + INVITED_FOR, circle.membership.until),
        )
        _record(tx, by, "family.invited", circle.membership, person, now=now)
        return Invited(person, code)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def join(house: House, ref: MemberRef, text: str, *, by: By, now: datetime) -> Membership:
    """Accept an invitation. Safe to repeat. A wrong code is counted against the caller.

    Raises InvitationLost, TooManyRequests, MembershipOver, CardHeld, FamilyRefused, LimitReached.
    """
    code_hash = _known_code(house, text, by=by, now=now)

    def work(tx: Tx) -> Membership:
        organization = house.organization
        person = families.by_code(tx, organization, code_hash)
        if person is None:
            raise InvitationLost
        joining = members.resolve(tx, organization, [ref]).get(ref)
        known = memberships.get(tx, organization, person.membership_id)
        if joining is None or known is None:
            raise MemberNotFound
        # Both in the order of their numbers, as everywhere.
        found = members.lock(tx, organization, sorted({joining, known.member_id}))
        membership = memberships.lock(tx, organization, person.membership_id)
        person = families.lock(tx, organization, person.id)
        assert membership is not None
        assert person is not None
        if membership.member_id not in found or found[joining].merged_into is not None:
            raise Overtaken
        if person.state == "joined" and person.member_id == joining:
            return membership
        if found[joining].is_erased:
            raise MemberNotFound
        if joining == membership.member_id:
            raise FamilyRefused("You hold this card yourself.")
        if person.state != "invited" or now >= person.expires_at:
            raise InvitationLost
        _join(house, tx, membership, person, joining, by=by, now=now)
        return membership

    return house.db.retrying(house.organization, work, retry_on=RACES)


def _join(
    house: House,
    tx: Tx,
    membership: Membership,
    person: Person,
    joining: int,
    *,
    by: By,
    now: datetime,
) -> None:
    if not membership.is_live(now) or now >= membership.until:
        raise MembershipOver
    limit = _seats(membership.id, _family(house, tx, membership, now))
    data = CardChange(
        card=membership.card,
        deed="join",
        membership=membership.id,
        holder=membership.member_id,
        until=membership.until,
    )
    change(house, tx, joining, data, key=f"{membership.id}:{person.id}", now=now)
    rooms = quotas.lock(tx, house.organization, [limit], now)
    (taken,) = take(rooms, [(limit, 1)])
    _hold_seat(house, tx, taken, person, joining, by=by, now=now)
    families.join(tx, house.organization, person.id, member_id=joining, at=now)
    _record(tx, by, "family.joined", membership, person, now=now, member_id=joining)


def _hold_seat(
    house: House,
    tx: Tx,
    taken: tuple[Room, int],
    person: Person,
    joining: int,
    *,
    by: By,
    now: datetime,
) -> None:
    room, amount = taken
    seat = Holding(
        room=room, amount=amount, owner=Owner.SEAT, owner_id=person.id, member_id=joining,
        expires_at=None, by=by.actor,
    )  # fmt: skip
    reservations.hold(tx, house.organization, [seat], now)


def close(
    house: House,
    number: int,
    person_id: int,
    *,
    holder: int | None = None,
    leaving: int | None = None,
    by: By,
    now: datetime,
) -> None:
    """Somebody leaves the family, is removed by the holder, or the invitation is taken back.

    `holder`, `leaving`: the member who asks, as which of the two; neither: our staff. Safe to
    repeat. Raises MembershipNotFound, InvitationLost.
    """

    def work(tx: Tx) -> None:
        circle = locked(house, tx, number, now=None)
        membership = circle.membership
        person = families.lock(tx, house.organization, person_id)
        if person is None or person.membership_id != number:
            raise InvitationLost
        if holder not in {None, membership.member_id} or leaving not in {None, person.member_id}:
            raise MembershipNotFound
        if person.state == "invited":
            families.close(
                tx, house.organization, [person.id], state="withdrawn", by=by.actor, at=now
            )
            _record(tx, by, "family.withdrawn", membership, person, now=now)
        elif person.state == "joined":
            state = "left" if leaving is not None else "removed"
            leave(house, tx, membership, person, state, by=by, now=now)

    house.db.retrying(house.organization, work, retry_on=RACES)


def leave(
    house: House,
    tx: Tx,
    membership: Membership,
    person: Person,
    state: str,
    *,
    by: By,
    now: datetime,
) -> None:
    """Somebody shares the card no longer; their place is free. The circle is locked."""
    assert person.member_id is not None
    if membership.is_live(now):
        data = CardChange(card=membership.card, deed="leave", membership=membership.id)
        change(house, tx, person.member_id, data, key=f"{membership.id}:{person.id}", now=now)
    reservations.restore(tx, house.organization, [(Owner.SEAT, person.id)], now)
    families.close(tx, house.organization, [person.id], state=state, by=by.actor, at=now)
    _record(tx, by, f"family.{state}", membership, person, now=now, member_id=person.member_id)


def people(house: House, number: int) -> Sequence[Person]:
    """Everybody who shares the membership or shared it, and who was asked to."""
    with house.db.transaction(house.organization) as tx:
        return families.of_memberships(tx, house.organization, [number]).get(number, [])


def _own(house: House, tx: Tx, number: int, member_id: int | None, now: datetime) -> Circle:
    circle = locked(house, tx, number, now=now)
    if member_id not in {None, circle.membership.member_id}:
        raise MembershipNotFound
    return circle


def _family(house: House, tx: Tx, membership: Membership, now: datetime) -> Family:
    """How the card is shared by the program in force. Raises FamilyRefused."""
    card = house.versions.read(tx).in_force(now).program.cards.get(membership.card)
    if card is None or card.family is None:
        raise FamilyRefused("This card is not shared.")
    if membership.kind == "trial":
        raise FamilyRefused("A card that is only tried is not shared.")
    return card.family


def _seats(number: int, family: Family) -> Limit:
    return Limit(LimitKind.SEAT, f"membership:{number}", most=family.persons)


def _known_code(house: House, text: str, *, by: By, now: datetime) -> str:
    """The hash of a code that was given out. Counts a try that is wrong."""
    with house.db.transaction(house.organization) as tx:
        keys = house.cabinet.keys(tx, house.organization)
        caller = failed_tries.desk_code_by(keys.hash_of(CALLER, by.actor))
        failed_tries.begin_try(tx, house.organization, [caller], now)
        code_hash = keys.hash_of(CODE, normal(text))
        if families.by_code(tx, house.organization, code_hash) is not None:
            failed_tries.take_back(tx, house.organization, caller)
            return code_hash
    raise InvitationLost


def _record(
    tx: Tx,
    by: By,
    action: str,
    membership: Membership,
    person: Person,
    *,
    now: datetime,
    member_id: int | None = None,
) -> None:
    target = f"membership:{membership.id}"
    about = membership.member_id if member_id is None else member_id
    audit.record(tx, by, [Deed(action, target, about, after={"person": person.id})], now)
