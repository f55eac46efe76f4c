"""Passkeys: made by a member who is signed in, and from then on enough to sign in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any, TypeVar

from regulars.domain.audit import Deed
from regulars.domain.errors import Fault, InvalidInput, RegularsError
from regulars.domain.sign_in import LOGIN_LIFETIME
from regulars.domain.sign_in_refusals import PasskeyExists, PasskeyNotFound, PasskeyRefused
from regulars.gateways import authenticators
from regulars.gateways.authenticators import Site
from regulars.services.signing_in.codes import shop_name
from regulars.services.signing_in.house import (
    Circumstances,
    House,
    SignedIn,
    begin_session,
    member_by,
)
from regulars.storage import audit, login_states, passkeys
from regulars.storage.database import Tx
from regulars.storage.login_states import Begun
from regulars.storage.passkeys import Passkey

T = TypeVar("T")

MAX_PASSKEYS = 20
MAX_NAME = 60
CHALLENGE_BYTES = 32
NEW, KNOWN = "new_passkey", "passkey"


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that asks. `secret` is in its cookie, and ties the end to the beginning."""

    site: Site
    secret: str


def ask_for_new(house: House, browser: Browser, member_id: int, now: datetime) -> dict[str, Any]:
    """What an authenticator is told that shall make a passkey for the member."""
    challenge = token_urlsafe(CHALLENGE_BYTES)
    with house.db.transaction(house.organization) as tx:
        _note(tx, house, NEW, challenge, browser, now=now, member_id=member_id)
        known = passkeys.listed(tx, house.organization, member_id)
        return authenticators.ask_for_new(
            browser.site,
            shop=shop_name(tx, house),
            handle=_handle(tx, house, member_id),
            known=[one.credential_id for one in known],
            challenge=challenge,
        )


def add(
    house: House,
    browser: Browser,
    member_id: int,
    credential: Mapping[str, Any],
    *,
    name: str,
    at: Circumstances,
) -> Passkey:
    """Keep the passkey that an authenticator made.

    Raises PasskeyRefused, PasskeyExists, InvalidInput.
    """
    name = _checked(name)

    def work(tx: Tx) -> Passkey | RegularsError:
        challenge = authenticators.challenge_in(credential)
        begun = login_states.end(tx, house.cabinet, house.organization, kind=NEW, state=challenge)
        if not _is_same(begun, browser, at.now, member_id):
            return PasskeyRefused()
        try:
            made = authenticators.check_new(browser.site, credential, challenge)
        except PasskeyRefused as refusal:
            return refusal
        if len(passkeys.listed(tx, house.organization, member_id)) >= MAX_PASSKEYS:
            return InvalidInput(f"A member has at most {MAX_PASSKEYS} passkeys. Remove one first.")
        kept = passkeys.add(
            tx,
            house.organization,
            member_id=member_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            may_sync=made.may_sync,
            is_synced=made.is_synced,
            name=name,
            at=at.now,
        )
        if kept is None:
            return PasskeyExists()
        _record(tx, house, kept, "passkey.added", at)
        return kept

    return _out_of(house, work)


def ask_for_any(house: House, browser: Browser, now: datetime) -> dict[str, Any]:
    """What an authenticator is told that shall sign somebody in, whoever it is."""
    challenge = token_urlsafe(CHALLENGE_BYTES)
    with house.db.transaction(house.organization) as tx:
        _note(tx, house, KNOWN, challenge, browser, now=now)
    return authenticators.ask_for_any(browser.site, challenge=challenge)


