"""Lists of members by what somebody asks for, page by page, without ever counting them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg.errors import QueryCanceled

from regulars.domain.errors import InvalidInput
from regulars.domain.members import Member
from regulars.domain.rosters.asking import Order, Sought, Status, Wanted
from regulars.storage import members
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Tx
from regulars.storage.merging.members import Standing
from regulars.storage.rosters.attributes import written

ENOUGH = 1_000
"""Accounts that are looked at for a page by balance, before all are."""

LONGEST_MS = 5_000
"""Whoever asks for something so rare that it takes longer is asked to narrow it."""

TOO_RARE = (
    "Too many members have to be looked at to find these. Add a filter, such as a tier or days of "
    "enrolment or activity."
)

# These lists are read by what is asked for, never by a plan that was made for something else.
LOOK_ABOUT = """
select set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'on', true),
       set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)
"""

MEMBERS = "from member"
ACTIVITY = "join activity on activity.member_id = member.id"
ACCOUNTS = """
join account on account.member_id = member.id and account.currency = %(currency)s
    and account.organization_id = %(organization)s
"""
# The richest of all accounts first, and then who of them is wanted: nearly everybody is.
RICHEST = """
join (
    select member_id, balance from account
    where organization_id = %(organization)s and currency = %(currency)s
        and (%(least)s::bigint is null or balance >= %(least)s)
        and (%(most)s::bigint is null or balance <= %(most)s)
        and (%(at)s::bigint is null or (balance, member_id) < (%(at)s, %(at_number)s))
    order by balance desc, member_id desc
    limit %(enough)s
) as account on account.member_id = member.id
"""
POOREST = """
join (
    select member_id, balance from account
    where organization_id = %(organization)s and currency = %(currency)s
        and (%(least)s::bigint is null or balance >= %(least)s)
        and (%(most)s::bigint is null or balance <= %(most)s)
        and (%(at)s::bigint is null or (balance, member_id) > (%(at)s, %(at_number)s))
    order by balance, member_id
    limit %(enough)s
) as account on account.member_id = member.id
"""
OF_US = "where member.organization_id = %(organization)s"

KEYS = {
    "number": "member.id",
    "enrolled": "member.enrolled_at",
    "active": "activity.active_on",
    "balance": "account.balance",
}
"""What each order goes by."""

SELECTS = {
    "number": "select member.id, member.id",
    "enrolled": "select member.id, member.enrolled_at",
    "active": "select activity.member_id, activity.active_on",
    "balance": "select account.member_id, account.balance",
}

STATUSES = {
    None: "and member.erased_at is null and member.merged_into is null",
    Status.ACTIVE: """and member.erased_at is null and member.merged_into is null
        and member.frozen_at is null and member.restricted_at is null""",
    Status.FROZEN: "and member.frozen_at is not null and member.erased_at is null",
    Status.RESTRICTED: "and member.restricted_at is not null and member.erased_at is null",
    Status.MERGED: "and member.merged_into is not null and member.erased_at is null",
    Status.ERASED: "and member.erased_at is not null",
}

CONDITIONS = {
    "tiers": "and member.tier = any(%(tiers)s::text[])",
    "enrolled_from": "and member.enrolled_at >= %(enrolled_from)s",
    "enrolled_until": "and member.enrolled_at < %(enrolled_until)s",
    "least": "and account.balance >= %(least)s",
    "most": "and account.balance <= %(most)s",
}

# Said of the index's own organization, so that it can be walked.
ACTIVE = "and activity.organization_id = %(organization)s"
ACTIVE_FROM = "and activity.active_on >= %(active_from)s"
ACTIVE_TO = "and activity.active_on <= %(active_to)s"

ANCHORED = """
and member.id in (
    select member_id from member_attribute
    where organization_id = %(organization)s and name = %(anchor_0)s and value = %(value_0)s
)
"""
ANCHORED_TWICE = """
and member.id in (
    select member_id from member_attribute
    where organization_id = %(organization)s and name = %(anchor_1)s and value = %(value_1)s
)
"""
ANCHORED_THRICE = """
and member.id in (
    select member_id from member_attribute
    where organization_id = %(organization)s and name = %(anchor_2)s and value = %(value_2)s
)
"""
ANCHORS = (ANCHORED, ANCHORED_TWICE, ANCHORED_THRICE)

AFTER = {
    "number": ("and member.id > %(at_number)s", "and member.id < %(at_number)s"),
    "enrolled": (
        "and (member.enrolled_at, member.id) > (%(at)s, %(at_number)s)",
        "and (member.enrolled_at, member.id) < (%(at)s, %(at_number)s)",
    ),
    "active": (
        "and (activity.active_on, activity.member_id) > (%(at)s, %(at_number)s)",
        "and (activity.active_on, activity.member_id) < (%(at)s, %(at_number)s)",
    ),
    "balance": (
        "and (account.balance, account.member_id) > (%(at)s, %(at_number)s)",
        "and (account.balance, account.member_id) < (%(at)s, %(at_number)s)",
    ),
}

ORDERS = {
    Order.NUMBER: "order by member.id limit %(limit)s",
    Order.NEWEST: "order by member.id desc limit %(limit)s",
    Order.ENROLLED: "order by member.enrolled_at, member.id limit %(limit)s",
    Order.LAST_ENROLLED: "order by member.enrolled_at desc, member.id desc limit %(limit)s",
    Order.ACTIVE: "order by activity.active_on, activity.member_id limit %(limit)s",
    Order.LAST_ACTIVE: (
        "order by activity.active_on desc, activity.member_id desc limit %(limit)s"
    ),
    Order.BALANCE: "order by account.balance, account.member_id limit %(limit)s",
    Order.RICHEST: "order by account.balance desc, account.member_id desc limit %(limit)s",
}

ABOUT = "explain (format json) select 1"
COUNT = "select count(*) from (select 1"
COUNTED = "limit %(limit)s) as found"
FEW = 5_000
"""So many are counted, if the database does not expect more."""

STANDINGS = """
select member.id, frozen_at, frozen_reason, restricted_at, erased_at, merged_into, merged_at,
       activity.active_on,
       (select json_object_agg(currency, balance)::text from account
        where account.member_id = member.id)
