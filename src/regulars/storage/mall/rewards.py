"""Rewards and their variants in PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.mall.rewards import (
    Reward,
    RewardKind,
    RewardState,
    RewardTerms,
    Variant,
    VariantTerms,
    searched,
)
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = "id, kind, state, revision, terms, rank, starts_at, ends_at, changed_at"

GET = f"""
select {_COLUMNS} from reward
where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
"""  # noqa: S608  # the constant above

GET_LOCKED = f"{GET} order by id for update"

VARIANTS = """
select id, reward_id, terms, points, cash_minor, stock from reward_variant
where organization_id = %(organization)s and reward_id = any(%(ids)s::bigint[]) and not is_retired
order by reward_id, place, id
"""

# Who takes of a stock and who changes it wait for each other, so that none counts by an old limit.
VARIANTS_SHARED = """
select id, reward_id, terms, points, cash_minor, stock from reward_variant
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) and not is_retired
order by id
for share
"""

VARIANT_LOCKED = """
select id, reward_id, terms, points, cash_minor, stock from reward_variant
where organization_id = %s and id = %s
for update
"""

ANY_VARIANTS = """
select id, reward_id, terms, points, cash_minor, stock from reward_variant
where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
"""

INSERT = """
insert into reward (organization_id, kind, state, terms, category, words, rank, least_points,
                    starts_at, ends_at, created_at, created_by, changed_at, changed_by)
values (%(organization)s, %(kind)s, %(state)s, %(terms)s, %(category)s, %(words)s, %(rank)s,
        %(least)s, %(starts_at)s, %(ends_at)s, %(now)s, %(by)s, %(now)s, %(by)s)
returning id
"""

UPDATE = """
update reward
set state = %(state)s, terms = %(terms)s, category = %(category)s, words = %(words)s,
    rank = %(rank)s, least_points = %(least)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s,
    changed_at = %(now)s, changed_by = %(by)s, revision = revision + 1
where organization_id = %(organization)s and id = %(id)s
"""

INSERT_VARIANT = """
insert into reward_variant (organization_id, reward_id, place, terms, points, cash_minor, stock)
values (%s, %s, %s, %s, %s, %s, %s)
returning id
"""

UPDATE_VARIANT = """
update reward_variant set place = %s, terms = %s, points = %s, cash_minor = %s, is_retired = false
where organization_id = %s and reward_id = %s and id = %s
"""

RETIRE = """
update reward_variant set is_retired = true
where organization_id = %s and reward_id = %s and not id = any(%s::bigint[])
"""

SET_STOCK = "update reward_variant set stock = %s where organization_id = %s and id = %s"

# One order for each way to sort; what is equal in it stands by number.
PAGE = f"""
select * from (
    select {_COLUMNS},
        case %(sort)s when 'points' then least_points when '-points' then -least_points
            when 'newest' then -id else rank end as place
    from reward
    where organization_id = %(organization)s
        and (%(state)s::text is null or state = %(state)s)
        and (%(kind)s::text is null or kind = %(kind)s)
        and (%(category)s::text is null or category = %(category)s)
        and (%(words)s::text is null or strpos(words, %(words)s) > 0)
        and (%(most_points)s::bigint is null or least_points <= %(most_points)s)
        and (%(at)s::timestamptz is null
             or coalesce(ends_at, 'infinity') > %(at)s)
) as found
where %(after_place)s::bigint is null or (place, id) > (%(after_place)s, %(after_id)s)
order by place, id
limit %(limit)s
"""  # noqa: S608

CATEGORIES = """
select category, count(*) from reward
where organization_id = %s and (%s::text is null or state = %s) and category <> ''
group by category order by category
"""

COUNT = "select count(*) from reward where organization_id = %s and state <> 'ended'"

_terms = msgspec.json.Decoder(RewardTerms)
_variant_terms = msgspec.json.Decoder(VariantTerms)


def _text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rewards are wanted, in which order: rank, points, -points or newest. `at`: only those
    that are not over then."""

    state: str | None = None
    kind: str | None = None
    category: str | None = None
    words: str | None = None
    most_points: int | None = None
    at: datetime | None = None
    sort: str = "rank"


Placed = tuple[int, Reward]
"""A reward with its place in the order that was asked for."""


def get(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, Reward]:
    """Rewards by number, with the variants that can be had."""
    asked = {"organization": organization, "ids": int_array(numbers)}
    return _with_variants(tx, organization, tx.execute(GET.encode(), asked).fetchall())


def get_locked(tx: Tx, organization: int, number: int) -> Reward | None:
    """One reward; nobody else changes it until the transaction ends."""
    asked = {"organization": organization, "ids": int_array([number])}
    rows = tx.execute(GET_LOCKED.encode(), asked).fetchall()
    return _with_variants(tx, organization, rows).get(number)


def page(
    tx: Tx, organization: int, asked: Asked, *, after: tuple[int, int] | None, limit: int
) -> list[Placed]:
    """Rewards in the order that was asked for, after the place and number `after`."""
    wanted = {
        "organization": organization, "state": asked.state, "kind": asked.kind,
        "category": asked.category, "words": asked.words, "most_points": asked.most_points,
        "at": asked.at, "sort": asked.sort, "limit": limit,
        "after_place": after[0] if after else None, "after_id": after[1] if after else None,
    }  # fmt: skip
    rows = tx.execute(PAGE.encode(), wanted).fetchall()
    found = _with_variants(tx, organization, [row[:-1] for row in rows])
    return [(row[-1], found[row[0]]) for row in rows]


