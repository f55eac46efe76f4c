"""Access tokens that are forged, bent, stale or somebody else's are refused."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hmac import digest as hmac_digest
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from tests.api.applying import ISSUER, bearer, enrolled, own_token, registered, service, signed_in
from tests.api.conftest import Shop

from regulars.api.keyring import MAX_SECRET
from regulars.domain.access import Scope
from regulars.domain.ids import MEMBER, encode
from regulars.domain.tokens import Claims, credential_of
from regulars.services.authorization import signing
from regulars.services.authorization.signing import FRESH_S, LOOK_AGAIN_S, TokenBook

Head = dict[str, Any]


def book(shop: Shop) -> TokenBook:
    house = shop.client._application._house
    assert house is not None
    return house.tokens


def part(token: str, place: int) -> dict[str, Any]:
    text = token.split(".")[place]
    found: dict[str, Any] = json.loads(signing._bytes_of(text))
    return found


def packed(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def true_key(shop: Shop) -> ECKey:
    """Our own private key, for tokens that only we could have made and should not have."""
    current = book(shop)._keys.current
    assert current is not None
    return book(shop)._private(current)


def resigned(shop: Shop, token: str, head: Head | None = None, **other: Any) -> str:
    """The token with other claims, signed as ours."""
    claims = {name: value for name, value in (part(token, 1) | other).items() if value is not ...}
    return jwt.encode(part(token, 0) | (head or {}), claims, true_key(shop), default_type=None)


def status(shop: Shop, token: str, path: str = "/v1/members") -> int:
    return shop.client.get(path, headers=bearer(token)).status_code


@pytest.fixture
def token(shop: Shop) -> str:
    """A good one, of an application that acts for itself."""
    return own_token(service(shop, "members:read"))


def test_a_good_token_says_what_rfc_9068_wants(shop: Shop, token: str) -> None:
    assert status(shop, token) == 200
    assert part(token, 0).keys() == {"alg", "typ", "kid"}
    assert part(token, 0)["typ"] == "at+jwt"
    claims = part(token, 1)
    assert claims["iss"] == ISSUER
    assert claims["aud"] == f"{ISSUER}/v1"
    assert claims["sub"] == claims["client_id"]
    assert claims["exp"] - claims["iat"] == 600
    assert claims.keys() >= {"jti", "nbf", "org", "scope"}


def test_a_token_that_has_run_out_is_refused_known_or_not(shop: Shop) -> None:
    mini = service(shop, "members:read")
    known, unknown = own_token(mini), own_token(mini)
    assert status(shop, known) == 200
    shop.clock.pass_(minutes=10)

    assert (status(shop, known), status(shop, unknown)) == (401, 401)


def test_a_token_signed_by_another_key_is_refused(shop: Shop, token: str) -> None:
    other = ECKey.generate_key("P-256")
    forged = jwt.encode(part(token, 0), part(token, 1), other, default_type=None)
    assert status(shop, forged) == 401
    with_key = part(token, 0) | {"jwk": other.as_dict(private=False)}
    assert status(shop, jwt.encode(with_key, part(token, 1), other, default_type=None)) == 401


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_a_token_without_a_signature_is_refused(shop: Shop, token: str, alg: str) -> None:
    head = packed(part(token, 0) | {"alg": alg})
    body, signature = token.split(".")[1:]
    for end in ("", signature, "AA"):
        assert status(shop, f"{head}.{body}.{end}") == 401


def test_the_public_key_is_no_shared_secret(shop: Shop, token: str) -> None:
    public = ECKey.import_key(book(shop).published()[0])
    pem = public.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secrets = [pem, pem.strip(), json.dumps(book(shop).published()[0]).encode()]
    for alg in ("HS256", "hs256", "ES256"):
        head, body = packed(part(token, 0) | {"alg": alg}), token.split(".")[1]
        for secret in secrets:
            mac = hmac_digest(secret, f"{head}.{body}".encode(), "sha256")
            assert status(shop, f"{head}.{body}.{packed(mac)}") == 401


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://evil.example"},
        {"iss": ISSUER + "/"},
        {"iss": ...},
        {"aud": "https://other.example"},
        {"aud": ISSUER},
        {"aud": ["https://other.example"]},
        {"aud": ...},
        {"exp": 0},
        {"exp": ...},
        {"exp": "9999999999"},
        {"exp": 1e300},
        {"exp": True},
        {"nbf": 9_999_999_999},
        {"nbf": ...},
        {"iat": 9_999_999_999},
        {"org": "1"},
        {"org": None},
        {"org": True},
        {"client": [1]},
        {"scope": ["members:read"]},
        {"scope": ""},
        {"scope": "members:everything"},
        {"scope": "admin"},
        {"scope": "self:read"},
        {"member": "mem_0000000000000"},
        {"member": "1"},
        {"staff": 1},
        {"member": encode(MEMBER, 1), "staff": 1, "grant": 1},
    ],
    ids=str,
)
def test_a_token_that_says_what_ours_never_say_is_refused(
    shop: Shop, token: str, other: dict[str, Any]
) -> None:
    assert status(shop, resigned(shop, token)) == 200
    assert status(shop, resigned(shop, token, **other)) == 401


@pytest.mark.parametrize(
    "head",
    [
        {"typ": "JWT"},
        {"typ": "id+jwt"},
        {"typ": None},
        {"crit": ["exp"]},
        {"kid": "../../../../dev/null"},
        {"kid": "' or 1=1 --"},
        {"kid": "k" * 10_000},
        {"kid": ["a"]},
        {"kid": {}},
        {"kid": None},
        {"kid": 0},
    ],
    ids=lambda head: str(head)[:40],
)
def test_a_head_that_is_none_of_ours_is_refused(shop: Shop, token: str, head: Head) -> None:
    bent = packed(part(token, 0) | head)
    body, signature = token.split(".")[1:]
    assert status(shop, f"{bent}.{body}.{signature}") == 401


@pytest.mark.parametrize(
    "make",
    [
        lambda token: token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        lambda token: token + "A",
        lambda token: token + ".",
        lambda token: token.rpartition(".")[0],
        lambda _: "..",
        lambda _: "a.b.c",
        lambda _: packed(b"[" * 3000) + ".a.b",
        lambda _: packed(b"\xff\xfe") + ".a.b",
        lambda _: packed([1]) + ".a.b",
        lambda token: token.replace(".", ". "),
        lambda token: token + "x" * MAX_SECRET,
        lambda _: "x" * 1_000_000,
    ],
)
def test_what_is_no_token_is_refused_and_breaks_nothing(
    shop: Shop, token: str, make: Callable[[str], str]
) -> None:
    assert status(shop, make(token)) == 401
    assert status(shop, token) == 200


def test_a_token_whose_claims_were_changed_is_refused(shop: Shop, token: str) -> None:
    head, _, signature = token.split(".")
    for other in ({"org": 2}, {"scope": "members:read ledger:write"}, {"exp": 9_999_999_999}):
        body = packed(part(token, 1) | other)
        assert status(shop, f"{head}.{body}.{signature}") == 401


def test_a_token_of_another_organization_finds_nothing_here(shop: Shop, token: str) -> None:
    """Even one that we signed for it, with the very same numbers."""
    enrolled(shop)
    elsewhere = resigned(shop, token, org=2)

    assert status(shop, token, "/v1/members/card:7") == 200
    assert status(shop, elsewhere, "/v1/members/card:7") == 404
    assert shop.client.get("/v1/members", headers=bearer(elsewhere)).json()["items"] == []


def test_a_members_token_reaches_the_member_and_nothing_else(shop: Shop) -> None:
    mini = registered(shop)
    mine = mini.tokens(signed_in(shop, enrolled(shop)))["access_token"]
    enrolled(shop, "card:8")
    # As if a mistake of ours had put more into it.
    wide = resigned(shop, mine, scope=" ".join(scope.value for scope in Scope))

    for token in (mine, wide):
        assert status(shop, token, "/v1/me") == 200
        for path in ("/v1/members", "/v1/members/card:8", "/v1/clients", "/v1/staff", "/v1/keys"):
            assert status(shop, token, path) == 403, path
        assert status(shop, token, "/v1/me/grants") == 403
    assert shop.client.request("DELETE", "/v1/me/grants/1", headers=bearer(wide)).status_code == 403


def test_no_token_carries_what_is_for_people(shop: Shop, token: str) -> None:
    wide = part(token, 1) | {"scope": " ".join(scope.value for scope in Scope)}
    for person in ({}, {"staff": 3, "grant": 1, "family": 1}):
        found = credential_of(Claims(**(wide | person)))
        assert found is not None
        for scope in (
            Scope.ADMIN, Scope.STAFF_MANAGE, Scope.STAFF_SELF, Scope.CLIENTS_MANAGE,
            Scope.APPROVALS_DECIDE, Scope.DEPLOYMENT_MANAGE, Scope.SELF_READ,
        ):  # fmt: skip
            assert not found.access.may(scope)
        assert not found.access.is_strong
        assert found.access.session_id is None


def test_a_key_or_an_application_is_no_member(shop: Shop, token: str) -> None:
    for secret in (shop.secret(Scope.SELF_READ, Scope.SELF_WRITE), token):
        for path in ("/v1/me", "/v1/me/balances", "/v1/me/tier", "/v1/me/timeline"):
            assert status(shop, secret, path) == 403


def test_a_refresh_token_a_code_or_a_clients_secret_opens_nothing_by_itself(shop: Shop) -> None:
    mini = registered(shop)
    session = signed_in(shop, enrolled(shop))
    code = mini.ask(session).told["code"]
    refresh_token = mini.tokens(session)["refresh_token"]

    for secret in (code, refresh_token, mini.secret or "", mini.client_id):
        assert status(shop, secret, "/v1/me") == 401


def test_tokens_go_on_being_good_when_the_keys_are_rotated(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, now = book(shop), [0.0]
    monkeypatch.setattr(tokens, "_tick", lambda: now[0])
    tokens._looked_at = 0.0
    mini = service(shop, "members:read")
    old = own_token(mini)
    announced = {key["kid"] for key in tokens.published()}

    signing.rotate(shop.db, tokens._cabinet, shop.clock())
    before_it_looks = own_token(mini)
    now[0] += FRESH_S + 1
    new = own_token(mini)

    kids = [part(one, 0)["kid"] for one in (old, before_it_looks, new)]
    assert kids[0] == kids[1] != kids[2]
    assert kids[2] in announced, "others have had the time to learn of it"
    assert {*kids} < {key["kid"] for key in tokens.published()}
    assert [status(shop, one) for one in (old, before_it_looks, new)] == [200, 200, 200]
    shop.clock.pass_(hours=2)
    now[0] += FRESH_S + 1
    assert kids[0] not in {key["kid"] for key in tokens.published()}


def test_keys_that_are_dropped_take_their_tokens_with_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, now = book(shop), [0.0]
    monkeypatch.setattr(tokens, "_tick", lambda: now[0])
    tokens._looked_at = 0.0
    mini = service(shop, "members:read")
    old = own_token(mini)

    signing.rotate(shop.db, tokens._cabinet, shop.clock(), drop=True)
    now[0] += FRESH_S + 1
    tokens.keep_fresh()

    assert status(shop, old) == 401
    assert status(shop, own_token(mini)) == 200


def test_unknown_keys_make_us_look_only_so_often(
    shop: Shop, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, now, looks = book(shop), [1000.0], [0]
    look = tokens._look

    def counted(**how: Any) -> None:
        looks[0] += 1
        look(**how)

    monkeypatch.setattr(tokens, "_tick", lambda: now[0])
    monkeypatch.setattr(tokens, "_look", counted)
    tokens._looked_at = now[0] - LOOK_AGAIN_S - 1
    body, signature = token.split(".")[1:]
    for number in range(20):
        head = packed(part(token, 0) | {"kid": f"unknown{number}"})
        assert status(shop, f"{head}.{body}.{signature}") == 401

    assert looks[0] == 1


def test_a_token_is_checked_without_the_database(
    shop: Shop, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = book(shop)
    monkeypatch.setattr(tokens, "_db", None)

    assert tokens.find(token) is not None
    assert tokens.find(token + "x") is None


def test_the_private_key_is_nowhere_in_the_open(shop: Shop, token: str) -> None:
    private = true_key(shop).as_dict(private=True)["d"]
    with shop.db.transaction(0) as tx:
        stored = tx.execute("select signing_key::text, sealed from signing_key").fetchall()
    assert private not in str(stored)
    assert all("d" not in key for key in book(shop).published())
    assert private not in repr(book(shop).__dict__)
