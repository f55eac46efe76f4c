"""The commands as a person types them: what they print, and how they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.conftest import key_file
from typer.testing import CliRunner, Result

from regulars.cli.main import app

GROCERY = Path(__file__).parents[2] / "examples/grocery.yaml"
EVENT = {
    "id": "p1",
    "source": "till",
    "type": "purchase",
    "subject": "card:1",
    "time": "2025-03-01T15:00:00Z",
    "data": {"currency": "USD", "lines": [{"amount": 1250, "category": "GROCERY"}]},
}
BACK = EVENT | {"id": "r1", "type": "return", "time": "2025-03-02T15:00:00Z",
                "data": {"purchase_id": "p1"}}  # fmt: skip

Regulars = Callable[..., Result]


@pytest.fixture
def regulars(db_url: str, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Regulars:
    """Runs a command on an empty database, in a folder of its own."""
    monkeypatch.setenv("REGULARS_DATABASE_URL", db_url)
    monkeypatch.setenv("REGULARS_KEY_FILE", str(key_file()))
    monkeypatch.setenv("REGULARS_DATA", str(data))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*words: object, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == exit_code, result.output + repr(result.exception)
        return result

    return run


@pytest.fixture
def filled(regulars: Regulars) -> Regulars:
    """With the example program and two events."""
    regulars("program", "publish", GROCERY, "--from", "2017-01-01", "--note", "first")
    Path("events.ndjson").write_text(f"{json.dumps(EVENT)}\n{json.dumps(BACK)}\n")
    regulars("import", "events.ndjson")
    return regulars


def test_lint_tells_line_and_column_and_ends_with_1(regulars: Regulars) -> None:
    Path("bad.yaml").write_text(
        GROCERY.read_text().replace("rate: 1, per: 1.00", "rate: x, per: 1.00", 1)
    )

    said = regulars("program", "lint", "bad.yaml", exit_code=1).stdout

    line = GROCERY.read_text()[: GROCERY.read_text().index("rate: 1")].count("\n") + 1
    assert said.startswith(f"bad.yaml:{line}:")
    assert "1 error" in said
    assert "0 errors" in regulars("program", "lint", GROCERY).stdout


def test_lint_of_what_is_no_yaml_is_one_finding(regulars: Regulars) -> None:
    Path("no.yaml").write_text("a: [1,\n")

    (found,) = json.loads(regulars("program", "lint", "no.yaml", "--json", exit_code=1).stdout)

    assert found["severity"] == "error"


def test_examples_pass_or_are_named_with_what_came_out(regulars: Regulars) -> None:
    assert "0 failed" in regulars("program", "test", GROCERY).stdout
    Path("other.yaml").write_text(GROCERY.read_text().replace("{base: 17}", "{base: 16}"))

    said = regulars("program", "test", "other.yaml", exit_code=1).stdout

    assert "failed  A basket on a weekday morning" in said
    assert "/examples/0/events/0: rule base gave 17, not 16" in said


def test_versions_are_published_listed_shown_and_compared(regulars: Regulars) -> None:
    regulars("program", "publish", GROCERY, "--from", "2017-01-01", "--note", "first")
    other = GROCERY.read_text().replace("points: 50}", "points: 60}")
    Path("other.yaml").write_text(other)

    refused = regulars("program", "publish", "other.yaml", "--from", "2016-01-01", exit_code=2)
    assert refused.stderr.count("\n") == 1
    assert "version_conflict" in refused.stderr
    assert "Version 2 of grocery is in force from 2018-01-01T05:00:00+00:00" in regulars(
        "program", "publish", "other.yaml", "--from", "2018-01-01"
    ).stdout  # fmt: skip

    known = json.loads(regulars("program", "versions", "--json").stdout)
    assert [(one["version"], one["note"]) for one in known] == [(1, "first"), (2, "")]
    assert regulars("program", "show", 2).stdout == other
    assert "60" in regulars("program", "diff", 1, 2).stdout
    assert regulars("program", "diff", 2, "other.yaml").stdout == "The two say the same.\n"
    assert "no version 3" in regulars("program", "show", 3, exit_code=2).stderr


def test_a_change_is_simulated_on_what_happened(filled: Regulars) -> None:
    other = GROCERY.read_text().replace("rate: 1, per: 1.00}", "rate: 2, per: 1.00}", 1)
    Path("other.yaml").write_text(other)

    said = filled("program", "simulate", "other.yaml").stdout
    told = json.loads(filled("program", "simulate", "other.yaml", "--json").stdout)

    assert "Members who would have" in said
    base = next(one for one in told["rules"] if one["rule"] == "base")
    assert base["draft"]["points"] > base["in_force"]["points"] > 0
    assert told["members"] == sum(one["members"] for one in told["tiers"]["moves"])
    refused = filled("program", "simulate", "other.yaml", "--against", 7, exit_code=2)
    assert "no version 7" in refused.stderr


def test_the_schema_is_json(regulars: Regulars) -> None:
    assert json.loads(regulars("program", "schema").stdout)["type"] == "object"


def test_an_import_needs_a_program_and_a_mapping_for_tables(regulars: Regulars) -> None:
    Path("a.csv").write_text("a,b\n1,2\n")
    Path("a.ndjson").write_text("{}\n")

    assert "--mapping" in regulars("import", "a.csv", exit_code=2).stderr
    assert "program publish" in regulars("import", "a.ndjson", exit_code=2).stderr
    assert "no file" in regulars("import", "b.ndjson", exit_code=2).stderr
    assert "no kind" in regulars("import", GROCERY, exit_code=2).stderr


def test_samples_are_imported_and_the_books_are_clean(regulars: Regulars) -> None:
    regulars("program", "publish", GROCERY, "--from", "2017-01-01")
    regulars("sample", "--events", 800, "--members", 50, "-o", "s.ndjson")

    (report,) = json.loads(regulars("import", "s.ndjson", "--json").stdout)
    assert report["decided"] + report["waiting"] == 800

    assert "The books are clean" in regulars("verify").stdout
    assert json.loads(regulars("verify", "--json", "--no-replay").stdout)["clean"] is True
    totals = json.loads(regulars("liability", "--as-of", "2025-12-31", "--json").stdout)["totals"]
    assert totals[0]["outstanding"] > 0
    assert "points" in regulars("liability").stdout


def test_a_member_and_a_decision_are_shown(filled: Regulars) -> None:
    told = json.loads(filled("member", "show", "card:1", "--json").stdout)
    assert told["balances"][0]["available"] == 0
    assert [one["type"] for one in told["newest"]] == ["return", "purchase"]
    event = told["newest"][1]["event"]

    assert "A point for every dollar" in filled("explain", event).stdout
    assert json.loads(filled("explain", "p1", "--source", "till", "--json").stdout)["earned"] == {
        "points": 12
    }
    assert "taken back: 12 points" in filled("explain", "r1", "--source", "till").stdout
    assert "+12 points" in filled("member", "show", "card:1").stdout
    assert "member_not_found" in filled("member", "show", "card:2", exit_code=2).stderr
    assert "event_not_found" in filled("explain", "p9", "--source", "till", exit_code=2).stderr
    assert "--source" in filled("explain", "p1", exit_code=2).stderr


@pytest.mark.parametrize("what", ["members", "events", "transfers", "lots"])
def test_exports_say_the_same_in_every_format(filled: Regulars, what: str) -> None:
    lines = [json.loads(line) for line in filled("export", what).stdout.splitlines()]
    filled("export", what, "-o", "all.csv")
    filled("export", what, "-o", "all.parquet")

    table = pyarrow.parquet.read_table("all.parquet").to_pylist()
    assert len(Path("all.csv").read_text().splitlines()) == len(lines) + 1 == len(table) + 1
    first = next(iter(lines[0]))
    assert [line[first] for line in lines] == [row[first] for row in table]


def test_what_was_exported_as_events_can_be_imported_elsewhere(filled: Regulars) -> None:
    filled("export", "cloudevents", "--identified", "-o", "out.ndjson")

    (report,) = json.loads(filled("import", "out.ndjson", "--json").stdout)

    assert (report["repeated"], report["refused"]) == (2, 0)


def test_keys_are_shown_once_and_revoked(regulars: Regulars) -> None:
    made = json.loads(
        regulars("keys", "create", "till", "--scope", "events:write", "--json").stdout
    )
    assert made["secret"].startswith("rgl_")
    assert made["secret"] not in regulars("keys", "list", "--json").stdout

    assert "is revoked" in regulars("keys", "revoke", made["id"]).stdout
    (known,) = json.loads(regulars("keys", "list", "--json").stdout)
    assert known["revoked_at"] is not None
    assert "key_not_found" in regulars("keys", "revoke", 999, exit_code=2).stderr
    assert "events:write" in regulars("keys", "scopes").stdout
    assert "invalid_input" in regulars("keys", "create", "x", "--scope", "y", exit_code=2).stderr


def test_the_worker_looks_once(filled: Regulars) -> None:
    assert "0 refused" in filled("worker", "--once").stdout


def test_the_server_of_somebody_else_is_left_alone(regulars: Regulars, db_url: str) -> None:
    assert "REGULARS_DATABASE_URL" in regulars("db", "stop", exit_code=2).stderr
    assert regulars("db", "psql-url").stdout.strip() == db_url
    assert "up to date" in regulars("db", "migrate").stdout


def test_the_embedded_server_starts_and_stops(
    regulars: Regulars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGULARS_DATABASE_URL")

    assert "stopped" in regulars("db", "status", exit_code=1).stdout
    regulars("db", "start")
    assert json.loads(regulars("db", "status", "--json").stdout)["state"] == "running"
    assert "is stopped" in regulars("db", "stop").stdout
    assert "was not running" in regulars("db", "stop").stdout


def test_the_version_is_told(regulars: Regulars) -> None:
    assert regulars("version").stdout.strip() == "0.1.0"