def categories(tx: Tx, organization: int, state: str | None) -> list[tuple[str, int]]:
    """The categories there are, and how many rewards each has."""
    return list(tx.execute(CATEGORIES, [organization, state, state]).fetchall())


def count(tx: Tx, organization: int) -> int:
    """How many rewards have not ended."""
    row = tx.execute(COUNT, [organization]).fetchone()
    return int(row[0]) if row else 0


def share_variants(
    tx: Tx, organization: int, numbers: Iterable[int]
) -> dict[int, tuple[int, Variant]]:
    """Variants that can be had, each with its reward's number; their stock is not changed until
    the transaction ends."""
    asked = {"organization": organization, "ids": int_array(sorted(set(numbers)))}
    rows = tx.execute(VARIANTS_SHARED, asked).fetchall()
    return {row[0]: (row[1], _variant(row)) for row in rows}


def any_variants(tx: Tx, organization: int, numbers: Iterable[int]) -> dict[int, Variant]:
    """Variants by number, those that are no longer offered too."""
    asked = {"organization": organization, "ids": int_array(set(numbers))}
    return {row[0]: _variant(row) for row in tx.execute(ANY_VARIANTS, asked).fetchall()}


def lock_variant(tx: Tx, organization: int, number: int) -> tuple[int, Variant] | None:
    """A variant with its reward's number; nobody takes of its stock until the transaction ends."""
    row = tx.execute(VARIANT_LOCKED, [organization, number]).fetchone()
    return None if row is None else (row[1], _variant(row))


def insert(tx: Tx, organization: int, reward: Reward, *, by: str, now: datetime) -> int:
    """Add a reward; the numbers in it are not looked at. Returns its number."""
    row = tx.execute(INSERT, _row(organization, reward, by, now)).fetchone()
    assert row is not None
    _put_variants(tx, organization, row[0], reward.variants)
    return int(row[0])


def update(tx: Tx, organization: int, reward: Reward, *, by: str, now: datetime) -> None:
    """Write a locked reward anew. Variants with number 0 are added, those missing retire; stock is
    left as it is."""
    tx.execute(UPDATE, _row(organization, reward, by, now) | {"id": reward.id})
    kept = _put_variants(tx, organization, reward.id, reward.variants)
    tx.execute(RETIRE, [organization, reward.id, int_array(kept)])


def set_stock(tx: Tx, organization: int, variant_id: int, stock: int | None) -> None:
    """How many pieces of a locked variant ever came."""
    tx.execute(SET_STOCK, [stock, organization, variant_id])


def _row(organization: int, reward: Reward, by: str, now: datetime) -> dict[str, Any]:
    return {
        "organization": organization, "kind": reward.kind.value, "state": reward.state.value,
        "terms": _text(reward.terms), "category": reward.terms.category,
        "words": searched(reward.terms, [one.terms for one in reward.variants]),
        "rank": reward.rank, "least": min(one.points for one in reward.variants),
        "starts_at": reward.starts_at, "ends_at": reward.ends_at, "now": now, "by": by,
    }  # fmt: skip


def _put_variants(
    tx: Tx, organization: int, reward_id: int, variants: Sequence[Variant]
) -> list[int]:
    kept = []
    for place, one in enumerate(variants):
        said = [_text(one.terms), one.points, one.cash_minor]
        if one.id:
            tx.execute(UPDATE_VARIANT, [place, *said, organization, reward_id, one.id])
            kept.append(one.id)
            continue
        row = tx.execute(
            INSERT_VARIANT, [organization, reward_id, place, *said, one.stock]
        ).fetchone()
        assert row is not None
        kept.append(row[0])
    return kept


def _with_variants(tx: Tx, organization: int, rows: Sequence[Any]) -> dict[int, Reward]:
    if not rows:
        return {}
    asked = {"organization": organization, "ids": int_array(row[0] for row in rows)}
    variants: dict[int, list[Variant]] = {}
    for row in tx.execute(VARIANTS, asked).fetchall():
        variants.setdefault(row[1], []).append(_variant(row))
    return {row[0]: _reward(row, variants.get(row[0], [])) for row in rows}


def _reward(row: Sequence[Any], variants: Sequence[Variant]) -> Reward:
    number, kind, state, revision, terms, rank, starts_at, ends_at, changed_at = row
    return Reward(
        id=number, kind=RewardKind(kind), state=RewardState(state), revision=revision,
        terms=_terms.decode(terms), rank=rank, starts_at=starts_at, ends_at=ends_at,
        variants=variants, changed_at=changed_at,
    )  # fmt: skip


def _variant(row: Sequence[Any]) -> Variant:
    number, _reward_id, terms, points, cash_minor, stock = row
    return Variant(
        id=number, terms=_variant_terms.decode(terms), points=points, cash_minor=cash_minor,
        stock=stock,
    )  # fmt: skip
