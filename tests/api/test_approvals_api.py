"""Four eyes: who asks, who decides, and that it is done once."""

from threading import Thread
from typing import Any

import httpx
import pytest
from tests.api.conftest import PROGRAM
from tests.api.office import Browser, Office
from tests.api.office import office as office  # noqa: PLC0414  # the fixture

from regulars.domain.access import Role, Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import keys
from regulars.services.verification import verifying

AGENT, FINANCE, OWNER = "agent@shop.example", "finance@shop.example", "owner@shop.example"
MUCH = {"currency": "points", "amount": 10_001, "reason": "Goodwill after the fire"}
DOCUMENT = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")


@pytest.fixture
def member(office: Office) -> str:
    """A member with nothing."""
    made = as_key(office, office.key).post("/v1/members", {"refs": ["card:1"]})
    assert made.status_code == 201, made.text
    return "card:1"


def as_key(office: Office, secret: str) -> Browser:
    """An application that has this key."""
    return Browser(office.client, headers={"Authorization": f"Bearer {secret}"})


def adjust(caller: Browser, member: str, key: str = "k1", **body: Any) -> httpx.Response:
    return caller.post(f"/v1/members/{member}/adjustments", MUCH | body, **{"Idempotency-Key": key})


def available(office: Office, member: str) -> int:
    found = as_key(office, office.key).get(f"/v1/members/{member}/balances").json()["balances"]
    return int(next(one["available"] for one in found if one["currency"] == "points"))


def test_a_large_adjustment_waits_and_is_done_when_another_person_approves(
    office: Office, member: str
) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)

    asked = adjust(agent, member)

    assert asked.status_code == 202, asked.text
    told = asked.json()
    assert (told["state"], told["deed"], told["reason"]) == (
        "waiting", "adjustment", MUCH["reason"],
    )  # fmt: skip
    assert asked.headers["location"] == f"/v1/approvals/{told['approval']}"
    assert available(office, member) == 0
    listed = finance.get("/v1/approvals", state="waiting").json()["items"]
    assert [one["approval"] for one in listed] == [told["approval"]]
    done = finance.post(f"/v1/approvals/{told['approval']}/approve", {"note": "Seen the report"})
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["note"]) == ("done", "Seen the report")
    assert available(office, member) == 10_001
    assert (
        agent.get(f"/v1/approvals/{told['approval']}").json()["result"]["event"].startswith("evt")
    )
    assert office.audit("approval.requested")[0][0] == told["requested_by"]
    assert office.audit("approval.approved")[0][0] == done.json()["decided_by"]
    assert office.audit("points.adjusted") != []


def test_a_small_adjustment_waits_for_nobody(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT)

    assert adjust(agent, member, amount=10_000).status_code == 201
    assert available(office, member) == 10_000


def test_slices_below_the_limit_count_together(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)

    first = adjust(agent, member, "k1", amount=6_000)
    second = adjust(agent, member, "k2", amount=6_000)
    again = adjust(agent, member, "k1", amount=6_000)

    assert [first.status_code, second.status_code, again.status_code] == [201, 202, 201]
    assert again.headers["idempotent-replayed"] == "true"
    assert available(office, member) == 6_000


def test_asking_and_deciding_need_the_second_factor(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT)
    weak = adjust(agent, member)
    assert (weak.status_code, weak.json()["code"]) == (403, "second_factor_needed")
    office.set_up_totp(agent, AGENT)
    number = adjust(agent, member).json()["approval"]
    finance = office.hire(FINANCE, Role.FINANCE)

    refused = finance.post(f"/v1/approvals/{number}/approve")

    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert available(office, member) == 0


def test_the_same_person_cannot_decide(office: Office, member: str) -> None:
    owner = office.hire(OWNER, Role.OWNER, totp=True)
    number = adjust(owner, member).json()["approval"]

    for verb in ("approve", "refuse"):
        refused = owner.post(f"/v1/approvals/{number}/{verb}")
        assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    assert available(office, member) == 0


def test_nor_through_a_key_that_the_same_person_made(office: Office, member: str) -> None:
    owner = office.hire(OWNER, Role.OWNER, totp=True)
    made = owner.post("/v1/keys", {"name": "till", "scopes": ["ledger:write"]})
    assert made.status_code == 201, made.text
    till = as_key(office, made.json()["secret"])
    number = adjust(till, member).json()["approval"]

    refused = owner.post(f"/v1/approvals/{number}/approve")
    other = office.hire(FINANCE, Role.FINANCE, totp=True)

    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    assert other.post(f"/v1/approvals/{number}/approve").status_code == 200
    assert available(office, member) == 10_001


