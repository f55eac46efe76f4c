"""Whatever the API refuses with, the pages can say in both languages."""

import json
from pathlib import Path

import pytest

from regulars.api.problems import STATUS

WORDS = Path(__file__).parents[2] / "web" / "shared" / "src"
OF_THE_PAGES = {"no_answer"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_problem_has_its_sentence(language: str) -> None:
    said = json.loads((WORDS / f"words.{language}.json").read_text(encoding="utf-8"))["problems"]

    assert set(said) == set(STATUS) | OF_THE_PAGES
    assert all(said.values())
