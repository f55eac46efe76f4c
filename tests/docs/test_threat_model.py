"""The threat model tells of tests that are there, and of no others."""

import re

from tests.docs.pages import DOCS, ROOT

PAGE = (DOCS / "explanation" / "threat-model.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


def test_every_test_that_the_threat_model_names_is_there() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert missing == []
    assert len(set(NAMED)) >= 50


def test_every_threat_has_what_stops_it_and_what_shows_it() -> None:
    model = PAGE[PAGE.index("## Threats, and what stops them") : PAGE.index("## What is left")]
    rows = [row for row in model.splitlines() if row.startswith("| ") and "| threat |" not in row]
    assert len(rows) > 35
    for row in rows:
        threat, stopped, shown = (cell.strip() for cell in row.strip("|").split(" | "))
        assert threat, row
        assert stopped, row
        assert "::test_" in shown, row
