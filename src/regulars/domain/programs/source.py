"""Reads YAML or JSON text into plain values, and remembers where in the text each value stands.

Numbers are exact: whole ones are int, decimals are Fraction. Words such as `yes`, `on` or
`2017-01-01` are text, as in YAML 1.2. Anchors are allowed, tags and merge keys are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import yaml

from regulars.domain.programs.findings import (
    MAX_FINDINGS,
    Finding,
    Path,
    Place,
    Severity,
    pointer_of,
    refusal,
)

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 30
MAX_VALUES = 100_000

Value = Any
"""dict, list, str, int, bool, None or Fraction, as in JSON but exact."""

# The C parser of PyYAML where it is built in: twenty times as fast, same events.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,12}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


@dataclass(slots=True)
class _Node:
    """A value as parsed; `start` and `end` are its span in the text, counted in characters."""

    value: Value
    place: Place
    start: int
    end: int
    key_places: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A document: its value, and the places and spans of everything in it by path."""

    text: str
    value: Value
    places: dict[Path, Place]
    spans: dict[Path, tuple[int, int]]
    repeated: tuple[Finding, ...]

    def place(self, path: Path) -> Place:
        """Where the value (of a property that holds more: its name) at `path` begins.

        A path that is not in the document has the place of what is nearest around it.
        """
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def place_in(self, path: Path, offset: int) -> Place:
        """Where the character number `offset` of the text at `path` stands in the document."""
        if path not in self.spans:
            return self.place(path)
        start, end = self.spans[path]
        at = _aligned(self.text[start:end], self.value_at(path)[:offset]) + start
        return _place_at(self.text, at)

    def value_at(self, path: Path) -> Value:
        """The value at a path of this document."""
        value = self.value
        for part in path:
            value = value[part]
        return value


def _aligned(raw: str, before: str) -> int:
    """How far into `raw`, which writes a text that begins with `before`, that beginning reaches.

    Folding and escapes make the two differ; letters are found again in their order.
    """
    at = 0
    if raw[:1] in {"'", '"'}:
        at = 1
    elif raw[:1] in {"|", ">"}:
        at = raw.find("\n") + 1
    for character in before:
        found = raw.find(character, at)
        if found >= 0:
            at = found + 1
    while raw[at : at + 1] in {" ", "\n"}:
        at += 1
    return min(at, len(raw))


