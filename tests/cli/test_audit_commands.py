"""`regulars audit`: the record of who did what, as an operator reads, checks and exports it."""

import csv
import json
import re
from pathlib import Path

import psycopg
from tests.cli.test_commands import GROCERY, Regulars, filled, regulars
from tests.conftest import owner_url

__all__ = ["filled", "regulars"]


def test_what_was_done_on_the_command_line_is_listed(filled: Regulars) -> None:
    filled("keys", "create", "till", "--scope", "events:write")
    filled("keys", "revoke", "1")
    filled("export", "members")

    told = filled("audit", "list").stdout
    found = json.loads(filled("audit", "list", "--json").stdout)

    assert [one["action"] for one in found] == [
        "records.exported", "key.revoked", "key.created", "import.finished", "import.begun",
        "program.published",
    ]  # fmt: skip
    assert {one["actor"].partition(":")[0] for one in found} == {"cli"}
    assert found[2]["after"] == {"name": "till", "scopes": ["events:write"]}
    assert found[3]["after"] == {"taken": 2, "refused": 0}
    assert len(told.splitlines()) == 6, "a line each"
    assert json.loads(filled("audit", "list", "--action", "key.", "--json").stdout) == found[1:3]
    assert len(filled("audit", "list", "--limit", "2").stdout.splitlines()) == 2


def test_the_trail_is_whole_until_its_owner_changes_it(filled: Regulars, db_url: str) -> None:
    head = filled("audit", "head").stdout.strip()
    assert re.fullmatch(r"\d+:[0-9a-f]{64}", head)
    assert "The audit trail is whole" in filled("audit", "verify", "--head", head).stdout
    filled("audit", "verify", "--head", "1:x", exit_code=2)

    with psycopg.connect(owner_url(db_url)) as owner:
        owner.execute("select set_config('regulars.organization', '1', true)")
        owner.execute("alter table audit disable trigger audit_stays")
        owner.execute("update audit set actor = 'cli:nobody'")

    told = filled("audit", "verify", exit_code=1).stdout
    assert "NOT whole" in told
    assert "is not what was sealed" in told
    report = json.loads(filled("audit", "verify", "--json", exit_code=1).stdout)
    assert {flaw["wrong"] for flaw in report["flaws"]} == {"changed"}


def test_an_empty_trail_has_no_head(regulars: Regulars) -> None:
    assert regulars("audit", "head").stdout.strip() == ""
    assert json.loads(regulars("audit", "verify", "--json").stdout) == {
        "clean": True, "head": None, "unsealed": 0, "flaws": [],
    }  # fmt: skip


def test_an_export_is_for_programs_and_for_spreadsheets(filled: Regulars) -> None:
    filled("program", "publish", GROCERY, "--from", "2018-01-01", "--note", "=1+1")
    filled("audit", "export", "-o", "trail.ndjson")
    filled("audit", "export", "-o", "trail.csv", "--format", "csv", "--action", "program.")

    lines = [json.loads(line) for line in Path("trail.ndjson").read_text().splitlines()]
    assert [one["entry"] for one in lines] == sorted(one["entry"] for one in lines)
    assert lines[0]["after"]["version"] == 1
    assert lines[-1]["action"] == "audit.exported", "that it was asked for is on record"
    rows = list(csv.DictReader(Path("trail.csv").read_text().splitlines()))
    assert [row["target"] for row in rows] == ["program:1", "program:2"]
