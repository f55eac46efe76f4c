"""Every link leads somewhere, every page is in the index, and no page names a machine."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, anchors, blocks, headings, links, name_of, pages

PAGES = pages()
OUTSIDE = re.compile(r"[a-z]+:")
ON_A_MACHINE = re.compile(r"/(?:home|root|work|Users)/")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    for line, target in links(page):
        if OUTSIDE.match(target):
            assert target.startswith("https://"), f"{line}: {target}"
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"line {line}: {target}"
        assert there.is_relative_to(ROOT), f"line {line}: {target} leads out of the repository"
        if anchor:
            assert anchor in anchors(there), f"line {line}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_one_title_and_skips_no_depth(page: Path) -> None:
    depths = [depth for depth, _ in headings(page)]
    assert depths.count(1) == 1
    assert depths[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(depths))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_code_blocks_name_their_language_and_json_can_be_read(page: Path) -> None:
    for block in blocks(page):
        assert block.language or name_of(page).endswith("program.md"), f"line {block.line}"
        if block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_folder_of_some_machine(page: Path) -> None:
    assert not ON_A_MACHINE.search(page.read_text())


def test_the_index_leads_to_every_page() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / target.partition("#")[0]).resolve() for _, target in links(index)}
    there = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"} - {index}
    assert there <= listed
