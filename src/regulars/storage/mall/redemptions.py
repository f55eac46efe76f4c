"""Redemptions in PostgreSQL, and what became of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.mall.fulfilment import Redemption, RedemptionState
from regulars.domain.mall.rewards import Way
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Tx

_COLUMNS = """id, member_id, reward_id, variant_id, sale_id, quantity, currency, points, cash_minor,
    cash_currency, state, way, place, sealed is not null, code, hold_id, given, carrier, tracking,
    payment_reference, pay_by, placed_at, changed_at, request_key, digest"""

NEXT_IDS = """
select nextval(pg_get_serial_sequence('redemption', 'id')) from generate_series(1, %s)
"""

INSERT = """
insert into redemption (id, organization_id, member_id, reward_id, variant_id, sale_id, quantity,
    currency, points, cash_minor, cash_currency, state, way, place, sealed, code, hold_id, given,
    pay_by, placed_at, changed_at, request_key, digest)
overriding system value
values (%(id)s, %(organization)s, %(member_id)s, %(reward_id)s, %(variant_id)s, %(sale_id)s,
    %(quantity)s, %(currency)s, %(points)s, %(cash_minor)s, %(cash_currency)s, %(state)s, %(way)s,
    %(place)s, %(sealed)s, %(code)s, %(hold_id)s, %(given)s, %(pay_by)s, %(placed_at)s,
    %(placed_at)s, %(request_key)s, %(digest)s)
"""

BY_KEYS = f"""
select {_COLUMNS} from redemption
join unnest(%(members)s::bigint[], %(keys)s::text[]) as asked (member_id, request_key)
    using (member_id, request_key)
where organization_id = %(organization)s
"""  # noqa: S608  # the constant above

GET = f"select {_COLUMNS} from redemption where organization_id = %s and id = %s"  # noqa: S608

GET_LOCKED = f"{GET} for update"

# As of an instant: what was not paid in time is over, though no job has run.
PAGE = f"""
select {_COLUMNS} from redemption
where organization_id = %(organization)s
    and (%(members)s::bigint[] is null or member_id = any(%(members)s::bigint[]))
    and (%(states)s::text[] is null or
         case when state = 'awaiting_payment' and pay_by <= %(now)s then 'timed_out' else state end
         = any(%(states)s::text[]))
    and (%(way)s::text is null or way = %(way)s)
    and (%(place)s::text is null or place = %(place)s)
    and (%(reward)s::bigint is null or reward_id = %(reward)s)
    and (%(sale)s::bigint is null or sale_id = %(sale)s)
    and (%(code)s::text is null or code = %(code)s)
    and (%(since)s::timestamptz is null or placed_at >= %(since)s)
    and (%(until)s::timestamptz is null or placed_at < %(until)s)
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

COUNTS = """
select case when state = 'awaiting_payment' and pay_by <= %(now)s then 'timed_out' else state end,
       count(*)
from redemption
where organization_id = %(organization)s
    and state in ('awaiting_payment', 'placed', 'accepted', 'packed', 'shipped', 'ready')
group by 1
"""

MOVE = """
update redemption
set state = %(state)s, changed_at = %(now)s, carrier = %(carrier)s, tracking = %(tracking)s,
    payment_reference = %(payment)s, given = %(given)s,
    sealed = case when %(forget)s then null else sealed end
where organization_id = %(organization)s and id = %(id)s
"""

STEP = """
insert into redemption_step (organization_id, redemption_id, at, by, state, reason)
select %(organization)s, id, %(at)s, by, state, %(reason)s
from unnest(%(ids)s::bigint[], %(by)s::text[], %(states)s::text[]) as fresh (id, by, state)
"""

STEPS = """
select at, by, state, reason from redemption_step
where organization_id = %s and redemption_id = %s
order by id
"""

SEALED = """
select id, member_id, sealed from redemption
where organization_id = %s and id = any(%s::bigint[]) and sealed is not null
"""

BUYERS = "select member_id from redemption where organization_id = %s and sale_id = %s limit %s"

SOLD = """
select date_trunc('second', placed_at), sum(quantity)::bigint from redemption
where organization_id = %s and sale_id = %s
group by 1 order by 1 limit %s
"""

UNPAID = """
select id from redemption
where organization_id = %s and state = 'awaiting_payment' and pay_by <= %s
order by id limit %s
for update skip locked
"""

OPEN_OF = """
select id from redemption
where organization_id = %s and member_id = any(%s::bigint[])
    and state in ('awaiting_payment', 'placed', 'accepted', 'packed', 'shipped', 'ready')
order by id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which redemptions are wanted; None: whatever it is."""

    members: Sequence[int] | None = None
    states: Sequence[str] | None = None
    way: str | None = None
    place: str | None = None
    reward: int | None = None
    sale: int | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a redemption, and who did it."""

    at: datetime
    by: str
    state: str
    reason: str


def new_ids(tx: Tx, count: int) -> list[int]:
    """Numbers for redemptions that may be made."""
    return [number for (number,) in tx.execute(NEXT_IDS, [count])]


def insert(
    tx: Tx, organization: int, made: Sequence[tuple[Redemption, bytes | None]], by: Sequence[str]
) -> None:
    """Add redemptions, each with where it goes, sealed, and who asked for it. Raises
    UniqueViolation when the same request came twice at the same moment."""
    rows = [_row(organization, one, sealed) for one, sealed in made]
    with tx.cursor() as cursor:
        cursor.executemany(INSERT, rows)
    at = made[0][0].placed_at
    _steps(tx, organization, [one for one, _ in made], by=by, at=at, reason="")


def by_keys(
    tx: Tx, organization: int, asked: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], Redemption]:
    """What was made before under these members' Idempotency-Keys."""
    pairs = list(asked)
    rows = tx.execute(
        BY_KEYS.encode(),
        {
            "organization": organization,
            "members": int_array(member for member, _ in pairs),
            "keys": text_array(key for _, key in pairs),
        },
    )
    found = map(_redemption, rows.fetchall())
    return {(one.member_id, one.request_key): one for one in found}


