"""Workers of imports: one at a time works at a file, and one that was slow does no harm."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

from tests.api.conftest import Shop
from tests.api.imports.sending import MAPPING, row, sent, start, table, work

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.intake.uploads import LEASE
from regulars.storage.importing import jobs
from regulars.storage.importing.jobs import Job
from regulars.worker import importing


def runtime(shop: Shop) -> Any:
    application: Any = shop.client._application
    return application._house.runtime


def claimed(shop: Shop, worker: str, gone: Sequence[str] = ()) -> Job | None:
    files = importing._there(runtime(shop).settings)[DEFAULT_ORGANIZATION]
    now = shop.clock()
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        return jobs.claim(
            tx, DEFAULT_ORGANIZATION, files=files, worker=worker, gone=list(gone), now=now,
            until=now + LEASE,
        )  # fmt: skip


def begun(shop: Shop, count: int = 3) -> str:
    name = str(sent(shop, table([row(f"r{n}") for n in range(count)]))["file"]["id"])
    start(shop, name, MAPPING)
    return name


def test_a_second_worker_waits_until_the_first_has_not_been_heard_of(shop: Shop) -> None:
    begun(shop)

    assert claimed(shop, "one/1/1") is not None
    assert claimed(shop, "two/2/2") is None
    shop.clock.pass_(seconds=LEASE.total_seconds() + 1)

    assert claimed(shop, "two/2/2") is not None


def test_what_a_dead_worker_held_is_taken_at_once(shop: Shop) -> None:
    begun(shop)
    claimed(shop, "one/1/1")

    assert claimed(shop, "two/2/2", gone=["one/1/1"]) is not None


def test_a_worker_that_lost_its_lease_writes_nothing_more(shop: Shop) -> None:
    name = begun(shop)
    job = claimed(shop, "slow/1/1")
    assert job is not None
    shop.clock.pass_(seconds=LEASE.total_seconds() + 1)
    work(shop, "quick/2/2")

    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        held = jobs.held(tx, DEFAULT_ORGANIZATION, job.id, "slow/1/1")
    told = shop.get(f"/v1/imports/{name}").json()

    assert held is None
    assert (told["state"], told["decided"]) == ("done", 3)


def test_starting_twice_imports_once(shop: Shop) -> None:
    name = begun(shop)
    start(shop, name, MAPPING)
    work(shop)

    again = shop.client.post(f"/v1/imports/{name}:start", json={"mapping": MAPPING})

    assert again.status_code == 409
    assert shop.events_written() == 3


def test_a_worker_that_is_told_to_stop_leaves_the_rest_to_the_next(
    shop: Shop, monkeypatch: Any
) -> None:
    monkeypatch.setattr("regulars.services.intake.uploads.SAVE_EVERY_S", 0.0)
    name = begun(shop, 2_500)
    stop = Event()
    stop.set()

    importing.once(runtime(shop), "one/1/1", stop)
    halfway = shop.get(f"/v1/imports/{name}").json()
    work(shop, "two/2/2")
    told = shop.get(f"/v1/imports/{name}").json()

    assert halfway["state"] == "running"
    assert 0 < halfway["records_done"] < 2_500
    assert (told["state"], told["decided"] + told["repeated"]) == ("done", 2_500)
    assert shop.events_written() == 2_500


def test_this_very_process_is_not_taken_for_gone() -> None:
    name = importing.name_of_worker()

    assert not importing.is_gone(name)
    assert not importing.is_gone("elsewhere/1/1")
    host = name.partition("/")[0]
    assert importing.is_gone(f"{host}/{os.getpid()}/0") or not Path("/proc").exists()


def test_files_that_no_import_knows_go_in_time(shop: Shop) -> None:
    name = begun(shop)
    folder = runtime(shop).settings.data / "imports" / str(DEFAULT_ORGANIZATION)
    stray = folder / "0123.part"
    stray.write_bytes(b"half a file")
    now = shop.clock().timestamp()
    os.utime(stray, (now, now))

    importing.sweep(runtime(shop))
    assert stray.exists(), "it may still be coming"
    shop.clock.pass_(days=2)
    importing.sweep(runtime(shop))

    assert not stray.exists()
    assert shop.get(f"/v1/imports/{name}").json()["has_file"]
