"""Pages: opaque cursors, and the Link header that names the next page."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Depends, Query, Request, Response
from msgspec import Struct

from regulars.api.contract import respond
from regulars.domain.errors import Fault, InvalidInput

Item = TypeVar("Item")
Parts = TypeVar("Parts", bound=tuple[object, ...])

MAX_PAGE = 200
DEFAULT_PAGE = 50
MAX_CURSOR = 400
_LARGEST = 2**63


class Page:
    """Which page is asked for. `limit` is how many items it holds at most."""

    def __init__(
        self,
        request: Request,
        limit: Annotated[
            int, Query(ge=1, le=MAX_PAGE, description="How many at most")
        ] = DEFAULT_PAGE,
        cursor: Annotated[
            str | None, Query(description="`next` of the page before; left out: the first page")
        ] = None,
    ) -> None:
        self.limit = limit
        self._cursor = cursor
        self._request = request

    def start(self, kind: type[Parts]) -> Parts | None:
        """Where it begins, as the page before said; None for the first. Raises InvalidInput."""
        return None if self._cursor is None else read_cursor(self._cursor, kind)

    @property
    def is_first(self) -> bool:
        """Whether nothing lies before it."""
        return self._cursor is None

    def cut(self, items: Sequence[Item]) -> tuple[Sequence[Item], Item | None]:
        """The items of this page, and the last of them where `items` go on beyond it."""
        if len(items) <= self.limit:
            return items, None
        return items[: self.limit], items[self.limit - 1]

    def respond(self, answer: Struct, following: str | None) -> Response:
        """The answer, with a Link header where there is a next page."""
        return respond(answer, headers=self._link(following))

    def _link(self, following: str | None) -> dict[str, str]:
        if following is None:
            return {}
        asked = self._request.query_params.multi_items()
        pairs = [pair for pair in asked if pair[0] != "cursor"]
        query = urlencode([*pairs, ("cursor", following)])
        return {"link": f'<{quote(self._request.url.path)}?{query}>; rel="next"'}


Paged = Annotated[Page, Depends()]


def write_cursor(*parts: int | datetime) -> str:
    """Where a page ends, as text for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def read_cursor(text: str, kind: type[Parts]) -> Parts:
    """The parts of a cursor. Raises InvalidInput for what is none."""
    parts = _parts(text, kind) if len(text) <= MAX_CURSOR else None
    if parts is None or not all(map(_is_storable, parts)):
        raise InvalidInput(
            "The cursor is not one that was given out; begin without one.",
            faults=[Fault("/query/cursor", "no cursor")],
        )
    return parts


def _parts(text: str, kind: type[Parts]) -> Parts | None:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError):
        return None


def _is_storable(part: object) -> bool:
    if isinstance(part, int):
        return 0 <= part < _LARGEST
    return not isinstance(part, datetime) or part.tzinfo is not None