def get(tx: Tx, organization: int, number: int) -> Redemption | None:
    """One redemption."""
    row = tx.execute(GET.encode(), [organization, number]).fetchone()
    return None if row is None else _redemption(row)


def lock(tx: Tx, organization: int, number: int) -> Redemption | None:
    """One redemption; nobody else moves it until the transaction ends."""
    row = tx.execute(GET_LOCKED.encode(), [organization, number]).fetchone()
    return None if row is None else _redemption(row)


def page(
    tx: Tx, organization: int, asked: Asked, *, before: int | None, limit: int, now: datetime
) -> list[Redemption]:
    """Redemptions, newest first."""
    wanted = {
        "organization": organization, "way": asked.way, "place": asked.place,
        "reward": asked.reward, "sale": asked.sale, "code": asked.code, "since": asked.since,
        "until": asked.until, "before": before, "limit": limit, "now": now,
        "members": None if asked.members is None else int_array(asked.members),
        "states": None if asked.states is None else text_array(asked.states),
    }  # fmt: skip
    return [_redemption(row) for row in tx.execute(PAGE.encode(), wanted).fetchall()]


def counts(tx: Tx, organization: int, now: datetime) -> dict[str, int]:
    """How many are in each state that something comes after."""
    return dict(tx.execute(COUNTS, {"organization": organization, "now": now}).fetchall())


def move(
    tx: Tx, organization: int, after: Redemption, *, by: str, reason: str, forget: bool
) -> None:
    """Write what a locked redemption has become. `forget`: where it went to is not kept on."""
    tx.execute(
        MOVE,
        {
            "organization": organization, "id": after.id, "state": after.state.value,
            "now": after.changed_at, "carrier": after.carrier, "tracking": after.tracking,
            "payment": after.payment_reference, "given": after.given, "forget": forget,
        },
    )  # fmt: skip
    _steps(tx, organization, [after], by=[by], at=after.changed_at, reason=reason)


def steps(tx: Tx, organization: int, number: int) -> list[Step]:
    """What became of it, oldest first."""
    return [Step(*row) for row in tx.execute(STEPS, [organization, number])]


def sealed(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, tuple[int, bytes]]:
    """Where they go, as it is kept: member and sealed text, by number."""
    rows = tx.execute(SEALED, [organization, int_array(numbers)]).fetchall()
    return {number: (member, bytes(text)) for number, member, text in rows}


def buyers(tx: Tx, organization: int, sale_id: int, limit: int) -> frozenset[int]:
    """The members who bought at a sale."""
    rows = tx.execute(BUYERS, [organization, sale_id, limit])
    return frozenset(member for (member,) in rows)


def sold(tx: Tx, organization: int, sale_id: int, limit: int) -> list[tuple[datetime, int]]:
    """Pieces of a sale by the second in which they went."""
    return list(tx.execute(SOLD, [organization, sale_id, limit]).fetchall())


def unpaid(tx: Tx, organization: int, now: datetime, limit: int) -> list[int]:
    """Those whose time to pay is over, locked."""
    return [number for (number,) in tx.execute(UNPAID, [organization, now, limit])]


def open_of(tx: Tx, organization: int, members: Iterable[int]) -> list[int]:
    """Those of these members that are not over, or were not paid in time."""
    rows = tx.execute(OPEN_OF, [organization, int_array(members)]).fetchall()
    return [number for (number,) in rows]


def _steps(
    tx: Tx, organization: int, made: Sequence[Redemption], *, by: Sequence[str], at: datetime,
    reason: str,
) -> None:  # fmt: skip
    tx.execute(
        STEP,
        {
            "organization": organization,
            "at": at,
            "reason": reason,
            "ids": int_array(one.id for one in made),
            "by": text_array(by),
            "states": text_array(one.state.value for one in made),
        },
    )


def _row(organization: int, one: Redemption, sealed: bytes | None) -> dict[str, Any]:
    return {
        "organization": organization, "id": one.id, "member_id": one.member_id,
        "reward_id": one.reward_id, "variant_id": one.variant_id, "sale_id": one.sale_id,
        "quantity": one.quantity, "currency": one.currency, "points": one.points,
        "cash_minor": one.cash_minor, "cash_currency": one.cash_currency,
        "state": one.state.value, "way": one.way.value, "place": one.place, "sealed": sealed,
        "code": one.code, "hold_id": one.hold_id, "given": one.given, "pay_by": one.pay_by,
        "placed_at": one.placed_at, "request_key": one.request_key, "digest": one.digest,
    }  # fmt: skip


def _redemption(row: Sequence[Any]) -> Redemption:
    named = dict(zip(Redemption.__slots__, row, strict=True))
    named["state"], named["way"] = RedemptionState(named["state"]), Way(named["way"])
    return Redemption(**named)
