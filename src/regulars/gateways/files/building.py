"""A mapping made ready for the columns of one file: functions from rows to events."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.envelopes import Arrival, Veil, make_event
from regulars.domain.errors import Fault, InvalidInput, Malformed
from regulars.gateways.files.cells import reader, text_of, time_reader, wrong
from regulars.gateways.files.mapping import Column
from regulars.gateways.files.mapping import Mapping as ColumnMapping

Row = Sequence[Any]
Field = Callable[[Row], Any]
"""From a row to a value; None where the row has none."""

Places = Mapping[str, int]
"""Column name to its place in a row."""

_HOLE = re.compile(r"\{([^{}]+)\}")
MAX_ROWS_IN_GROUP = 1_000


class Builder:
    """Makes events of rows, or of groups of rows. Raises InvalidInput for unknown columns."""

    def __init__(self, mapping: ColumnMapping, places: Places) -> None:
        self._width = len(places)
        self._id = _field(mapping.id, places)
        self._subject = _field(mapping.subject, places)
        self._type = _field(mapping.type, places)
        self._source = _field(mapping.source, places)
        self._time = _place(mapping.time.column, places)
        clock = mapping.time.clock
        self._clock = None if clock is None else _place(clock, places)
        self._read_time = time_reader(mapping.time)
        self._time_column = mapping.time.column
        self._fields = {name: _tree(spec, places) for name, spec in mapping.data.items()}

    def event(
        self, rows: Sequence[Row], now: datetime, *, sent_by: str = "", veil: Veil | None = None
    ) -> Arrival:
        """The event of a group of rows, whose first row speaks for all but the lists."""
        if len(rows) > MAX_ROWS_IN_GROUP:
            raise InvalidInput(f"An event has at most {MAX_ROWS_IN_GROUP} rows.")
        for row in rows:
            if len(row) != self._width:
                raise InvalidInput("The row has more cells than the first row names columns.")
        first = rows[0]
        cell = first[self._time]
        if cell is None or cell == "":
            raise wrong(self._time_column, "is empty", "empty")
        if self._clock is not None:
            cell = f"{text_of(cell).strip()} {text_of(first[self._clock] or '').strip()}".strip()
        head = {
            "id": _needed(self._id(first), "id"),
            "source": _needed(self._source(first), "source"),
            "type": _needed(self._type(first), "type"),
            "subject": _needed(self._subject(first), "subject"),
            "time": self._read_time(cell),
        }
        data = {}
        for name, build in self._fields.items():
            value = build(rows)
            if value is not None:
                data[name] = value
        return make_event(head, data, now, sent_by=sent_by, veil=veil)

    def subject(self, row: Row) -> str:
        """Who the row is about; "" where that cannot be said."""
        if len(row) != self._width:
            return ""
        try:
            return str(self._subject(row) or "")
        except InvalidInput:
            return ""


def _needed(value: Any, name: str) -> Any:
    if value is None:
        raise InvalidInput(
            f"The event's {name} is empty in this row.",
            faults=[Fault(f"/{name}", "is empty", "empty")],
        )
    return value


def columns_of(mapping: ColumnMapping) -> set[str]:
    """Every column that the mapping names."""
    found = {mapping.time.column}
    if mapping.time.clock is not None:
        found.add(mapping.time.clock)
    if mapping.group_by is not None:
        found.add(mapping.group_by)
    found |= {table.match for table in mapping.tables.values()}
    for spec in (mapping.id, mapping.subject, mapping.type, mapping.source, mapping.data):
        found |= _named(spec)
    return found


def _named(spec: Any) -> set[str]:
    if isinstance(spec, str):
        return set(_HOLE.findall(spec))
    if isinstance(spec, Column):
        return {spec.column}
    if isinstance(spec, dict):
        if "column" in spec:
            return {str(spec["column"])}
        return set().union(*(_named(one) for one in spec.values()))
    if isinstance(spec, list):
        return set().union(*(_named(one) for one in spec))
    return set()


def _place(column: str, places: Places) -> int:
    if column not in places:
        known = ", ".join(sorted(places)[:30])
        raise InvalidInput(f"The file has no column {column!r}. Its columns: {known}.")
    return places[column]


def _tree(spec: Any, places: Places) -> Callable[[Sequence[Row]], Any]:
    """From the rows of a group to a value; objects and lists without anything in them are None."""
    if isinstance(spec, list):
        if len(spec) != 1:
            raise InvalidInput("A list in the mapping has one entry, made anew for each row.")
        entry = _entry(spec[0], places)
        return lambda rows: [made for row in rows if (made := entry(row)) is not None] or None
    entry = _entry(spec, places)
    return lambda rows: entry(rows[0])


def _entry(spec: Any, places: Places) -> Field:
    """From one row to a value."""
    if isinstance(spec, dict) and "column" not in spec:
        parts = [(name, _entry(one, places)) for name, one in spec.items()]

        def build(row: Row) -> dict[str, Any] | None:
            made = {}
            for name, part in parts:
                value = part(row)
                if value is not None:
                    made[name] = value
            return made or None

        return build
    if isinstance(spec, dict):
        try:
            return _field(msgspec.convert(spec, Column), places)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"The mapping is wrong at {spec!r}: {error}.") from error
    if isinstance(spec, str | Column):
        return _field(spec, places)
    if isinstance(spec, bool | int):
        return lambda _row: spec
    raise Malformed(f"The mapping cannot say {spec!r} here.")


def _field(spec: str | Column, places: Places) -> Field:
    if isinstance(spec, Column):
        return _column(spec, places)
    names = _HOLE.findall(spec)
    if not names:
        return lambda _row: spec
    if spec == f"{{{names[0]}}}":
        return _column(Column(names[0]), places)
    holes = [_place(name, places) for name in names]
    pieces = _HOLE.split(spec)[::2]

    def fill(row: Row) -> str | None:
        text = pieces[0]
        for hole, piece in zip(holes, pieces[1:], strict=True):
            cell = row[hole]
            if cell is None or cell == "":
                return None
            text += text_of(cell) + piece
        return text

    return fill


def _column(spec: Column, places: Places) -> Field:
    place = _place(spec.column, places)
    read, values, default = reader(spec), spec.values, spec.default
    is_text = spec.kind == "text"

    def value(row: Row) -> Any:
        cell = row[place]
        if cell is None or cell == "":
            return default
        if values:
            replaced = values.get(text_of(cell))
            if replaced is not None:
                return replaced
        if is_text and type(cell) is str:
            return cell
        return read(cell)

    return value
