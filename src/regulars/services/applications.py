"""Applications of an organization: registered, listed, changed, given new secrets, shut out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from regulars.domain.access import Access
from regulars.domain.applications import (
    CLIENT_PREFIX,
    OLD_SECRET_LIFETIME,
    SECRET_PREFIX,
    AuthMethod,
    Registration,
    check,
    check_gift,
)
from regulars.domain.audit import By, Deed
from regulars.domain.errors import ApplicationNotFound, InvalidInput
from regulars.domain.tokens import epoch_name
from regulars.storage import audit, clients, credentials
from regulars.storage.clients import Client
from regulars.storage.database import Database, Tx

ID_BYTES = 12
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Registered:
    """An application, and its new secret, which is told this once; None for one without."""

    client: Client
    secret: str | None = field(default=None, repr=False)


def register(
    db: Database,
    organization: int,
    wanted: Registration,
    *,
    giver: Access | None,
    by: By,
    now: datetime,
) -> Registered:
    """Register an application. `giver` None: the command line, which may give everything.

    Raises InvalidInput, NotYourRole.
    """
    check(wanted)
    if giver is not None:
        check_gift(giver, wanted.scopes)
    secret = None if wanted.auth_method is AuthMethod.NONE else _new_secret(organization)
    with db.transaction(organization) as tx:
        made = clients.insert(
            tx,
            organization,
            wanted,
            client_id=f"{CLIENT_PREFIX}{organization}_{secrets.token_urlsafe(ID_BYTES)}",
            secret_hash=None if secret is None else _hash_of(secret),
            created_by=by.actor,
            at=now,
        )
        _record(tx, "client.registered", made, by, now, after=_told(made))
    return Registered(made, secret)


def listed(db: Database, organization: int, *, after: int = 0, limit: int = 1000) -> list[Client]:
    """Applications, also those that were shut out, in the order in which they came."""
    with db.transaction(organization) as tx:
        return clients.listed(tx, organization, after=after, limit=limit)


def get(db: Database, organization: int, client_id: str) -> Client:
    """One application. Raises ApplicationNotFound."""
    with db.transaction(organization) as tx:
        return _there(clients.find(tx, organization, client_id))


def change(
    db: Database,
    organization: int,
    client_id: str,
    alter: Callable[[Registration], Registration],
    *,
    giver: Access | None,
    by: By,
    now: datetime,
) -> Client:
    """Register an application anew as `alter` makes of what it is. Where it may do less from now
    on, tokens that it has are useless within a second. Its ways to tokens stay.

    Raises ApplicationNotFound, InvalidInput, NotYourRole for more than the giver may do.
    """
    with db.transaction(organization) as tx:
        client = _there(clients.lock(tx, organization, client_id))
        before = client.registration
        wanted = alter(before)
        assert (wanted.grant_types, wanted.auth_method) == (before.grant_types, before.auth_method)
        check(wanted)
        if giver is not None:
            check_gift(giver, wanted.scopes - before.scopes)
        is_less = not before.scopes <= wanted.scopes
        if is_less:
            credentials.revoke(tx, organization, [epoch_name(client.id, client.epoch)], now)
        changed = clients.change(tx, client, wanted, is_less=is_less)
        _record(tx, "client.changed", changed, by, now, before=_told(client), after=_told(changed))
    return changed


def renew_secret(
    db: Database, organization: int, client_id: str, *, by: By, now: datetime, at_once: bool = False
) -> Registered:
    """Give an application a new secret. The one before holds for another day, so that no call
    fails while it is changed over; `at_once`: it does not, for when it has leaked.

    Raises ApplicationNotFound, InvalidInput for an application without secrets.
    """
    secret = _new_secret(organization)
    with db.transaction(organization) as tx:
        client = _there(clients.lock(tx, organization, client_id))
        if client.auth_method is AuthMethod.NONE or client.disabled_at is not None:
            raise InvalidInput("This application has no secret, or is shut out.")
        until = now if at_once else now + OLD_SECRET_LIFETIME
        renewed = clients.renew(tx, client, secret_hash=_hash_of(secret), until=until)
        _record(tx, "client.secret_renewed", renewed, by, now)
    return Registered(renewed, secret)


def disable(db: Database, organization: int, client_id: str, *, by: By, now: datetime) -> Client:
    """Shut an application out for good, within a second. Safe to repeat.

    Raises ApplicationNotFound.
    """
    with db.transaction(organization) as tx:
        client = _there(clients.lock(tx, organization, client_id))
        if client.disabled_at is not None:
            return client
        credentials.revoke(tx, organization, [f"client:{client.id}"], now)
        disabled = clients.disable(tx, client, now)
        _record(tx, "client.disabled", disabled, by, now)
    return disabled


def _there(client: Client | None) -> Client:
    if client is None:
        raise ApplicationNotFound
    return client


def _new_secret(organization: int) -> str:
    return f"{SECRET_PREFIX}{organization}_{secrets.token_urlsafe(SECRET_BYTES)}"


def _hash_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _told(client: Client) -> dict[str, object]:
    """What the audit trail tells of an application."""
    return {
        "client_id": client.client_id,
        "name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": sorted(client.grant_types),
        "scopes": sorted(client.scopes),
        "rate": client.rate,
    }


def _record(
    tx: Tx,
    action: str,
    client: Client,
    by: By,
    now: datetime,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    deed = Deed(action, f"client:{client.id}", before=before, after=after)
    audit.record(tx, by, [deed], now)
