"""Turns at lucky draws in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

_COLUMNS = """id, draw_id, member_id, number, player, luck, roll, rolled, prize, serial, paid,
    taken_at, state, ref, handed_at, handed_by"""

NEXT_ID = "select nextval(pg_get_serial_sequence('draw_turn', 'id'))"

INSERT = """
insert into draw_turn (id, organization_id, draw_id, member_id, number, player, luck, roll, rolled,
                       prize, serial, paid, taken_at, request_key, event_id, state, ref)
overriding system value
values (%(id)s, %(organization)s, %(draw_id)s, %(member_id)s, %(number)s, %(player)s, %(luck)s,
        %(roll)s, %(rolled)s, %(prize)s, %(serial)s, %(paid)s, %(taken_at)s, %(key)s, %(event)s,
        %(state)s, %(ref)s)
"""

ASKED = f"""
select {_COLUMNS} from draw_turn
where organization_id = %s and draw_id = %s and member_id = %s and request_key = %s
"""  # noqa: S608  # the constant above

COUNT = """
select coalesce(max(number), 0) from draw_turn
where organization_id = %s and draw_id = %s and member_id = %s
"""

OF_MEMBER = f"""
select {_COLUMNS} from draw_turn
where organization_id = %(organization)s and member_id = %(member)s and id < %(before)s
    and (%(draw)s::bigint is null or draw_id = %(draw)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

OF_DRAW = f"""
select {_COLUMNS} from draw_turn
where organization_id = %(organization)s and draw_id = %(draw)s and id < %(before)s
    and (%(prize)s = '' or prize = %(prize)s)
    and (not %(waiting)s or state = 'to_hand_out')
order by id desc
limit %(limit)s
"""  # noqa: S608

PUBLISHED = f"""
select {_COLUMNS} from draw_turn
where organization_id = %(organization)s and draw_id = %(draw)s and id > %(after)s
order by id
limit %(limit)s
"""  # noqa: S608

STATISTICS = """
select rolled, prize, count(*), count(distinct member_id) from draw_turn
where organization_id = %s and draw_id = %s
group by rolled, prize
"""

PLAYERS = """
select count(*), count(distinct member_id), count(*) filter (where paid = 'points')
from draw_turn where organization_id = %s and draw_id = %s
"""

HAND_OUT = f"""
update draw_turn set state = 'handed_out', handed_at = %(now)s, handed_by = %(by)s
where organization_id = %(organization)s and id = %(id)s and state = 'to_hand_out'
returning {_COLUMNS}
"""  # noqa: S608

GET = f"select {_COLUMNS} from draw_turn where organization_id = %s and id = %s"  # noqa: S608

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TakenTurn:
    """A turn as it was taken. `rolled`: the prize of the roll; `prize`: what was given. `state`:
    given, to_hand_out or handed_out. `ref`: what was given, as the outside names it."""

    id: int
    draw_id: int
    member_id: int
    number: int
    player: str
    luck: str
    roll: int
    rolled: str
    prize: str
    serial: int
    paid: str
    taken_at: datetime
    state: str
    ref: str = ""
    handed_at: datetime | None = None
    handed_by: str = ""


def new_id(tx: Tx) -> int:
    """A number for a turn."""
    row = tx.execute(NEXT_ID).fetchone()
    assert row is not None
    return int(row[0])


def insert(tx: Tx, organization: int, turn: TakenTurn, *, key: str, event_id: int | None) -> None:
    """Write a turn. The member is locked, so that its number is nobody else's."""
    tx.execute(
        INSERT,
        {
            "id": turn.id, "organization": organization, "draw_id": turn.draw_id,
            "member_id": turn.member_id, "number": turn.number, "player": turn.player,
            "luck": turn.luck, "roll": turn.roll, "rolled": turn.rolled, "prize": turn.prize,
            "serial": turn.serial, "paid": turn.paid, "taken_at": turn.taken_at, "key": key,
            "event": event_id, "state": turn.state, "ref": turn.ref,
        },
    )  # fmt: skip


def asked_before(
    tx: Tx, organization: int, draw: int, member: int, key: str
) -> TakenTurn | None:  # fmt: skip
    """The turn that this member took under this key; None for none."""
    row = tx.execute(ASKED, [organization, draw, member, key]).fetchone()
    return None if row is None else TakenTurn(*row)


def count(tx: Tx, organization: int, draw: int, member: int) -> int:
    """How many turns the member has taken."""
    row = tx.execute(COUNT, [organization, draw, member]).fetchone()
    assert row is not None
    return int(row[0])


def of_member(
    tx: Tx, organization: int, member: int, *, draw: int | None, before: int | None, limit: int
) -> list[TakenTurn]:
    """A member's turns, newest first; of one draw, or of all."""
    asked = {
        "organization": organization, "member": member, "draw": draw,
        "before": LAST if before is None else before, "limit": limit,
    }  # fmt: skip
    return [TakenTurn(*row) for row in tx.execute(OF_MEMBER, asked)]


def of_draw(
    tx: Tx, organization: int, draw: int, *, prize: str, is_waiting: bool, before: int | None,
    limit: int,
) -> list[TakenTurn]:  # fmt: skip
    """The turns of a draw, newest first; of one prize, or only what is to be handed out."""
    asked = {
        "organization": organization, "draw": draw, "prize": prize, "waiting": is_waiting,
        "before": LAST if before is None else before, "limit": limit,
    }  # fmt: skip
    return [TakenTurn(*row) for row in tx.execute(OF_DRAW, asked)]


def published(tx: Tx, organization: int, draw: int, *, after: int, limit: int) -> list[TakenTurn]:
    """The turns of a draw in the order in which they were taken."""
    asked = {"organization": organization, "draw": draw, "after": after, "limit": limit}
    return [TakenTurn(*row) for row in tx.execute(PUBLISHED, asked)]


def statistics(tx: Tx, organization: int, draw: int) -> list[tuple[str, str, int, int]]:
    """(prize rolled, prize given, turns, members) of a draw."""
    rows: list[tuple[str, str, int, int]] = tx.execute(STATISTICS, [organization, draw]).fetchall()
    return rows


def players(tx: Tx, organization: int, draw: int) -> tuple[int, int, int]:
    """(turns, members, turns that were paid by points) of a draw."""
    row = tx.execute(PLAYERS, [organization, draw]).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def get(tx: Tx, organization: int, number: int) -> TakenTurn | None:
    """One turn; None for none."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else TakenTurn(*row)


def hand_out(tx: Tx, organization: int, number: int, *, by: str, now: datetime) -> TakenTurn | None:
    """Note that goods were handed out; None where there was nothing to hand out, or no more."""
    asked = {"organization": organization, "id": number, "by": by, "now": now}
    row = tx.execute(HAND_OUT, asked).fetchone()
    return None if row is None else TakenTurn(*row)
