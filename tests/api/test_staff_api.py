"""Staff are invited, given roles, suspended; nobody climbs by it, and what ends ends at once."""

import re
from typing import Any

import pytest
from tests.api.office import ORIGIN, PASSWORD, Browser, Office, until_let_in, until_refused
from tests.api.office import office as office  # noqa: PLC0414  # the fixture

from regulars.domain.access import Role
from regulars.runtime import DEFAULT_ORGANIZATION

OWNER, ADA, BOB = "owner@shop.example", "ada@shop.example", "bob@shop.example"


@pytest.fixture
def owner(office: Office) -> Browser:
    return office.hire(OWNER, Role.OWNER)


def invite(browser: Browser, email: str, *roles: str, **more: Any) -> Any:
    return browser.post("/v1/staff", {"email": email, "roles": list(roles), **more})


def number_of(owner: Browser, email: str) -> str:
    found = owner.get("/v1/staff", limit=100).json()["items"]
    return str(next(one["staff"] for one in found if one["email"] == email))


def test_an_invitation_comes_by_mail_and_serves_once(office: Office, owner: Browser) -> None:
    made = invite(owner, ADA, "finance", language="zh-CN")

    assert made.status_code == 201, made.text
    letter = office.letters(ADA)[-1]
    assert letter["language"] == "zh-CN"
    assert f"{ORIGIN}/console/invitation#rgi_1_" in letter["text"]
    body = {"token": office.token(ADA), "name": "Ada", "password": PASSWORD}
    taken = office.browser().post("/v1/staff/invitations:accept", body)
    again = office.browser().post("/v1/staff/invitations:accept", body)
    assert taken.status_code == 200, taken.text
    assert (again.status_code, again.json()["code"]) == (403, "link_refused")
    assert office.browser().sign_in(ADA).status_code == 200


def test_an_invitation_runs_out_and_a_new_one_voids_the_old(office: Office, owner: Browser) -> None:
    invite(owner, ADA, "finance")
    first = office.token(ADA)
    number = number_of(owner, ADA)
    assert owner.post(f"/v1/staff/{number}/invitation").status_code == 200
    second = office.token(ADA)
    body = {"name": "Ada", "password": PASSWORD}

    voided = office.browser().post("/v1/staff/invitations:accept", body | {"token": first})
    office.clock.pass_(days=7)
    late = office.browser().post("/v1/staff/invitations:accept", body | {"token": second})

    assert (voided.status_code, late.status_code) == (403, 403)


@pytest.mark.parametrize("token", ["x", "rgi_1_x", "rgi_999_x", "rgi_99999999999_x", "rgs_1_x"])
def test_a_made_up_token_is_refused(office: Office, token: str) -> None:
    body = {"token": token, "name": "Ada", "password": PASSWORD}

    answer = office.browser().post("/v1/staff/invitations:accept", body)

    assert (answer.status_code, answer.json()["code"]) == (403, "link_refused")


@pytest.mark.parametrize("password", ["short", "passwordpassword", "owner@shop.example", "a" * 20])
def test_a_poor_password_is_refused_and_the_invitation_stays_good(
    office: Office, owner: Browser, password: str
) -> None:
    invite(owner, ADA, "finance")
    body = {"token": office.token(ADA), "name": "Ada"}
    office.browser()

    poor = office.browser().post("/v1/staff/invitations:accept", body | {"password": password})
    good = office.browser().post("/v1/staff/invitations:accept", body | {"password": PASSWORD})

    assert (poor.status_code, good.status_code) == (422, 200)
    assert password not in poor.text


def test_inviting_again_changes_nothing_and_a_known_person_is_no_newcomer(
    office: Office, owner: Browser
) -> None:
    first = invite(owner, ADA, "finance")
    again = invite(owner, ADA.upper(), "finance")
    other = invite(owner, ADA, "owner")
    known = invite(owner, OWNER, "owner")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [other.status_code, known.status_code] == [409, 409]
    assert len(office.letters(ADA)) == 1


