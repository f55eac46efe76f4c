"""Two companies on one deployment: whatever one of them asks for, it finds nothing of the other."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.api.conftest import PROGRAM, Shop
from tests.conftest import cabinet
from tests.fullness import fill

from regulars.api.openapi import document
from regulars.domain import ids as kinds
from regulars.domain.access import Scope
from regulars.domain.audit import By
from regulars.domain.ids import encode
from regulars.services import keys, organizations, programs

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OPERATOR = By(0, "cli:test")
CANARIES = ("canary-card", "canary-city", "CANARY-STORE", "canary-key", "canary-client",
            "canary-device", "canary-reason", "canary-provider", "canary-passkey", "canary.done",
            "canary-purpose")  # fmt: skip
"""What is asked by may come back in an answer; these are only stored."""
SAME_FOR_ALL = {"/", "/docs", "/docs/problems", "/openapi.json", "/healthz", "/readyz", "/metrics"}

OWN_NAMES = {
    "/v1/programs/versions/{version}", "/v1/programs/versions/{version}:restore",
    "/v1/member-providers/{code}", "/v1/takings/{day}", "/v1/appointments/{day}",
    "/v1/partner-seats/{actor}",
}  # fmt: skip
"""What is named here each organization names for itself: the other has, or makes, its own."""

COUNTS = """
select table_name from information_schema.columns
where table_schema = 'public' and column_name = 'organization_id'
"""


@pytest.fixture
def other(shop: Shop) -> str:
    """An ADMIN key of a second organization, which has the same program and a member."""
    made = organizations.create(
        shop.db, cabinet(), code="other", name="Other", by=OPERATOR, now=shop.clock()
    )
    programs.publish(shop.db, made.id, PROGRAM, in_force_from=LONG_AGO, now=shop.clock())
    key = keys.create(
        shop.db, made.id, name="other", scopes=frozenset({Scope.ADMIN}), now=shop.clock()
    )
    return key.secret


@pytest.fixture
def ids(shop: Shop) -> dict[str, str]:
    """Something of ours for every parameter of every path."""
    event = shop.event(
        "canary-receipt", source="canary-till", subject="card:canary-card", total=90_000,
        store="CANARY-STORE",
    )  # fmt: skip
    bought = shop.send(event).json()
    attributes = {"attributes": {"city": "canary-city"}}
    shop.client.patch("/v1/members/card:canary-card", json=attributes)
    hold = shop.do(
        "/v1/members/card:canary-card/holds", {"currency": "points", "amount": 5, "seconds": 600}
    ).json()["hold"]["hold"]
    fill(shop.db, only_access=True)
    names = {"staff": kinds.STAFF, "session": kinds.SESSION, "approval": kinds.APPROVAL,
             "enrolment": kinds.ENROLMENT, "passkey": kinds.PASSKEY, "transfer": kinds.TRANSFER,
             "verification": kinds.VERIFICATION, "export": kinds.EXPORT, "draft": kinds.DRAFT,
             "simulation": kinds.SIMULATION, "import_id": kinds.IMPORT, "record": kinds.REJECTED,
             "rejected": kinds.REJECTED, "order": kinds.ORDER, "given": kinds.GRANT,
             "slot": kinds.SLOT, "booking": kinds.BOOKING, "template": kinds.TEMPLATE,
             "coupon": kinds.COUPON, "batch": kinds.COUPON_BATCH, "reward": kinds.REWARD,
             "variant": kinds.VARIANT, "redemption": kinds.REDEMPTION, "sale": kinds.SALE,
             "draw": kinds.DRAW, "turn": kinds.TURN, "board": kinds.BOARD, "use": kinds.USE,
             "membership": kinds.MEMBERSHIP, "person": kinds.FAMILY_PERSON,
             "run": kinds.GRANT_RUN}  # fmt: skip
    return {
        "ref": bought["member"], "event": bought["event"], "hold": hold, "version": "1",
        "code": "canary", "client_id": "rgc_1_canary", "key": "1", "grant": "1", "revision": "1",
        "day": "2026-03-04", "actor": "staff:1", "tag": "canary-tag", "place": "0", "digest": "x",
        "benefit": "canary-benefit",
    } | {name: encode(kind, 1) for name, kind in names.items()}  # fmt: skip


def as_other(shop: Shop, secret: str, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"} | more.pop("headers", {})
    return shop.client.request(method, path, headers=headers, **more)


def operations(shop: Shop) -> Iterator[tuple[str, str, dict[str, Any]]]:
    application: Any = shop.client._application
    for path, methods in document(application._app)["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def everything_of(shop: Shop, organization: int) -> dict[str, list[str]]:
    """Each row of each table, as text."""
    with shop.db.transaction(organization) as tx:
        tables = sorted(name for (name,) in tx.execute(COUNTS))
        return {
            table: sorted(str(row) for row in tx.execute(f"select * from {table}".encode()))
            for table in tables
        }


def example_of(operation: dict[str, Any], ids: dict[str, str]) -> Any:
    """The documented body, with our member in the place of every reference."""
    content = operation.get("requestBody", {}).get("content", {})
    for kind in content.values():
        if "example" in kind:
            body = kind["example"]
            return {key: ids["ref"] if key in {"to", "ref", "subject"} else value
                    for key, value in body.items()} if isinstance(body, dict) else body  # fmt: skip
    return {}


def test_no_endpoint_tells_or_changes_anything_of_another_organization(
    shop: Shop, other: str, ids: dict[str, str]
) -> None:
    before = everything_of(shop, 1)
    tried = 0
    for method, path, operation in operations(shop):
        # What is open to whoever comes is of the organization that they name, whoever they are.
        if path in SAME_FOR_ALL or "security" not in operation:
            continue
        # A grant is what a member allowed an application; where benefits are meant, theirs.
        asked = path.replace("{grant}", "{given}") if "benefit-grants" in path else path
        filled = re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], asked)
        answer = as_other(
            shop, other, method, filled,
            headers={"Idempotency-Key": f"walk-{tried}", "content-type": "application/json"},
            json=None if method in {"GET", "DELETE"} else example_of(operation, ids),
            params={"source": "canary-till", "id": "canary-receipt", "from": 1, "to": 1},
        )  # fmt: skip
        tried += 1
        assert answer.status_code < 500, (method, path, answer.text)
        for canary in CANARIES:
            if canary not in filled:
                assert canary not in answer.text, (method, path)
        if "{" in path and path not in OWN_NAMES:
            assert answer.status_code in {401, 403, 404, 415, 422, 428}, (method, path, answer.text)
    assert tried > 30
    assert everything_of(shop, 1) == before


def test_the_same_ids_in_both_organizations_are_two_members(
    shop: Shop, other: str, ids: dict[str, str]
) -> None:
    event = shop.event(
        "canary-receipt", source="canary-till", subject="card:canary-card", total=100
    )

    sent = as_other(shop, other, "POST", "/v1/events", json=event)

    assert sent.status_code == 201
    assert sent.json()["member"] != ids["ref"]
    assert sent.json()["earned"] == {"points": 1, "idle": 5}
    assert shop.balance("card:canary-card")["available"] == 895


def test_events_of_many_organizations_at_once_go_to_their_own(shop: Shop, other: str) -> None:
    secrets = {"1": shop.secret(Scope.EVENTS_WRITE), "2": other}
    for number in range(20):
        for organization, secret in secrets.items():
            lines = [shop.event(f"{number}", subject=f"card:{organization}", total=100)]
            answer = as_other(
                shop, secret, "POST", "/v1/events", json=lines,
                headers={"content-type": "application/cloudevents-batch+json"},
            )  # fmt: skip
            assert answer.json()[0]["status"] == 201
    with shop.db.transaction(1) as tx:
        assert tx.execute("select count(*) from event").fetchone() == (20,)


def test_a_suspended_organization_is_kept_out_and_comes_back(shop: Shop, other: str) -> None:
    assert as_other(shop, other, "GET", "/v1/members").status_code == 200
    organizations.suspend(shop.db, 2, by=OPERATOR, now=shop.clock())
    shop.look_again()

    assert as_other(shop, other, "GET", "/v1/members").status_code == 401
    assert shop.get("/v1/members").status_code == 200

    organizations.resume(shop.db, 2, by=OPERATOR, now=shop.clock())
    shop.look_again()
    assert as_other(shop, other, "GET", "/v1/members").status_code == 200


def test_a_key_cannot_be_bent_to_another_organization(shop: Shop, other: str) -> None:
    _, _, random = other.split("_", 2)
    for beginning in (
        "rgl_1_",
        "rgl_3_",
        "rgl_0_",
        "rgl_-1_",
        "rgl_99999999999_",
        "rgl_x_",
        "rgl_",
    ):
        answer = as_other(shop, beginning + random, "GET", "/v1/members")
        assert answer.status_code == 401, beginning


def test_an_operator_adds_renames_suspends_and_sees_nothing_within(shop: Shop) -> None:
    secret = shop.secret(Scope.DEPLOYMENT_MANAGE)
    body = {"code": "harbour", "name": "Harbour"}

    made = as_other(shop, secret, "POST", "/v1/organizations", json=body)
    again = as_other(shop, secret, "POST", "/v1/organizations", json=body)
    named = as_other(shop, secret, "PATCH", "/v1/organizations/harbour", json={"name": "港口咖啡"})
    listed = as_other(shop, secret, "GET", "/v1/organizations").json()["items"]

    assert (made.status_code, again.status_code, named.status_code) == (201, 409, 200)
    assert [one["code"] for one in listed] == ["default", "harbour"]
    assert as_other(shop, secret, "GET", "/v1/members").status_code == 403
    assert shop.get("/v1/organizations").status_code == 403
    nowhere = as_other(shop, secret, "POST", "/v1/organizations/nowhere/suspend")
    assert nowhere.status_code == 404


def test_an_organization_sets_what_it_decides_for_itself(shop: Shop, other: str) -> None:
    wanted = {"approvals": {"adjustment_limit": 50}, "privacy": {"retention": {"sessions": "P60D"}}}

    before = shop.get("/v1/organization").json()
    answer = shop.client.request("PUT", "/v1/organization/settings", json=wanted)
    again = shop.client.request("PUT", "/v1/organization/settings", json=wanted)

    assert before["settings"]["approvals"]["adjustment_limit"] == 10_000
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["approvals"] == {
        "adjustment_limit": 50, "publication": True, "personal_export": True,
        "second_factor": True,
    }  # fmt: skip
    assert again.json() == answer.json() == shop.get("/v1/organization").json()
    theirs = as_other(shop, other, "GET", "/v1/organization").json()
    assert (theirs["code"], theirs["settings"]) == ("other", before["settings"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"approvals": {"adjustment_limit": -1}},
        {"approvals": {"nobody": True}},
        {"privacy": {"retention": {"sessions": "P900Y"}}},
        {"privacy": {"retention": {"everything": "P1D"}}},
        {"enrolment": {"risk": {"hold_from": 90, "refuse_from": 10}}},
        {"colour": "red"},
    ],
)
def test_settings_that_do_not_go_together_change_nothing(shop: Shop, wrong: Any) -> None:
    before = shop.get("/v1/organization").json()

    answer = shop.client.request("PUT", "/v1/organization/settings", json=wrong)

    assert answer.status_code == 422, answer.text
    assert shop.get("/v1/organization").json() == before
