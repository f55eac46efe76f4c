"""The liability by month and breakage over HTTP."""

import pytest
from tests.api.conftest import MORNING, Shop
from tests.api.finance.test_runs import runtime

from regulars.domain.access import Scope
from regulars.services.finance import liability
from regulars.worker import jobs


def test_points_are_told_by_the_month_in_which_they_lapse(shop: Shop) -> None:
    shop.buy(10_000)  # In March 2026; points lapse after a year.
    shop.clock.pass_(days=40)
    shop.buy(5_050)
    shop.do("/v1/members/card:1/holds", {"currency": "points", "amount": 7, "seconds": 600})

    told = shop.get("/v1/liability/by-month").json()

    points = next(one for one in told["currencies"] if one["currency"] == "points")
    assert told["time_zone"] == "Asia/Shanghai"
    assert [(one["kind"], one["month"], one["points"]) for one in points["lines"]] == [
        ("lapsing", "2027-03-01", 93), ("lapsing", "2027-04-01", 50), ("held", None, 7),
    ]  # fmt: skip
    assert points["outstanding"] == 150
    assert points["worth"] == {"amount": 150, "currency": "CNY"}
    assert [one["worth"]["amount"] for one in points["lines"]] == [93, 50, 7]
    idle = next(one for one in told["currencies"] if one["currency"] == "idle")
    assert [one["month"] for one in idle["lines"]] == ["2026-10-01"]
    assert idle["worth"] is None

    whole = shop.get("/v1/liability").json()
    assert [(one["currency"], one["outstanding"]) for one in whole["totals"]] == [
        (one["currency"], one["outstanding"]) for one in told["currencies"]
    ]
    before = shop.get("/v1/liability/by-month", as_of=MORNING.isoformat()).json()
    held = next(one for one in before["currencies"] if one["currency"] == "points")
    assert held["outstanding"] == 100


def test_breakage_says_what_became_of_the_points_of_each_month(shop: Shop) -> None:
    shop.buy(10_000)
    shop.clock.pass_(days=40)
    shop.do("/v1/members/card:1/redemptions", {"currency": "points", "amount": 30})
    shop.clock.pass_(days=400)

    told = shop.get("/v1/liability/breakage", months=60).json()

    points = next(one for one in told["currencies"] if one["currency"] == "points")
    (cohort,) = points["cohorts"]
    assert cohort["month"] == "2026-03-01"
    left = {one["months"]: one["outstanding"] for one in cohort["steps"]}
    assert (left[0], left[1], left[11], left[12], max(left)) == (100, 70, 70, 0, 14)
    last = cohort["steps"][-1]
    assert (last["redeemed"], last["expired"]) == (30, 70)
    assert points["curve"][12] == cohort["steps"][12]
    assert points["name"] == "Points"
    chinese = shop.client.get("/v1/liability/breakage", headers={"Accept-Language": "zh-CN"})
    assert "积分" in {one["name"] for one in chinese.json()["currencies"]}


def test_a_large_organization_waits_until_it_is_worked_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liability, "FEW_LOTS", -1)
    shop.buy(10_000)
    first = shop.get("/v1/liability/breakage")
    assert (first.status_code, first.json()["code"]) == (409, "not_worked_out")

    jobs.run_all(runtime(shop), 1)

    told = shop.get("/v1/liability/breakage").json()["currencies"]
    assert {one["currency"]: one["total"]["issued"] for one in told} == {"points": 100, "idle": 5}


def test_who_may_not_read_the_ledger_reads_no_liability(shop: Shop) -> None:
    headers = {"Authorization": f"Bearer {shop.secret(Scope.EXPORTS_READ)}"}
    for path in ("/v1/liability/by-month", "/v1/liability/breakage"):
        assert shop.client.get(path, headers=headers).status_code == 403
        assert shop.get(path, as_of="now").status_code == 422
    assert shop.get("/v1/liability/breakage", months=61).status_code == 422


def test_without_a_program_there_is_no_liability(bare: Shop) -> None:
    for path in ("/v1/liability/by-month", "/v1/liability/breakage"):
        answer = bare.get(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "no_program_in_force")
