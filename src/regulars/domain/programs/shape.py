"""The first check of a document: against its JSON Schema, told in words at the right place."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from regulars.domain.programs.findings import Path
from regulars.domain.programs.report import Report, shortened, suggestion
from regulars.domain.programs.schema import document_schema

_TYPES = {
    "object": "properties with values (name: value)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def check_shape(report: Report) -> None:
    """Report everything in which the document differs from the schema."""
    for error in _validator().iter_errors(report.source.value):
        _report(report, error, ())
        if report.is_full:
            return


def _is_number(_checker: object, value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _is_whole(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(
    _validator: object, pattern: str, value: object, _schema: object
) -> Iterator[ValidationError]:
    """Like the library's, but `$` is the very end of the text, as in JavaScript."""
    if isinstance(value, str) and (value.endswith("\n") or not re.search(pattern, value)):
        yield ValidationError(f"{value!r} does not match {pattern}")


@cache
def _validator() -> Any:
    checker = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"number": _is_number, "integer": _is_whole}
    )
    kind: Any = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": _pattern}, type_checker=checker
    )
    return kind(document_schema())


def _report(report: Report, error: Any, around: Path) -> None:
    path: Path = (*around, *error.relative_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        for name in error.instance:
            if report.is_full:
                return
            if name not in known:
                message = f"{shortened(name)} is not known here.{suggestion(name, known)}"
                report.error("unknown_property", (*path, name), message)
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                report.error("missing", path, f"{name} is missing here.")
    elif error.validator in {"anyOf", "oneOf"} and "errorMessage" not in schema:
        _report_choice(report, error, path)
    else:
        report.error(f"not_{_CODES.get(str(error.validator), 'valid')}", path, _words(error))


_CODES = {"type": "of_type", "enum": "a_choice", "const": "a_choice", "pattern": "well_formed"}


def _report_choice(report: Report, error: Any, path: Path) -> None:
    """Tell what is wrong with the one alternative that was probably meant, else name them all."""
    branches: dict[int | str, list[Any]] = {}
    for inner in error.context or []:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [errors for errors in branches.values() if not any(map(_is_other_kind, errors))]
    if meant:
        for inner in min(meant, key=len):
            _report(report, inner, path)
        return
    ways = [_named(shape) for shape in error.validator_value]
    report.error("not_a_choice", path, f"Write {' or '.join(ways)} here.")


def _is_other_kind(error: Any) -> bool:
    """Whether an alternative was plainly not meant: another type, other properties."""
    if error.relative_path:
        return False
    if error.validator == "required":
        # The properties that tell alternatives apart are the required ones.
        return True
    return error.validator in {"type", "const", "enum", "not"}


def _named(shape: Any) -> str:
    if "title" in shape:
        return str(shape["title"])
    if "enum" in shape:
        return ", ".join(shape["enum"])
    return _TYPES.get(shape.get("type", ""), "something else")


def _words(error: Any) -> str:
    schema, wanted, value = error.schema, error.validator_value, error.instance
    if error.validator in _EXPLAINED and "errorMessage" in schema:
        return str(schema["errorMessage"])
    match error.validator:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"This must be {' or '.join(_TYPES[kind] for kind in kinds)}{_quotes(error)}."
        case "enum":
            return f"Write one of {', '.join(map(str, wanted))}.{_meant(value, wanted)}"
        case "const":
            return f"Write {_plain(wanted)} here."
        case "dependentRequired":
            needs = {name for given in wanted if given in value for name in wanted[given]}
            return f"{', '.join(sorted(needs - value.keys()))} is missing here."
        case keyword:
            size = len(value) if isinstance(value, str | list | dict) else 0
            form = _LIMITS.get(keyword, "This is not allowed here.")
            return form.format(wanted=wanted, size=size)


_EXPLAINED = frozenset({"pattern", "anyOf", "oneOf"})
"""The keywords whose failure a schema's errorMessage explains."""

_LIMITS = {
    "minimum": "This must be at least {wanted}.",
    "exclusiveMinimum": "This must be more than {wanted}.",
    "maximum": "This must be at most {wanted}.",
    "exclusiveMaximum": "This must be less than {wanted}.",
    "minItems": "This is empty; fill it in or leave it out.",
    "minProperties": "This is empty; fill it in or leave it out.",
    "minLength": "This is empty; fill it in or leave it out.",
    "maxItems": "There are {size} here; at most {wanted} are allowed.",
    "maxProperties": "There are {size} here; at most {wanted} are allowed.",
    "maxLength": "This has {size} characters; at most {wanted} are allowed.",
    "uniqueItems": "Something is in this list twice.",
}


def _quotes(error: Any) -> str:
    wants_text = error.validator_value == "string"
    return "; write it in quotes" if wants_text and isinstance(error.instance, int) else ""


def _meant(word: object, wanted: list[Any]) -> str:
    known = [one for one in wanted if isinstance(one, str)]
    found = suggestion(word, known) if isinstance(word, str) else ""
    return found if "Did you mean" in found else ""


def _plain(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
