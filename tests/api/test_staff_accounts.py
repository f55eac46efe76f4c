"""What people do to their own sign-in: passwords forgotten and changed, second factors removed."""

import pytest
from tests.api.office import OTHER_PASSWORD, PASSWORD, Browser, Office, until_refused
from tests.api.office import office as office  # noqa: PLC0414  # the fixture

from regulars.domain.access import Role

OWNER, ADA, BOB = "owner@shop.example", "ada@shop.example", "bob@shop.example"


@pytest.fixture
def owner(office: Office) -> Browser:
    return office.hire(OWNER, Role.OWNER)


def test_a_reset_is_answered_the_same_whether_somebody_is_known(
    office: Office, owner: Browser
) -> None:
    owner.post("/v1/staff", {"email": BOB, "roles": ["finance"]})

    known = owner.post("/v1/staff/password-reset", {"email": OWNER})
    unknown = owner.post("/v1/staff/password-reset", {"email": "nobody@shop.example"})
    invited = owner.post("/v1/staff/password-reset", {"email": BOB})

    assert {one.status_code for one in (known, unknown, invited)} == {202}
    assert known.text == unknown.text == invited.text
    heads = [
        {name for name in one.headers if not name.startswith("x-")} for one in (known, unknown)
    ]
    assert heads[0] == heads[1]
    assert "password" in office.letters(OWNER)[-1]["subject"]
    assert office.letters("nobody@shop.example") == []
    assert len(office.letters(BOB)) == 1


def test_a_reset_serves_once_ends_sessions_and_keeps_the_second_factor(office: Office) -> None:
    ada = office.hire(ADA, Role.ANALYST, totp=True)
    ada.post("/v1/staff/password-reset", {"email": ADA})
    body = {"token": office.token(ADA), "password": OTHER_PASSWORD}

    done = office.browser().post("/v1/staff/password-reset:finish", body)
    again = office.browser().post("/v1/staff/password-reset:finish", body)

    assert (done.status_code, again.status_code) == (200, 403)
    until_refused(ada)
    assert office.browser().sign_in(ADA, totp=office.code(ADA)).status_code == 401
    assert office.browser().sign_in(ADA, OTHER_PASSWORD).json()["code"] == "second_factor_needed"
    right = office.browser().sign_in(ADA, OTHER_PASSWORD, totp=office.code(ADA))
    assert right.status_code == 200


def test_a_reset_runs_out_after_an_hour_and_letters_are_few(office: Office) -> None:
    office.hire(ADA, Role.ANALYST)
    browser = office.browser()
    statuses = [
        browser.post("/v1/staff/password-reset", {"email": ADA}).status_code for _ in range(5)
    ]
    assert statuses == [202, 202, 202, 429, 429]
    assert len(office.letters(ADA)) == 3
    office.clock.pass_(hours=1)

    late = browser.post(
        "/v1/staff/password-reset:finish", {"token": office.token(ADA), "password": OTHER_PASSWORD}
    )

    assert late.status_code == 403


def test_a_reset_opens_an_account_that_guessing_has_locked(office: Office) -> None:
    office.hire(ADA, Role.ANALYST)
    for _ in range(6):
        office.browser().sign_in(ADA, OTHER_PASSWORD)
    office.browser().post("/v1/staff/password-reset", {"email": ADA})
    body = {"token": office.token(ADA), "password": OTHER_PASSWORD}
    office.browser().post("/v1/staff/password-reset:finish", body)

    assert office.browser().sign_in(ADA, OTHER_PASSWORD).status_code == 200


def test_changing_the_password_asks_for_the_old_ends_other_sessions_and_is_told(
    office: Office,
) -> None:
    here = office.hire(ADA, Role.ANALYST)
    there = office.browser()
    there.sign_in(ADA)

    wrong = here.post("/v1/staff/me/password", {"old": OTHER_PASSWORD, "new": OTHER_PASSWORD})
    right = here.post("/v1/staff/me/password", {"old": PASSWORD, "new": OTHER_PASSWORD})

    assert (wrong.status_code, right.status_code) == (401, 200)
    assert here.get("/v1/staff/me").status_code == 200
    until_refused(there)
    assert "was changed" in office.letters(ADA)[-1]["subject"]
    assert office.browser().sign_in(ADA, OTHER_PASSWORD).status_code == 200


def test_a_stolen_session_gets_few_tries_at_the_password(office: Office) -> None:
    stolen = office.hire(ADA, Role.ANALYST)

    statuses = [
        stolen.post("/v1/staff/me/totp", {"password": OTHER_PASSWORD}).status_code for _ in range(7)
    ]

    assert statuses == [401] * 5 + [429] * 2


def test_the_second_factor_is_removed_only_by_who_has_it_and_the_password(
    office: Office,
) -> None:
    ada = office.hire(ADA, Role.ANALYST, totp=True)
    begun = ada.post("/v1/staff/me/totp", {"password": PASSWORD})
    assert begun.status_code == 422
    wrong = ada.post("/v1/staff/me/totp:remove", {"password": OTHER_PASSWORD})
    office.clock.pass_(minutes=55)
    ada.get("/v1/staff/me")
    office.clock.pass_(minutes=10)
    weak = ada.post("/v1/staff/me/totp:remove", {"password": PASSWORD})
    renewed = ada.post("/v1/staff/me/recovery-codes")
    ada.post("/v1/staff/me/second-factor", {"code": office.code(ADA)})
    removed = ada.post("/v1/staff/me/totp:remove", {"password": PASSWORD})

    assert [wrong.status_code, weak.status_code, renewed.status_code] == [401, 403, 403]
    assert removed.status_code == 200
    assert office.browser().sign_in(ADA).status_code == 200


def test_the_secret_is_shown_as_a_picture_that_holds_no_script(office: Office) -> None:
    ada = office.hire(ADA, Role.ANALYST)

    begun = ada.post("/v1/staff/me/totp", {"password": PASSWORD})

    told = begun.json()
    assert begun.headers["cache-control"] == "no-store"
    assert told["otpauth"].startswith("otpauth://totp/default:ada%40shop.example?secret=")
    assert told["qr_svg"].startswith("<svg")
    assert "<script" not in told["qr_svg"]
    assert ada.get("/v1/staff/me").json()["staff"]["second_factor"] is False
