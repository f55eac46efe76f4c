"""Leaderboards as the staff runs them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.play.paths import BoardNumber
from regulars.api.play.shapes import BoardAnswer, BoardsAnswer, BoardStateIn, StandingsAnswer
from regulars.api.play.telling import tell_board, tell_standing
from regulars.api.reading import IdempotencyKey, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import CrossSite, Malformed, NoProgramInForce, TooLarge
from regulars.domain.play.boards import BoardTerms
from regulars.domain.play.refusals import BoardNotFound
from regulars.services.play import boards

router = APIRouter(prefix="/v1/leaderboards", tags=["play"])

CREATED = 201
NOBODY = 0


@router.get("", **declared(BoardsAnswer, scope=Scope.OFFERS_READ))
def list_leaderboards(served: ServedBy) -> Response:
    """Leaderboards, newest first, and how many members play."""
    found, players = boards.listed(served.db, served.organization, with_ended=True)
    return respond(BoardsAnswer([tell_board(one) for one in found], players))


@router.post(
    "",
    **declared(
        BoardAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        again=200,
        body=BoardTerms,
        example={
            "name": {"en": "Points of the month", "zh-CN": "本月积分榜"},
            "metric": "points",
            "subject": "points",
            "per": "month",
        },
        refusals=(Malformed, TooLarge, CrossSite, NoProgramInForce),
    ),
)
def make_leaderboard(
    body: Annotated[BoardTerms, Depends(body_of(BoardTerms))],
    key: IdempotencyKey,
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Make a leaderboard. Only members who chose a name to play under stand on it."""
    board, is_new = boards.create(
        served.db, served.versions, body, by=by, key=key, now=served.runtime.clock()
    )
    return respond(tell_board(board), CREATED if is_new else 200)


@router.get(
    "/{board}", **declared(StandingsAnswer, scope=Scope.OFFERS_READ, refusals=(BoardNotFound,))
)
def get_leaderboard(
    board: BoardNumber,
    served: ServedBy,
    earlier: Annotated[
        int, Query(ge=0, le=24, description="So many stretches before the present one")
    ] = 0,
) -> Response:
    """The first hundred places, by the names that members chose."""
    now = served.runtime.clock()
    found = boards.standing(
        served.db, served.versions, board, member_id=NOBODY, earlier=earlier, now=now
    )
    return respond(tell_standing(found))


@router.post(
    "/{board}/state",
    **declared(
        BoardAnswer,
        scope=Scope.OFFERS_WRITE,
        body=BoardStateIn,
        example={"state": "ended"},
        refusals=(Malformed, TooLarge, CrossSite, BoardNotFound),
    ),
)
def move_leaderboard(
    board: BoardNumber,
    body: Annotated[BoardStateIn, Depends(body_of(BoardStateIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """End a leaderboard, or go on with it."""
    now = served.runtime.clock()
    return respond(
        tell_board(boards.move(served.db, served.organization, board, body.state, by=by, now=now))
    )
