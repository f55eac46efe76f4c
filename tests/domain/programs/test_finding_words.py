"""Whatever is found in a program, the designer can say in both languages."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "web" / "console" / "src" / "document"
FOUND = re.compile(r'report\.(?:warn|error)\(\s*"([a-z_]+)"')


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_finding_has_its_sentence(language: str) -> None:
    said = json.loads((WORDS / f"words.{language}.json").read_text(encoding="utf-8"))["findings"]
    sources = (ROOT / "src" / "regulars" / "domain").rglob("*.py")
    codes = {code for path in sources for code in FOUND.findall(path.read_text(encoding="utf-8"))}

    assert len(codes) > 80
    assert codes - said.keys() == set()
    assert all(said.values())