def test_only_fields_that_exist_are_taken(office: Office, owner: Browser) -> None:
    more = invite(owner, ADA, "finance", accepted_at="2026-01-01T00:00:00Z", id=1)
    me = owner.post("/v1/staff/me/password", {"old": "x", "new": "y", "roles": ["operator"]})
    taken = office.browser().post(
        "/v1/staff/invitations:accept",
        {"token": "x", "name": "A", "password": PASSWORD, "roles": ["owner"]},
    )

    assert [more.status_code, me.status_code, taken.status_code] == [422, 422, 422]
    assert len(owner.get("/v1/staff").json()["items"]) == 1


def test_nobody_changes_their_own_roles(office: Office, owner: Browser) -> None:
    number = number_of(owner, OWNER)

    for change in (
        owner.request("PUT", f"/v1/staff/{number}/roles", json={"roles": ["owner", "finance"]}),
        owner.request("PUT", f"/v1/staff/{number}/roles", json={"roles": ["operator"]}),
        owner.post(f"/v1/staff/{number}/suspend"),
    ):
        assert (change.status_code, change.json()["code"]) == (403, "not_your_role")


def test_an_owner_makes_no_operator(office: Office, owner: Browser) -> None:
    office.hire(ADA, Role.ANALYST)
    number = number_of(owner, ADA)

    invited = invite(owner, BOB, "operator")
    raised = owner.request("PUT", f"/v1/staff/{number}/roles", json={"roles": ["operator"]})

    assert [invited.status_code, raised.status_code] == [403, 403]
    assert invited.json()["code"] == "not_your_role"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_no_other_role_manages_staff(office: Office, owner: Browser, role: Role) -> None:
    browser = office.hire(ADA, role)
    number = number_of(owner, ADA)

    refused = [
        invite(browser, BOB, role.value),
        browser.request("PUT", f"/v1/staff/{number}/roles", json={"roles": ["owner"]}),
        browser.get("/v1/staff"),
        browser.request("DELETE", f"/v1/staff/{number_of(owner, OWNER)}/sessions"),
    ]

    assert {one.status_code for one in refused} == {403}
    assert len(office.letters(BOB)) == 0


def test_no_key_manages_staff_however_mighty(office: Office, owner: Browser) -> None:
    key = Browser(office.client, headers={"Authorization": f"Bearer {office.key}"})
    number = number_of(owner, OWNER)

    refused = [
        invite(key, BOB, "analyst"),
        key.get("/v1/staff"),
        key.post(f"/v1/staff/{number}/suspend"),
        key.request("DELETE", f"/v1/staff/{number}/sessions"),
        key.get("/v1/staff/me"),
        key.post("/v1/staff/me/totp", {"password": PASSWORD}),
    ]

    assert {one.status_code for one in refused} == {403}


def test_the_last_owner_stays(office: Office, owner: Browser) -> None:
    other = office.hire(ADA, Role.OWNER)
    mine, theirs = number_of(owner, OWNER), number_of(owner, ADA)
    # Somebody who was invited and never came is no owner to fall back upon.
    invite(owner, BOB, "owner")

    assert other.request("PUT", f"/v1/staff/{mine}/roles", json={"roles": ["analyst"]}).is_success
    until_refused(owner)
    owner.sign_in(OWNER)
    assert owner.request("PUT", f"/v1/staff/{theirs}/roles", json={"roles": []}).status_code == 403
    from regulars.domain.errors import LastOwner
    from regulars.domain.ids import STAFF, decode
    from regulars.services import staff

    with pytest.raises(LastOwner):
        staff.set_roles(office.desk(), decode(STAFF, theirs) or 0, frozenset({Role.ANALYST}))
    with pytest.raises(LastOwner):
        staff.suspend(office.desk(), decode(STAFF, theirs) or 0)


def test_new_roles_end_the_sessions_of_before(office: Office, owner: Browser) -> None:
    ada = office.hire(ADA, Role.ANALYST)
    number = number_of(owner, ADA)

    changed = owner.request("PUT", f"/v1/staff/{number}/roles", json={"roles": ["finance"]})

    assert changed.json()["roles"] == ["finance"]
    until_refused(ada)
    ada.sign_in(ADA)
    assert "ledger:write" in ada.get("/v1/staff/me").json()["scopes"]
    assert office.audit("staff.roles_changed")


