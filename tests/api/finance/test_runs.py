"""Verifications and exports: started over the API, run beside it, followed, fetched."""

import io
import json
from datetime import timedelta
from typing import Any

import pyarrow.parquet
import pytest
from tests.api.conftest import Shop

from regulars.domain.access import Scope
from regulars.domain.audit import By
from regulars.domain.finance.jobs import KEPT, MOST_ATTEMPTS, MOST_WAITING
from regulars.runtime import Runtime
from regulars.services import exports
from regulars.services.finance import jobs as services
from regulars.worker import jobs, loop

KINDS = ("members", "events", "transfers", "lots", "cloudevents")


def runtime(shop: Shop) -> Runtime:
    """Of the application, which launches nothing in tests."""
    house = shop.client._application._house
    assert house is not None
    return house.runtime


def stocked(shop: Shop) -> None:
    for number in range(5):
        shop.buy(1000 + number, subject=f"card:{number % 2}")
    shop.do("/v1/members/card:1/redemptions", {"currency": "points", "amount": 3})


def verification(shop: Shop, **body: Any) -> dict[str, Any]:
    told: dict[str, Any] = shop.client.post("/v1/verifications", json=body).json()
    return told


def ended(shop: Shop, path: str) -> dict[str, Any]:
    """What became of it, after all that waits has run."""
    jobs.run_all(runtime(shop), 1)
    told: dict[str, Any] = shop.get(path).json()
    return told


def test_a_verification_runs_beside_and_tells_what_it_proved(shop: Shop) -> None:
    stocked(shop)

    asked = shop.client.post("/v1/verifications", json={})

    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "waiting"
    told = ended(shop, f"/v1/verifications/{asked.json()['verification']}")
    assert told["state"] == "done"
    assert told["result"]["clean"] is True
    assert (told["result"]["replayed"], told["result"]["events"]) == (6, 6)
    assert told["progress"] == {"done": 6, "total": 6}
    assert len(told["result"]["proofs"]) > 10
    assert sum(points for _, _, points in told["result"]["sums"]) == 0
    assert told["by"].startswith("key:")
    assert shop.get("/v1/audit", action="verification.").json()["items"]


def test_what_breaks_the_books_is_found_and_named_by_ids_that_lead_to_pages(shop: Shop) -> None:
    stocked(shop)
    with shop.db.transaction(1) as tx:
        tx.execute("update account set balance = balance + 1 where currency = 'points'")

    told = ended(shop, f"/v1/verifications/{verification(shop)['verification']}")

    assert told["result"]["clean"] is False
    offenders = [words for one in told["result"]["proofs"] for words in one["offenders"]]
    own = shop.get("/v1/members/card:1").json()["member"]
    assert any(words.startswith(f"member {own} has") for words in offenders)


def test_while_one_is_under_way_it_is_not_started_again(shop: Shop) -> None:
    stocked(shop)
    first = verification(shop)
    again = shop.client.post("/v1/verifications", json={})

    assert (again.status_code, again.json()) == (200, first)
    jobs.run_all(runtime(shop), 1)
    assert verification(shop)["verification"] != first["verification"]


def test_without_replay_only_the_database_is_asked(shop: Shop) -> None:
    stocked(shop)
    told = ended(shop, f"/v1/verifications/{verification(shop, replay=False)['verification']}")
    assert (told["replay"], told["result"]["replayed"], told["result"]["events"]) == (False, 0, 6)


def export(shop: Shop, what: str, form: str = "ndjson") -> dict[str, Any]:
    asked = shop.client.post("/v1/exports", json={"what": what, "form": form})
    assert asked.status_code in {200, 202}, asked.text
    told: dict[str, Any] = asked.json()
    return told


@pytest.mark.parametrize("what", KINDS)
def test_an_export_is_the_same_as_that_of_the_command_line(shop: Shop, what: str) -> None:
    stocked(shop)
    asked = export(shop, what)

    told = ended(shop, f"/v1/exports/{asked['export']}")

    by = By(1, "cli:test")
    truth = list(exports.export(shop.db, runtime(shop).cabinet, 1, what, by=by, now=shop.clock()))
    assert (told["state"], told["result"]["records"]) == ("done", len(truth))
    answer = shop.get(f"/v1/exports/{asked['export']}/file")
    assert answer.status_code == 200
    rows = [json.loads(line) for line in answer.content.splitlines()]
    assert len(answer.content) == told["result"]["bytes"]
    key = {"members": "member", "events": "event", "transfers": "transfer", "lots": "lot"}
    named = key.get(what, "id")
    assert [one[named] for one in rows] == [one[named] for one in truth]
    assert "card:1" not in answer.text
    assert f"{what}-2026-03-04.ndjson" in answer.headers["content-disposition"]


