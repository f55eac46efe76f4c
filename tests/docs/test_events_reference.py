"""The page on events says of every field what the code says."""

from typing import Any

import msgspec
import pytest
from msgspec import inspect
from tests.docs.pages import DOCS, headings, table_rows

from regulars.domain.envelopes import EARLIEST, MAX_AHEAD, MAX_EVENT_BYTES
from regulars.domain.events import BUILT_IN, Data, Envelope, Line, Payment, ReturnedLine

PAGE = DOCS / "reference" / "events.md"
PARTS = {"Line": Line, "Payment": Payment, "Returned line": ReturnedLine}
COMMON = {field.name for field in msgspec.structs.fields(Data)}


def field_rows(kind: type[msgspec.Struct], leave_out: set[str]) -> list[list[str]]:
    """Name, what it takes, and whether it is needed: of each field, in order."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return [
        [f"`{field.encode_name}`", in_words(field.type), "yes" if field.required else ""]
        for field in info.fields
        if field.name not in leave_out
    ]


def in_words(kind: Any) -> str:
    """What a field takes, as the page puts it."""
    match kind:
        case inspect.Metadata():
            words = in_words(kind.type)
        case inspect.UnionType():
            some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            words = in_words(some[0])
        case inspect.StrType(min_length=3, max_length=3):
            words = "ISO 4217 code"
        case inspect.StrType():
            words = "text" if kind.max_length is None else f"text, at most {kind.max_length}"
        case inspect.IntType():
            most = kind.le if kind.lt is None else kind.lt - 1
            words = f"whole number, {short(kind.ge)} to {short(most)}"
        case inspect.LiteralType():
            words = f"`{kind.values[0]}`"
        case inspect.DictType():
            words = f"object of declared attributes, at most {kind.max_length}"
        case inspect.VarTupleType(item_type=inspect.StructType()):
            name = next(word for word, part in PARTS.items() if part is kind.item_type.cls)
            words = f"list of {name.lower()}s, at most {short(kind.max_length)}"
        case _:
            words = OTHERS[type(kind)]
    return words


OTHERS = {inspect.DateTimeType: "RFC 3339 with a zone", inspect.RawType: "JSON object"}


def short(number: int | None) -> str:
    assert number is not None
    zeros = len(str(number)) - len(str(number).rstrip("0"))
    if zeros < 9 or str(number).strip("0") != "1":
        return f"{number:,}"
    return "10" + str(zeros).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def written(heading: str) -> list[list[str]]:
    return [row[:3] for row in table_rows(PAGE, under=heading)]


@pytest.mark.parametrize("code", BUILT_IN)
def test_a_built_in_type_has_exactly_these_fields(code: str) -> None:
    assert written(f"`{code}`") == field_rows(BUILT_IN[code], COMMON)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_exactly_these_fields(name: str) -> None:
    assert written(name) == field_rows(PARTS[name], set())


def test_the_envelope_and_the_common_fields_are_these() -> None:
    assert written("The envelope") == field_rows(Envelope, set())
    assert written("What every built-in type may carry") == field_rows(Data, set())


def test_every_type_on_the_page_exists() -> None:
    described = [words.strip("`") for _, words in headings(PAGE) if words.startswith("`")]
    assert described == list(BUILT_IN)


def test_the_limits_are_those_of_the_code() -> None:
    text = PAGE.read_text()
    assert f"{MAX_EVENT_BYTES // 1024} KiB" in text
    assert f"{MAX_AHEAD.seconds // 60} minutes" in text
    assert str(EARLIEST.year) in text
