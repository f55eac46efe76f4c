"""The member's history with reasons in words, and whether there is anything new."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.me import member_of
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import EVENT, encode
from regulars.domain.member_words.happenings import Happening
from regulars.services.own_pages import history, marks
from regulars.services.own_pages.history import Line

router = APIRouter(prefix="/v1/me", tags=["me"])

NOT_MODIFIED = 304
MOST_MARK = 200


class AmountAnswer(Struct, frozen=True):
    """Points of one currency; negative where they were taken."""

    currency: str
    amount: int


class PartAnswer(Struct, frozen=True):
    """What one rule gave, and for what."""

    rule: str
    name: str
    currency: str
    points: int
    says: str


class HistoryLine(Struct, frozen=True):
    """Something that happened. `paid`: the money, in words. `points`: what it changed. `lapsed`:
    what had lapsed and is told with it. `says`: why, in sentences; `parts`: rule by rule."""

    event: str
    time: Instant
    type: str
    status: str
    title: str
    paid: str | None
    points: list[AmountAnswer]
    lapsed: list[AmountAnswer]
    says: list[str]
    parts: list[PartAnswer]


class HistoryAnswer(Struct, frozen=True):
    """What happened, newest first."""

    items: list[HistoryLine]
    next: str | None


class MarkAnswer(Struct, frozen=True):
    """`mark` is another one whenever something was decided for the member, or told to them."""

    mark: str


@router.get("/history", **declared(HistoryAnswer, scope=Scope.SELF_READ))
def get_my_history(served: ServedBy, access: AccessBy, page: Paged, language: Language) -> Response:
    """All that happened to the member's points and tier, each with its reason in plain words: by
    the rules of the program version that decided it."""
    rows = history.page(
        served.db,
        served.versions,
        member_of(access),
        before=page.start(tuple[datetime, int]),
        limit=page.limit + 1,
        language=language,
    )
    found, last = page.cut(rows)
    following = None if last is None else write_cursor(last.event.occurred_at, last.event.id)
    return page.respond(HistoryAnswer([_tell(one) for one in found], following), following)


CHANGES = declared(MarkAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound,))
CHANGES["responses"][NOT_MODIFIED] = {"description": "Nothing is new."}


@router.get("/changes", **CHANGES)
def get_my_changes(
    served: ServedBy,
    access: AccessBy,
    if_none_match: Annotated[
        str | None, Header(max_length=MOST_MARK, description="The ETag of the last look")
    ] = None,
) -> Response:
    """Whether anything is new: 304 for the mark that one has already. Cheap enough to be asked
    every second or two while somebody looks at their page."""
    mark = marks.mark(served.db, served.organization, member_of(access))
    headers = {"etag": f'"{mark}"'}
    if if_none_match is not None and mark == if_none_match.removeprefix("W/").strip('"'):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return respond(MarkAnswer(mark), headers=headers)


def _tell(line: Line) -> HistoryLine:
    event, told = line.event, line.told
    return HistoryLine(
        encode(EVENT, event.id),
        event.occurred_at,
        event.type,
        event.status,
        told.title,
        told.paid or None,
        _amounts(told.points),
        _amounts(told.lapsed),
        list(told.says),
        _parts(told),
    )


def _amounts(points: Mapping[str, int]) -> list[AmountAnswer]:
    return [AmountAnswer(currency, amount) for currency, amount in points.items()]


def _parts(told: Happening) -> list[PartAnswer]:
    return [
        PartAnswer(one.rule, one.name, one.currency, one.points, one.says) for one in told.parts
    ]