def test_a_large_file_comes_in_pieces_and_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(shop)
    monkeypatch.setattr(services, "PIECE_BYTES", 100)
    asked = export(shop, "transfers", "parquet")

    ended(shop, f"/v1/exports/{asked['export']}")

    answer = shop.get(f"/v1/exports/{asked['export']}/file")
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert table.num_rows == len(shop.get("/v1/transfers").json()["items"])
    with shop.db.transaction(1) as tx:
        (pieces,) = tx.execute("select count(*) from job_file").fetchone() or (0,)
    assert pieces > 5


def test_a_file_is_fetched_when_it_is_done_and_for_a_week(shop: Shop) -> None:
    stocked(shop)
    asked = export(shop, "lots")
    path = f"/v1/exports/{asked['export']}/file"
    early = shop.get(path)
    assert (early.status_code, early.json()["code"]) == (409, "file_not_ready")
    jobs.run_all(runtime(shop), 1)
    assert shop.get(path).status_code == 200

    shop.clock.pass_(days=KEPT / timedelta(days=1))

    late = shop.get(path)
    assert (late.status_code, late.json()["code"]) == (404, "run_not_found")
    loop.once(runtime(shop))
    with shop.db.transaction(1) as tx:
        assert tx.execute("select count(*) from job_file").fetchone() == (0,)
    assert len(shop.get("/v1/audit", action="export.fetched").json()["items"]) == 1


def test_the_same_export_is_not_made_twice_at_once_and_not_too_many(shop: Shop) -> None:
    stocked(shop)
    first = export(shop, "lots")
    assert export(shop, "lots")["export"] == first["export"]
    for what in KINDS[: MOST_WAITING - 1]:
        export(shop, what, "csv")

    answer = shop.client.post("/v1/exports", json={"what": "members", "form": "parquet"})

    assert (answer.status_code, answer.json()["code"]) == (409, "runs_busy")


@pytest.mark.parametrize(
    "body", [{}, {"what": "secrets"}, {"what": "lots", "form": "xls"}, {"what": "lots", "to": "x"}]
)
def test_only_what_is_known_is_exported(shop: Shop, body: dict[str, Any]) -> None:
    assert shop.client.post("/v1/exports", json=body).status_code == 422


def test_who_may_not_verify_does_not(shop: Shop) -> None:
    stocked(shop)
    reader = {"Authorization": f"Bearer {shop.secret(Scope.LEDGER_READ)}"}
    assert shop.client.get("/v1/verifications", headers=reader).status_code == 200
    assert shop.client.post("/v1/verifications", json={}, headers=reader).status_code == 403
    assert shop.client.get("/v1/exports", headers=reader).status_code == 403
    for path in ("/v1/verifications/ver_x", "/v1/exports/exp_x", "/v1/exports/exp_x/file"):
        assert shop.get(path).status_code == 404


def test_a_run_whose_process_was_lost_is_begun_again_and_given_up_in_the_end(shop: Shop) -> None:
    stocked(shop)
    asked = export(shop, "lots")
    for attempt in range(MOST_ATTEMPTS):
        assert services.take(shop.db, 1, shop.clock) is not None, attempt
        assert services.take(shop.db, 1, shop.clock) is None
        shop.clock.pass_(minutes=2)

    assert services.take(shop.db, 1, shop.clock) is None
    told = shop.get(f"/v1/exports/{asked['export']}").json()
    assert (told["state"], "lost" in told["refusal"]) == ("failed", True)


def test_a_process_that_was_taken_for_lost_changes_nothing_when_it_ends(shop: Shop) -> None:
    stocked(shop)
    asked = export(shop, "lots")
    slow = services.take(shop.db, 1, shop.clock)
    assert slow is not None
    shop.clock.pass_(minutes=2)
    assert services.look_after(shop.db, 1, shop.clock()) is True

    slow.fail()

    assert shop.get(f"/v1/exports/{asked['export']}").json()["state"] == "waiting"
    assert ended(shop, f"/v1/exports/{asked['export']}")["state"] == "done"


def test_a_run_that_fails_says_so_and_nothing_of_why(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(shop)
    asked = export(shop, "lots")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(jobs.exports, "export", broken)
    told = ended(shop, f"/v1/exports/{asked['export']}")

    assert (told["state"], told["result"]) == ("failed", None)
    assert "secret" not in told["refusal"]


def test_the_ledger_is_verified_once_a_night(shop: Shop) -> None:
    stocked(shop)
    run = runtime(shop)
    loop.once(run)  # At nine in the morning, where the shop is.
    assert shop.get("/v1/verifications").json()["items"] == []

    shop.clock.pass_(hours=18.5)  # Half past three.
    loop.once(run)
    loop.once(run)
    jobs.run_all(run, 1)
    shop.clock.pass_(minutes=15)
    loop.once(run)

    (told,) = shop.get("/v1/verifications").json()["items"]
    assert (told["by"], told["state"]) == ("system", "done")
    shop.clock.pass_(hours=24)
    loop.once(run)
    assert len(shop.get("/v1/verifications").json()["items"]) == 2
