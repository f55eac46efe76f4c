"""Staff sign in by their company's own provider of OpenID Connect; and which one that is.

It lets in who was invited, and nobody else: by an e-mail address that the provider has verified, in
a domain of the company. The first time binds the person to what the provider calls them; from then
on a new owner of an old address does not get in. Somebody who has a password already binds
themselves, by coming from a session of theirs: whoever sets a provider does not become a colleague
by it, nor an operator of the deployment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest
from secrets import token_hex

from regulars.domain.access import Access, Kind, Role
from regulars.domain.audit import By, Deed
from regulars.domain.errors import ClaimsRefused, Fault, InvalidInput, ProviderNotFound
from regulars.domain.personal import normal_email
from regulars.domain.staffing import (
    LOGIN_LIFETIME,
    MAX_NAME,
    SESSION_IDLE,
    SESSION_LIFETIME,
    STRONG_FOR,
    demand_strong,
    person,
)
from regulars.gateways.identity_providers.oidc import OidcProvider
from regulars.gateways.identity_providers.providers import Claims, returned_code
from regulars.gateways.safe_http import SafeHttp
from regulars.storage import audit, sessions, staff, staff_providers
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet
from regulars.storage.staff import Staff, StaffProfile
from regulars.storage.staff_providers import Begun, StaffProvider

STATE_BYTES = 32
MOST_STATE = 200
MOST_DOMAINS = 20
SUBJECT = "staff_subject"
"""The kind of keyed hash that stands for what a provider calls somebody."""

SECOND_FACTOR = "mfa"
"""What a provider says (RFC 8176) that has asked for more than one factor."""

NOBODY = "nobody"

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Lobby:
    """One organization as its staff come to it from elsewhere."""

    db: Database
    cabinet: Cabinet
    http: SafeHttp
    organization: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came back, and the page to go to. Without a secret nobody was let in."""

    return_path: str
    secret: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


def put(lobby: Lobby, access: Access, provider: StaffProvider, *, by: By) -> StaffProvider:
    """Set a provider, in the place of the one with its code.

    Raises NotYourRole, SecondFactorNeeded, InvalidInput, AddressRefused.
    """
    person(access)
    demand_strong(access)
    _check(provider)
    lobby.http.check(provider.issuer)
    with lobby.db.transaction(lobby.organization) as tx:
        staff_providers.put(tx, lobby.cabinet, lobby.organization, provider)
        after = {
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "mail_domains": list(provider.mail_domains),
        }
        deed = Deed("staff_provider.set", f"staff_provider:{provider.code}", after=after)
        audit.record(tx, by, [deed], lobby.now)
    return provider


def listed(lobby: Lobby) -> list[StaffProvider]:
    """All that are set."""
    with lobby.db.transaction(lobby.organization) as tx:
        return staff_providers.listed(tx, lobby.cabinet, lobby.organization)


def remove(lobby: Lobby, access: Access, code: str, *, by: By) -> None:
    """Let a provider sign nobody in any more; sessions go on. Raises as `put` does, and
    ProviderNotFound."""
    person(access)
    demand_strong(access)
    with lobby.db.transaction(lobby.organization) as tx:
        if not staff_providers.remove(tx, lobby.organization, code, lobby.now):
            raise ProviderNotFound
        deed = Deed("staff_provider.removed", f"staff_provider:{code}")
        audit.record(tx, by, [deed], lobby.now)


def begin(lobby: Lobby, code: str, *, browser: str, redirect_uri: str, return_path: str) -> str:
    """The provider's page, to which the browser with this secret is sent.

    Raises ProviderNotFound, AddressRefused, FarSideFailed.
    """
    known = _known(lobby, code)
    # The organization is in it: the way back has nothing else to tell it.
    state = f"{lobby.organization}x{token_hex(STATE_BYTES)}"
    nonce, verifier = token_hex(STATE_BYTES), token_hex(STATE_BYTES)
    page = _talk_to(known, lobby.http).begin(
        state=state, nonce=nonce, code_verifier=verifier, redirect_uri=redirect_uri
    )
    begun = Begun(
        known.id,
        staff_providers.hash_of(browser),
        nonce,
        verifier,
        return_path,
        lobby.now + LOGIN_LIFETIME,
    )
    with lobby.db.transaction(lobby.organization) as tx:
        staff_providers.begin(tx, lobby.cabinet, lobby.organization, begun, state=state)
    return page


def organization_of(state: str) -> int | None:
    """The organization that a state names; None for text that is no state."""
    number, mark, rest = state[:MOST_STATE].partition("x")
    is_one = bool(mark and rest) and number.isascii() and number.isdecimal()
    return int(number) if is_one and len(number) <= 9 else None  # noqa: PLR2004


def finish(
    lobby: Lobby,
    code: str,
    query: Mapping[str, str],
    *,
    browser: str,
    session: str | None,
    redirect_uri: str,
    device: str,
    trace: str,
) -> Entered:
    """Let in whoever came back, if they were invited. A state serves once, and only the browser
    that left with it. `session`: the secret of the one that the browser has.

    Raises ClaimsRefused, ProviderNotFound, AddressRefused, FarSideFailed.
    """
    state = query.get("state", "")
    with lobby.db.transaction(lobby.organization) as tx:
        begun = staff_providers.end(tx, lobby.cabinet, lobby.organization, state)
    known = _known(lobby, code)
    if begun is None or not _is_same(begun, known, browser, lobby.now):
        raise ClaimsRefused("This sign-in was begun elsewhere, or too long ago. Begin again.")
    try:
        claims = _talk_to(known, lobby.http).finish(
            code=returned_code(query, state=state, issuer=known.issuer),
            nonce=begun.nonce,
            code_verifier=begun.verifier,
            redirect_uri=redirect_uri,
            now=lobby.now,
        )
    except ClaimsRefused:
        return _refused(lobby, begun, None, trace)
    with lobby.db.transaction(lobby.organization) as tx:
        found = _invited(tx, lobby, known, claims, session)
        if found is not None:
            return _enter(tx, lobby, known, found, claims, begun=begun, device=device, trace=trace)
    return _refused(lobby, begun, known, trace)


