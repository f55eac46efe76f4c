"""Staff: invited, given roles, suspended, listed. Nobody makes anybody mightier than themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from regulars.domain.access import Access, Kind, Role, may_give
from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput, LinkRefused, StaffExists, StaffNotFound
from regulars.domain.passwords import check_password
from regulars.domain.personal import normal_email
from regulars.domain.staff_letters import INVITATION, filled
from regulars.domain.staffing import (
    INVITATION_LIFETIME,
    checked_language,
    checked_name,
    keep_an_owner,
    may_manage,
    may_set_roles,
)
from regulars.gateways.messages.letters import Letter
from regulars.gateways.password_hashes import hash_password
from regulars.storage import (
    audit,
    authorizations,
    credentials,
    organizations,
    outbox,
    sessions,
    staff,
    staff_tokens,
)
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet
from regulars.storage.staff import Staff, StaffProfile
from regulars.storage.staff_tokens import Purpose

ACCEPT_PAGE = "/console/invitation#"
"""What follows a # never leaves the browser: no log on the way has the token."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff, with what is known of them. `letter`: waits to be sent."""

    staff: Staff
    profile: StaffProfile = field(repr=False)
    letter: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who manages staff of which organization from where. `public_url`: begins links in letters."""

    db: Database
    cabinet: Cabinet
    giver: Access
    by: By
    now: datetime
    public_url: str

    @property
    def organization(self) -> int:
        """Whose staff it is."""
        return self.giver.organization


def listed(
    db: Database, cabinet: Cabinet, organization: int, *, after: int = 0, limit: int
) -> list[Person]:
    """A page of all staff, in the order in which they came."""
    with db.transaction(organization) as tx:
        found = staff.listed(tx, organization, after=after, limit=limit)
        return [_person(tx, cabinet, organization, one) for one in found]


def get(db: Database, cabinet: Cabinet, organization: int, staff_id: int) -> Person:
    """Somebody by number. Raises StaffNotFound."""
    with db.transaction(organization) as tx:
        known = _there(staff.get(tx, organization, staff_id))
        return _person(tx, cabinet, organization, known)


def by_email(db: Database, cabinet: Cabinet, organization: int, email: str) -> Person:
    """Somebody by e-mail address. Raises InvalidInput, StaffNotFound."""
    with db.transaction(organization) as tx:
        keys = cabinet.keys(tx, organization)
        known = _there(staff.find(tx, keys, normal_email(email)))
        return _person(tx, cabinet, organization, known)


def invite(desk: Desk, email: str, roles: frozenset[Role], language: str) -> tuple[Person, bool]:
    """Put somebody on the staff and write them a letter; and whether that is new.

    The same again changes nothing. Raises InvalidInput, NotYourRole, StaffExists.
    """
    may_give(desk.giver, roles)
    # Number 0 is nobody's: what is checked is that a person or the command line invites.
    may_manage(desk.giver, 0, roles, what="invites")
    profile = StaffProfile(email=normal_email(email))
    checked_language(language)
    with desk.db.transaction(desk.organization) as tx:
        keys = desk.cabinet.keys(tx, desk.organization)
        number = staff.insert(tx, keys, profile, roles=roles, language=language, at=desk.now)
        if number is None:
            known = _there(staff.find(tx, keys, profile.email))
            if known.accepted_at is not None or known.roles != roles:
                raise StaffExists
            return _person(tx, desk.cabinet, desk.organization, known), False
        made = _there(staff.get(tx, desk.organization, number))
        _record(tx, desk, "staff.invited", made, after={"roles": _names(roles)})
        return _with_letter(tx, desk, made), True


def resend(desk: Desk, staff_id: int) -> Person:
    """Write the invitation again; the link in the letter before no longer counts.

    Raises StaffNotFound, NotYourRole, InvalidInput when it was accepted already.
    """
    with desk.db.transaction(desk.organization) as tx:
        known = _managed(tx, desk, staff_id, what="invites")
        if known.accepted_at is not None:
            raise InvalidInput("They have accepted the invitation. Reset their password instead.")
        _record(tx, desk, "staff.invited_again", known)
        return _with_letter(tx, desk, known)


def accept(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    token: str,
    *,
    name: str,
    password: str,
    trace: str,
    now: datetime,
) -> Person:
    """Take an invitation, with a name and a password. It serves once.

    Raises LinkRefused, InvalidInput.
    """
    wanted = checked_name(name)
    with db.transaction(organization) as tx:
        number = staff_tokens.look(tx, organization, token, Purpose.INVITATION, now)
        known = None if number is None else staff.get(tx, organization, number)
        company = organizations.get(tx, organization)
        if known is None or known.suspended_at is not None or company is None:
            raise LinkRefused
        keys = staff.keys_for(tx, cabinet, organization, known)
    profile = StaffProfile(email=known.profile(keys).email, name=wanted)
    check_password(password, [wanted, profile.email, company.name, company.code])
    password_hash = hash_password(password)
    with db.transaction(organization) as tx:
        if staff_tokens.use(tx, organization, token, Purpose.INVITATION, now) != known.id:
            raise LinkRefused
        staff.set_password(tx, organization, known.id, password_hash, now)
        staff.set_profile(tx, keys, known.id, profile)
        who = By(organization, known.name, trace)
        audit.record(tx, who, [Deed("staff.accepted", known.name)], now)
        fresh = _there(staff.get(tx, organization, known.id))
        return _person(tx, cabinet, organization, fresh)


def set_roles(desk: Desk, staff_id: int, roles: frozenset[Role]) -> Person:
    """Make somebody something else; their sessions end, and applications have to ask them anew.
    The same again changes nothing.

    Raises StaffNotFound, NotYourRole, LastOwner.
    """

    def work(tx: Tx, known: Staff) -> None:
        may_set_roles(desk.giver, staff_id, before=known.roles, after=roles)
        if known.roles == roles:
            return
        keep_an_owner(staff.owners(tx, desk.organization), staff_id, roles)
        staff.set_roles(tx, desk.organization, staff_id, roles)
        _end_all(tx, desk, staff_id)
        before, after = {"roles": _names(known.roles)}, {"roles": _names(roles)}
        _record(tx, desk, "staff.roles_changed", known, before=before, after=after)

    return _changed(desk, staff_id, work, what="changes the roles of")


def suspend(desk: Desk, staff_id: int) -> Person:
    """Keep somebody out, at once and everywhere. Safe to repeat.

    Raises StaffNotFound, NotYourRole, LastOwner.
    """

    def work(tx: Tx, known: Staff) -> None:
        if known.suspended_at is not None:
            return
        keep_an_owner(staff.owners(tx, desk.organization), staff_id, ())
        staff.suspend(tx, desk.organization, staff_id, desk.now)
        staff_tokens.void(tx, desk.organization, staff_id, desk.now)
        _end_all(tx, desk, staff_id)
        credentials.revoke(tx, desk.organization, [known.name], desk.now)
        _record(tx, desk, "staff.suspended", known)

    return _changed(desk, staff_id, work, what="suspends")


def resume(desk: Desk, staff_id: int) -> Person:
    """Let somebody in again; they sign in anew. Safe to repeat.

    Raises StaffNotFound, NotYourRole.
    """

    def work(tx: Tx, known: Staff) -> None:
        if known.suspended_at is None:
            return
        staff.resume(tx, desk.organization, staff_id)
        credentials.pardon(tx, desk.organization, known.name)
        _record(tx, desk, "staff.resumed", known)

    return _changed(desk, staff_id, work, what="lets in")


def _changed(desk: Desk, staff_id: int, work: Callable[[Tx, Staff], None], *, what: str) -> Person:
    with desk.db.transaction(desk.organization) as tx:
        # One such change at a time: two owners cannot take each other's roles at once.
        organizations.lock(tx, desk.organization)
        work(tx, _managed(tx, desk, staff_id, what=what))
        known = _there(staff.get(tx, desk.organization, staff_id))
        return _person(tx, desk.cabinet, desk.organization, known)


def _managed(tx: Tx, desk: Desk, staff_id: int, *, what: str) -> Staff:
    known = _there(staff.get(tx, desk.organization, staff_id, lock=True))
    may_manage(desk.giver, staff_id, known.roles, what=what)
    return known


def _end_all(tx: Tx, desk: Desk, staff_id: int) -> None:
    """End their sessions, and what they have granted to applications."""
    ended = sessions.end(tx, desk.organization, Kind.STAFF, staff_id, at=desk.now)
    gone = authorizations.withdraw_of_staff(tx, desk.organization, staff_id, desk.now)
    names = [*(f"session:{one}" for one in ended), *(f"grant:{one}" for one in gone)]
    credentials.revoke(tx, desk.organization, names, desk.now)


def _with_letter(tx: Tx, desk: Desk, known: Staff) -> Person:
    """The invitation, on its way."""
    company = organizations.get(tx, desk.organization)
    assert company is not None
    expires_at = desk.now + INVITATION_LIFETIME
    token = staff_tokens.issue(
        tx, desk.organization, known.id, Purpose.INVITATION, at=desk.now, expires_at=expires_at
    )
    profile = _person(tx, desk.cabinet, desk.organization, known).profile
    link = desk.public_url + ACCEPT_PAGE + token
    words = filled(INVITATION, known.language, organization=company.name, link=link)
    letter = Letter("email", profile.email, words.subject, words.text, known.language)
    waiting = outbox.put(
        tx,
        desk.cabinet,
        desk.organization,
        letter=msgspec.json.encode(letter),
        at=desk.now,
        expires_at=expires_at,
    )
    return Person(known, profile, waiting)


def _record(
    tx: Tx,
    desk: Desk,
    action: str,
    known: Staff,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(tx, desk.by, [Deed(action, known.name, before=before, after=after)], desk.now)


def _person(tx: Tx, cabinet: Cabinet, organization: int, known: Staff) -> Person:
    return Person(known, known.profile(staff.keys_for(tx, cabinet, organization, known)))


def _there(known: Staff | None) -> Staff:
    if known is None:
        raise StaffNotFound
    return known


def _names(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)
