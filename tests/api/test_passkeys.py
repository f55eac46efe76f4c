"""Passkeys: whoever holds one is signed in by it, and nobody else is."""

from typing import Any

import pytest
from tests.api.authenticator import (
    EDDSA,
    ES256,
    MAY_SYNC,
    PRESENT,
    RS256,
    SYNCED,
    VERIFIED,
    Authenticator,
    raw,
    text,
)
from tests.api.conftest import Shop
from tests.api.guests import Guest, code_in, letters, rows

OPTIONS, SIGN_IN = "/v1/sign-in/passkeys/options", "/v1/sign-in/passkeys"


def register(guest: Guest, key: Authenticator, name: str = "My phone") -> Any:
    options = guest.post("/v1/me/passkeys/options").json()["public_key"]
    return guest.post("/v1/me/passkeys", {"credential": key.make(options), "name": name})


def asked(guest: Guest) -> Any:
    answer = guest.post(OPTIONS)
    assert answer.status_code == 200, answer.text
    return answer.json()["public_key"]


def holder(shop: Shop, key: Authenticator, **form: Any) -> tuple[Guest, str]:
    guest = Guest(shop)
    member = guest.member(**form)
    answer = register(guest, key)
    assert answer.status_code == 201, answer.text
    return guest, member


def refused(guest: Guest, credential: Any) -> None:
    answer = guest.post(SIGN_IN, {"credential": credential})
    assert (answer.status_code, answer.json()["code"]) == (403, "passkey_refused"), answer.text
    assert guest.get("/v1/me").status_code == 401


@pytest.mark.parametrize("algorithm", [ES256, EDDSA, RS256])
def test_a_member_signs_in_with_a_passkey_they_made(shop: Shop, algorithm: int) -> None:
    key = Authenticator(algorithm=algorithm)
    _, member = holder(shop, key)
    elsewhere = Guest(shop, ip="198.51.100.9")

    answer = elsewhere.post(SIGN_IN, {"credential": key.sign(asked(elsewhere))})

    assert answer.status_code == 200, answer.text
    assert answer.json()["member"] == member
    assert elsewhere.get("/v1/me").json()["member"] == member
    (session, *_) = elsewhere.get("/v1/me/sessions").json()["items"]
    assert session["strong_until"] is not None
    assert rows(shop, "select sign_count, used_at from passkey") == [(2, shop.clock())]


def test_a_passkey_that_is_synced_and_does_not_count_is_as_good(shop: Shop) -> None:
    key = Authenticator(counts=False, flags=PRESENT | VERIFIED | MAY_SYNC | SYNCED)
    guest, _ = holder(shop, key)
    for _ in range(2):
        other = Guest(shop)
        answer = other.post(SIGN_IN, {"credential": key.sign(asked(other))})
        assert answer.status_code == 200
    (shown,) = guest.get("/v1/me/passkeys").json()["items"]
    assert shown["is_synced"] is True
    assert shown["transports"] == ["internal", "hybrid"]


def test_an_answer_serves_once(shop: Shop) -> None:
    key = Authenticator(counts=False)
    holder(shop, key)
    guest = Guest(shop)
    credential = key.sign(asked(guest))
    assert guest.post(SIGN_IN, {"credential": credential}).status_code == 200
    guest.cookies.delete("regulars_member_session")

    refused(guest, credential)


def test_an_answer_serves_only_in_the_browser_that_asked(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    asker, thief = Guest(shop), Guest(shop)
    credential = key.sign(asked(asker))
    asked(thief)

    refused(thief, credential)
    refused(asker, credential)


def test_an_answer_is_too_late_after_ten_minutes(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)
    credential = key.sign(asked(guest))
    shop.clock.pass_(minutes=10)

    refused(guest, credential)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://phisher.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"type": "webauthn.create"},
        {"challenge": text(b"c" * 32)},
        {"crossOrigin": True},
    ],
    ids=str,
)
def test_what_another_page_asked_for_is_refused(shop: Shop, lie: dict[str, Any]) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)

    refused(guest, key.sign(asked(guest), **lie))


def test_a_passkey_for_another_site_is_refused(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)
    key.host = "phisher.example"

    refused(guest, key.sign(asked(guest)))


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED, 0])
def test_nobody_signs_in_without_showing_that_it_is_them(shop: Shop, flags: int) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)
    key.flags = flags

    refused(guest, key.sign(asked(guest)))


def test_a_copy_of_an_authenticator_is_noticed_by_its_count(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)
    for back in (1, 0):
        key.count -= 1 + back
        refused(guest, key.sign(asked(guest)))
    key.count = 100
    assert guest.post(SIGN_IN, {"credential": key.sign(asked(guest))}).status_code == 200