def test_a_suspended_person_is_out_within_a_second_and_let_in_again(
    office: Office, owner: Browser
) -> None:
    ada = office.hire(ADA, Role.ANALYST)
    number = number_of(owner, ADA)

    for _ in range(2):
        assert owner.post(f"/v1/staff/{number}/suspend").json()["suspended_at"] is not None
    until_refused(ada)
    assert ada.sign_in(ADA).status_code == 401
    for _ in range(2):
        assert owner.post(f"/v1/staff/{number}/resume").json()["suspended_at"] is None
    assert ada.get("/v1/staff/me").status_code == 401
    assert ada.sign_in(ADA).status_code == 200
    until_let_in(ada)
    assert len(office.audit("staff.suspended")) == len(office.audit("staff.resumed")) == 1


def test_sessions_are_listed_and_ended(office: Office, owner: Browser) -> None:
    phone = office.browser(**{"User-Agent": "Mozilla (iPhone) Version/17 Safari/604.1"})
    office.hire(ADA, Role.ANALYST)
    desktop = office.browser()
    assert phone.sign_in(ADA).status_code == desktop.sign_in(ADA).status_code == 200

    listed = desktop.get("/v1/staff/me/sessions").json()["items"]

    assert len(listed) == 3
    assert [one["current"] for one in listed] == [True, False, False]
    assert listed[1]["device"] == "Safari on iPhone"
    ended = desktop.request("DELETE", f"/v1/staff/me/sessions/{listed[1]['session']}")
    assert ended.status_code == 200
    until_refused(phone)
    assert desktop.post("/v1/staff/sign-out").status_code == 200
    assert desktop.cookie == ""
    mine = owner.get("/v1/staff/me/sessions").json()["items"][0]["session"]
    foreign = office.hire(BOB, Role.ANALYST).request("DELETE", f"/v1/staff/me/sessions/{mine}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "session_not_found")


def test_an_owner_ends_anybodys_sessions(office: Office, owner: Browser) -> None:
    ada = office.hire(ADA, Role.ANALYST)
    number = number_of(owner, ADA)

    (session,) = owner.get(f"/v1/staff/{number}/sessions").json()["items"]
    one = owner.request("DELETE", f"/v1/staff/{number}/sessions/{session['session']}")
    every = owner.request("DELETE", f"/v1/staff/{number}/sessions")

    assert (one.status_code, every.status_code) == (200, 200)
    until_refused(ada)


def test_a_session_ends_when_it_is_not_used_and_at_the_end_of_the_day(office: Office) -> None:
    idle, busy = office.hire(ADA, Role.ANALYST), office.hire(BOB, Role.ANALYST)
    for minute in range(0, 12 * 60, 30):
        assert busy.get("/v1/staff/me").status_code == 200, minute
        office.clock.pass_(minutes=30)

    assert busy.get("/v1/staff/me").status_code == 401
    assert idle.get("/v1/staff/me").status_code == 401
    fresh = office.browser()
    fresh.sign_in(ADA)
    office.clock.pass_(minutes=59)
    assert fresh.get("/v1/staff/me").status_code == 200
    office.clock.pass_(minutes=61)
    assert fresh.get("/v1/staff/me").status_code == 401


def test_another_organizations_staff_are_not_there(office: Office, owner: Browser) -> None:
    from regulars.domain.audit import By
    from regulars.services import organizations

    organizations.create(
        office.db, office.runtime.cabinet, code="theirs", name="Theirs",
        by=By(0, "test"), now=office.clock(),
    )  # fmt: skip
    foreign = office.browser().sign_in(OWNER, organization="theirs")
    unknown = owner.get("/v1/staff/stf_0000000000000")

    assert foreign.status_code == 401
    assert unknown.status_code == 404
    with office.db.transaction(2) as tx:
        assert tx.execute("select count(*) from staff").fetchone() == (0,)
    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        assert tx.execute("select count(*) from staff").fetchone() == (1,)


def test_what_people_do_is_on_record_without_their_names(office: Office, owner: Browser) -> None:
    office.hire(ADA, Role.ANALYST, totp=True)

    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        rows = tx.execute("select audit::text, action from audit order by id").fetchall()

    done = {action for _, action in rows}
    assert {"staff.invited", "staff.accepted", "staff.signed_in", "staff.totp_begun",
            "staff.totp_confirmed", "staff.second_factor_shown"} <= done  # fmt: skip
    assert not any(re.search(r"\bada\b", text.lower()) for text, _ in rows)
