"""Leaderboards in PostgreSQL: who plays under which name, and where everybody stands.

Places are written by the worker, set-wise; nobody who has no name to play under is counted.
"""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from psycopg.errors import UniqueViolation

from regulars.domain.play.boards import BoardTerms, BoardWords
from regulars.domain.play.refusals import PlayNameTaken
from regulars.storage.database import Tx

_COLUMNS = "id, name, metric, subject, per, state, made_at, computed_at"

INSERT = f"""
insert into leaderboard (organization_id, title, name, metric, subject, per, state, made_by,
                         made_at, request_key)
values (%(organization)s, %(title)s, %(name)s, %(metric)s, %(subject)s, %(per)s, 'active', %(by)s,
        %(now)s, %(key)s)
on conflict (organization_id, made_by, request_key) where request_key <> '' do nothing
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

ASKED = f"""
select {_COLUMNS} from leaderboard
where organization_id = %s and made_by = %s and request_key = %s
"""  # noqa: S608

MOVE = f"""
update leaderboard set state = %s where organization_id = %s and id = %s returning {_COLUMNS}
"""  # noqa: S608

LIST = f"""
select {_COLUMNS} from leaderboard
where organization_id = %s and (%s or state = 'active')
order by id desc limit 200
"""  # noqa: S608

GET = f"select {_COLUMNS} from leaderboard where organization_id = %s and id = %s"  # noqa: S608

SCORES = {
    "points": """
select transfer.member_id, sum(transfer.amount) as score
from play_name
join transfer on transfer.organization_id = play_name.organization_id
    and transfer.member_id = play_name.member_id
where play_name.organization_id = %(organization)s and transfer.currency = %(subject)s
    and transfer.code = 'earn' and transfer.debit = 'issued'
    and transfer.effective_at >= %(since)s and transfer.effective_at < %(until)s
group by transfer.member_id
""",
    "check_ins": """
select event.member_id, count(distinct (event.occurred_at at time zone %(zone)s)::date) as score
from play_name
join event on event.organization_id = play_name.organization_id
    and event.member_id = play_name.member_id
where play_name.organization_id = %(organization)s and event.type = 'check_in'
    and event.status = 'decided'
    and event.occurred_at >= %(since)s and event.occurred_at < %(until)s
group by event.member_id
""",
    "challenges": """
select event.member_id, count(*) as score
from play_name
join event on event.organization_id = play_name.organization_id
    and event.member_id = play_name.member_id
cross join lateral (
    select decision::jsonb -> 'progress' -> %(subject)s as progress
) as told
where play_name.organization_id = %(organization)s and event.status = 'decided'
    and event.occurred_at >= %(since)s and event.occurred_at < %(until)s
    and progress is not null and exists (
        select from jsonb_array_elements(decision::jsonb -> 'rules') as rule
        where rule ->> 0 = %(subject)s and rule ->> 2 = ''
    )
group by event.member_id
""",
}
"""By metric: (member, score) of all who play, in a stretch of time."""

WRITE = """
with scores as ({scores}), placed as (
    select member_id, score, rank() over (order by score desc) as place
    from scores where score > 0
), gone as (
    delete from leaderboard_score
    where organization_id = %(organization)s and leaderboard_id = %(board)s
        and period = %(period)s and member_id not in (select member_id from placed)
)
insert into leaderboard_score (leaderboard_id, organization_id, period, member_id, score, place)
select %(board)s, %(organization)s, %(period)s, member_id, score, place from placed
on conflict (leaderboard_id, period, member_id) do update
set score = excluded.score, place = excluded.place
where (leaderboard_score.score, leaderboard_score.place) <> (excluded.score, excluded.place)
"""

COMPUTED = "update leaderboard set computed_at = %s where organization_id = %s and id = %s"

FORGET = """
delete from leaderboard_score
where organization_id = %s and leaderboard_id = %s and period < %s
"""

PLACES = """
select place, name, score, leaderboard_score.member_id = %(member)s
from leaderboard_score
join play_name using (organization_id, member_id)
where organization_id = %(organization)s and leaderboard_id = %(board)s and period = %(period)s
order by place, joined_at, leaderboard_score.member_id
limit %(limit)s
"""

OWN_PLACE = """
select place, score from leaderboard_score
where organization_id = %s and leaderboard_id = %s and period = %s and member_id = %s
"""

PLAYERS = "select count(*) from play_name where organization_id = %s"

NAME = "select name from play_name where organization_id = %s and member_id = %s"

TAKE_NAME = """
insert into play_name (organization_id, member_id, name, name_key, joined_at)
values (%(organization)s, %(member)s, %(name)s, %(key)s, %(now)s)
on conflict (organization_id, member_id) do update
set name = excluded.name, name_key = excluded.name_key
"""

LEAVE = "delete from play_name where organization_id = %s and member_id = %s"
LEAVE_PLACES = "delete from leaderboard_score where organization_id = %s and member_id = %s"


@dataclass(frozen=True, slots=True)
class Board:
    """A leaderboard as it is kept. `computed_at` None: the worker has not looked at it yet."""

    id: int
    terms: BoardTerms
    state: str
    made_at: datetime
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A place of a leaderboard. Who does as well has the same place."""

    place: int
    name: str
    score: int
    is_own: bool


