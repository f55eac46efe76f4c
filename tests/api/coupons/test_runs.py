"""A coupon for many at once: everybody of whom the condition holds gets one, and only one."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.coupons.counter import given, member, moved, person, template

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.runs import running
from regulars.services.runs.running import House
from regulars.storage.programs import Versions
from regulars.worker.giving import HANDS


def work(shop: Shop, most: int = 1_000) -> int:
    """Let the worker do what waits, at most so many parts; how many got something."""
    house = House(shop.db, Versions(DEFAULT_ORGANIZATION))
    count = 0
    for _ in range(most):
        part = running.step(house, HANDS, shop.clock())
        if part is None:
            break
        count += part
    return count


def begin(shop: Shop, made: Any, condition: str = "", key: str = "", **more: Any) -> Any:
    body = {"template": made["template"], "condition": condition, "reason": "Ten years of us"}
    return shop.do("/v1/coupon-runs", body | more, key)


def begun(shop: Shop, made: Any, condition: str = "", key: str = "") -> str:
    answer = begin(shop, made, condition, key)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["run"])


def run_of(shop: Shop, run: str) -> Any:
    return shop.get(f"/v1/coupon-runs/{run}").json()


def outlook(shop: Shop, made: Any, condition: str = "") -> Any:
    answer = shop.do(
        "/v1/coupon-runs:preview", {"template": made["template"], "condition": condition}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def skipped(told: Any) -> dict[str, int]:
    return {one["why"]: one["members"] for one in told["skipped"]}


def coupons(shop: Shop, made: Any) -> list[Any]:
    """Who has one of it."""
    found = shop.get("/v1/coupons", template=made["template"], limit=100).json()["items"]
    return sorted(one["member"] for one in found)


@pytest.fixture
def crowd(shop: Shop) -> list[str]:
    """Six members, the first of them gold."""
    found = [member(shop, f"card:{number}") for number in range(1, 7)]
    shop.buy(100_000)
    return found


def test_all_of_whom_the_condition_holds_get_one_and_are_told_why(
    shop: Shop, crowd: list[str]
) -> None:
    ann, made = person(shop), template(shop)
    told = outlook(shop, made, 'member.tier == "gold"')
    assert (told["members"], told["exact"], told["fit"], told["left"]) == (1, True, 1, None)
    assert told["sample"] == [{"member": crowd[0], "tier": "gold", "why": "", "detail": ""}]
    assert coupons(shop, made) == []

    run = begun(shop, made, 'member.tier == "gold"', key="k1")
    member(shop, "card:9")
    shop.buy(100_000, "card:9")
    assert (work(shop), work(shop)) == (1, 0)
    done = run_of(shop, run)
    assert (done["state"], done["given"], done["share"], done["refusal"]) == ("done", 1, 1.0, "")
    assert coupons(shop, made) == [crowd[0]]
    assert begun(shop, made, 'member.tier == "gold"', key="k1") == run
    assert work(shop) == 0
    news = [
        one["params"] for one in ann.call("GET", "/v1/me/notices").json()["items"]
        if one["kind"] == "coupon_received"
    ]  # fmt: skip
    assert [(one["source"], one["why"]) for one in news] == [("run", "Ten years of us")]
    (one,) = ann.call("GET", "/v1/me/coupons").json()["items"]
    assert one["standing"] == "usable"


def test_a_run_is_done_part_by_part_and_two_runs_give_twice(
    shop: Shop, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TOGETHER", 2)
    made = template(shop)
    first = begun(shop, made)
    assert work(shop, 2) == 4
    half = run_of(shop, first)
    assert (half["state"], half["given"]) == ("waiting", 4)
    assert 0 < half["share"] < 1
    assert work(shop) == 2
    assert coupons(shop, made) == sorted(crowd)
    begun(shop, made)
    assert work(shop) == 6
    newest, oldest = shop.get("/v1/coupon-runs", template=made["template"]).json()["items"]
    assert (newest["given"], oldest["run"]) == (6, first)


def test_a_run_gives_no_more_than_can_be_used(shop: Shop, crowd: list[str]) -> None:
    made = template(shop, total=4, per_member=1)
    given(shop, made, "card:2")
    told = outlook(shop, made)
    assert (told["members"], told["fit"], told["left"]) == (6, 5, 3)
    assert skipped(told) == {"enough": 1}
    assert told["sample"][-1]["why"] == "enough"
    run = begun(shop, made)
    assert work(shop) == 3
    done = run_of(shop, run)
    assert (done["state"], done["refusal"], done["given"]) == ("done", "limit_reached", 3)
    assert skipped(done) == {"enough": 1, "none_left": 2}
    assert coupons(shop, made) == sorted(crowd[:4])
    again = begun(shop, made)
    assert (work(shop), run_of(shop, again)["refusal"]) == (0, "limit_reached")


def test_a_run_passes_over_whom_the_coupon_is_not_for(shop: Shop, crowd: list[str]) -> None:
    made = template(shop, audience={"tiers": ["gold"]})
    told = outlook(shop, made)
    assert (told["fit"], skipped(told), told["sample"][0]["member"]) == (1, {"tier": 5}, crowd[0])
    run = begun(shop, made)
    assert (work(shop), skipped(run_of(shop, run))) == (1, {"tier": 5})


def test_a_run_passes_over_who_is_frozen(shop: Shop, crowd: list[str]) -> None:
    made = template(shop)
    frozen = shop.do(f"/v1/members/{crowd[1]}/freeze", {"frozen": True, "reason": "Looked into"})
    assert frozen.is_success, frozen.text
    assert outlook(shop, made)["members"] == 5
    begun(shop, made)
    assert work(shop) == 5
    assert crowd[1] not in coupons(shop, made)


def test_a_run_that_is_stopped_gives_no_more(
    shop: Shop, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TOGETHER", 2)
    made = template(shop)
    run = begun(shop, made)
    assert work(shop, 1) == 2
    for _ in range(2):
        stopped = shop.client.post(f"/v1/coupon-runs/{run}/stop").json()
        assert (stopped["state"], stopped["given"]) == ("stopped", 2)
    assert 0 < stopped["share"] < 1
    assert work(shop) == 0
    assert coupons(shop, made) == sorted(crowd[:2])


def test_a_run_waits_while_its_template_is_paused_and_fails_when_it_has_ended(
    shop: Shop, crowd: list[str]
) -> None:
    made, other = template(shop), template(shop, "other")
    run = begun(shop, made)
    moved(shop, made["template"], "paused", "Sold out")
    begun(shop, other)
    assert work(shop) == 6, "the other one does not wait for it"
    assert run_of(shop, run)["state"] == "waiting"
    moved(shop, made["template"], "active")
    assert (work(shop), run_of(shop, run)["state"]) == (6, "done")
    late = begun(shop, made)
    moved(shop, made["template"], "ended", "Over")
    assert work(shop) == 0
    failed = run_of(shop, late)
    assert (failed["state"], failed["refusal"]) == ("failed", "coupon_template_state_wrong")


def test_who_is_merged_while_a_run_goes_gets_one(
    shop: Shop, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TOGETHER", 2)
    made = template(shop)
    begun(shop, made)
    assert work(shop, 1) == 2
    body = {"duplicate": crowd[0], "reason": "The same person"}
    merged = shop.do(f"/v1/members/{crowd[3]}/merge", body)
    assert merged.status_code in {200, 201}, merged.text
    work(shop)
    assert coupons(shop, made).count(crowd[3]) == 1


def test_what_makes_no_sense_is_refused(shop: Shop, crowd: list[str]) -> None:
    made = template(shop)
    assert begin(shop, made, "member.tier ==").json()["code"] == "condition_invalid"
    over = template(shop, "over", valid_until="2026-03-01T00:00:00Z")
    draft = template(shop, "draft", state="draft")
    for wrong in (over, draft):
        assert begin(shop, wrong).json()["code"] == "coupon_template_state_wrong"
    assert begin(shop, {"template": "ctp_x"}).json()["code"] == "coupon_template_not_found"
    told = begin(shop, made, reason="Call +8613900001111")
    assert told.status_code == 422
    assert begin(shop, made, key="one").status_code == 202
    assert begin(shop, made, "true", key="one").json()["code"] == "idempotency_key_reused"
    assert shop.get("/v1/coupon-runs/cpr_x").json()["code"] == "coupon_run_not_found"
    grant = shop.get("/v1/grant-runs").json()
    assert grant["items"] == [], "runs of benefits are others"


def test_only_who_may_write_offers_begins_looks_ahead_and_stops(
    shop: Shop, crowd: list[str]
) -> None:
    made = template(shop)
    run = begun(shop, made)
    reader = {"Authorization": f"Bearer {shop.secret(Scope.OFFERS_READ)}"}
    assert shop.client.get(f"/v1/coupon-runs/{run}", headers=reader).status_code == 200
    body = {"template": made["template"], "reason": "Ten years"}
    for path in ("/v1/coupon-runs", "/v1/coupon-runs:preview", f"/v1/coupon-runs/{run}/stop"):
        answer = shop.client.post(path, json=body, headers=reader | {"Idempotency-Key": "x"})
        assert answer.status_code == 403, path
