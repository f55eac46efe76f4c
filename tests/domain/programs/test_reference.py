"""The reference of the document format is complete, and its examples are valid."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.domain.programs.rehearsal import differences

from regulars.domain.programs import (
    lint,
    lint_conditions,
    lint_currencies,
    lint_generosity,
    lint_rules,
    lint_tiers,
    lint_usage,
)
from regulars.domain.programs.document import read
from regulars.domain.programs.schema import document_schema
from regulars.domain.programs.schema_examples import REASONS
from regulars.domain.programs.source import open_document

TEXT = Path("docs/reference/program.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
CHECKERS = (
    lint, lint_conditions, lint_currencies, lint_generosity, lint_rules, lint_tiers, lint_usage,
)  # fmt: skip


def properties(schema: Any) -> set[str]:
    """The names of all properties in a schema and everything under it."""
    if isinstance(schema, list):
        return {name for inner in schema for name in properties(inner)}
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {})
    names = set(own) if isinstance(own, dict) else set()
    return names | {name for inner in schema.values() for name in properties(inner)}


def test_every_property_is_in_the_reference() -> None:
    words = set(re.findall(r"[a-z_]+", TEXT))

    assert properties(document_schema()) - {"en", "zh-CN"} <= words


@pytest.mark.parametrize("place", range(1, len(BLOCKS)))
def test_every_block_can_be_added_to_the_first(place: int) -> None:
    merged = open_document(BLOCKS[0]).value | open_document(BLOCKS[place]).value
    text = json.dumps(merged, default=float)

    assert read(text)
    assert differences(text) == []


def test_every_reason_and_every_warning_is_in_the_reference() -> None:
    said = set(re.findall(r"`([a-z_]+)`", TEXT))
    codes: set[str] = set()
    for module in CHECKERS:
        source = Path(module.__file__).read_text(encoding="utf-8")
        codes |= set(re.findall(r'warn\(\s*"([a-z_]+)"', source))

    assert len(codes) > 20
    assert codes <= said
    assert set(REASONS) <= said
