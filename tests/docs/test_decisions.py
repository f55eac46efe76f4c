"""Decisions have their four parts, the index lists them, and each dependency has its reason."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, headings, table_rows

FOLDER = DOCS / "decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
DEPENDENCIES = next(page for page in PAGES if page.stem.endswith("-dependencies"))
PARTS = ["Context", "Decision", "Measurement", "Consequence"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts(page: Path) -> None:
    assert [words for depth, words in headings(page) if depth == 2] == PARTS


def test_decisions_are_numbered_one_by_one() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))
    for number, page in enumerate(PAGES, 1):
        assert headings(page)[0][1].startswith(f"{number}. ")


def test_the_index_lists_every_decision_in_order() -> None:
    listed = re.findall(r"^- \[(.+)\]\((.+)\)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert listed == [(headings(page)[0][1], page.name) for page in PAGES]


def test_every_dependency_has_its_line_and_every_line_its_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(one for some in project["project"]["optional-dependencies"].values() for one in some),
        *(one for some in project["dependency-groups"].values() for one in some),
    ]
    names = {re.split(r"[\[>=<~! ;]", one)[0] for one in wanted} | packages_of_the_pages()
    rows = table_rows(DEPENDENCIES, under="Decision")
    listed = [name.strip("` ") for row in rows for name in row[0].split(",") if row[0] != "package"]
    assert sorted(listed) == sorted(names)
    assert all(row[1] for row in rows)


def packages_of_the_pages() -> set[str]:
    """What the package.json of the workspaces name, but for the workspaces themselves."""
    paths = [ROOT / "web" / "package.json", *(ROOT / "web").glob("[!n]*/package.json")]
    found = [json.loads(path.read_text()) for path in paths]
    return {
        name
        for one in found
        for part in ("dependencies", "devDependencies")
        for name in one.get(part, {})
        if not name.startswith("@regulars/")
    }
