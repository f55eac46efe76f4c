"""Staff allow applications something, which goes when their own rights go."""

import pytest
from tests.api.applying import (
    bearer,
    colleague,
    enrolled,
    registered,
)
from tests.api.conftest import Shop

from regulars.domain.access import Access, Kind, Role, Scope
from regulars.domain.audit import By
from regulars.services import keys, staff
from regulars.services.staff import Desk


def test_an_application_does_for_staff_what_they_allowed_and_may_themselves(shop: Shop) -> None:
    number, session = colleague(shop, Role.ANALYST)
    mini = registered(shop, scope="self:read members:read members:write ledger:read")
    enrolled(shop)

    page = mini.look(session, scope="members:read members:write")
    tokens = mini.tokens(session, scope="members:read members:write self:read")
    headers = bearer(tokens["access_token"])

    assert tokens["scope"] == "members:read"
    assert "Read members" in page.answer.text
    assert "Enrol members" not in page.answer.text
    assert shop.client.get("/v1/members/card:7", headers=headers).status_code == 200
    assert (
        shop.client.post("/v1/members", json={"refs": ["c:1"]}, headers=headers).status_code == 403
    )
    assert shop.client.get("/v1/me", headers=headers).status_code == 403
    with shop.db.transaction(1) as tx:
        actors = tx.execute("select actor from audit where action = 'grant.given'").fetchall()
    assert actors == [(f"staff:{number}",)]


def test_who_may_grant_nothing_of_it_is_told_so(shop: Shop) -> None:
    _, session = colleague(shop, Role.PARTNER)
    tried = registered(shop).look(session)
    assert tried.told["error"] == "invalid_scope"


@pytest.mark.parametrize("what", ["roles", "suspend"])
def test_what_somebody_on_the_staff_loses_their_applications_lose(shop: Shop, what: str) -> None:
    number, session = colleague(shop, Role.ANALYST)
    mini = registered(shop, scope="members:read ledger:read")
    tokens = mini.tokens(session, scope="members:read ledger:read")
    everything = Access(1, Kind.COMMAND_LINE, 0, "test", frozenset(Scope))
    house = shop.client._application._house
    assert house is not None
    desk = Desk(
        shop.db, house.runtime.cabinet, everything, By(1, "cli:test"), shop.clock(), "http://x"
    )

    if what == "roles":
        staff.set_roles(desk, number, frozenset({Role.PARTNER}))
    else:
        staff.suspend(desk, number)
    shop.look_again()

    headers = bearer(tokens["access_token"])
    assert shop.client.get("/v1/liability", headers=headers).status_code == 401
    assert mini.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_key_made_by_the_command_line_may_be_without_limit(shop: Shop) -> None:
    made = keys.create(
        shop.db, 1, name="x", scopes=frozenset({Scope.ADMIN}), rate=0, now=shop.clock()
    )
    assert keys.listed(shop.db, 1)[-1].rate == 0
    assert "ratelimit-limit" not in shop.client.get("/v1/keys", headers=bearer(made.secret)).headers