def sign_in(
    house: House, browser: Browser, credential: Mapping[str, Any], at: Circumstances
) -> SignedIn:
    """Sign in whoever's passkey signed the challenge. A challenge serves once, whatever comes of
    it. Raises PasskeyRefused."""

    def work(tx: Tx) -> SignedIn | RegularsError:
        challenge = authenticators.challenge_in(credential)
        begun = login_states.end(tx, house.cabinet, house.organization, kind=KNOWN, state=challenge)
        if not _is_same(begun, browser, at.now, None):
            return PasskeyRefused()
        try:
            found = passkeys.find(
                tx, house.organization, authenticators.credential_id_in(credential)
            )
            if found is None:
                return PasskeyRefused()
            used = authenticators.check(
                browser.site,
                credential,
                challenge,
                public_key=found.public_key,
                sign_count=found.sign_count,
            )
        except PasskeyRefused as refusal:
            return refusal
        if not compare_digest(used.handle, _handle(tx, house, found.member_id)):
            return PasskeyRefused()
        passkeys.use(
            tx,
            house.organization,
            found.id,
            sign_count=used.sign_count,
            is_synced=used.is_synced,
            at=at.now,
        )
        return begin_session(tx, house, found.member_id, at, how="passkey", is_strong=True)

    return _out_of(house, work)


def listed(house: House, member_id: int) -> list[Passkey]:
    """A member's passkeys, oldest first."""
    with house.db.transaction(house.organization) as tx:
        return passkeys.listed(tx, house.organization, member_id)


def rename(house: House, member_id: int, number: int, name: str, at: Circumstances) -> Passkey:
    """Call a passkey otherwise. Raises PasskeyNotFound, InvalidInput."""
    name = _checked(name)
    with house.db.transaction(house.organization) as tx:
        kept = passkeys.rename(tx, house.organization, member_id, number, name)
        if kept is None:
            raise PasskeyNotFound
        _record(tx, house, kept, "passkey.renamed", at)
    return kept


def remove(house: House, member_id: int, number: int, at: Circumstances) -> None:
    """Let a passkey sign nobody in any more. Raises PasskeyNotFound."""
    with house.db.transaction(house.organization) as tx:
        if not passkeys.remove(tx, house.organization, member_id, number):
            raise PasskeyNotFound
        deed = Deed("passkey.removed", f"passkey:{number}", member_id)
        audit.record(tx, member_by(house, member_id, at), [deed], at.now)


def _out_of(house: House, work: Callable[[Tx], T | RegularsError]) -> T:
    """What `work` comes to; a refusal that it returns is committed before it is raised."""
    with house.db.transaction(house.organization) as tx:
        outcome = work(tx)
    if isinstance(outcome, RegularsError):
        raise outcome
    return outcome


def _note(
    tx: Tx,
    house: House,
    kind: str,
    challenge: str,
    browser: Browser,
    *,
    now: datetime,
    member_id: int | None = None,
) -> None:
    login_states.begin(
        tx,
        house.cabinet,
        house.organization,
        kind=kind,
        state=challenge,
        browser=browser.secret,
        notes={},
        expires_at=now + LOGIN_LIFETIME,
        member_id=member_id,
    )


def _is_same(begun: Begun | None, browser: Browser, now: datetime, member_id: int | None) -> bool:
    """Whether it was this browser that began, of this member, and not too long ago."""
    return (
        begun is not None
        and begun.expires_at > now
        and begun.member_id == member_id
        and compare_digest(begun.browser_hash, login_states.hash_of(browser.secret))
    )


def _handle(tx: Tx, house: House, member_id: int) -> bytes:
    """What authenticators call the member: the same for all their passkeys, and nothing else's."""
    keys = house.cabinet.keys(tx, house.organization)
    return keys.hash_of("passkey", f"{member_id}").encode()


def _checked(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(
            f"A passkey has a name of 1 to {MAX_NAME} visible characters.",
            faults=[Fault("/name", "empty, too long, or not visible")],
        )
    return name


def _record(tx: Tx, house: House, kept: Passkey, action: str, at: Circumstances) -> None:
    deed = Deed(action, f"passkey:{kept.id}", kept.member_id)
    audit.record(tx, member_by(house, kept.member_id, at), [deed], at.now)
