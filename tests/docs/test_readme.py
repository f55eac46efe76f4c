"""The README's first request works as printed, and its translation says the same."""

import json
from pathlib import Path

from tests.docs.conftest import Read
from tests.docs.pages import ROOT, blocks, headings, links
from tests.docs.sessions import follow

from regulars.domain.reasons import reason_words

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
LANGUAGE = '  -H "Accept-Language: zh-CN" \\\n'


def block(page: Path, language: str) -> str:
    (found,) = [one.text for one in blocks(page) if one.language == language]
    return found


def test_the_first_request_gives_the_stated_answer(read: Read) -> None:
    with read("start") as session:
        assert follow(blocks(ENGLISH), session) == 1


def test_the_translation_sends_the_same_and_is_answered_in_chinese() -> None:
    assert block(CHINESE, "sh").replace(LANGUAGE, "") == block(ENGLISH, "sh")
    answer = json.loads(block(ENGLISH, "json"))
    for told in answer["explanation"]:
        if "detail" in told:
            assert told["detail"] == reason_words(told["reason"], "en")
            told["detail"] = reason_words(told["reason"], "zh-CN")
    assert json.loads(block(CHINESE, "json")) == answer


def test_the_translation_has_the_same_parts() -> None:
    def parts(page: Path) -> list[int]:
        return [depth for depth, _ in headings(page)]

    assert parts(CHINESE) == parts(ENGLISH)
    assert [one.language for one in blocks(CHINESE)] == [one.language for one in blocks(ENGLISH)]


def test_the_translation_leads_to_the_same_pages() -> None:
    def targets(page: Path) -> set[str]:
        # Pictures of pages are in the language of their reader.
        return {target.replace(".zh.png", ".en.png") for _, target in links(page)}

    assert targets(ENGLISH) - {CHINESE.name} <= targets(CHINESE)
