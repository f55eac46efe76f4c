"""Rules about the code itself that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.domain import errors
from regulars.domain.errors import RegularsError

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "regulars").rglob("*.py"))
BENCHES = sorted((ROOT / "bench").rglob("*.py"))
MIGRATIONS = sorted((ROOT / "src" / "regulars" / "storage" / "migrations").glob("*.sql"))

MOST_LINES_A_FILE = 400
MOST_LINES_A_FUNCTION = 70
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core", "kit"}
WITHOUT_ORGANIZATION = {"organization", "signing_key"}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines())
               for path in [*SOURCES, *BENCHES]}  # fmt: skip
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, node in _functions()
        if (node.end_lineno or 0) - node.lineno >= MOST_LINES_A_FUNCTION
    }
    assert long == {}


def test_every_file_opens_by_saying_what_it_is_for() -> None:
    silent = [
        str(path) for path in SOURCES if (text := path.read_text()) and not text.startswith('"""')
    ]
    assert silent == []


def test_no_drawer_for_odds_and_ends() -> None:
    assert [
        str(path) for path in SOURCES if path.stem in DRAWERS or path.parent.name in DRAWERS
    ] == []


def test_only_the_composition_root_reads_the_clock() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"datetime\.now\(|utcnow\(|date\.today\(", path.read_text())
    ]
    assert readers == ["src/regulars/runtime.py"]


def test_every_refusal_has_a_code_of_its_own_and_words() -> None:
    refusals = [
        known
        for known in vars(errors).values()
        if isinstance(known, type) and issubclass(known, RegularsError)
    ]
    codes = [known.code for known in refusals]
    assert len(refusals) > 10
    assert sorted(set(codes)) == sorted(codes)
    assert [known.__name__ for known in refusals if not known.__doc__] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_every_table_carries_its_organization(path: Path) -> None:
    tables = re.findall(r"create table (\w+) \((.*?)\n\)", path.read_text(), re.DOTALL)
    assert {
        name
        for name, columns in tables
        if "organization_id" not in columns and name not in WITHOUT_ORGANIZATION
    } == set()


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node
