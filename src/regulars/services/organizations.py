"""Organizations of a deployment: added, suspended, resumed. They never see each other."""

import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from regulars.domain.access import SUSPENDED
from regulars.domain.audit import By, Deed
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    OrganizationExists,
    OrganizationNotFound,
)
from regulars.domain.organizations import OrganizationSettings, write
from regulars.storage import audit, credentials, organizations
from regulars.storage.database import DEPLOYMENT, Database, Tx
from regulars.storage.organizations import Organization
from regulars.storage.sealing import Cabinet

MAX_NAME = 100
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


def listed(db: Database) -> list[Organization]:
    """Every organization, in the order in which they came."""
    with db.transaction(DEPLOYMENT) as tx:
        return organizations.listed(tx)


def active(db: Database) -> list[int]:
    """The numbers of those that are not suspended."""
    return [one.id for one in listed(db) if one.suspended_at is None]


def by_code(db: Database, code: str) -> Organization:
    """The organization with this code. Raises OrganizationNotFound."""
    with db.transaction(DEPLOYMENT) as tx:
        return _there(organizations.find(tx, code))


def settings(db: Database, organization: int) -> OrganizationSettings:
    """The organization's own settings, with the defaults of what was never set."""
    with db.transaction(organization) as tx:
        return organizations.settings(tx, organization)


def change_settings(
    db: Database, organization: int, wanted: OrganizationSettings, *, by: By, now: datetime
) -> None:
    """Set all settings at once. Raises InvalidInput."""
    text = write(wanted)
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        before = organizations.settings(tx, organization)
        if before == wanted:
            return
        organizations.save_settings(tx, organization, text)
        deed = Deed(
            "organization.settings_changed",
            f"organization:{organization}",
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(wanted),
        )
        audit.record(tx, by, [deed], now)


def by_number(db: Database, number: int) -> Organization:
    """The organization with this number. Raises OrganizationNotFound."""
    with db.transaction(DEPLOYMENT) as tx:
        return _there(organizations.get(tx, number))


def create(
    db: Database, cabinet: Cabinet, *, code: str, name: str, by: By, now: datetime
) -> Organization:
    """Add an organization, with keys for its personal data. Raises InvalidInput,
    OrganizationExists. Safe to repeat after a crash: keys that are missing are made."""
    name = _checked(name)
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            "A code is 2 to 40 small letters, digits and hyphens, and begins with a letter.",
            faults=[Fault("/code", "no code")],
        )
    with db.transaction(DEPLOYMENT) as tx:
        made = organizations.create(tx, code=code, name=name, now=now)
        found = made or _there(organizations.find(tx, code))
    with db.transaction(found.id) as tx:
        organizations.lock(tx, found.id)
        if not cabinet.begin(tx, found.id, now) and made is None:
            raise OrganizationExists
        _record(tx, found, "organization.created", by, now)
    return found


def rename(db: Database, number: int, name: str, *, by: By, now: datetime) -> Organization:
    """Call an organization otherwise; its code stays. Raises OrganizationNotFound."""
    wanted = _checked(name)
    return _changed(
        db, number, lambda tx: organizations.rename(tx, number, wanted), "renamed", by=by, now=now
    )


def suspend(db: Database, number: int, *, by: By, now: datetime) -> Organization:
    """Keep everybody and everything of an organization out, within a second. Nothing is lost, and
    points go on to lapse. Raises OrganizationNotFound."""

    def work(tx: Tx) -> Organization | None:
        credentials.revoke(tx, number, [SUSPENDED], now)
        return organizations.suspend(tx, number, now)

    return _changed(db, number, work, "suspended", by=by, now=now)


def resume(db: Database, number: int, *, by: By, now: datetime) -> Organization:
    """Let them in again. Raises OrganizationNotFound."""

    def work(tx: Tx) -> Organization | None:
        credentials.pardon(tx, number, SUSPENDED)
        return organizations.resume(tx, number)

    return _changed(db, number, work, "resumed", by=by, now=now)


def _changed(
    db: Database,
    number: int,
    work: Callable[[Tx], Organization | None],
    what: str,
    *,
    by: By,
    now: datetime,
) -> Organization:
    with db.transaction(DEPLOYMENT) as tx:
        _there(organizations.get(tx, number))
    with db.transaction(number) as tx:
        found = _there(work(tx))
        _record(tx, found, f"organization.{what}", by, now)
    return found


def _record(tx: Tx, found: Organization, action: str, by: By, now: datetime) -> None:
    """In the trail of the organization itself: its own people see what was done to it."""
    deed = Deed(action, f"organization:{found.id}", after={"code": found.code, "name": found.name})
    audit.record(tx, By(found.id, by.actor, by.trace), [deed], now)


def _there(found: Organization | None) -> Organization:
    if found is None:
        raise OrganizationNotFound
    return found


def _checked(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(
            f"An organization has a name of 1 to {MAX_NAME} visible characters.",
            faults=[Fault("/name", "empty, too long, or not visible")],
        )
    return name
