"""Third parties that say who somebody is: a browser is sent to them, and comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from secrets import token_hex
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from regulars.domain.audit import By, Deed
from regulars.domain.enrolments import Applicant, ProviderWord
from regulars.domain.errors import ClaimsRefused, Fault, InvalidInput, ProviderNotFound
from regulars.domain.personal import normal_email, normal_phone
from regulars.domain.sign_in import LOGIN_LIFETIME
from regulars.gateways.identity_providers.oidc import OidcProvider
from regulars.gateways.identity_providers.providers import (
    Claims,
    IdentityProvider,
    returned_code,
)
from regulars.gateways.identity_providers.wechat import API, PAGES, WeChatProvider
from regulars.gateways.safe_http import SafeHttp
from regulars.services.signing_in.entering import Ticket, ref_of, ticket_of
from regulars.services.signing_in.house import (
    Circumstances,
    House,
    SignedIn,
    begin_session,
    member_by,
)
from regulars.storage import audit, login_states, member_providers, members
from regulars.storage.database import Tx
from regulars.storage.login_states import Begun
from regulars.storage.member_providers import SYSTEM, MemberProvider

KIND = "provider"
STATE_BYTES = 32
MOST_KEPT = 1000

Url = Annotated[str, Meta(max_length=500, pattern="^https?://")]


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """What only one kind knows. OIDC: `wants_userinfo`, to ask once more for what the token leaves
    out. WeChat: `in_app`, for pages opened inside WeChat; its `scope`, and its addresses."""

    wants_userinfo: bool = False
    in_app: bool = False
    scope: Literal["snsapi_login", "snsapi_userinfo", "snsapi_base"] = "snsapi_login"
    pages_url: Url = PAGES
    api_url: Url = API


@dataclass(frozen=True, slots=True)
class Shelf:
    """The providers that this process has met: they remember what they were told of themselves."""

    http: SafeHttp
    _kept: dict[tuple[int, MemberProvider], IdentityProvider] = field(default_factory=dict)

    def of(self, organization: int, known: MemberProvider) -> IdentityProvider:
        """The provider as `known` says; made anew when that has changed."""
        found = self._kept.get((organization, known))
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[organization, known] = self._made(known)
        return found

    def _made(self, known: MemberProvider) -> IdentityProvider:
        options = msgspec.json.decode(known.options, type=Options)
        if known.kind == "wechat":
            return WeChatProvider(
                app_id=known.client_id,
                app_secret=known.secret,
                http=self.http,
                is_in_app=options.in_app,
                scope=options.scope,
                pages_url=options.pages_url,
                api_url=options.api_url,
            )
        return OidcProvider(
            issuer=known.issuer,
            client_id=known.client_id,
            client_secret=known.secret or None,
            http=self.http,
            wants_userinfo=options.wants_userinfo,
        )


@dataclass(frozen=True, slots=True)
class Way:
    """How a browser goes and comes: its cookie's secret, where the provider sends it back to, and
    the page of ours where it ends."""

    browser: str
    redirect_uri: str
    return_path: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back, or None where the provider's word was not taken; and the page to go to."""

    who: SignedIn | Ticket | None
    return_path: str


def begin(house: House, shelf: Shelf, code: str, way: Way, at: Circumstances) -> str:
    """The provider's page, to which the browser is sent.

    Raises ProviderNotFound, AddressRefused, FarSideFailed.
    """
    known = _known(house, code)
    # The organization is in it: the way back has nothing else to tell it.
    state = f"{house.organization}x{token_hex(STATE_BYTES)}"
    nonce, verifier = token_hex(STATE_BYTES), token_hex(STATE_BYTES)
    page = shelf.of(house.organization, known).begin(
        state=state, nonce=nonce, code_verifier=verifier, redirect_uri=way.redirect_uri
    )
    notes = {
        "provider": code,
        "nonce": nonce,
        "verifier": verifier,
        "redirect_uri": way.redirect_uri,
        "return_path": way.return_path,
    }
    with house.db.transaction(house.organization) as tx:
        login_states.begin(
            tx,
            house.cabinet,
            house.organization,
            kind=KIND,
            state=state,
            browser=way.browser,
            notes=notes,
            expires_at=at.now + LOGIN_LIFETIME,
        )
    return page


def organization_of(state: str) -> int | None:
    """The organization that a state names; None for text that is no state."""
    number, mark, rest = state.partition("x")
    is_one = mark and rest and number.isascii() and number.isdecimal() and len(number) <= 9  # noqa: PLR2004
    return int(number) if is_one else None


