"""The ids of play in paths, and what its routes have in common."""

from typing import Annotated

from fastapi import Depends, Path

from regulars.api.state import Served
from regulars.domain.ids import BOARD, DRAW, TURN, decode
from regulars.services.play import draws, turning
from regulars.services.play.seeds import Seeds


def _draw(
    draw: Annotated[str, Path(description="A draw's id (drw_…)", examples=["drw_2v9c3n5x7k1qd"])],
) -> int:
    """The row number of the draw in the path; 0, which none has, for what is no such id."""
    return decode(DRAW, draw) or 0


def _turn(
    turn: Annotated[str, Path(description="A turn's id (trn_…)", examples=["trn_2v9c3n5x7k1qd"])],
) -> int:
    return decode(TURN, turn) or 0


def _board(
    board: Annotated[
        str, Path(description="A leaderboard's id (brd_…)", examples=["brd_2v9c3n5x7k1qd"])
    ],
) -> int:
    return decode(BOARD, board) or 0


DrawNumber = Annotated[int, Depends(_draw)]
TurnNumber = Annotated[int, Depends(_turn)]
BoardNumber = Annotated[int, Depends(_board)]


def house(served: Served) -> draws.House:
    """What it takes to run draws."""
    return draws.House(served.db, served.versions, _seeds(served))


def turning_house(served: Served) -> turning.House:
    """What it takes to take turns. For one thread: the engine is made for each."""
    take = served.runtime.intake(served.organization).take_within
    return turning.House(served.db, served.versions, _seeds(served), take)


def _seeds(served: Served) -> Seeds:
    return Seeds(served.runtime.cabinet, served.organization)
