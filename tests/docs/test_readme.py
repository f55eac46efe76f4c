"""The README's first request works as printed, and its translation says the same."""

from pathlib import Path

import pytest
from tests.docs.conftest import Read
from tests.docs.pages import ROOT, blocks, headings, links
from tests.docs.sessions import follow

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_the_first_request_gives_the_stated_answer(page: Path, read: Read) -> None:
    with read("start") as session:
        assert follow(blocks(page), session) == 1


def test_the_translation_has_the_same_parts() -> None:
    def parts(page: Path) -> list[int]:
        return [depth for depth, _ in headings(page)]

    assert parts(CHINESE) == parts(ENGLISH)
    assert [block.language for block in blocks(CHINESE)] == [
        block.language for block in blocks(ENGLISH)
    ]


def test_the_translation_leads_to_the_same_pages() -> None:
    def targets(page: Path) -> set[str]:
        return {target for _, target in links(page)}

    missing = targets(ENGLISH) - targets(CHINESE) - {CHINESE.name}
    assert not missing
