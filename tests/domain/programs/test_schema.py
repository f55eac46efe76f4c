"""The JSON Schema of a program document is one, says what everything is, and fits the examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.domain.programs.documents import changed

from regulars.domain.programs.report import Report
from regulars.domain.programs.schema import document_schema
from regulars.domain.programs.shape import check_shape
from regulars.domain.programs.source import open_document

EXAMPLES = sorted(Path("examples").glob("*.yaml"))


def subschemas(schema: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema that describes a property or an item, with its place."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}/{name}", inner
        yield from subschemas(inner, f"{at}/{name}")
    for keyword in ("items", "additionalProperties"):
        inner = schema.get(keyword)
        if isinstance(inner, dict):
            yield from subschemas(inner, f"{at}/{keyword}")
    for keyword in ("anyOf", "oneOf"):
        for place, inner in enumerate(schema.get(keyword, [])):
            yield from subschemas(inner, f"{at}/{place}")


def test_it_is_a_json_schema_of_2020_12_that_needs_nothing_else() -> None:
    schema = document_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


def test_every_property_is_described() -> None:
    silent = [
        place
        for place, schema in subschemas(document_schema())
        if not schema.get("description") and not schema.get("title")
    ]

    assert silent == []


def test_the_examples_inside_the_schema_fit_it() -> None:
    schema = document_schema()
    tried = 0
    for place, inner in [*subschemas(schema), *schema["$defs"].items()]:
        for example in inner.get("examples", []):
            alone = inner | {"$defs": schema["$defs"]}
            assert Draft202012Validator(alone).is_valid(example), (place, example)
            tried += 1

    assert tried > 30


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_shipped_examples_fit_it(path: Path) -> None:
    report = Report(open_document(path.read_text(encoding="utf-8")))

    check_shape(report)

    assert report.findings() == []


def test_an_editor_that_reads_json_agrees() -> None:
    assert Draft202012Validator(document_schema()).is_valid(json.loads(changed()))
    assert not Draft202012Validator(document_schema()).is_valid(
        json.loads(changed(("rules/0/earn/pre", 1)))
    )