def open_document(text: str) -> Source:
    """The values of `text`. Raises ProgramInvalid if it is neither YAML nor JSON, or too large."""
    if len(text) > MAX_CHARACTERS:
        raise _unreadable(f"A program has at most {MAX_CHARACTERS} characters.", Place(1, 1))
    # YAML knows no tabs between values as JSON does; inside JSON's texts they are not allowed.
    readable = text.replace("\t", " ") if text.lstrip()[:1] in {"{", "["} else text
    builder = _Builder()
    try:
        for event in yaml.parse(readable, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = _place_of(mark)
        words = " ".join(part for part in (error.problem, error.context) if part)
        raise _unreadable(f"This is not YAML or JSON: {words}.", where) from error
    except UnicodeEncodeError as error:
        where = _place_at(text, error.start)
        raise _unreadable("Half a character: this is not Unicode text.", where) from error
    except yaml.YAMLError as error:
        raise _unreadable(f"This is not YAML or JSON: {error}", Place(1, 1)) from error
    if builder.root is None:
        raise _unreadable("The document is empty.", Place(1, 1))
    places: dict[Path, Place] = {}
    spans: dict[Path, tuple[int, int]] = {}
    value = _Unfolding(places, spans).value_of(builder.root, ())
    return Source(text, value, places, spans, tuple(builder.repeated))


def _place_at(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _place_of(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _index_of(mark: Any) -> int:
    index: int = mark.index
    return index


def _unreadable(message: str, place: Place) -> Exception:
    return refusal([Finding(Severity.ERROR, "unreadable", "", place.line, place.column, message)])


class _Builder:
    """Builds nodes from the parser's events without recursing, however deep the text."""

    def __init__(self) -> None:
        self.root: _Node | None = None
        self.repeated: list[Finding] = []
        self._open: list[_Node] = []
        self._keys: list[str | None] = []
        self._paths: list[Path] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: yaml.Event) -> None:
        """Add one event. Raises ProgramInvalid for what the format leaves out."""
        place = _place_of(event.start_mark)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
            self._paths.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event, place)
        elif isinstance(event, yaml.NodeEvent):
            if getattr(event, "tag", None) is not None:
                raise _unreadable("Tags (!…) are not used here; write texts in quotes.", place)
            self._node(event, place)

    def _alias(self, event: yaml.AliasEvent, place: Place) -> None:
        known = self._anchors.get(str(event.anchor))
        if known is None or known in self._open:
            raise _unreadable(f"There is no &{event.anchor} before this.", place)
        self._put(known, place)

    def _node(self, event: yaml.NodeEvent, place: Place) -> None:
        value: Value = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(event, yaml.ScalarEvent):
            if self._open and isinstance(self._open[-1].value, dict) and self._keys[-1] is None:
                self._key(event.value, place)
                return
            value = _scalar(event.value) if event.implicit[0] else event.value
        node = _Node(value, place, _index_of(event.start_mark), _index_of(event.end_mark))
        if event.anchor:
            self._anchors[event.anchor] = node
        path = self._path_of_next()
        self._put(node, place)
        if not isinstance(event, yaml.ScalarEvent):
            if len(self._open) >= MAX_DEPTH:
                raise _unreadable(f"Values are nested at most {MAX_DEPTH} deep.", place)
            self._open.append(node)
            self._keys.append(None)
            self._paths.append(path)

    def _path_of_next(self) -> Path:
        if not self._open:
            return ()
        around = self._open[-1].value
        return (*self._paths[-1], len(around) if isinstance(around, list) else self._keys[-1] or "")

    def _key(self, key: str, place: Place) -> None:
        around = self._open[-1]
        if key in around.key_places and len(self.repeated) < MAX_FINDINGS:
            first = around.key_places[key].line
            path = (*self._paths[-1], key)
            self.repeated.append(
                Finding(
                    Severity.ERROR,
                    "duplicate_key",
                    pointer_of(path),
                    place.line,
                    place.column,
                    f"{key[:100]} is here twice; line {first} has the first. Keep one of them.",
                )
            )
        around.key_places[key] = place
        self._keys[-1] = key

    def _put(self, node: _Node, place: Place) -> None:
        if not self._open:
            if self.root is not None:
                raise _unreadable("A file holds one document; remove what follows ---.", place)
            self.root = node
            return
        around = self._open[-1]
        if isinstance(around.value, list):
            around.value.append(node)
            return
        key = self._keys[-1]
        if key is None:
            raise _unreadable("The name of a property is a single word.", place)
        around.value[key] = node
        self._keys[-1] = None


def _scalar(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    return text


@dataclass(slots=True)
class _Unfolding:
    """Turns nodes into values. Aliases multiply, so the values are counted here."""

    places: dict[Path, Place]
    spans: dict[Path, tuple[int, int]]
    count: int = 0

    def value_of(self, node: _Node, path: Path, key_place: Place | None = None) -> Value:
        """The value of a node. Raises ProgramInvalid beyond MAX_VALUES or MAX_DEPTH."""
        self.count += 1
        if self.count > MAX_VALUES or len(path) > MAX_DEPTH:
            raise _unreadable(
                f"A document has at most {MAX_VALUES} values, {MAX_DEPTH} deep, aliases unfolded.",
                node.place,
            )
        holds_more = isinstance(node.value, dict | list)
        self.places[path] = (key_place or node.place) if holds_more else node.place
        if isinstance(node.value, dict):
            return {
                key: self.value_of(inner, (*path, key), node.key_places[key])
                for key, inner in node.value.items()
            }
        if isinstance(node.value, list):
            return [self.value_of(inner, (*path, i)) for i, inner in enumerate(node.value)]
        self.spans[path] = (node.start, node.end)
        return node.value


def texts(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text inside a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from texts(inner, (*path, i))
