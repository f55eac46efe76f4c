"""Signing in: what is asked for, what is told, and what an attacker gets for trying."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from tests.api.office import COOKIE, ORIGIN, OTHER_PASSWORD, PASSWORD, Browser, Office
from tests.api.office import office as office  # noqa: PLC0414  # the fixture

from regulars.domain.access import Role
from regulars.gateways import password_hashes
from regulars.runtime import DEFAULT_ORGANIZATION

ADA = "ada@shop.example"
BOB = "bob@shop.example"


def test_who_was_invited_signs_in_and_is_told_who_they_are(office: Office) -> None:
    browser = office.hire(ADA, Role.SERVICE_AGENT)

    me = browser.get("/v1/staff/me")

    assert me.status_code == 200, me.text
    told = me.json()
    assert (told["staff"]["email"], told["staff"]["name"]) == (ADA, "Ada")
    assert told["staff"]["roles"] == ["service_agent"]
    assert "ledger:write" in told["scopes"]
    assert "staff:manage" not in told["scopes"]
    assert told["strong"] is False


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(office: Office) -> None:
    office.hire(ADA, Role.OWNER)

    answer = office.browser().sign_in(ADA)

    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_whatever_is_wrong_the_answer_is_the_same(office: Office) -> None:
    office.hire(ADA, Role.OWNER)
    tries: list[dict[str, Any]] = [
        {"email": ADA, "password": OTHER_PASSWORD},
        {"email": "nobody@shop.example", "password": PASSWORD},
        {"email": ADA, "password": PASSWORD, "organization": "elsewhere"},
        {"email": ADA, "password": ""},
    ]

    answers = [office.browser().post("/v1/staff/sign-in", one) for one in tries]

    assert {one.status_code for one in answers} == {401}
    assert len({one.text for one in answers}) == 1
    assert answers[0].json()["code"] == "sign_in_refused"
    assert not any("set-cookie" in one.headers for one in answers)


def test_the_same_work_is_done_for_an_address_that_nobody_has(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hire(ADA, Role.OWNER)
    verified: list[int] = []
    verify = password_hashes._hasher.verify
    password_hashes._nobodys()

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(len(password_hash))
            return verify(password_hash, password)

    monkeypatch.setattr(password_hashes, "_hasher", Counting())
    office.browser().sign_in(ADA, OTHER_PASSWORD)
    office.browser().sign_in("nobody@shop.example", OTHER_PASSWORD)
    office.browser().sign_in(ADA, OTHER_PASSWORD, organization="elsewhere")

    assert len(verified) == 3
    assert len(set(verified)) == 1


def test_an_account_is_locked_for_ever_longer_and_opens_again(office: Office) -> None:
    office.hire(ADA, Role.OWNER)
    browser = office.browser()
    for _ in range(5):
        assert browser.sign_in(ADA, OTHER_PASSWORD).status_code == 401

    locked = browser.sign_in(ADA)

    assert locked.status_code == 429
    assert locked.headers["retry-after"] == "5"
    office.clock.pass_(seconds=5)
    assert browser.sign_in(ADA, OTHER_PASSWORD).status_code == 401
    office.clock.pass_(seconds=9)
    assert browser.sign_in(ADA).status_code == 429
    office.clock.pass_(seconds=1)
    assert browser.sign_in(ADA).status_code == 200
    assert browser.sign_in(ADA, OTHER_PASSWORD).status_code == 401


def test_an_unknown_address_is_locked_in_the_same_way(office: Office) -> None:
    known = [office.browser().sign_in(ADA, OTHER_PASSWORD) for _ in range(7)]
    office.hire(BOB, Role.OWNER)
    unknown = [office.browser().sign_in("x@shop.example", OTHER_PASSWORD) for _ in range(7)]

    assert [one.status_code for one in known] == [401] * 5 + [429] * 2
    assert [one.text for one in known] == [one.text for one in unknown]


def test_one_password_tried_at_many_accounts_locks_the_address(office: Office) -> None:
    office.hire(ADA, Role.OWNER)
    browser = office.browser()

    sprayed = [
        browser.sign_in(f"person{number}@shop.example", OTHER_PASSWORD).status_code
        for number in range(22)
    ]

    assert sprayed == [401] * 20 + [429] * 2
    assert browser.sign_in(ADA).status_code == 429


def test_of_many_tries_at_once_no_more_get_through_than_one_after_the_other(
    office: Office,
) -> None:
    office.hire(ADA, Role.OWNER)
    statuses: list[int] = []

    def guess() -> None:
        statuses.append(office.browser().sign_in(ADA, OTHER_PASSWORD).status_code)

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [401] * 5 + [429] * 7


def test_each_sign_in_has_a_session_of_its_own_and_ends_the_one_before(office: Office) -> None:
    browser = office.hire(ADA, Role.OWNER)
    first = browser.cookie
    planted = f"rgs_1_{'a' * 43}"
    victim = Browser(office.client, cookie=planted)

    assert victim.sign_in(ADA).status_code == 200
    assert browser.sign_in(ADA).status_code == 200

    assert len({first, browser.cookie, victim.cookie, planted}) == 4
    assert Browser(office.client, planted).get("/v1/staff/me").status_code == 401
    # The process that ended it knows at once, all others within a second.
    found = browser.get("/v1/staff/me/sessions").json()["items"]
    assert len(found) == 2


def test_the_second_factor_is_asked_for_and_told_only_to_who_has_the_password(
    office: Office,
) -> None:
    office.hire(ADA, Role.OWNER, totp=True)
    browser = office.browser()

    without = browser.sign_in(ADA)
    wrong = browser.sign_in(ADA, OTHER_PASSWORD, totp=office.code(ADA))
    guessed = browser.sign_in(ADA, totp="000000")
    right = browser.sign_in(ADA, totp=office.code(ADA))

    assert (without.status_code, without.json()["code"]) == (403, "second_factor_needed")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_refused")
    assert guessed.text == wrong.text
    assert right.status_code == 200, right.text
    assert right.json()["strong"] is True


def test_a_one_time_code_counts_once(office: Office) -> None:
    office.hire(ADA, Role.OWNER, totp=True)
    code = office.code(ADA)

    assert office.browser().sign_in(ADA, totp=code).status_code == 200
    replayed = office.browser().sign_in(ADA, totp=code)
    earlier = office.browser().sign_in(ADA, totp=office.code(ADA, -1))

    assert (replayed.status_code, earlier.status_code) == (401, 401)


def test_a_one_time_code_that_many_send_at_once_lets_one_in(office: Office) -> None:
    office.hire(ADA, Role.OWNER, totp=True)
    code, statuses = office.code(ADA), []

    def enter() -> None:
        statuses.append(office.browser().sign_in(ADA, totp=code).status_code)

    threads = [Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses.count(200) == 1


def test_codes_guessed_by_who_has_the_password_are_soon_worth_hours(office: Office) -> None:
    office.hire(ADA, Role.OWNER, totp=True)
    waits = [0]
    for _ in range(60):
        answer = office.browser().sign_in(ADA, totp="000000")
        waits.append(int(answer.headers.get("retry-after", 0)))
        office.clock.pass_(minutes=20)

    assert max(waits) > timedelta(hours=1).total_seconds()


def test_a_recovery_code_stands_in_once(office: Office) -> None:
    browser = office.hire(ADA, Role.OWNER)
    codes = office.set_up_totp(browser, ADA)

    first = office.browser().sign_in(ADA, totp=codes[0].upper())
    again = office.browser().sign_in(ADA, totp=codes[0])
    other = office.browser().sign_in(ADA, totp=codes[1].replace("-", " "))

    assert [first.status_code, again.status_code, other.status_code] == [200, 401, 200]
    assert first.json()["strong"] is True
    assert len(set(codes)) == 10


def test_a_second_factor_counts_for_an_hour_and_can_be_shown_again(office: Office) -> None:
    browser = office.hire(ADA, Role.OWNER, totp=True)
    before = browser.cookie
    assert browser.get("/v1/staff/me").json()["strong"] is True

    for _ in range(13):
        office.clock.pass_(minutes=5)
        browser.get("/v1/staff/me")
    weak = browser.get("/v1/staff/me").json()
    shown = browser.post("/v1/staff/me/second-factor", {"code": office.code(ADA)})

    assert weak["strong"] is False
    assert shown.json()["strong"] is True
    assert browser.cookie != before
    stolen = Browser(office.client, before).get("/v1/staff/me/sessions")
    assert stolen.status_code == 401 or len(stolen.json()["items"]) == 1


def test_another_sites_page_signs_nobody_in(office: Office) -> None:
    office.hire(ADA, Role.OWNER)
    elsewhere = office.browser(Origin="https://evil.example")

    answer = elsewhere.sign_in(ADA)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert office.browser(Origin=ORIGIN).sign_in(ADA).status_code == 200


def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(office: Office) -> None:
    from argon2 import PasswordHasher

    office.hire(ADA, Role.OWNER)
    old = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1).hash(PASSWORD)
    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("update staff set password_hash = %s", [old])

    assert office.browser().sign_in(ADA).status_code == 200

    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        (now,) = tx.execute("select password_hash from staff").fetchone() or ("",)
    assert now.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert office.browser().sign_in(ADA).status_code == 200


def test_nothing_of_staff_is_readable_in_the_database(office: Office) -> None:
    browser = office.hire("canary.lovelace@shop.example", Role.OWNER)
    office.set_up_totp(browser, "canary.lovelace@shop.example")
    browser.sign_in("canary.lovelace@shop.example", OTHER_PASSWORD)
    secrets = {"canary", "lovelace", PASSWORD, browser.cookie,
               office.seeds["canary.lovelace@shop.example"].lower()}  # fmt: skip

    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tables = [
            row[0]
            for row in tx.execute("select tablename from pg_tables where schemaname = 'public'")
        ]
        text = "\n".join(
            str(row).lower()
            for table in tables
            for row in tx.execute(f"select {table}::text from {table}".encode())
        )

    assert "argon2id" in text
    assert not any(secret.lower() in text for secret in secrets)
