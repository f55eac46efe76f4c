"""The copy of all that is kept about a member, as JSON for machines and HTML for people."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from html import escape
from typing import Any

import msgspec
from fastapi.responses import StreamingResponse
from msgspec import Raw, Struct

from regulars.api.answers import Instant
from regulars.api.profiles import NOT_STORED
from regulars.domain.copies import MADE, NOTHING, PARTS, TITLE
from regulars.domain.programs.phrases import name_in
from regulars.services.copies import Copy
from regulars.storage.copies import Row

PIECE_BYTES = 64 * 1024
"""About so much is sent at a time."""

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1d2733; }
table { border-collapse: collapse; font-size: 14px; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
         border-bottom: 1px solid #dbe2ea; }
td { overflow-wrap: anywhere; }
"""

_encode = msgspec.json.Encoder().encode


class Form(StrEnum):
    """How the copy is written: JSON to take elsewhere, HTML to read."""

    JSON = "json"
    HTML = "html"


class CopyAnswer(Struct, frozen=True):
    """All that is kept about a member, by part. The form `html` is a page that tells the same."""

    member: str
    made_at: Instant
    parts: dict[str, list[dict[str, Any]]]


def sent(copy: Copy, form: Form) -> StreamingResponse:
    """The copy as a file, written while it is read."""
    pieces = _json(copy) if form is Form.JSON else _html(copy)
    kind = "application/json" if form is Form.JSON else "text/html; charset=utf-8"
    name = f"{copy.member}.{form.value}"
    headers = {**NOT_STORED, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_gathered(pieces), media_type=kind, headers=headers)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces put together to larger ones."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    yield b"".join(waiting)


def _json(copy: Copy) -> Iterator[bytes]:
    yield b'{"member":%b,"made_at":%b,"parts":{' % (_encode(copy.member), _encode(copy.made_at))
    for place, (name, rows) in enumerate(copy.parts()):
        yield b"%b%b:[" % (b"," if place else b"", _encode(name))
        for number, row in enumerate(rows):
            yield b"%b%b" % (b"," if number else b"", _encode(row))
        yield b"]"
    yield b"}}"


def _html(copy: Copy) -> Iterator[bytes]:
    language = copy.language
    title = escape(name_in(language, TITLE))
    made = escape(f"{name_in(language, MADE)} {_text(copy.made_at)}")
    yield (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(copy.member)}, {made}</p>"
    ).encode()
    for name, rows in copy.parts():
        yield f"<h2>{escape(name_in(language, PARTS[name]))}</h2>".encode()
        yield from _table(rows, language)
    yield b"</body></html>"


def _table(rows: Iterator[Row], language: str) -> Iterator[bytes]:
    columns: list[str] = []
    for row in rows:
        if not columns:
            columns = list(row)
            heads = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in columns)
            yield f"<table><tr>{heads}</tr>".encode()
        cells = "".join(f"<td>{escape(_text(row.get(name)))}</td>" for name in columns)
        yield f"<tr>{cells}</tr>".encode()
    yield b"</table>" if columns else f"<p>{escape(name_in(language, NOTHING))}</p>".encode()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Raw):
        return bytes(value).decode()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return value.isoformat() if isinstance(value, date) else str(value)
