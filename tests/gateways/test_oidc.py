"""A provider's word is taken when it is truly its word, for us, now, and about this sign-in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet
from tests.gateways.far_sides import far_side, flat
from tests.gateways.oidc_far_side import (
    BACK,
    CLIENT,
    NOW,
    SECRET,
    VERIFIER,
    Provider,
    carrying_its_key,
    changed_after_signing,
    key_of,
    signed_by_public_key,
    unsigned,
)

from regulars.domain.errors import AddressRefused, ClaimsRefused, FarSideFailed
from regulars.gateways.identity_providers.oidc import OidcProvider
from regulars.gateways.identity_providers.providers import Claims, returned_code
from regulars.gateways.safe_http import SafeHttp

HTTP = SafeHttp(allowed_hosts=["localhost", "127.0.0.1"], most_seconds=5)
IN_SECONDS = int(NOW.timestamp())


@dataclass
class World:
    far: Provider
    near: OidcProvider

    def begin(self) -> None:
        url = self.near.begin(
            state="st4te", nonce="n0nce", code_verifier=VERIFIER, redirect_uri=BACK
        )
        self.far.visited(url)

    def finish(self, now: datetime = NOW, **changed: str) -> Claims:
        given = {"code": "c0de", "nonce": "n0nce", "code_verifier": VERIFIER} | changed
        return self.near.finish(**given, redirect_uri=BACK, now=now)

    def sign_in(self, **claims: Any) -> Claims:
        self.far.claims = claims
        self.begin()
        return self.finish()


def known_as(issuer: str, **rest: Any) -> OidcProvider:
    settings = {"client_id": CLIENT, "client_secret": SECRET, "http": HTTP} | rest
    return OidcProvider(issuer=issuer, **settings)


@pytest.fixture
def world() -> Iterator[World]:
    far = Provider(key_of("EC"))
    with far_side(far.answer) as server:
        far.issuer = f"http://127.0.0.1:{server.server_port}"
        yield World(far, known_as(far.issuer))


@pytest.mark.filterwarnings("ignore")
def test_a_real_provider_signs_people_in() -> None:
    from oidc_provider_mock import User, run_server_in_thread

    person = {"email": "mei@shop.example", "email_verified": True, "name": "王梅",
              "phone_number": "+8613800138000", "phone_number_verified": True}  # fmt: skip
    mei = User(sub="mei-1", claims=person)
    with run_server_in_thread(user_claims=[mei], require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        for wants_userinfo in (False, True):
            near = known_as(
                issuer, client_id="rgl", client_secret="s", wants_userinfo=wants_userinfo
            )
            nonce = f"n-{wants_userinfo}"
            url = near.begin(state="st", nonce=nonce, code_verifier=VERIFIER, redirect_uri=BACK)
            back = httpx.post(url, data={"sub": "mei-1"}).headers["location"]
            code = returned_code(flat(back.partition("?")[2]), state="st", issuer=issuer)
            way = {"code": code, "code_verifier": VERIFIER, "redirect_uri": BACK}
            claims = near.finish(**way, nonce=nonce, now=datetime.now().astimezone())  # noqa: TID251
            assert (claims.issuer, claims.subject) == (issuer, "mei-1")
            if wants_userinfo:
                assert claims == Claims(
                    issuer=issuer, subject="mei-1", email="mei@shop.example", email_verified=True,
                    phone="+8613800138000", phone_verified=True, name="王梅",
                )  # fmt: skip
            with pytest.raises(ClaimsRefused):  # A code serves once.
                near.finish(**way, nonce=nonce, now=datetime.now().astimezone())  # noqa: TID251


def test_what_the_token_says_is_what_is_known(world: World) -> None:
    claims = world.sign_in(
        email="mei@shop.example", email_verified="true", phone_number="+8613800138000",
        name="王梅", amr=["pwd", "otp", 7],
    )  # fmt: skip
    assert claims == Claims(
        issuer=world.far.issuer, subject="mei", email="mei@shop.example", email_verified=True,
        phone="+8613800138000", phone_verified=False, name="王梅", amr=("pwd", "otp"),
    )  # fmt: skip
    assert not re.search("mei|138|王", repr(claims))


@pytest.mark.parametrize(
    ("kind", "alg"),
    [("RSA", "RS256"), ("RSA", "PS256"), ("EC", "ES256"), ("OKP", "EdDSA"), ("OKP", "Ed25519")],
)
def test_every_algorithm_of_the_list_is_understood(world: World, kind: str, alg: str) -> None:
    world.far.key, world.far.alg = key_of(kind), alg
    world.far.header = {"typ": "JWT", "x-of-its-own": "1"}
    assert world.sign_in().subject == "mei"


@pytest.mark.parametrize(
    "sign", [unsigned, signed_by_public_key, carrying_its_key, changed_after_signing]
)
def test_what_the_provider_did_not_sign_is_refused(world: World, sign: Any) -> None:
    world.far.sign = sign
    with pytest.raises(ClaimsRefused):
        world.sign_in()


@pytest.mark.parametrize(("kind", "alg"), [("RSA", "RS512"), ("RSA", "RS384"), ("RSA", "PS512")])
def test_algorithms_beyond_the_list_are_refused(world: World, kind: str, alg: str) -> None:
    world.far.key, world.far.alg = key_of(kind), alg
    with pytest.raises(ClaimsRefused):
        world.sign_in()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": "another app"}, {"aud": None},
        {"aud": ["another app"]}, {"aud": [CLIENT, "another app"]}, {"azp": "another app"},
        {"aud": [CLIENT, "another app"], "azp": "another app"},
        {"nonce": "another"}, {"nonce": None}, {"nonce": ["n0nce"]}, {"nonce": 7},
        {"exp": IN_SECONDS - 61}, {"exp": None}, {"exp": "tomorrow"}, {"exp": float("nan")},
        {"iat": IN_SECONDS + 61}, {"iat": None}, {"nbf": IN_SECONDS + 61},
        {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_us_and_now_is_refused(
    world: World, claims: dict[str, Any]
) -> None:
    with pytest.raises(ClaimsRefused):
        world.sign_in(**claims)


@pytest.mark.parametrize(
    "claims",
    [{"aud": [CLIENT]}, {"aud": [CLIENT, "another app"], "azp": CLIENT}, {"azp": CLIENT},
     {"exp": IN_SECONDS - 30}, {"iat": IN_SECONDS + 30}],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_for_us_in_other_words_is_taken(
    world: World, claims: dict[str, Any]
) -> None:
    assert world.sign_in(**claims).subject == "mei"


def test_an_old_token_is_old_by_our_clock(world: World) -> None:
    world.begin()
    assert world.finish(NOW + timedelta(seconds=359)).subject == "mei"
    with pytest.raises(ClaimsRefused):
        world.finish(NOW + timedelta(seconds=360))


@pytest.mark.parametrize(
    "changed", [{"code": "other"}, {"code_verifier": "w" * 43}, {"nonce": "other"}]
)
def test_a_stolen_code_is_worth_nothing(world: World, changed: dict[str, str]) -> None:
    world.begin()
    with pytest.raises(ClaimsRefused):
        world.finish(**changed)


def test_keys_are_asked_for_again_once_when_they_were_changed(world: World) -> None:
    world.sign_in()
    world.sign_in()
    assert world.far.count("/keys") == 1

    world.far.key = key_of("EC", "k2")
    assert world.sign_in().subject == "mei"
    assert world.far.count("/keys") == 2

    world.far.published = KeySet([world.far.key]).as_dict()["keys"]
    world.far.key = key_of("EC", "k3")
    with pytest.raises(ClaimsRefused, match="none of its keys"):
        world.sign_in()
    assert world.far.count("/keys") == 3
    assert world.far.count("/.well-known/openid-configuration") == 1


def test_keys_that_we_cannot_use_are_passed_over(world: World) -> None:
    good = world.far.key.as_dict(private=False)
    world.far.published = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "k1"}, {"kty": "new"}, {"kty": "EC"}, good,
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "k0"},
    ]  # fmt: skip
    assert world.sign_in().subject == "mei"
    world.far.published = world.far.published[:3]
    world.near = known_as(world.far.issuer)
    with pytest.raises(FarSideFailed, match="no key"):
        world.sign_in()


def test_an_address_and_its_verification_come_from_one_place(world: World) -> None:
    world.near = known_as(world.far.issuer, wants_userinfo=True)
    world.far.person = {"sub": "mei", "email": "owner@shop.example", "name": "梅"}
    claims = world.sign_in(email_verified=True, amr=["pwd"])
    assert (claims.email, claims.email_verified) == ("owner@shop.example", False)
    assert (claims.name, claims.amr) == ("梅", ("pwd",))

    world.far.person |= {"email_verified": True}
    claims = world.sign_in(email="mei@shop.example")
    assert (claims.email, claims.email_verified) == ("mei@shop.example", False)


def test_a_provider_that_speaks_of_two_people_is_not_believed(world: World) -> None:
    world.near = known_as(world.far.issuer, wants_userinfo=True)
    for person in ({"sub": "owner"}, {}):
        world.far.person = person
        with pytest.raises(ClaimsRefused, match="two people"):
            world.sign_in()


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic"], "nonsense"])
def test_who_we_are_is_told_as_the_provider_wants(world: World, methods: Any) -> None:
    world.far.metadata = {"token_endpoint_auth_methods_supported": methods}
    assert world.sign_in().subject == "mei"
    told = next(asked for asked in world.far.asked if asked.path == "/token")
    assert ("authorization" in told.headers) is (methods == ["client_secret_basic"])


def test_a_client_without_a_secret_needs_none(world: World) -> None:
    world.near = known_as(world.far.issuer, client_secret=None)
    assert world.sign_in().subject == "mei"


def test_a_wrong_secret_is_a_fault_of_ours_and_not_repeated(world: World) -> None:
    world.near = known_as(world.far.issuer, client_secret="wr0ng")
    with pytest.raises(FarSideFailed, match="401") as refusal:
        world.sign_in()
    assert "wr0ng" not in str(refusal.value)


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://other.example"}, {"issuer": None}, {"token_endpoint": None},
     {"authorization_endpoint": 7}, {"jwks_uri": []}],
    ids=str,
)  # fmt: skip
def test_a_provider_that_tells_nonsense_of_itself_is_not_used(
    world: World, metadata: dict[str, Any]
) -> None:
    world.far.metadata = metadata
    with pytest.raises(FarSideFailed):
        world.begin()


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://169.254.169.254/", "file:///etc/passwd", "https://[::]/"])
def test_a_provider_cannot_send_us_inside(world: World, name: str, url: str) -> None:
    world.far.metadata = {name: url}
    with pytest.raises(AddressRefused):
        world.sign_in()


def test_a_provider_inside_is_refused_unless_the_operator_exempts_it(world: World) -> None:
    world.near = known_as(world.far.issuer, http=SafeHttp())
    with pytest.raises(AddressRefused):
        world.begin()
    assert world.far.asked == []


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "c"}, {"code": "c", "state": ""}, {"code": "c", "state": "梅"},
     {"state": "st"}, {"state": "st", "code": "x" * 2049},
     {"state": "st", "code": "c", "iss": "https://other.example"},
     {"state": "st", "error": "access_denied", "error_description": "<script>", "code": "c"}],
    ids=str,
)  # fmt: skip
def test_a_way_back_that_was_not_begun_here_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ClaimsRefused) as refusal:
        returned_code(query, state="st", issuer="https://login.example")
    assert "script" not in str(refusal.value)


def test_the_way_back_carries_the_code() -> None:
    assert (
        returned_code({"state": "st", "code": "c"}, state="st", issuer="https://i.example") == "c"
    )
    assert (
        returned_code({"state": "st", "code": "c", "iss": "https://i.example"}, state="st") == "c"
    )