def _enter(
    tx: Tx,
    lobby: Lobby,
    known: StaffProvider,
    found: Staff,
    claims: Claims,
    *,
    begun: Begun,
    device: str,
    trace: str,
) -> Entered:
    keys = staff.keys_for(tx, lobby.cabinet, lobby.organization, found)
    profile = found.profile(keys)
    if not profile.name and claims.name is not None and claims.name.isprintable():
        named = StaffProfile(email=profile.email, name=claims.name[:MAX_NAME])
        staff.set_profile(tx, keys, found.id, named)
    subject = keys.hash_of(SUBJECT, f"{claims.issuer}\n{claims.subject}")
    staff.bind(tx, lobby.organization, found.id, provider=known.id, subject=subject, at=lobby.now)
    # Whoever has one-time codes of ours shows those.
    is_strong = SECOND_FACTOR in claims.amr and found.totp_at is None
    expires_at = lobby.now + SESSION_LIFETIME
    secret, _ = sessions.begin_new(
        tx,
        lobby.organization,
        kind=Kind.STAFF,
        subject_id=found.id,
        device=device,
        at=lobby.now,
        expires_at=expires_at,
        strong_until=lobby.now + STRONG_FOR if is_strong else None,
    )
    after = {"strong": is_strong, "provider": known.code}
    who = By(lobby.organization, found.name, trace)
    audit.record(tx, who, [Deed("staff.signed_in", found.name, after=after)], lobby.now)
    return Entered(begun.return_path, secret, expires_at)


def _invited(
    tx: Tx, lobby: Lobby, known: StaffProvider, claims: Claims, session: str | None
) -> Staff | None:
    """Who that is, on the staff; None for everybody who is not let in, whatever the reason."""
    email = _company_email(known, claims)
    if email is None:
        return None
    keys = lobby.cabinet.keys(tx, lobby.organization)
    found = staff.find(tx, keys, email, lock=True)
    if found is None or found.suspended_at is not None or Role.OPERATOR in found.roles:
        return None
    if found.subject_hash is not None and found.provider_id is not None:
        subject = keys.hash_of(SUBJECT, f"{claims.issuer}\n{claims.subject}")
        if compare_digest(found.subject_hash, subject):
            return found
        # Somebody else has this address now; or the company has changed its provider.
        if staff_providers.binds(tx, lobby.organization, found.provider_id, known.issuer):
            return None
    return found if found.accepted_at is None or _is_own(tx, lobby, found, session) else None


def _is_own(tx: Tx, lobby: Lobby, found: Staff, secret: str | None) -> bool:
    """Whether the browser has a session of this very person."""
    if secret is None:
        return False
    session = sessions.find(tx, lobby.organization, sessions.hash_of(secret), lobby.now)
    return (
        session is not None
        and (session.kind, session.subject_id) == (Kind.STAFF, found.id)
        and lobby.now - session.seen_at < SESSION_IDLE
    )


def _company_email(known: StaffProvider, claims: Claims) -> str | None:
    """The address, if the provider has verified it and it is one of the company."""
    if not claims.email_verified or claims.email is None:
        return None
    try:
        email = normal_email(claims.email)
    except InvalidInput:
        return None
    return email if email.rpartition("@")[2] in known.mail_domains else None


def _refused(lobby: Lobby, begun: Begun, known: StaffProvider | None, trace: str) -> Entered:
    after = {} if known is None else {"provider": known.code}
    with lobby.db.transaction(lobby.organization) as tx:
        who = By(lobby.organization, NOBODY, trace)
        deed = Deed("staff.sign_in_failed", "staff:unknown", after=after)
        audit.record(tx, who, [deed], lobby.now)
    return Entered(begun.return_path)


def _is_same(begun: Begun, known: StaffProvider, browser: str, now: datetime) -> bool:
    """Whether this browser went to this provider, not too long ago."""
    return (
        begun.expires_at > now
        and begun.provider_id == known.id
        and compare_digest(begun.browser_hash, staff_providers.hash_of(browser))
    )


def _known(lobby: Lobby, code: str) -> StaffProvider:
    with lobby.db.transaction(lobby.organization) as tx:
        known = staff_providers.find(tx, lobby.cabinet, lobby.organization, code)
    if known is None:
        raise ProviderNotFound
    return known


@lru_cache(maxsize=64)
def _talk_to(known: StaffProvider, http: SafeHttp) -> OidcProvider:
    """Kept, as it remembers what the provider tells of itself."""
    return OidcProvider(
        issuer=known.issuer,
        client_id=known.client_id,
        client_secret=known.secret or None,
        http=http,
        wants_userinfo=True,
    )


def _check(provider: StaffProvider) -> None:
    faults = []
    if not _CODE.fullmatch(provider.code):
        faults.append(Fault("/path/code", "1 to 30 small letters, digits, - and _"))
    if not 0 < len(provider.mail_domains) <= MOST_DOMAINS:
        faults.append(Fault("/mail_domains", f"1 to {MOST_DOMAINS} domains"))
    faults += [
        Fault(f"/mail_domains/{place}", "no domain")
        for place, domain in enumerate(provider.mail_domains)
        if not _DOMAIN.fullmatch(domain)
    ]
    if faults:
        raise InvalidInput("The provider cannot be set like this.", faults=faults)
