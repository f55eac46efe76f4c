"""API keys: made, listed, revoked, and recognised."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from regulars.domain.access import (
    NOT_FOR_APPLICATIONS,
    SUSPENDED,
    Access,
    Credential,
    Scope,
    organization_in,
)
from regulars.domain.applications import DEFAULT_RATE, MOST_RATE, check_gift
from regulars.domain.audit import By, Deed, by_system
from regulars.domain.errors import Fault, InvalidInput, KeyNotFound
from regulars.domain.staffing import NOTED_EVERY, ask_again_at
from regulars.storage import audit, credentials, keys
from regulars.storage.database import Database
from regulars.storage.keys import ApiKey

PREFIX = "rgl_"
"""Begins every secret, so that one that leaked is recognised for what it is."""

SECRET_BYTES = 32
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `secret` is told this once and kept nowhere."""

    id: int
    name: str
    secret: str


def create(
    db: Database,
    organization: int,
    *,
    name: str,
    scopes: frozenset[Scope],
    now: datetime,
    by: By | None = None,
    giver: Access | None = None,
    rate: int = DEFAULT_RATE,
) -> NewKey:
    """Make a key; `by` is None for what the product does by itself.

    `giver`: who makes it over the API, and can give no more than they may do themselves, and
    nothing that is for people; None for the command line. `rate`: requests a minute, 0 for no
    limit. Raises InvalidInput, NotYourRole.
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(
            f"An API key has a name of 1 to {MAX_NAME} visible characters.",
            faults=[Fault("/name", "empty, too long, or not visible")],
        )
    if not scopes:
        raise InvalidInput(
            "An API key needs at least one scope.", faults=[Fault("/scopes", "empty")]
        )
    if not 0 <= rate <= MOST_RATE:
        raise InvalidInput("The rate is out of range.", faults=[Fault("/rate", "out of range")])
    if giver is not None:
        _check_gift(giver, scopes)
    secret = f"{PREFIX}{organization}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with db.transaction(organization) as tx:
        number = keys.insert(
            tx,
            organization,
            name=name,
            secret_hash=hash_of(secret),
            scopes=scopes,
            rate=rate,
            created_at=now,
            created_by="" if by is None else by.actor,
        )
        deed = Deed("key.created", f"key:{number}", after={"name": name, "scopes": sorted(scopes)})
        audit.record(tx, by or by_system(organization), [deed], now)
    return NewKey(number, name, secret)


def _check_gift(giver: Access, scopes: frozenset[Scope]) -> None:
    kept = sorted(scopes & NOT_FOR_APPLICATIONS)
    if kept:
        raise InvalidInput(
            f"A key cannot have {', '.join(kept)}: that is for people, or for the command line.",
            faults=[Fault("/scopes", "not for keys")],
        )
    check_gift(giver, scopes)


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. A plain hash serves: 256 random bits cannot be guessed."""
    return sha256(secret.encode()).digest()


def find(db: Database, secret: str, now: datetime) -> Credential | None:
    """What a key stands for; None when there is none such or it was revoked.

    That it is in use is noted every few minutes.
    """
    organization = organization_in(secret)
    if organization is None:
        return None
    with db.transaction(organization) as tx:
        found = keys.find(tx, organization, hash_of(secret))
        if found is None:
            return None
        access, used_at = found
        if used_at is None or now - used_at >= NOTED_EVERY:
            keys.touch(tx, organization, access.number, now)
    names = (f"key:{access.number}", SUSPENDED)
    return Credential(access, names, ask_again_at=ask_again_at(now))


def listed(db: Database, organization: int) -> list[ApiKey]:
    """Every key that was ever made, oldest first."""
    with db.transaction(organization) as tx:
        return keys.listed(tx, organization)


def revoke(
    db: Database, organization: int, key_id: int, *, now: datetime, by: By | None = None
) -> ApiKey:
    """Make a key useless. Safe to repeat. Raises KeyNotFound.

    Processes that have seen the key go on taking it for a second.
    """
    with db.transaction(organization) as tx:
        revoked = keys.revoke(tx, organization, key_id, now)
        credentials.revoke(tx, organization, [f"key:{key_id}"], now)
        if revoked is None:
            raise KeyNotFound(f"There is no API key number {key_id}.")
        deed = Deed("key.revoked", f"key:{key_id}", after={"name": revoked.name})
        audit.record(tx, by or by_system(organization), [deed], now)
    return revoked