from member left join activity on activity.member_id = member.id
where member.organization_id = %s and member.id = any(%s::bigint[])
"""

Key = int | date | datetime
_plan = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Line:
    """One member of a list. `key`: what the order goes by. `balances`: all that is there of each
    currency, pending and held too."""

    member: Member
    standing: Standing
    key: Key
    active_on: date | None
    balances: Mapping[str, int]


def page(
    tx: Tx,
    organization: int,
    wanted: Wanted,
    sought: Sought | None,
    *,
    after: tuple[Key, int] | None,
    limit: int,
    now: datetime,
) -> list[Line]:
    """A page of those who are wanted: after the one with this key and number, in the order asked
    for. Raises InvalidInput for what takes too long to find."""
    values = _values(organization, wanted, sought) | {"limit": limit, "now": now}
    values |= {"at": after[0] if after else None, "at_number": after[1] if after else None}
    tx.execute(LOOK_ABOUT, [str(LONGEST_MS)])
    try:
        rows = _rows(tx, wanted, sought, values, is_first=after is None)
    except QueryCanceled as error:
        raise InvalidInput(TOO_RARE) from error
    return lines(tx, organization, dict(rows))


def _rows(
    tx: Tx,
    wanted: Wanted,
    sought: Sought | None,
    values: Mapping[str, object],
    *,
    is_first: bool,
) -> list[tuple[int, Key]]:
    select, order = SELECTS[wanted.order.by], ORDERS[wanted.order]
    if wanted.is_by_balance_alone:
        top = RICHEST if wanted.order.falls else POOREST
        enough = {**values, "enough": ENOUGH}
        query = " ".join([select, MEMBERS, top, OF_US, STATUSES[None], order])
        rows = tx.execute(query.encode(), enough).fetchall()
        if len(rows) == values["limit"]:
            return rows
    parts = [select, *_from(wanted, sought)]
    if not is_first:
        parts.append(AFTER[wanted.order.by][wanted.order.falls])
    return tx.execute(" ".join([*parts, order]).encode(), values).fetchall()


def lines(tx: Tx, organization: int, keys: Mapping[int, Key]) -> list[Line]:
    """What is told of these members, in their order; those who are not there are left out."""
    found = members.read(tx, organization, keys)
    told = {row[0]: row[1:] for row in tx.execute(STANDINGS, [organization, int_array(keys)])}
    return [
        _line(found[number], key, told[number]) for number, key in keys.items() if number in told
    ]


def _line(member: Member, key: Key, row: Sequence[Any]) -> Line:
    balances = {} if row[7] is None else _plan.decode(row[7])
    return Line(member, Standing(*row[:6]), key, row[6], balances)


def about(
    tx: Tx, organization: int, wanted: Wanted, sought: Sought | None, *, now: datetime
) -> tuple[int, bool]:
    """How many they are, and whether that is the very number: few are counted, of many it is what
    the database estimates from its statistics."""
    parts = _from(wanted, None)
    if sought is not None:
        parts += ANCHORS[: len(sought.anchors)]
    values = _values(organization, wanted, sought) | {"now": now, "limit": FEW + 1}
    (told,) = tx.execute(" ".join([ABOUT, *parts]).encode(), values).fetchone() or ([],)
    estimate = int(told[0]["Plan"]["Plan Rows"]) if told else 0
    if estimate > FEW or wanted.is_by_balance:
        return estimate, False
    (count,) = tx.execute(" ".join([COUNT, *parts, COUNTED]).encode(), values).fetchone() or (0,)
    return max(count, estimate) if count > FEW else count, count <= FEW


def counted(
    tx: Tx, organization: int, wanted: Wanted, sought: Sought | None, *, now: datetime, most: int
) -> int:
    """How many they are, counted up to one beyond `most`. Raises InvalidInput for what takes too
    long."""
    values = _values(organization, wanted, sought) | {"now": now, "limit": most + 1}
    tx.execute(LOOK_ABOUT, [str(LONGEST_MS)])
    try:
        parts = [COUNT, *_from(wanted, sought), COUNTED]
        (count,) = tx.execute(" ".join(parts).encode(), values).fetchone() or (0,)
    except QueryCanceled as error:
        raise InvalidInput(TOO_RARE) from error
    return int(count)


def _from(wanted: Wanted, sought: Sought | None) -> list[str]:
    """A statement made of the constants above, and of a condition that its compiler wrote."""
    parts = [MEMBERS]
    if wanted.is_by_activity:
        parts.append(ACTIVITY)
    if wanted.is_by_balance:
        parts.append(ACCOUNTS)
    parts += [OF_US, STATUSES[wanted.status]]
    parts += [text for name, text in CONDITIONS.items() if getattr(wanted, name) is not None]
    if wanted.is_by_activity:
        parts.append(ACTIVE)
    if wanted.active_from is not None:
        parts.append(ACTIVE_FROM)
    if wanted.active_to is not None:
        parts.append(ACTIVE_TO)
    if sought is not None:
        parts += ANCHORS[: len(sought.anchors)]
        parts.append(f"and {sought.sql.text}")
    return parts


def _values(organization: int, wanted: Wanted, sought: Sought | None) -> dict[str, object]:
    """What travels beside the statement."""
    values: dict[str, object] = {
        "organization": organization,
        "tiers": text_array(wanted.tiers or ()),
        "enrolled_from": wanted.enrolled_from,
        "enrolled_until": wanted.enrolled_until,
        "active_from": wanted.active_from,
        "active_to": wanted.active_to,
        "currency": wanted.currency,
        "least": wanted.least,
        "most": wanted.most,
    }
    if sought is not None:
        values |= sought.sql.params
        for place, (name, value) in enumerate(sought.anchors.items()):
            values |= {f"anchor_{place}": name, f"value_{place}": written(value)}
    return values
