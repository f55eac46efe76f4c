"""Lucky draws and the chances that members were given in them, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.play.draws import DrawTerms
from regulars.storage.database import Tx

_COLUMNS = """id, title, state, terms, starts_at, ends_at, nonce, commitment, revision, made_at,
    changed_at"""

INSERT = f"""
insert into draw (organization_id, title, state, terms, starts_at, ends_at, nonce, commitment,
                  made_by, made_at, request_key, changed_at)
values (%(organization)s, %(title)s, 'draft', %(terms)s, %(starts_at)s, %(ends_at)s, %(nonce)s,
        %(commitment)s, %(by)s, %(now)s, %(key)s, %(now)s)
on conflict (organization_id, made_by, request_key) where request_key <> '' do nothing
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

ASKED = f"""
select {_COLUMNS} from draw
where organization_id = %s and made_by = %s and request_key = %s
"""  # noqa: S608

CHANGE = f"""
update draw
set title = %(title)s, terms = %(terms)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s,
    revision = revision + 1, changed_at = %(now)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

MOVE = f"""
update draw
set state = %(state)s, revision = revision + 1, changed_at = %(now)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

GET = f"select {_COLUMNS} from draw where organization_id = %s and id = %s"  # noqa: S608
LOCK = GET + " for no key update"
# Those who take turns do not wait for each other; who changes the draw waits for them.
SHARE = GET + " for share"

PAGE = f"""
select {_COLUMNS} from draw
where organization_id = %(organization)s and id < %(before)s
    and (%(state)s = '' or state = %(state)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

SHOWN = f"""
select {_COLUMNS} from draw
where organization_id = %(organization)s and state in ('active', 'paused', 'ended')
    and starts_at <= %(now)s and ends_at > %(since)s
order by ends_at, id
limit %(limit)s
"""  # noqa: S608

GIVE = """
insert into draw_chance (organization_id, draw_id, member_id, amount, given_by, given_at, reason,
                         request_key)
values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (organization_id, given_by, request_key) do nothing
returning id
"""

GIVEN_BEFORE = """
select draw_id, member_id, amount from draw_chance
where organization_id = %s and given_by = %s and request_key = %s
"""

CHANCES = """
select coalesce(sum(amount), 0)::bigint from draw_chance
where organization_id = %s and draw_id = %s and member_id = %s
"""

LAST = 2**63 - 1
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it is kept. `nonce`: what the seed is made of; told to nobody."""

    id: int
    title: str
    state: str
    terms: DrawTerms
    starts_at: datetime
    ends_at: datetime
    nonce: str
    commitment: str
    revision: int
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraw:
    """A draw to be kept, as a draft."""

    terms: DrawTerms
    starts_at: datetime
    ends_at: datetime
    nonce: str
    commitment: str
    by: str
    key: str


def insert(tx: Tx, organization: int, new: NewDraw, now: datetime) -> tuple[Draw, bool]:
    """Keep a draw; it, and whether it is new: with the same key it was kept before."""
    row = tx.execute(
        INSERT,
        {
            "organization": organization, "title": new.terms.name["en"], "terms": _text(new.terms),
            "starts_at": new.starts_at, "ends_at": new.ends_at, "nonce": new.nonce,
            "commitment": new.commitment, "by": new.by, "key": new.key, "now": now,
        },
    ).fetchone()  # fmt: skip
    if row is not None:
        return _draw(row), True
    row = tx.execute(ASKED, [organization, new.by, new.key]).fetchone()
    assert row is not None
    return _draw(row), False


def change(
    tx: Tx, organization: int, number: int, terms: DrawTerms, *, span: tuple[datetime, datetime],
    now: datetime,
) -> Draw:  # fmt: skip
    """Keep other terms of a draw, which is locked."""
    row = tx.execute(
        CHANGE,
        {
            "organization": organization, "id": number, "title": terms.name["en"],
            "terms": _text(terms), "starts_at": span[0], "ends_at": span[1], "now": now,
        },
    ).fetchone()  # fmt: skip
    assert row is not None
    return _draw(row)


def move(tx: Tx, organization: int, number: int, state: str, now: datetime) -> Draw:
    """Put a draw, which is locked, into another state."""
    asked = {"organization": organization, "id": number, "state": state, "now": now}
    row = tx.execute(MOVE, asked).fetchone()
    assert row is not None
    return _draw(row)


def get(tx: Tx, organization: int, number: int) -> Draw | None:
    """One draw; None for none."""
    row = tx.execute(GET, [organization, number]).fetchone()
    return None if row is None else _draw(row)


def lock(tx: Tx, organization: int, number: int) -> Draw | None:
    """The same, once nobody takes a turn any more, and with nobody beginning one."""
    row = tx.execute(LOCK, [organization, number]).fetchone()
    return None if row is None else _draw(row)


def share(tx: Tx, organization: int, number: int) -> Draw | None:
    """The same, with nobody changing it until the transaction ends."""
    row = tx.execute(SHARE, [organization, number]).fetchone()
    return None if row is None else _draw(row)


def page(
    tx: Tx, organization: int, *, before: int | None, state: str, limit: int
) -> list[Draw]:  # fmt: skip
    """Draws, newest first. `state` "": any."""
    asked = {
        "organization": organization, "before": LAST if before is None else before, "state": state,
        "limit": limit,
    }  # fmt: skip
    return [_draw(row) for row in tx.execute(PAGE, asked)]


def shown(tx: Tx, organization: int, now: datetime, since: datetime) -> list[Draw]:
    """The draws that members see: those that have begun, and ended after `since`."""
    asked = {"organization": organization, "now": now, "since": since, "limit": MOST_SHOWN}
    return [_draw(row) for row in tx.execute(SHOWN, asked)]


def give(
    tx: Tx, organization: int, draw: int, member: int, *, amount: int, by: str, key: str,
    reason: str, now: datetime,
) -> tuple[int, int, int] | None:  # fmt: skip
    """Give a member chances. What was given before under this key: (draw, member, amount); None
    where this is the first time."""
    row = tx.execute(GIVE, [organization, draw, member, amount, by, now, reason, key]).fetchone()
    if row is not None:
        return None
    found: tuple[int, int, int] | None = tx.execute(
        GIVEN_BEFORE, [organization, by, key]
    ).fetchone()
    return found


def chances(tx: Tx, organization: int, draw: int, member: int) -> int:
    """How many chances the member was ever given."""
    row = tx.execute(CHANCES, [organization, draw, member]).fetchone()
    assert row is not None
    return int(row[0])


def _text(terms: DrawTerms) -> str:
    return msgspec.json.encode(terms).decode()


_terms = msgspec.json.Decoder(DrawTerms)


def _draw(row: tuple[int, str, str, str, datetime, datetime, str, str, int, datetime, datetime]) -> Draw:  # noqa: E501  # fmt: skip
    number, title, state, terms, starts_at, ends_at, nonce, commitment, revision, made, changed = (
        row
    )
    return Draw(
        number, title, state, _terms.decode(terms), starts_at, ends_at, nonce, commitment, revision,
        made, changed,
    )  # fmt: skip
