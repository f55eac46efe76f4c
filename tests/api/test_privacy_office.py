"""Staff carry out members' rights: with a second factor, and copies with a second person."""

import pytest
from tests.api.office import Browser, Office
from tests.api.office import office as office  # noqa: PLC0414  # the fixture
from tests.api.test_approvals_api import as_key

from regulars.domain.access import Role

ONE, TWO, AGENT = "one@shop.example", "two@shop.example", "agent@shop.example"
PATH = "/v1/members/card:1"
REASON = {"reason": "Letter of 3 March"}


@pytest.fixture
def member(office: Office) -> str:
    """A member with a profile; their id of ours."""
    key = as_key(office, office.key)
    made = key.post("/v1/members", {"refs": ["card:1", "phone:13800138000"]})
    assert made.status_code == 201, made.text
    return str(made.json()["member"])


def unmask(browser: Browser) -> int:
    body = {"purpose": "contact", "fields": ["phone"]}
    return browser.post(f"{PATH}/profile:unmask", body).status_code


def test_a_copy_waits_for_a_second_person_and_serves_once(office: Office, member: str) -> None:
    one = office.hire(ONE, Role.OWNER, totp=True)
    two = office.hire(TWO, Role.OWNER, totp=True)

    asked = one.post(f"{PATH}/export", REASON)
    assert asked.status_code == 202, asked.text
    approval = asked.json()["approval"]
    own = one.post(f"/v1/approvals/{approval}/approve")
    assert (own.status_code, own.json()["code"]) == (403, "same_person")
    assert two.post(f"/v1/approvals/{approval}/approve").json()["state"] == "approved"

    stolen = two.post(f"{PATH}/export", REASON | {"approval": approval})
    assert stolen.status_code == 403
    made = one.post(f"{PATH}/export", REASON | {"approval": approval})
    assert made.json()["member"] == member
    assert made.json()["parts"]["profile"][0]["phone"] == "+8613800138000"
    assert one.post(f"{PATH}/export", REASON | {"approval": approval}).status_code == 409
    assert len(office.audit("member.exported")) == 1


def test_an_approval_is_for_the_member_that_it_was_asked_for(office: Office, member: str) -> None:
    key = as_key(office, office.key)
    key.post("/v1/members", {"refs": ["card:2"]})
    one = office.hire(ONE, Role.OWNER, totp=True)
    two = office.hire(TWO, Role.OWNER, totp=True)
    approval = one.post(f"{PATH}/export", REASON).json()["approval"]
    two.post(f"/v1/approvals/{approval}/approve")
    other = one.post("/v1/members/card:2/export", REASON | {"approval": approval})
    assert (other.status_code, other.json()["code"]) == (404, "approval_not_found")
    assert office.audit("member.exported") == [], member


def test_erasing_takes_a_second_factor_that_was_shown_of_late(office: Office, member: str) -> None:
    weak = office.hire(ONE, Role.OWNER)
    strong = office.hire(TWO, Role.OWNER, totp=True)
    unsure = weak.request("DELETE", PATH, json=REASON)
    assert (unsure.status_code, unsure.json()["code"]) == (403, "second_factor_needed")
    office.clock.pass_(hours=2)
    strong.sign_in(TWO, totp=office.code(TWO))
    done = strong.request("DELETE", PATH, json=REASON)
    assert done.status_code == 200, done.text
    assert done.json()["member"] == member
    ((actor, _),) = office.audit("member.erased")
    assert actor.startswith("staff:")


def test_roles_see_of_members_what_their_work_takes(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT)
    marketer = office.hire(ONE, Role.MARKETER)
    analyst = office.hire(TWO, Role.ANALYST)
    assert (unmask(agent), unmask(marketer), unmask(analyst)) == (200, 403, 403)
    masked = marketer.get(f"{PATH}/profile")
    assert masked.json()["profile"] == {"phone": "+86 138****8000"}
    assert analyst.get(f"{PATH}/profile").status_code == 403
    assert analyst.get("/v1/members/phone:13800138000").status_code == 403
    assert analyst.get(f"/v1/members/{member}").json()["identities"] == []
    for browser in (agent, marketer, analyst):
        assert browser.request("DELETE", PATH, json=REASON).status_code == 403
        assert browser.post(f"{PATH}/export", REASON).status_code == 403
        assert browser.get("/v1/privacy/register").status_code == 403


def test_what_was_asked_for_loses_its_words_and_waits_in_vain(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    two = office.hire(TWO, Role.FINANCE, totp=True)
    body = {"currency": "points", "amount": 20_000, "reason": "canary words"}
    asked = agent.post(f"{PATH}/adjustments", body, **{"Idempotency-Key": "a1"})
    assert asked.status_code == 202, asked.text
    assert as_key(office, office.key).request("DELETE", PATH, json=REASON).status_code == 200

    with office.db.transaction(1) as tx:
        (kept,) = tx.execute("select approval::text from approval").fetchall()
    assert "canary" not in str(kept)
    late = two.post(f"/v1/approvals/{asked.json()['approval']}/approve")
    assert (late.status_code, late.json()["code"]) == (404, "member_not_found")
    balances = as_key(office, office.key).get(f"/v1/members/{member}/balances").json()["balances"]
    assert {one["available"] for one in balances} == {0}
