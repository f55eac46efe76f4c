"""Simulations over HTTP: asked for, followed, read, cancelled."""

from datetime import timedelta
from typing import Any

from tests.api.conftest import PROGRAM, Shop

from regulars.domain.access import Scope
from regulars.domain.designing.simulations import DEAD_AFTER
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.worker import simulating as runner

DOUBLED = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")


def ask(shop: Shop, **body: Any) -> Any:
    answer = shop.client.post("/v1/simulations", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


def run(shop: Shop) -> None:
    """As the process does that the API starts."""
    runner.run_all(shop.db, DEFAULT_ORGANIZATION, shop.clock)


def test_a_draft_is_simulated_on_what_really_happened(shop: Shop) -> None:
    shop.buy(1000)
    shop.buy(500, subject="card:2")
    draft = shop.client.post("/v1/drafts", json={"name": "x", "document": DOUBLED}).json()["draft"]

    asked = ask(shop, draft=draft, months=3, note="twice")

    assert (asked["state"], asked["done"], asked["result"]) == ("waiting", 0, None)
    assert (asked["draft"], asked["revision"], asked["against"]) == (draft, 1, 1)
    run(shop)
    told = shop.get(f"/v1/simulations/{asked['simulation']}").json()
    assert (told["state"], told["done"], told["total"]) == ("done", 2, 2)
    result = told["result"]
    assert (result["members"], result["events"], result["money"]) == (2, 2, "CNY")
    points = result["currencies"][0]
    assert points["name"] == {"en": "Points", "zh-CN": "积分"}
    assert points["in_force"]["issued"] == 15
    assert points["draft"]["issued"] == 30
    assert points["draft"]["cost"] == {"amount": 30, "currency": "CNY"}
    base = next(one for one in result["rules"] if one["rule"] == "base")
    assert (base["in_force"]["points"], base["draft"]["points"]) == (15, 30)
    assert [one["winners"] for one in result["changes"]] == [2, 0, 0]
    assert {"from", "until", "members"} == set(result["changes"][0]["histogram"][0])
    listed = shop.get("/v1/simulations").json()["items"]
    assert [one["note"] for one in listed] == ["twice"]
    assert "result" not in listed[0]


def test_what_is_simulated_is_either_a_text_or_a_draft(shop: Shop) -> None:
    for body in ({}, {"document": PROGRAM, "draft": "dft_x"}):
        answer = shop.client.post("/v1/simulations", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    unknown = shop.client.post("/v1/simulations", json={"draft": "dft_0000000000000"})
    assert unknown.json()["code"] == "draft_not_found"
    broken = shop.client.post("/v1/simulations", json={"document": "rules: ["}).json()
    assert (broken["code"], broken["errors"][0]["line"]) == ("program_invalid", 2)
    version = shop.client.post("/v1/simulations", json={"document": PROGRAM, "against": 9}).json()
    assert version["code"] == "version_not_found"


def test_what_will_happen_cannot_be_replayed(shop: Shop) -> None:
    ahead = (shop.clock() + timedelta(days=1)).isoformat()
    body = {"document": PROGRAM, "to": ahead}

    answer = shop.client.post("/v1/simulations", json=body).json()
    backwards = shop.client.post(
        "/v1/simulations",
        json={"document": PROGRAM, "from": "2026-02-02T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
    ).json()

    assert answer["errors"][0]["pointer"] == "/to"
    assert backwards["errors"][0]["pointer"] == "/from"


def test_versions_can_be_compared_on_history_too(shop: Shop) -> None:
    shop.buy(1000)
    shop.client.post("/v1/programs:publish", json={"document": DOUBLED})

    decided = ask(shop, document=DOUBLED, against="decided")
    in_force = ask(shop, document=DOUBLED)
    run(shop)

    told = [shop.get(f"/v1/simulations/{one['simulation']}").json() for one in (decided, in_force)]
    assert [one["against"] for one in told] == ["decided", 2]
    assert [one["result"]["changes"][0]["winners"] for one in told] == [1, 0]
    assert told[0]["result"]["baseline"] == {"kind": "decided", "versions": [1, 2]}


def test_a_simulation_is_cancelled_once_and_for_all(shop: Shop) -> None:
    asked = ask(shop, document=DOUBLED)["simulation"]

    first = shop.client.post(f"/v1/simulations/{asked}/cancel").json()
    run(shop)
    again = shop.client.post(f"/v1/simulations/{asked}/cancel").json()

    assert first["state"] == "cancelled"
    assert again == first
    assert shop.client.post("/v1/simulations/sim_none/cancel").status_code == 404


def test_whoever_waits_for_one_whose_process_was_lost_is_helped(shop: Shop) -> None:
    launched: list[Any] = []
    served = shop.client._application._house.at(DEFAULT_ORGANIZATION)  # type: ignore[union-attr]
    object.__setattr__(served.runtime, "launch", lambda *what: launched.append(what))
    asked = ask(shop, document=DOUBLED)["simulation"]
    assert launched == [(runner.MODULE, ["1"])]

    shop.get(f"/v1/simulations/{asked}")
    assert len(launched) == 1
    shop.clock.now += DEAD_AFTER + timedelta(seconds=1)
    shop.get(f"/v1/simulations/{asked}")

    assert len(launched) == 2


def test_only_who_sees_the_liability_sees_what_was_simulated(shop: Shop) -> None:
    asked = ask(shop, document=DOUBLED)["simulation"]

    def may(scope: Scope, method: str, path: str, **body: Any) -> int:
        headers = {"Authorization": f"Bearer {shop.secret(scope)}"}
        return shop.client.request(method, path, headers=headers, **body).status_code

    assert may(Scope.PROGRAM_READ, "GET", f"/v1/simulations/{asked}") == 403
    assert may(Scope.LEDGER_READ, "GET", f"/v1/simulations/{asked}") == 200
    assert may(Scope.LEDGER_READ, "POST", "/v1/simulations", json={"document": PROGRAM}) == 403
    assert may(Scope.PROGRAM_DRAFT, "POST", f"/v1/simulations/{asked}/cancel") == 200
    done = ask(shop, document=DOUBLED)["simulation"]
    run(shop)
    headers = {"Authorization": f"Bearer {shop.secret(Scope.PROGRAM_DRAFT)}"}
    told = shop.client.post(f"/v1/simulations/{done}/cancel", headers=headers).json()
    assert told["state"] == "done"
    assert "result" not in told


def test_members_who_were_merged_are_replayed_as_one(shop: Shop) -> None:
    shop.buy(5000)
    shop.send(shop.event("p2", subject="card:2", total=7000))
    shop.clock.pass_(days=3)
    merged = shop.client.post(
        "/v1/members/card:1/merge", json={"duplicate": "card:2", "reason": "Both cards shown"}
    )
    assert merged.status_code == 200, merged.text
    shop.buy(100, subject="card:0")
    chained = shop.client.post(
        "/v1/members/card:0/merge", json={"duplicate": "card:1", "reason": "And a third one"}
    )
    assert chained.status_code == 200, chained.text
    shop.clock.pass_(days=1)
    back = shop.send(shop.event("r2", subject="card:0", kind="return", purchase_id="p2"))
    assert back.status_code == 201, back.text
    until = shop.clock().isoformat()

    same = [ask(shop, document=PROGRAM), ask(shop, document=PROGRAM, to=until)]
    other = ask(shop, document=DOUBLED)
    run(shop)

    for one in same:
        result = shop.get(f"/v1/simulations/{one['simulation']}").json()["result"]
        assert [change["unchanged"] for change in result["changes"]] == [3, 3, 3]
        assert result["currencies"][0]["in_force"]["taken_back"] == 70
        assert result["refusals"] == []
    twice = shop.get(f"/v1/simulations/{other['simulation']}").json()["result"]
    assert twice["currencies"][0]["draft"]["taken_back"] == 140
