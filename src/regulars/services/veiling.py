"""Phones and e-mail addresses as keyed hashes: found by them, and never stored in the open."""

from datetime import datetime

from regulars.domain.ids import EMAIL, PHONE, write_ref
from regulars.storage import organizations
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet, OrganizationKeys


def veiled(db: Database, cabinet: Cabinet, organization: int, subject: str) -> str:
    """ "phone:…" or "email:…" with the keyed hash of the number or address, which `parse_ref`
    reads. One that is hashed already stays as it is. Raises InvalidInput."""
    kind, _, text = subject.partition(":")
    assert kind in {PHONE, EMAIL}
    if text.startswith("~"):
        return subject
    return write_ref(keys_of(db, cabinet, organization).ref(kind, text))


def keys_of(db: Database, cabinet: Cabinet, organization: int) -> OrganizationKeys:
    """The organization's keys; the database is asked the first time only."""
    known = cabinet.known(organization)
    if known is not None:
        return known
    with db.transaction(organization) as tx:
        return cabinet.keys(tx, organization)


def begin(db: Database, cabinet: Cabinet, organization: int, now: datetime) -> None:
    """Give an organization its first keys, unless it has some. Safe to repeat, and at once."""
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        cabinet.begin(tx, organization, now)


def has_keys(db: Database, organization: int = 1) -> bool:
    """Whether personal data of the deployment is sealed under some key already."""
    with db.transaction(organization) as tx:
        return organizations.has_keys(tx, organization)
