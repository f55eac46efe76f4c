"""An import doubles nothing, whatever is run again or killed, and loses no rejected record."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from tests.conftest import key_file

from regulars.gateways.files.opening import open_events
from regulars.insight.samples.stream import Wish, stream
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.intake.importing import Tally, forget, import_file
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage.database import Database

GROCERY = (Path(__file__).parents[2] / "examples/grocery.yaml").read_text()
START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, tzinfo=UTC)
EVENTS = 6_000
BAD = '{"id": "bad-%d", "source": "t", "type": "purchase", "subject": "card:1", "data": {}}'


@pytest.fixture
def published(db: Database) -> Database:
    programs.publish(db, 1, GROCERY, in_force_from=datetime(2017, 1, 1, tzinfo=UTC), now=NOW)
    return db


@pytest.fixture(scope="module")
def lines() -> list[str]:
    wish = Wish(300, EVENTS, 7, START, datetime(2025, 6, 1, tzinfo=UTC), ZoneInfo("UTC"))
    return [text for texts in stream(wish) for text in texts]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def run(db: Database, path: Path, mapping: Path | None = None, lanes: int = 1) -> Tally:
    file = open_events(path, mapping)
    return import_file(
        db,
        1,
        file,
        open_intake=lambda: Intake(db, 1),
        clock=lambda: NOW,
        rejects=path.with_name(path.name + file.rejects_suffix),
        lanes=lanes,
    )


def count(db: Database, table: str = "event") -> int:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_a_second_run_has_nothing_to_do_and_a_forgotten_one_doubles_nothing(
    published: Database, tmp_path: Path, lines: list[str]
) -> None:
    path = write(tmp_path / "a.ndjson", lines)

    first = run(published, path)
    assert (first.decided + first.waiting, first.refused) == (EVENTS, 0)
    transfers = count(published, "transfer")

    second = run(published, path)
    assert (second.skipped, second.taken) == (EVENTS, 0)

    forget(published, 1, open_events(path, None))
    third = run(published, path)
    assert (third.skipped, third.repeated, third.decided) == (0, EVENTS, 0)
    assert (count(published), count(published, "transfer")) == (EVENTS, transfers)
    assert verify(published, 1).is_clean


def test_rejected_records_are_listed_in_order_and_the_list_can_be_sent_again(
    published: Database, tmp_path: Path, lines: list[str]
) -> None:
    mixed = [*lines[:10], BAD % 1, "no JSON", "", *lines[10:20], BAD % 2]
    path = write(tmp_path / "b.ndjson", mixed)

    tally = run(published, path)

    assert (tally.decided, tally.refused) == (20, 3)
    listed = [
        json.loads(line)
        for line in (tmp_path / "b.ndjson.rejected.ndjson").read_text().splitlines()
    ]
    assert [(one["row"], one["code"]) for one in listed] == [
        (11, "invalid_input"), (12, "malformed"), (24, "invalid_input"),
    ]  # fmt: skip
    assert listed[0]["event"]["id"] == "bad-1"
    assert listed[1]["event"] == "no JSON"
    assert "time" in listed[0]["reason"]


def test_rows_become_baskets_and_what_is_wrong_comes_back_as_rows(
    published: Database, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "id: '{receipt}'\n"
        "source: till\n"
        "subject: 'card:{card}'\n"
        "time: {column: at, zone: America/New_York, format: '%d.%m.%Y %H:%M'}\n"
        "group_by: receipt\n"
        "csv: {delimiter: ';'}\n"
        "data:\n"
        "  currency: USD\n"
        "  lines:\n"
        "    - amount: {column: paid, as: money, decimal: ','}\n"
        "      category: '{dept}'\n"
    )
    path = tmp_path / "receipts.csv"
    path.write_text(
        "receipt;card;at;paid;dept;clerk\n"
        "r1;7;01.03.2025 10:00;12,50;PRODUCE;Ann\n"
        "r1;7;01.03.2025 10:00;4,99;GROCERY;Ann\n"
        "r2;8;01.03.2025 10:01;1,005;GROCERY;Ann\n"
        "r2;8;01.03.2025 10:01;2,00;GROCERY;Ann\n"
        "r3;;01.03.2025 10:02;1.000,00;GROCERY;Bob\n"
        "r4;9;01.03.2025 10:03;1.000,00;;Bob\n"
    )

    tally = run(published, path, mapping)

    assert (tally.decided, tally.refused) == (2, 2)
    with published.transaction(DEFAULT_ORGANIZATION) as tx:
        stored = tx.execute(
            "select external_id, payload, occurred_at from event order by external_id"
        ).fetchall()
    assert [(name, json.loads(payload)["lines"]) for name, payload, _ in stored] == [
        ("r1", [{"amount": 1250, "category": "PRODUCE"}, {"amount": 499, "category": "GROCERY"}]),
        ("r4", [{"amount": 100_000}]),
    ]
    assert stored[0][2] == datetime(2025, 3, 1, 15, tzinfo=UTC)
    rejected = (tmp_path / "receipts.csv.rejected.csv").read_text().splitlines()
    assert rejected[0] == (
        "receipt;card;at;paid;dept;clerk;rejected_row;rejected_code;rejected_reason"
    )
    assert [row.split(";")[0:8] for row in rejected[1:]] == [
        ["r2", "8", "01.03.2025 10:01", "1,005", "GROCERY", "Ann", "3", "invalid_input"],
        ["r2", "8", "01.03.2025 10:01", "2,00", "GROCERY", "Ann", "3", "invalid_input"],
        ["r3", "", "01.03.2025 10:02", "1.000,00", "GROCERY", "Bob", "5", "invalid_input"],
    ]
    corrected = tmp_path / "corrected.csv"
    corrected.write_text("\n".join(rejected).replace("1,005", "1,00").replace("r3;;", "r3;5;"))
    assert run(published, corrected, mapping).decided == 2


def test_an_import_that_is_killed_goes_on_where_it_was(
    published: Database, db_url: str, tmp_path: Path, lines: list[str]
) -> None:
    bad = [BAD % number for number in range(30)]
    mixed = [line for number, line in enumerate(lines) for line in (
        [bad[number // 200], line] if number % 200 == 0 else [line]
    )]  # fmt: skip
    path = write(tmp_path / "c.ndjson", mixed)
    command = [sys.executable, "-m", "regulars.cli", "import", str(path), "--lanes", "2", "--json"]
    environment = os.environ | {
        "REGULARS_DATABASE_URL": db_url,
        "REGULARS_KEY_FILE": str(key_file()),
    }

    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    until(lambda: count(published) >= 1_000, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    # Its lanes finish the batch they are at, and end.
    alone(db_url)
    stopped_at = count(published)
    assert 1_000 <= stopped_at < EVENTS

    again = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert again.returncode == 1, again.stderr  # Some records were rejected.
    (report,) = json.loads(again.stdout)
    assert report["skipped"] + report["decided"] + report["repeated"] + report["waiting"] + report[
        "refused"
    ] == len(mixed)
    assert count(published) == EVENTS
    rejected = (tmp_path / "c.ndjson.rejected.ndjson").read_text().splitlines()
    assert [json.loads(line)["event"]["id"] for line in rejected] == [
        f"bad-{number}" for number in range(30)
    ]
    assert verify(published, 1).is_clean


def until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def alone(db_url: str) -> None:
    """Wait until no other connection is in the middle of something."""
    query = (
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and pid <> pg_backend_pid() and state <> 'idle'"
    )
    deadline = time.monotonic() + 60
    with psycopg.connect(db_url, autocommit=True) as connection:
        calm = 0
        while calm < 20:
            row = connection.execute(query).fetchone()
            assert row is not None
            calm = calm + 1 if row[0] == 0 else 0
            assert time.monotonic() < deadline
            time.sleep(0.02)