def finish(
    house: House,
    shelf: Shelf,
    code: str,
    query: Mapping[str, str],
    *,
    browser: str,
    at: Circumstances,
) -> Arrived:
    """Whoever came back: signed in, or with a ticket to enrol or to join a member that they prove
    by a code. A state serves once, and only the browser that left with it.

    An address that the provider has verified never makes somebody a member who is one already.
    Raises ClaimsRefused, ProviderNotFound, AddressRefused, FarSideFailed.
    """
    state = query.get("state", "")
    with house.db.transaction(house.organization) as tx:
        begun = login_states.end(tx, house.cabinet, house.organization, kind=KIND, state=state)
    if begun is None or not _is_same(begun, code, browser, at):
        raise ClaimsRefused("This sign-in was begun elsewhere, or too long ago. Begin again.")
    notes = begun.notes
    known = _known(house, code)
    try:
        claims = shelf.of(house.organization, known).finish(
            code=returned_code(query, state=state, issuer=known.issuer),
            nonce=notes["nonce"],
            code_verifier=notes["verifier"],
            redirect_uri=notes["redirect_uri"],
            now=at.now,
        )
    except ClaimsRefused:
        return Arrived(None, notes["return_path"])
    with house.db.transaction(house.organization) as tx:
        return Arrived(_who(tx, house, code, claims, at), notes["return_path"])


def put(
    house: House, provider: MemberProvider, options: Options, http: SafeHttp, *, by: By
) -> MemberProvider:
    """Set a provider. Raises InvalidInput, AddressRefused."""
    if provider.kind == "oidc":
        if not provider.issuer:
            raise InvalidInput(
                "A provider of OpenID Connect is named by its issuer.",
                faults=[Fault("/issuer", "missing")],
            )
        http.check(provider.issuer)
    for url, usual in ((options.pages_url, PAGES), (options.api_url, API)):
        if url != usual:
            http.check(url)
    with house.db.transaction(house.organization) as tx:
        member_providers.put(tx, house.cabinet, house.organization, provider)
        after = {"kind": provider.kind, "issuer": provider.issuer, "client_id": provider.client_id}
        deed = Deed("member_provider.set", f"member_provider:{provider.code}", after=after)
        audit.record(tx, by, [deed], provider.changed_at)
    return provider


def listed(house: House) -> list[MemberProvider]:
    """All of them, without their secrets."""
    with house.db.transaction(house.organization) as tx:
        return member_providers.listed(tx, house.organization)


def remove(house: House, code: str, *, by: By, at: Circumstances) -> None:
    """Let a provider sign nobody in any more. Raises ProviderNotFound."""
    with house.db.transaction(house.organization) as tx:
        if not member_providers.remove(tx, house.organization, code):
            raise ProviderNotFound
        audit.record(tx, by, [Deed("member_provider.removed", f"member_provider:{code}")], at.now)


def linked(house: House, member_id: int) -> list[str]:
    """The codes of the providers that vouch for a member, also of those that are no more."""
    with house.db.transaction(house.organization) as tx:
        found = members.identities(tx, house.organization, member_id)
    return [system.removeprefix(SYSTEM) for system, _ in found if system.startswith(SYSTEM)]


def unlink(house: House, member_id: int, code: str, at: Circumstances) -> None:
    """Let a provider no longer sign this member in. Raises ProviderNotFound."""
    with house.db.transaction(house.organization) as tx:
        if not member_providers.unlink(tx, house.organization, member_id, code):
            raise ProviderNotFound
        deed = Deed(
            "identity.unlinked", f"member:{member_id}", member_id, before={"provider": code}
        )
        audit.record(tx, member_by(house, member_id, at), [deed], at.now)


def _known(house: House, code: str) -> MemberProvider:
    with house.db.transaction(house.organization) as tx:
        known = member_providers.find(tx, house.cabinet, house.organization, code)
    if known is None:
        raise ProviderNotFound
    return known


def _is_same(begun: Begun, code: str, browser: str, at: Circumstances) -> bool:
    """Whether this browser went to this provider, not too long ago."""
    return (
        begun.expires_at > at.now
        and begun.notes["provider"] == code
        and compare_digest(begun.browser_hash, login_states.hash_of(browser))
    )


def _who(tx: Tx, house: House, code: str, claims: Claims, at: Circumstances) -> SignedIn | Ticket:
    keys = house.cabinet.keys(tx, house.organization)
    word = ProviderWord(
        provider=code,
        subject_hash=keys.hash_of("provider", f"{claims.issuer}\n{claims.subject}"),
    )
    ref = ref_of(word)
    member_id = members.resolve(tx, house.organization, [ref]).get(ref)
    if member_id is not None:
        return begin_session(tx, house, member_id, at, how="provider")
    applicant = Applicant(
        proven_at=at.now,
        phone=_usable(claims.phone if claims.phone_verified else None, normal_phone),
        email=_usable(claims.email if claims.email_verified else None, normal_email),
        word=word,
    )
    return ticket_of(tx, house, applicant, at, None)


def _usable(text: str | None, normal: Callable[[str], str]) -> str | None:
    """A verified address in its one form; None for one that we could not write to."""
    try:
        return None if text is None else normal(text)
    except InvalidInput:
        return None
