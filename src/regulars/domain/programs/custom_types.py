"""Reads the event types that a program declares, and checks the JSON Schemas of their data."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema_rs

from regulars.domain.events import BUILT_IN
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import CustomType
from regulars.domain.programs.report import Report
from regulars.domain.programs.values import words

RESERVED_PREFIX = "regulars."
MAX_PATTERN = 200

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REFUSED = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary")


def schema_validator(schema: Any) -> jsonschema_rs.Draft202012Validator:
    """A validator for the data of a custom type. It matches patterns in linear time.

    Raises jsonschema_rs.ValidationError or ReferencingError for what is no schema.
    """
    return jsonschema_rs.Draft202012Validator(
        schema, pattern_options=jsonschema_rs.RegexOptions(), retriever=_refuse
    )


def _refuse(address: str) -> Any:
    message = f"{address} is elsewhere"
    raise LookupError(message)


def read_custom_types(report: Report, raw: dict[str, Any]) -> dict[str, CustomType]:
    """All declared types by code."""
    types: dict[str, CustomType] = {}
    for code, one in raw.items():
        path: Path = ("event_types", code)
        if code in BUILT_IN or f"{code}s" in BUILT_IN:
            report.error("built_in_type", path, f"{code} is an event type already: choose another.")
        if code.startswith(RESERVED_PREFIX):
            report.error("built_in_type", path, f"Names with {RESERVED_PREFIX} are kept for us.")
        schema = one["schema"]
        _check_schema(report, (*path, "schema"), schema)
        amount = one.get("amount", "")
        if amount:
            _check_amount(report, (*path, "amount"), schema, amount)
        types[code] = CustomType(code, schema, amount, words(one.get("name"), code))
    return types


def _check_amount(report: Report, path: Path, schema: dict[str, Any], amount: str) -> None:
    properties = schema.get("properties")
    declared = properties.get(amount) if isinstance(properties, dict) else None
    if not isinstance(declared, dict) or declared.get("type") != "integer":
        report.error(
            "amount_property",
            path,
            f"The schema has no property {amount} with type: integer.",
        )
        return
    least = declared.get("minimum", declared.get("exclusiveMinimum"))
    if not isinstance(least, int) or least < 0:
        report.error(
            "amount_property",
            path,
            f"{amount} could be less than nothing: give it minimum: 0 in the schema.",
        )


def _check_schema(report: Report, path: Path, schema: dict[str, Any]) -> None:
    before = report.has_errors
    if schema.get("type") != "object":
        report.error("event_schema", path, "The data of an event is an object: add type: object.")
    for at, key, value in _keywords(schema, ()):
        _check_keyword(report, (*path, *at, key), key, value)
    if before or report.has_errors:
        return
    try:
        schema_validator(schema)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        where = getattr(error, "instance_path", [])
        message = str(getattr(error, "message", error)).splitlines()[0]
        report.error("event_schema", (*path, *where), f"This is no JSON Schema: {message}.")


def _check_keyword(report: Report, path: Path, key: str, value: Any) -> None:
    if isinstance(value, Fraction):
        report.error("event_schema", path, "Events carry whole numbers; write a whole number.")
    elif key == "$ref" and not str(value).startswith("#"):
        report.error("event_schema", path, "A $ref stays inside its schema: it begins with #.")
    elif key == "$schema" and value != _DRAFT:
        report.error("event_schema", path, f"Only {_DRAFT} is known; leave $schema out.")
    elif key in _REFUSED:
        report.error("event_schema", path, f"{key} cannot be used here.")
    elif key == "pattern" and isinstance(value, str):
        _check_pattern(report, path, value)
    elif key == "patternProperties" and isinstance(value, dict):
        for pattern in value:
            _check_pattern(report, (*path, pattern), pattern)


def _check_pattern(report: Report, path: Path, pattern: str) -> None:
    if len(pattern) > MAX_PATTERN:
        report.error("event_schema", path, f"A pattern has at most {MAX_PATTERN} characters.")
        return
    try:
        re.compile(pattern)
    except re.error as error:
        report.error("event_schema", path, f"This is no regular expression: {error.msg}.")


def _keywords(value: Any, at: Path) -> Iterator[tuple[Path, str, Any]]:
    """Everything in a schema that has a name, with the path of what is around it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield at, key, inner
            yield from _keywords(inner, (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if isinstance(inner, Fraction):
                yield at, "", inner
            yield from _keywords(inner, (*at, place))
