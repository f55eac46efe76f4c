"""Leaderboards: made by the staff, computed by the worker, seen by those who play."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulars.domain.audit import By, Deed
from regulars.domain.errors import NoProgramInForce
from regulars.domain.ids import MemberRef
from regulars.domain.periods import Local, Unit, midnight, next_start
from regulars.domain.play.boards import (
    MOST_SHOWN,
    BoardTerms,
    period_start,
    play_name,
    refuse_board,
)
from regulars.domain.play.refusals import BoardNotFound
from regulars.storage import audit, members
from regulars.storage.database import Database
from regulars.storage.play import boards
from regulars.storage.play.boards import Board, Placed
from regulars.storage.programs import Versions

EVERY = timedelta(minutes=1)
"""How old places may be before they are counted anew."""

KEPT = timedelta(days=800)
STILL_COUNTED = timedelta(days=2)
"""How long after its end a stretch is still counted, for what comes late."""

FOREVER = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A leaderboard in one stretch. `own`: (place, score) of who asks; None for no place."""

    board: Board
    period: date
    places: Sequence[Placed]
    own: tuple[int, int] | None
    players: int
    is_playing: bool


def create(
    db: Database, versions: Versions, terms: BoardTerms, *, by: By, key: str, now: datetime
) -> tuple[Board, bool]:
    """Make a leaderboard. Safe to repeat under the same key; whether it is new. Raises
    InvalidInput."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        refuse_board(terms, versions.read(tx).in_force(now).program)
        board, is_new = boards.insert(tx, organization, terms, by=by.actor, key=key, now=now)
        if is_new:
            audit.record(tx, by, [Deed("leaderboard.made", f"leaderboard:{board.id}")], now)
        return board, is_new


def move(db: Database, organization: int, number: int, state: str, *, by: By, now: datetime) -> Board:  # noqa: E501  # fmt: skip
    """End a leaderboard, or go on with it. Raises BoardNotFound."""
    with db.transaction(organization) as tx:
        board = boards.move(tx, organization, number, state)
        if board is None:
            raise BoardNotFound
        deed = Deed(f"leaderboard.{state}", f"leaderboard:{number}")
        audit.record(tx, by, [deed], now)
        return board


def listed(db: Database, organization: int, *, with_ended: bool) -> tuple[list[Board], int]:
    """Leaderboards, newest first, and how many members play."""
    with db.snapshot(organization) as tx:
        found = boards.listed(tx, organization, with_ended=with_ended)
        return found, boards.players(tx, organization)


def standing(
    db: Database, versions: Versions, number: int, *, member_id: int, earlier: int, now: datetime
) -> Standing:
    """The first places of a leaderboard, and the own one; `earlier`: so many stretches before the
    present. Member 0: of nobody. Raises BoardNotFound."""
    organization = versions.organization
    with db.snapshot(organization) as tx:
        board = boards.get(tx, organization, number)
        if board is None:
            raise BoardNotFound
        zone = versions.read(tx).in_force(now).program.zone
        period = period_start(board.terms.per, Local(now, zone))
        for _ in range(earlier if board.terms.per else 0):
            before = midnight(period, zone) - timedelta(hours=12)
            period = period_start(board.terms.per, Local(before, zone))
        return Standing(
            board,
            period,
            boards.places(tx, organization, number, period, member=member_id, limit=MOST_SHOWN),
            boards.own_place(tx, organization, number, period, member_id),
            boards.players(tx, organization),
            boards.name_of(tx, organization, member_id) is not None,
        )


def compute(db: Database, versions: Versions, now: datetime) -> int:
    """Count every leaderboard anew that is due; how many those were. Safe to repeat."""
    organization = versions.organization
    with db.snapshot(organization) as tx:
        due = [
            board
            for board in boards.listed(tx, organization, with_ended=False)
            if board.computed_at is None or board.computed_at <= now - EVERY
        ]
        if not due:
            return 0
        try:
            zone = versions.read(tx).in_force(now).program.zone
        except NoProgramInForce:
            return 0
    for board in due:
        with db.transaction(organization) as tx:
            per = board.terms.per
            present = period_start(per, Local(now, zone))
            earlier = period_start(per, Local(now - STILL_COUNTED, zone))
            for period in sorted({present, earlier}):
                end = next_start(Unit(per), period) if per else FOREVER
                span = (midnight(period, zone), midnight(end, zone))
                boards.compute(
                    tx, organization, board, period=period, zone=zone.key, span=span, now=now
                )
            boards.forget(tx, organization, board.id, (now - KEPT).date() if per else date.min)
    return len(due)


def own_name(db: Database, organization: int, member_id: int) -> str | None:
    """The name that a member plays under; None for one who does not play."""
    with db.snapshot(organization) as tx:
        return boards.name_of(tx, organization, member_id)


def join(
    db: Database, organization: int, member_id: int, typed: str, *, by: By, now: datetime
) -> str:
    """Let a member play under a name of their choice. Raises InvalidInput, PlayNameTaken."""
    name = play_name(typed)
    with db.transaction(organization) as tx:
        members.lock_living(tx, organization, MemberRef(member_id))
        boards.take_name(tx, organization, member_id, name=name, now=now)
        audit.record(tx, by, [Deed("member.joined_play", f"member:{member_id}", member_id)], now)
    return name[0]


def leave(db: Database, organization: int, member_id: int, *, by: By, now: datetime) -> None:
    """Take a member off all leaderboards, at once. Safe to repeat."""
    with db.transaction(organization) as tx:
        if boards.leave(tx, organization, member_id):
            audit.record(tx, by, [Deed("member.left_play", f"member:{member_id}", member_id)], now)
