"""A benefit for many at once: everybody of whom the condition holds gets it, and gets it once."""

from typing import Any

from tests.api.benefits.parlour import code_of, enrol, has
from tests.api.conftest import Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.runs import running
from regulars.services.runs.running import House
from regulars.storage.programs import Versions
from regulars.worker.giving import HANDS

ORDER = {"benefit": "skin", "uses": 1, "reason": "Ten years of the shop"}


def work(shop: Shop) -> int:
    """Let the worker do all that waits; how many got something."""
    house = House(shop.db, Versions(DEFAULT_ORGANIZATION))
    given = 0
    while (part := running.step(house, HANDS, shop.clock())) is not None:
        given += part
    return given


def run_of(shop: Shop, run: str) -> Any:
    return shop.get(f"/v1/grant-runs/{run}").json()


def test_all_of_whom_the_condition_holds_get_it_once(parlour: Shop) -> None:
    enrol(parlour, "card:2")
    parlour.buy(100_000)
    asked = parlour.do("/v1/grant-runs", ORDER | {"condition": 'member.tier == "gold"'}, key="k1")
    enrol(parlour, "card:3")
    parlour.buy(100_000, subject="card:3")

    assert asked.status_code == 202
    assert (work(parlour), work(parlour)) == (1, 0)

    told = run_of(parlour, asked.json()["run"])
    assert (told["state"], told["granted"], told["share"]) == ("done", 1, 1.0)
    assert has(parlour)["skin"]["carrier"] == "campaign"
    assert "skin" not in has(parlour, "card:2")
    assert "skin" not in has(parlour, "card:3")
    again = parlour.do("/v1/grant-runs", ORDER | {"condition": 'member.tier == "gold"'}, key="k1")
    assert again.json()["run"] == told["run"]
    assert work(parlour) == 0


def test_a_run_that_is_stopped_gives_no_more(parlour: Shop) -> None:
    run = parlour.do("/v1/grant-runs", ORDER).json()["run"]
    stopped = parlour.client.post(f"/v1/grant-runs/{run}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
    assert work(parlour) == 0
    assert "skin" not in has(parlour)


def test_what_makes_no_sense_is_refused(parlour: Shop) -> None:
    wrong = ORDER | {"condition": "member.tier =="}
    assert code_of(parlour.do("/v1/grant-runs", wrong)) == (422, "condition_invalid")
    assert parlour.do("/v1/grant-runs", ORDER | {"benefit": "back"}).status_code == 422
    assert parlour.get("/v1/grant-runs").json()["items"] == []
    assert code_of(parlour.get("/v1/grant-runs/grn_x")) == (404, "grant_run_not_found")