def test_a_signature_by_another_key_is_refused(shop: Shop) -> None:
    key, own = Authenticator(), Authenticator()
    holder(shop, key)
    holder(shop, own, phone="+8613912345671")
    guest = Guest(shop)
    for changed in ("credential_id", "handle"):
        forged = Authenticator(key=own.key, credential_id=own.credential_id, handle=own.handle)
        setattr(forged, changed, getattr(key, changed))
        forged.count = 1000
        refused(guest, forged.sign(asked(guest)))


def test_nonsense_is_refused_and_never_fails(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    guest = Guest(shop)
    good = key.sign(asked(guest))
    for change in (
        {}, {"response": None}, {"response": {}}, {"id": 7}, {"rawId": "!!"}, {"type": "password"},
        {"response": good["response"] | {"clientDataJSON": text(b"[]")}},
        {"response": good["response"] | {"clientDataJSON": text(b"\xff")}},
        {"response": good["response"] | {"authenticatorData": text(b"x" * 10)}},
        {"response": good["response"] | {"authenticatorData": text(b"\xff" * 200)}},
        {"response": good["response"] | {"signature": ""}},
        {"response": good["response"] | {"userHandle": 7}},
        {"response": good["response"] | {"userHandle": text(raw(good["response"]["userHandle"])
                                                            + b"x")}},
    ):  # fmt: skip
        fresh = key.sign(asked(guest)) | change if change else {}
        if isinstance(change.get("response"), dict) and "clientDataJSON" in change["response"]:
            fresh["response"] = change["response"]
        refused(guest, fresh)


def test_a_new_passkey_is_checked_like_a_used_one(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    for key, lie in (
        (Authenticator(origin="https://phisher.example"), {}),
        (Authenticator(host="phisher.example"), {}),
        (Authenticator(flags=PRESENT), {}),
        (Authenticator(), {"type": "webauthn.get"}),
        (Authenticator(), {"challenge": text(b"c" * 32)}),
    ):
        options = guest.post("/v1/me/passkeys/options").json()["public_key"]
        made = key.make(options, **lie)
        answer = guest.post("/v1/me/passkeys", {"credential": made, "name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, "passkey_refused")
    assert guest.get("/v1/me/passkeys").json()["items"] == []


def test_a_new_passkey_is_of_the_member_who_asked_for_it(shop: Shop) -> None:
    mei, lan = Guest(shop), Guest(shop)
    mei.member()
    lan.member(phone="+8613912345671")
    key = Authenticator()
    made = key.make(mei.post("/v1/me/passkeys/options").json()["public_key"])
    lan.post("/v1/me/passkeys/options")

    answer = lan.post("/v1/me/passkeys", {"credential": made, "name": "x"})

    assert answer.json()["code"] == "passkey_refused"
    again = mei.post("/v1/me/passkeys", {"credential": made, "name": "x"})
    assert again.json()["code"] == "passkey_refused"


def test_a_credential_of_somebody_else_is_not_taken_over(shop: Shop) -> None:
    key = Authenticator()
    holder(shop, key)
    lan = Guest(shop)
    lan.member(phone="+8613912345671")
    copied = Authenticator(credential_id=key.credential_id)

    answer = register(lan, copied)

    assert (answer.status_code, answer.json()["code"]) == (409, "passkey_exists")


def test_passkeys_are_named_and_removed_by_their_own_member_only(shop: Shop) -> None:
    key = Authenticator()
    mei, _ = holder(shop, key)
    lan = Guest(shop)
    lan.member(phone="+8613912345671")
    (shown,) = mei.get("/v1/me/passkeys").json()["items"]
    path = f"/v1/me/passkeys/{shown['passkey']}"

    assert lan.ask("PATCH", path, json={"name": "Lan's"}).status_code == 404
    assert lan.ask("DELETE", path).status_code == 404
    assert mei.ask("PATCH", path, json={"name": " 我的手机 "}).json()["name"] == "我的手机"
    assert mei.ask("PATCH", path, json={"name": "\u200b"}).status_code == 422
    assert mei.ask("DELETE", path).status_code == 200
    assert mei.ask("DELETE", path).status_code == 404
    guest = Guest(shop)
    refused(guest, key.sign(asked(guest)))


def test_a_session_left_open_somewhere_does_not_change_the_ways_in(shop: Shop) -> None:
    key = Authenticator()
    guest, _ = holder(shop, key)
    (shown,) = guest.get("/v1/me/passkeys").json()["items"]
    shop.clock.pass_(minutes=15)

    for method, path in (("POST", "/v1/me/passkeys/options"), ("POST", "/v1/me/passkeys"),
                         ("DELETE", f"/v1/me/passkeys/{shown['passkey']}")):  # fmt: skip
        answer = guest.ask(method, path, json={"credential": {}, "name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")
    guest.post("/v1/me/codes")
    guest.post("/v1/me/codes/verify", {"code": code_in(letters(shop)[-1])})
    assert register(guest, Authenticator()).status_code == 201
