"""The mapping file: which column of a table becomes which field of an event. YAML, checked."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml
from msgspec import Meta, Struct

from regulars.domain.errors import Fault, InvalidInput, Malformed

MAX_BYTES = 256 * 1024
MAX_WINDOW = 10_000
MAX_DEPTH = 32
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Word = Annotated[str, Meta(min_length=1, max_length=500)]


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """A column and how its text is to be understood.

    `kind` (in the file: `as`): money is in major units and becomes minor ones. `values` replaces
    texts before they are read; `default` stands for an empty cell; `decimal` is the decimal mark.
    """

    column: Word
    kind: Literal["text", "integer", "money", "boolean"] = msgspec.field(name="as", default="text")
    values: dict[str, str | int | bool] = {}
    default: str | int | bool | None = None
    decimals: Annotated[int, Meta(ge=0, le=4)] = 2
    decimal: Literal[".", ","] = "."


class Time(Struct, frozen=True, forbid_unknown_fields=True):
    """The column of the event's time. `zone` is for times that name none.

    `format` is ISO 8601 where it is not given, a pattern of strptime, "unix" or "unix_ms". `clock`
    is the column of the time of day, where that stands apart: the two are read with a blank
    between.
    """

    column: Word
    zone: Word | None = None
    format: Word | None = None
    clock: Word | None = None


class LookUp(Struct, frozen=True, forbid_unknown_fields=True):
    """A second table. Its columns are named `<table>.<column>`; `key` is its column that equals
    the column `match` of the first."""

    file: Word
    key: Word
    match: Word


class Csv(Struct, frozen=True, forbid_unknown_fields=True):
    """How the text is written. `is_disarmed`: an apostrophe before what a spreadsheet would run is
    none of the cell's own, as in a list of rejected rows."""

    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Meta(min_length=1, max_length=1)] = '"'
    encoding: Word = "utf-8-sig"
    is_disarmed: bool = msgspec.field(name="disarmed", default=False)


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """How rows become events.

    Fields are constants, texts with {columns} in them, or Columns. A list in `data` has one entry,
    made anew for each row of a group; the rows of a group have the same value in `group_by`, and
    at most `window` groups are open at the same time.
    """

    id: str | Column
    subject: str | Column
    time: Time
    type: str | Column = "purchase"
    source: str | Column = "import"
    data: dict[str, Any] = {}
    group_by: Word | None = None
    window: Annotated[int, Meta(ge=1, le=MAX_WINDOW)] = 1
    tables: dict[str, LookUp] = {}
    csv: Csv = Csv()


def read_mapping(path: Path) -> tuple[Mapping, str]:
    """The mapping of a file, and its text. Raises Malformed, InvalidInput."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"The mapping {path} cannot be read: {error}.") from error
    return mapping_of(text, name=str(path)), text


def mapping_of(text: str, *, name: str = "the mapping") -> Mapping:
    """The mapping that `text` describes. Raises Malformed, InvalidInput."""
    if len(text) > MAX_BYTES:
        raise Malformed(f"{name} is too long: at most {MAX_BYTES} characters.")
    try:
        _refuse_folded(text, name)
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed(f"{name} is not YAML: {' '.join(str(error).split())}") from error
    return mapping_from(raw, name=name)


def mapping_from(raw: object, *, name: str = "the mapping") -> Mapping:
    """The mapping that objects and lists describe. Raises InvalidInput."""
    try:
        return msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as error:
        detail = str(error).replace("`", "'")
        raise InvalidInput(
            f"{name} is no mapping of columns: {detail}.", faults=[Fault("/mapping", detail)]
        ) from error


def _refuse_folded(text: str, name: str) -> None:
    """Raises Malformed for what is small as text and large, or deep, once it is read: an alias is
    a few letters, and aliases of aliases unfold without end."""
    depth = 0
    for event in yaml.parse(text, _PARSER):
        if isinstance(event, yaml.AliasEvent):
            raise Malformed(f"{name} uses YAML aliases; write out what they stand for.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Malformed(f"{name} nests more than {MAX_DEPTH} deep.")
