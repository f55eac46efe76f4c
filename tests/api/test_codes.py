"""One-time codes under attack: guessed, replayed, raced, asked for by the hundred."""

import logging
from typing import Any

import psycopg
import pytest
from tests.api.conftest import Shop
from tests.api.guests import EMAIL, PHONE, Guest, code_in, letters, rows

from regulars.storage.database import ENTER

VERIFY = "/v1/sign-in/codes/verify"
OTHER = "+8613912345671"


def attempt(guest: Guest, code: str, **address: str) -> Any:
    return guest.post(VERIFY, (address or {"phone": PHONE}) | {"code": code})


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06d}"


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


REFUSED, TOO_SOON = (403, "code_refused"), (429, "too_many_requests")


def test_a_code_is_dead_after_five_wrong_tries(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()
    for by in range(1, 6):
        assert refusal(attempt(guest, wrong(code, by))) == REFUSED
    shop.clock.pass_(minutes=5)

    assert refusal(attempt(guest, code)) == REFUSED


def test_new_codes_buy_no_more_guesses_and_the_waits_double(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()
    for by in range(1, 6):
        attempt(guest, wrong(code, by))
    waits = []
    for _ in range(5):
        shop.clock.pass_(hours=1)
        code = guest.code()
        assert refusal(attempt(guest, wrong(code))) == REFUSED
        answer = attempt(guest, code)
        assert refusal(answer) == TOO_SOON
        waits.append(int(answer.headers["retry-after"]))
        shop.clock.pass_(seconds=waits[-1])
    assert waits == [120, 240, 480, 960, 1920]


def test_another_address_of_the_guesser_is_no_way_around(shop: Shop) -> None:
    code = Guest(shop).code()
    for number in range(5):
        attempt(Guest(shop, ip=f"198.51.100.{number}"), wrong(code))

    assert refusal(attempt(Guest(shop, ip="198.51.100.77"), code)) == TOO_SOON


def test_one_address_that_guesses_at_many_accounts_has_to_wait(shop: Shop) -> None:
    guest = Guest(shop)
    tried = [attempt(guest, "123456", phone=f"+861391234{5600 + n}") for n in range(22)]

    assert [refusal(one) for one in tried] == [REFUSED] * 20 + [TOO_SOON] * 2


def test_a_forwarded_address_is_not_believed(shop: Shop) -> None:
    guest = Guest(shop)
    for number in range(20):
        guest.post(VERIFY, {"phone": f"+861391234{5600 + number}", "code": "1"},
                   headers={"X-Forwarded-For": f"198.51.100.{number}"})  # fmt: skip
    answer = guest.post(VERIFY, {"phone": PHONE, "code": "1"},
                        headers={"X-Forwarded-For": "192.0.2.1"})  # fmt: skip
    assert refusal(answer) == TOO_SOON


def test_who_gets_it_right_begins_anew(shop: Shop) -> None:
    guest = Guest(shop)
    for _ in range(3):
        code = guest.code()
        for by in range(1, 5):
            attempt(guest, wrong(code, by))
        assert attempt(guest, code).status_code == 200


def test_a_code_serves_once(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()

    assert attempt(guest, code).status_code == 200
    assert refusal(attempt(guest, code)) == REFUSED


def test_a_code_holds_ten_minutes(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()
    shop.clock.pass_(minutes=10)
    assert refusal(attempt(guest, code)) == REFUSED


def test_a_new_code_makes_the_old_one_void(shop: Shop) -> None:
    guest = Guest(shop)
    old, new = guest.code(), guest.code()
    if old != new:
        assert refusal(attempt(guest, old)) == REFUSED
    assert attempt(guest, new).status_code == 200


def test_a_code_is_for_its_address_and_its_purpose(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()
    assert refusal(attempt(guest, code, phone=OTHER)) == REFUSED
    asked = guest.code(purpose="guardian", phone=OTHER)
    assert refusal(attempt(guest, asked, phone=OTHER)) == REFUSED


def test_of_many_who_send_one_code_at_once_one_gets_in(shop: Shop) -> None:
    Guest(shop).member()
    guest = Guest(shop)
    code = guest.code()
    guests = [Guest(shop) for _ in range(4)]
    asked = [one.begin("POST", VERIFY, json={"phone": PHONE, "code": code}) for one in guests]
    statuses = sorted(one.result(30).status_code for one in asked)
    assert statuses == [200, 403, 403, 403]
    assert rows(shop, "select count(*) from session") == [(2,)]


def test_many_guesses_at_once_are_no_more_than_in_a_row(shop: Shop) -> None:
    code = Guest(shop).code()
    guests = [Guest(shop, ip=f"198.51.100.{n}") for n in range(12)]
    asked = [
        one.begin("POST", VERIFY, json={"phone": PHONE, "code": wrong(code, by)})
        for by, one in enumerate(guests, 1)
    ]
    told = [refusal(one.result(30)) for one in asked]
    assert (told.count(REFUSED), told.count(TOO_SOON)) == (5, 7)


def test_codes_are_not_sent_by_the_hundred(shop: Shop) -> None:
    guest = Guest(shop)
    sent = [guest.post("/v1/sign-in/codes", {"phone": PHONE}) for _ in range(5)]
    assert [one.status_code for one in sent] == [202, 202, 202, 429, 429]
    assert sent[-1].headers["retry-after"] == "60"
    assert len(letters(shop)) == 3
    others = [guest.post("/v1/sign-in/codes", {"phone": f"+861391234{5600 + n}"}) for n in range(9)]
    assert [one.status_code for one in others] == [202] * 7 + [429] * 2


def asked(statements: list[str]) -> list[str]:
    """Without what the process asks every second, whoever calls: what was revoked."""
    return [one for one in statements if "revocation" not in one and one != ENTER]


@pytest.mark.parametrize("address", [{"phone": PHONE}, {"email": EMAIL}], ids=["phone", "email"])
def test_nobody_learns_who_is_a_member(
    shop: Shop, address: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real = psycopg.Connection.execute

    def listened(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        said.append(str(query))
        return real(self, query, *rest, **more)

    def story() -> tuple[list[Any], list[str]]:
        guest = Guest(shop, ip=f"198.51.100.{len(said) % 200}")
        said.clear()
        monkeypatch.setattr(psycopg.Connection, "execute", listened)
        sent = guest.post("/v1/sign-in/codes", address)
        tried = attempt(guest, wrong(code_in(letters(shop)[-1])), **address)
        monkeypatch.undo()
        told = [
            (one.status_code, one.json(), {name: value for name, value in one.headers.items()
                                           if name != "traceparent"})
            for one in (sent, tried)
        ]  # fmt: skip
        return told, list(said)

    story()  # The process opens its keys once.
    shop.clock.pass_(days=8)
    unknown = story()
    shop.clock.pass_(days=8)
    Guest(shop).member(**address)
    shop.clock.pass_(days=8)
    shop.look_again()
    known = story()

    assert unknown[0] == known[0]
    assert asked(unknown[1]) == asked(known[1])
    assert not any("identity" in one or "member" in one for one in known[1])


def test_what_is_no_address_is_refused_without_repeating_it(shop: Shop) -> None:
    guest = Guest(shop)
    for body in (
        {}, {"phone": PHONE, "email": EMAIL}, {"phone": "12"}, {"email": "mei@"},
        {"phone": "+1900555012"}, {"email": "a" * 290 + "@x.example"}, {"phone": 7},
        {"phone": PHONE, "purpose": "confirm"}, {"phone": PHONE, "admin": True},
    ):  # fmt: skip
        answer = guest.post("/v1/sign-in/codes", body)
        assert answer.status_code == 422, body
        assert not any(f"{value}" in answer.text for value in body.values() if len(f"{value}") > 4)


def test_another_sites_page_cannot_sign_its_visitors_in(shop: Shop) -> None:
    mei = Guest(shop)
    code = mei.code()
    body = {"phone": PHONE, "code": code}
    evil = Guest(shop, origin="https://evil.example")
    assert evil.post(VERIFY, body).json()["code"] == "cross_site"
    form = mei.ask("POST", VERIFY, content=b'{"phone":"x"}', headers={"Content-Type": "text/plain"})
    assert form.status_code == 415
    assert Guest(shop, origin=None).post(VERIFY, body).status_code == 200


def test_neither_codes_nor_addresses_are_logged_or_stored_in_the_open(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guest = Guest(shop)
    guest.member(profile={"name": "Canary Mei"})
    other = guest.code(email=EMAIL)
    attempt(guest, wrong(other), email=EMAIL)
    tables = rows(
        shop,
        "select table_name from information_schema.tables where table_schema = 'public'",
    )
    dump = "".join(str(rows(shop, f"select * from {name} as t")) for (name,) in tables)
    metrics = guest.get("/metrics").text

    assert rows(shop, "select count(*) from outbox") == [(0,)]
    for canary in ("13800138000", EMAIL, "Canary Mei", other):
        assert canary not in dump
        assert canary not in caplog.text
        assert canary not in metrics
