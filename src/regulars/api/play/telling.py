"""Play as the routes tell it."""

from datetime import datetime

from regulars.api.play.shapes import (
    BoardAnswer,
    DrawAnswer,
    OwnDrawAnswer,
    PlaceAnswer,
    PlayProgressAnswer,
    PrizeLeft,
    StandingsAnswer,
    TurnAnswer,
)
from regulars.domain.ids import BOARD, DRAW, MEMBER, TURN, encode
from regulars.domain.member_words.rules import rule_words
from regulars.domain.plans import Plan
from regulars.domain.play.draws import is_open
from regulars.domain.play.progress import Progress
from regulars.domain.programs.phrases import name_in
from regulars.services.play.boards import Standing
from regulars.services.play.draws import Looked, OwnDraw
from regulars.storage.play.boards import Board
from regulars.storage.play.turns import TakenTurn


def tell_progress(one: Progress, plan: Plan, language: str) -> PlayProgressAnswer:
    """A challenge or a streak, and how far the member is."""
    rule = one.rule
    return PlayProgressAnswer(
        rule=rule.id,
        kind="streak" if one.is_streak else "challenge",
        name=name_in(language, rule.name),
        says=rule_words(rule, plan.program, language),
        currency=rule.earn.currency,
        points=rule.earn.points,
        done=one.done,
        target=one.target,
        is_done=one.is_done,
        ends_at=one.ends_at,
        running=one.running,
        make_ups=one.make_ups,
        price=one.price,
    )


def tell_draw(looked: Looked, now: datetime) -> DrawAnswer:
    """A draw, with its seed once that is told."""
    draw = looked.draw
    return DrawAnswer(
        draw=encode(DRAW, draw.id),
        state=draw.state,
        terms=draw.terms,
        starts_at=draw.starts_at,
        ends_at=draw.ends_at,
        is_open=is_open(draw.state, draw.starts_at, draw.ends_at, now),
        commitment=draw.commitment,
        seed=looked.seed,
        left=[PrizeLeft(code, left) for code, left in looked.left.items()],
        revision=draw.revision,
        changed_at=draw.changed_at,
    )


def tell_own_draw(own: OwnDraw, now: datetime) -> OwnDrawAnswer:
    """A draw as its member sees it."""
    return OwnDrawAnswer(tell_draw(own.looked, now), own.turns_left, own.chances, own.taken)


def tell_turn(turn: TakenTurn) -> TurnAnswer:
    """A turn, for the staff and for who took it."""
    return TurnAnswer(
        turn=encode(TURN, turn.id),
        member=encode(MEMBER, turn.member_id),
        number=turn.number,
        player=turn.player,
        roll=turn.roll,
        rolled=turn.rolled,
        prize=turn.prize,
        serial=turn.serial,
        paid=turn.paid,
        taken_at=turn.taken_at,
        state=turn.state,
        ref=turn.ref,
        handed_at=turn.handed_at,
    )


def tell_board(board: Board) -> BoardAnswer:
    """A leaderboard."""
    return BoardAnswer(encode(BOARD, board.id), board.terms, board.state, board.computed_at)


def tell_standing(found: Standing) -> StandingsAnswer:
    """Where everybody stands who plays."""
    own = found.own or (None, None)
    return StandingsAnswer(
        leaderboard=tell_board(found.board),
        period=found.period,
        places=[PlaceAnswer(one.place, one.name, one.score, one.is_own) for one in found.places],
        own_place=own[0],
        own_score=own[1],
        players=found.players,
        is_playing=found.is_playing,
    )
