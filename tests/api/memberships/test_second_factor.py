"""Whether staff show a second factor before a refund is the organization's to say."""

from datetime import UTC, datetime

from tests.api.conftest import PROGRAM
from tests.api.memberships.conftest import CARDS
from tests.api.office import Office
from tests.api.office import office as office  # noqa: PLC0414  # the fixture
from tests.api.test_approvals_api import as_key

from regulars.domain.access import Role
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs


def test_a_refund_takes_a_second_factor_only_where_the_settings_say_so(office: Office) -> None:
    programs.publish(
        office.db, DEFAULT_ORGANIZATION, PROGRAM + CARDS,
        in_force_from=datetime(2021, 1, 1, tzinfo=UTC), now=office.clock(),
    )  # fmt: skip
    key = as_key(office, office.key)
    key.post("/v1/members", {"refs": ["card:1"]})
    body = {"card": "plus", "pay": "money", "payment": "pay-1"}
    sold = key.post("/v1/members/card:1/memberships", body, **{"Idempotency-Key": "a"})
    assert sold.status_code == 201, sold.text
    path = f"/v1/memberships/{sold.json()['membership']['membership']}/refund"
    weak = office.hire("ada@shop.example", Role.OWNER)
    why = {"reason": "Changed their mind"}

    unsure = weak.post(path, why, **{"Idempotency-Key": "b"})
    assert (unsure.status_code, unsure.json()["code"]) == (403, "second_factor_needed")
    eased = {"approvals": {"second_factor": False}}
    assert key.request("PUT", "/v1/organization/settings", json=eased).status_code == 200
    done = weak.post(path, why, **{"Idempotency-Key": "b"})

    assert done.status_code == 200, done.text
