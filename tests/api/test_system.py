"""How the system is: told in numbers and advice, without any secret."""

import dataclasses
from pathlib import Path

import pytest
from tests.api.conftest import Shop

from regulars.api.pacing import Pace
from regulars.domain.access import Scope
from regulars.worker import loop


def test_the_system_tells_what_it_is_and_what_waits(shop: Shop) -> None:
    shop.buy(1000)
    runtime = shop.client._application._house.runtime  # type: ignore[union-attr]

    before = shop.get("/v1/system").json()
    loop.once(runtime)
    told = shop.get("/v1/system").json()

    assert before["worker"] == {"looked_at": None, "took_ms": None}
    assert "worker_never" in {one["code"] for one in before["warnings"]}
    assert told["worker"]["looked_at"] is not None
    assert told["database"]["embedded"] is False
    assert told["database"]["bytes"] > 1_000_000
    assert told["database"]["missing"] == []
    assert told["database"]["migration"].endswith(".sql")
    assert told["room"]["total"] >= told["room"]["free"] > 0
    assert told["configured"]["mail"] is False
    assert told["process"]["lately"]["events_a_second"] > 0
    codes = {one["code"] for one in told["warnings"]}
    assert "worker_never" not in codes
    assert {"mail_by_console", "not_verified"} <= codes
    assert "no_tls" not in codes  # Only this machine reaches it.


def test_what_falls_due_and_is_not_looked_after_is_told(shop: Shop) -> None:
    shop.buy(1000)
    runtime = shop.client._application._house.runtime  # type: ignore[union-attr]
    loop.once(runtime)
    shop.clock.pass_(days=366)

    told = shop.get("/v1/system").json()
    codes = {one["code"] for one in told["warnings"]}
    assert told["waiting"]["due"] >= 1
    assert {"due_late", "worker_late"} <= codes

    loop.once(runtime)
    told = shop.get("/v1/system").json()
    assert told["waiting"]["due"] == 0
    assert not {"due_late", "worker_late"} & {one["code"] for one in told["warnings"]}


def test_advice_is_in_the_language_that_is_asked_for(shop: Shop) -> None:
    answer = shop.client.get("/v1/system", headers={"Accept-Language": "zh-CN"})
    assert any("邮件" in one["words"] for one in answer.json()["warnings"])


def test_books_that_do_not_balance_are_the_first_thing_said(shop: Shop) -> None:
    shop.buy(1000)
    with shop.db.transaction(1) as tx:
        tx.execute("update account set balance = balance + 1")
    runtime = shop.client._application._house.runtime  # type: ignore[union-attr]
    shop.client.post("/v1/verifications", json={})
    from regulars.worker import jobs

    jobs.run_all(runtime, 1)
    loop.once(runtime)
    told = shop.get("/v1/system").json()
    assert told["books_clean"] is False
    assert told["warnings"][0]["code"] == "books_not_clean"


def test_nothing_secret_is_told(shop: Shop, tmp_path: Path) -> None:
    house = shop.client._application._house
    assert house is not None
    secret = "canary-secret-value"
    settings = dataclasses.replace(
        house.runtime.settings,
        mail_url=f"smtps://{secret}@mail.example:465",
        mail_password_file=tmp_path / secret,
        kms_url=f"https://{secret}.example",
        sms_url=f"https://{secret}.example",
    )
    object.__setattr__(house, "runtime", dataclasses.replace(house.runtime, settings=settings))
    house._served.clear()

    answer = shop.get("/v1/system")

    assert answer.json()["configured"]["mail"] is True
    assert secret not in answer.text
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(("scope", "status"), [(Scope.SYSTEM_READ, 200), (Scope.LEDGER_READ, 403)])
def test_it_takes_a_right_of_its_own(shop: Shop, scope: Scope, status: int) -> None:
    headers = {"Authorization": f"Bearer {shop.secret(scope)}"}
    assert shop.client.get("/v1/system", headers=headers).status_code == status


def test_the_pace_is_of_events_not_of_batches() -> None:
    pace = Pace()
    assert pace.lately().events_a_second == 0
    pace.add(90, 0.010)
    pace.add(9, 0.100)
    pace.add(1, 1.0)
    told = pace.lately()
    assert (told.median_ms, told.p95_ms, told.slowest_ms) == (10, 100, 1000)
    assert told.events_a_second > 1
