"""Whatever members are told, their pages can say in both languages."""

import json
from pathlib import Path

import pytest

from regulars.domain.notices.kinds import NoticeKind

WORDS = Path(__file__).parents[3] / "web" / "member" / "src" / "notices"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_notice_has_its_words(language: str) -> None:
    words = json.loads((WORDS / f"words.{language}.json").read_text(encoding="utf-8"))

    assert set(words["kinds"]) == {kind.value for kind in NoticeKind}
    assert all(one["title"] for one in words["kinds"].values())