def insert(
    tx: Tx, organization: int, terms: BoardTerms, *, by: str, key: str, now: datetime
) -> tuple[Board, bool]:
    """Keep a leaderboard; it, and whether it is new."""
    row = tx.execute(
        INSERT,
        {
            "organization": organization, "title": terms.name["en"],
            "name": msgspec.json.encode(terms.name).decode(), "metric": terms.metric.value,
            "subject": terms.subject, "per": terms.per, "by": by, "key": key, "now": now,
        },
    ).fetchone()  # fmt: skip
    is_new = row is not None
    if row is None:
        row = tx.execute(ASKED, [organization, by, key]).fetchone()
    assert row is not None
    return _board(*row), is_new


def move(tx: Tx, organization: int, number: int, state: str) -> Board | None:
    """Put a leaderboard into another state; None for none."""
    row = tx.execute(MOVE, [state, organization, number]).fetchone()
    return None if row is None else _board(*row)


def listed(tx: Tx, organization: int, *, with_ended: bool) -> list[Board]:
    """Leaderboards, newest first."""
    return [_board(*row) for row in tx.execute(LIST, [organization, with_ended])]


def get(tx: Tx, organization: int, number: int) -> Board | None:
    """One leaderboard; None for none."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else _board(*row)


def compute(
    tx: Tx, organization: int, board: Board, *, period: date, zone: str,
    span: tuple[datetime, datetime], now: datetime,
) -> None:  # fmt: skip
    """Write where everybody stands who plays, in the stretch `span` that begins on `period`."""
    asked = {
        "organization": organization, "board": board.id, "subject": board.terms.subject,
        "period": period, "since": span[0], "until": span[1], "zone": zone,
    }  # fmt: skip
    tx.execute(WRITE.format(scores=SCORES[board.terms.metric.value]), asked)
    tx.execute(COMPUTED, [now, organization, board.id])


def forget(tx: Tx, organization: int, board: int, before: date) -> None:
    """Take the places of stretches away that began before that day."""
    tx.execute(FORGET, [organization, board, before])


def places(
    tx: Tx, organization: int, board: int, period: date, *, member: int, limit: int
) -> list[Placed]:
    """The first places of one stretch."""
    asked = {
        "organization": organization, "board": board, "period": period, "member": member,
        "limit": limit,
    }  # fmt: skip
    return [Placed(*row) for row in tx.execute(PLACES, asked)]


def own_place(
    tx: Tx, organization: int, board: int, period: date, member: int
) -> tuple[int, int] | None:
    """(place, score) of a member; None for one who has none."""
    row: tuple[int, int] | None = tx.execute(
        OWN_PLACE, [organization, board, period, member]
    ).fetchone()
    return row


def players(tx: Tx, organization: int) -> int:
    """How many members play."""
    row = tx.execute(PLAYERS, [organization]).fetchone()
    assert row is not None
    return int(row[0])


def name_of(tx: Tx, organization: int, member: int) -> str | None:
    """The name that the member plays under; None for one who does not play."""
    row = tx.execute(NAME, [organization, member]).fetchone()
    return None if row is None else str(row[0])


def take_name(
    tx: Tx, organization: int, member: int, *, name: tuple[str, str], now: datetime
) -> None:
    """Let a member play under a name. Raises PlayNameTaken."""
    asked = {
        "organization": organization, "member": member, "name": name[0], "key": name[1], "now": now,
    }  # fmt: skip
    try:
        tx.execute(TAKE_NAME, asked)
    except UniqueViolation:
        raise PlayNameTaken from None


def leave(tx: Tx, organization: int, member: int) -> bool:
    """Take a member off all leaderboards; whether they were on any."""
    tx.execute(LEAVE_PLACES, [organization, member])
    return tx.execute(LEAVE, [organization, member]).rowcount > 0


_words = msgspec.json.Decoder(BoardWords)


def _board(  # noqa: PLR0917  # the columns, in their order
    number: int, name: str, metric: str, subject: str, per: str, state: str, made_at: datetime,
    computed_at: datetime | None,
) -> Board:  # fmt: skip
    terms = msgspec.convert(
        {"name": _words.decode(name), "metric": metric, "subject": subject, "per": per}, BoardTerms
    )
    return Board(number, terms, state, made_at, computed_at)
