"""Staff sign in by a real provider of OpenID Connect: it lets in who was invited, nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.api.office import ORIGIN, Browser, Office, until_refused
from tests.api.office import office as office  # noqa: PLC0414  # the fixture

from regulars.domain.access import Role
from regulars.services import staff

pytestmark = pytest.mark.filterwarnings("ignore")

OWNER, ADA, BOB = "owner@shop.example", "ada@shop.example", "bob@shop.example"
PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"email": ADA, "email_verified": True, "name": "Ada L."},
    "ada-2": {"email": ADA, "email_verified": True},
    "ada-3": {"email": ADA, "email_verified": True, "amr": ["pwd", "mfa"]},
    "bob": {"email": BOB, "email_verified": False},
    "eve": {"email": "eve@shop.example", "email_verified": True},
    "mal": {"email": "mal@evil.example", "email_verified": True},
    "none": {},
}


@pytest.fixture
def owner(office: Office) -> Browser:
    office.clock.now = datetime.now(UTC)  # noqa: TID251  # the provider looks at the wall clock
    return office.hire(OWNER, Role.OWNER, totp=True)


@pytest.fixture
def company(office: Office, owner: Browser) -> Iterator[str]:
    """The issuer of a real provider, which is set for shop.example."""
    from oidc_provider_mock import User, run_server_in_thread

    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        assert put(owner, issuer).status_code == 200
        yield issuer


def put(browser: Browser, issuer: str, **more: Any) -> httpx.Response:
    body = {
        "name": "Company", "issuer": issuer, "client_id": "rgl", "client_secret": "s3cret",
        "mail_domains": ["shop.example"],
    }  # fmt: skip
    return browser.request("PUT", "/v1/staff-providers/company", json=body | more)


def invite(office: Office, email: str, *roles: Role) -> None:
    staff.invite(office.desk(), email, frozenset(roles or {Role.ANALYST}), "en")


def away(browser: Browser, **params: str) -> str:
    answer = browser.get("/v1/staff/sign-in/company/start", **params)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(page: str, who: str) -> str:
    """The address to which the provider sends whoever signs in there as `who`."""
    return httpx.post(page, data={"sub": who}).headers["location"].removeprefix(ORIGIN)


def come(office: Office, who: str, **params: str) -> tuple[Browser, httpx.Response]:
    browser = office.browser()
    return browser, browser.get(back(away(browser, **params), who))


def test_who_was_invited_comes_in_without_a_password(office: Office, company: str) -> None:
    invite(office, ADA, Role.FINANCE)

    browser, answer = come(office, "ada", return_to="/console?tab=1#x")

    assert (answer.status_code, answer.headers["location"]) == (
        303, "/console?tab=1&sign_in=done#x",
    )  # fmt: skip
    me = browser.get("/v1/staff/me").json()
    assert (me["staff"]["email"], me["staff"]["name"]) == (ADA, "Ada L.")
    assert me["staff"]["accepted_at"] is not None
    assert me["strong"] is False
    again, _ = come(office, "ada")
    assert again.get("/v1/staff/me").status_code == 200


def test_a_second_factor_that_the_provider_asked_for_counts(office: Office, company: str) -> None:
    invite(office, ADA)

    browser, _ = come(office, "ada-3")

    assert browser.get("/v1/staff/me").json()["strong"] is True


@pytest.mark.parametrize("who", ["bob", "eve", "mal", "none"])
def test_nobody_else_comes_in(office: Office, company: str, who: str) -> None:
    invite(office, BOB)
    invite(office, "mal@evil.example")

    browser, answer = come(office, who)

    assert answer.headers["location"] == "/?sign_in=refused"
    assert browser.cookie == ""
    assert browser.get("/v1/staff/me").status_code == 401


def test_whoever_has_an_old_address_now_does_not_come_in(office: Office, company: str) -> None:
    invite(office, ADA)
    come(office, "ada")

    _, answer = come(office, "ada-2")

    assert answer.headers["location"] == "/?sign_in=refused"


def test_setting_the_provider_anew_does_not_forget_who_is_who(
    office: Office, owner: Browser, company: str
) -> None:
    invite(office, ADA)
    come(office, "ada")
    assert put(owner, company, client_secret="another").status_code == 200

    _, answer = come(office, "ada-2")

    assert answer.headers["location"] == "/?sign_in=refused"


def test_whoever_sets_a_provider_does_not_become_a_colleague_by_it(
    office: Office, company: str
) -> None:
    ada = office.hire(ADA, Role.FINANCE)

    _, taken_over = come(office, "ada-3")
    linked = ada.get(back(away(ada), "ada"))
    later, _ = come(office, "ada")
    _, other = come(office, "ada-3")

    assert taken_over.headers["location"] == "/?sign_in=refused"
    assert linked.headers["location"] == "/?sign_in=done"
    assert later.get("/v1/staff/me").status_code == 200
    assert other.headers["location"] == "/?sign_in=refused"


def test_nor_through_a_colleagues_session_nor_an_operator(office: Office, company: str) -> None:
    office.hire(ADA, Role.FINANCE)
    bob = office.hire(BOB, Role.OWNER)
    invite(office, "eve@shop.example", Role.OPERATOR)

    _, operator = come(office, "eve")
    other = bob.get(back(away(bob), "ada"))

    assert operator.headers["location"] == other.headers["location"] == "/?sign_in=refused"


def test_a_provider_does_not_stand_in_for_our_own_second_factor(
    office: Office, company: str
) -> None:
    ada = office.hire(ADA, Role.FINANCE, totp=True)

    linked = ada.get(back(away(ada), "ada-3"))

    assert linked.headers["location"] == "/?sign_in=done"
    assert ada.get("/v1/staff/me").json()["strong"] is False


def test_a_suspended_person_does_not_come_in(office: Office, company: str) -> None:
    invite(office, ADA)
    browser, _ = come(office, "ada")
    number = staff.by_email(office.db, office.runtime.cabinet, 1, ADA).staff.id
    staff.suspend(office.desk(), number)

    _, answer = come(office, "ada")

    assert answer.headers["location"] == "/?sign_in=refused"
    until_refused(browser)


def test_only_the_browser_that_left_comes_back_and_once(office: Office, company: str) -> None:
    invite(office, ADA)
    victim, stranger, thief = office.browser(), office.browser(), office.browser()
    returned = back(away(victim), "ada")
    away(thief)

    without = stranger.get(returned)
    stolen = thief.get(returned)
    late = victim.get(returned)

    assert [without.status_code, stolen.status_code, late.status_code] == [403, 403, 403]
    assert stolen.json()["code"] == "claims_refused"
    fresh = office.browser()
    own = back(away(fresh), "ada")
    assert fresh.get(own).headers["location"] == "/?sign_in=done"
    assert fresh.get(own).status_code == 403


def test_a_sign_in_that_takes_too_long_is_over(office: Office, company: str) -> None:
    invite(office, ADA)
    browser = office.browser()
    returned = back(away(browser), "ada")
    office.clock.pass_(minutes=11)

    assert browser.get(returned).status_code == 403


def test_a_state_of_ones_own_making_is_refused(office: Office, company: str) -> None:
    browser = office.browser()
    away(browser)

    for state in ("", "x", "1x", "1xabc", "999xabc", "99999999999xabc"):
        answer = browser.get("/v1/staff/sign-in/company/callback", state=state, code="c")
        assert (answer.status_code, answer.json()["code"]) == (403, "claims_refused")


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\tb", "/a b",
     "/\r\nSet-Cookie: x=y", "javascript:alert(1)", "/é"],
)  # fmt: skip
def test_the_way_back_leads_to_no_other_site(office: Office, company: str, path: str) -> None:
    answer = office.browser().get("/v1/staff/sign-in/company/start", return_to=path)

    assert answer.status_code == 422
    assert "location" not in answer.headers


def test_it_takes_an_owner_with_a_second_factor_to_set_a_provider(
    office: Office, owner: Browser, company: str
) -> None:
    weak = office.hire(BOB, Role.OWNER)
    manager = office.hire("manager@shop.example", Role.PROGRAM_MANAGER, totp=True)
    key = Browser(office.client, headers={"Authorization": f"Bearer {office.key}"})

    answers = [put(weak, company), put(manager, company), put(key, company)]

    assert [one.status_code for one in answers] == [403, 403, 403]
    assert answers[0].json()["code"] == "second_factor_needed"
    told = owner.get("/v1/staff-providers").json()["items"][0]
    assert "s3cret" not in str(told)
    assert told["redirect_uri"] == f"{ORIGIN}/v1/staff/sign-in/company/callback"


@pytest.mark.parametrize(
    ("change", "status"),
    [({"issuer": "http://169.254.169.254/latest"}, 422), ({"issuer": "https://10.0.0.1"}, 422),
     ({"issuer": "file:///etc/passwd"}, 422), ({"mail_domains": ["*"]}, 422),
     ({"mail_domains": ["example"]}, 422), ({"mail_domains": []}, 422)],
)  # fmt: skip
def test_a_provider_that_we_should_not_call_is_refused(
    office: Office, owner: Browser, company: str, change: dict[str, Any], status: int
) -> None:
    issuer = change.pop("issuer", company)

    assert put(owner, issuer, **change).status_code == status


def test_a_provider_that_is_removed_lets_nobody_in(
    office: Office, owner: Browser, company: str
) -> None:
    invite(office, ADA)

    removed = owner.request("DELETE", "/v1/staff-providers/company")
    again = owner.request("DELETE", "/v1/staff-providers/company")

    assert (removed.status_code, again.status_code) == (200, 404)
    assert office.browser().get("/v1/staff/sign-in/company/start").status_code == 404
    assert [one[1] for one in office.audit("staff_provider.removed")] == ["staff_provider:company"]