def test_whoever_decides_may_do_the_deed_themselves(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    number = adjust(agent, member).json()["approval"]
    manager = office.hire(OWNER, Role.PROGRAM_MANAGER, totp=True)

    refused = manager.post(f"/v1/approvals/{number}/approve")
    by_key = as_key(office, office.key).post(f"/v1/approvals/{number}/approve")

    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert (by_key.status_code, by_key.json()["code"]) == (403, "not_your_role")


def test_of_two_who_approve_at_once_the_deed_is_done_once(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    deciders = [
        office.hire(email, Role.FINANCE, totp=True)
        for email in ("f1@shop.example", "f2@shop.example", "f3@shop.example")
    ]
    number = adjust(agent, member).json()["approval"]
    statuses: list[int] = []

    def approve(decider: Browser) -> None:
        statuses.append(decider.post(f"/v1/approvals/{number}/approve").status_code)

    threads = [Thread(target=approve, args=[one]) for one in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 409, 409]
    assert available(office, member) == 10_001
    assert len(office.audit("approval.approved")) == 1
    assert verifying.verify(office.db, DEFAULT_ORGANIZATION).is_clean


def test_approving_again_answers_the_same_and_does_nothing(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)
    number = adjust(agent, member).json()["approval"]

    first = finance.post(f"/v1/approvals/{number}/approve")
    again = finance.post(f"/v1/approvals/{number}/approve")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert available(office, member) == 10_001


def test_asking_again_under_one_key_is_one_request(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)

    first = adjust(agent, member)
    again = adjust(agent, member)
    other = adjust(agent, member, amount=20_000)
    finance.post(f"/v1/approvals/{first.json()['approval']}/approve")
    after = adjust(agent, member)

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (after.status_code, after.json()["state"]) == (202, "done")
    assert available(office, member) == 10_001


def test_what_cannot_be_done_goes_on_waiting(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)
    number = adjust(agent, member, amount=-20_000).json()["approval"]

    refused = finance.post(f"/v1/approvals/{number}/approve")

    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")
    assert agent.get(f"/v1/approvals/{number}").json()["state"] == "waiting"
    assert finance.post(f"/v1/approvals/{number}/refuse").json()["state"] == "refused"
    late = finance.post(f"/v1/approvals/{number}/approve")
    assert (late.status_code, late.json()["code"]) == (409, "approval_decided")


def test_only_who_asked_takes_it_back(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)
    number = adjust(agent, member).json()["approval"]

    foreign = finance.post(f"/v1/approvals/{number}/withdraw")
    own = agent.post(f"/v1/approvals/{number}/withdraw")
    late = finance.post(f"/v1/approvals/{number}/approve")

    assert (foreign.status_code, own.json()["state"]) == (403, "withdrawn")
    assert (late.status_code, available(office, member)) == (409, 0)


def test_after_a_week_nobody_can_decide(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    number = adjust(agent, member).json()["approval"]
    office.clock.pass_(days=7)
    finance = office.hire(FINANCE, Role.FINANCE, totp=True)

    late = finance.post(f"/v1/approvals/{number}/approve")

    assert late.status_code == 409
    assert finance.get(f"/v1/approvals/{number}").json()["state"] == "expired"
    assert finance.get("/v1/approvals", state="waiting").json()["items"] == []


def test_a_program_is_published_by_two(office: Office) -> None:
    manager = office.hire(AGENT, Role.PROGRAM_MANAGER, totp=True)
    owner = office.hire(OWNER, Role.OWNER, totp=True)
    body = {"document": DOCUMENT, "note": "Twice the points"}

    asked = manager.post("/v1/programs:publish", body)
    again = manager.post("/v1/programs:publish", body)

    assert asked.status_code == 202, asked.text
    assert asked.json() == again.json()
    assert "document" not in asked.json()["payload"]
    number = asked.json()["approval"]
    assert owner.get(f"/v1/approvals/{number}").json()["payload"]["document"] == DOCUMENT
    assert len(owner.get("/v1/programs/versions").json()["items"]) == 1
    office.clock.pass_(minutes=1)
    done = owner.post(f"/v1/approvals/{number}/approve")
    assert done.status_code == 200, done.text
    assert done.json()["result"] == {"version": 2}
    assert owner.get("/v1/programs/current").json()["version"] == 2


def test_a_draft_with_errors_waits_for_nobody(office: Office) -> None:
    manager = office.hire(AGENT, Role.PROGRAM_MANAGER, totp=True)

    refused = manager.post("/v1/programs:publish", {"document": "regulars: 1"})

    assert (refused.status_code, refused.json()["code"]) == (422, "program_invalid")
    assert manager.get("/v1/approvals").json()["items"] == []


def test_an_application_asks_and_the_deployments_own_key_does(office: Office, member: str) -> None:
    made = keys.create(
        office.db, DEFAULT_ORGANIZATION, name="crm",
        scopes=frozenset({Scope.LEDGER_WRITE, Scope.PROGRAM_PUBLISH, Scope.APPROVALS_READ}),
        now=office.clock(),
    )  # fmt: skip
    crm, admin = as_key(office, made.secret), as_key(office, office.key)

    assert adjust(crm, member).status_code == 202
    assert crm.post("/v1/programs:publish", {"document": DOCUMENT}).status_code == 202
    assert len(crm.get("/v1/approvals").json()["items"]) == 2
    assert adjust(admin, member).status_code == 201
    office.clock.pass_(minutes=1)
    assert admin.post("/v1/programs:publish", {"document": DOCUMENT}).status_code == 201


def test_the_organization_sets_when_a_second_person_is_needed(office: Office, member: str) -> None:
    settings = '{"approvals": {"adjustment_limit": 50, "publication": false}}'
    with office.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("update organization set settings = %s", [settings])
    manager = office.hire(AGENT, Role.PROGRAM_MANAGER, Role.SERVICE_AGENT, totp=True)

    assert adjust(manager, member, "k1", amount=50).status_code == 201
    assert adjust(manager, member, "k2", amount=1).status_code == 202
    office.clock.pass_(minutes=1)
    assert manager.post("/v1/programs:publish", {"document": DOCUMENT}).status_code == 201


def test_a_reason_with_a_phone_number_is_refused(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)

    refused = adjust(agent, member, reason="Called from 13800138000")

    assert refused.status_code == 422
    assert "13800138000" not in refused.text


def test_pages_of_requests_go_on_where_the_last_ended(office: Office, member: str) -> None:
    agent = office.hire(AGENT, Role.SERVICE_AGENT, totp=True)
    asked = [adjust(agent, member, f"k{n}").json()["approval"] for n in range(5)]

    first = agent.get("/v1/approvals", limit=3).json()
    rest = agent.get("/v1/approvals", limit=3, cursor=first["next"]).json()

    told = [one["approval"] for one in first["items"] + rest["items"]]
    assert told == list(reversed(asked))
    assert rest["next"] is None
