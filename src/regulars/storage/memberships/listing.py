"""Lists of paid memberships, and what they amount to, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.memberships.memberships import Membership, MembershipStanding
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

# What a membership is, by the clock: as Membership.standing says.
_STANDING = """
case
    when ended_at <= %(now)s and ended_how <> 'expired' then ended_how
    when ends_at <= %(now)s then 'expired'
    when until <= %(now)s then 'grace'
    when kind = 'trial' then 'trial'
    else 'active'
end
"""

LIST = f"""
select id, member_id, card, kind, begun_at, until, ends_at, renews, ended_at, ended_how, ended_by,
       ended_why, ended_key
from membership
where organization_id = %(organization)s and id < %(before)s
    and (%(card)s::text is null or card = %(card)s)
    and (%(members)s::bigint[] is null or member_id = any(%(members)s::bigint[]))
    and (%(until)s::timestamptz is null or (ended_at is null and until < %(until)s))
    and (%(renews)s::boolean is null or renews = %(renews)s)
    and (%(standing)s::text is null or {_STANDING} = %(standing)s)
order by id desc
limit %(limit)s
"""  # noqa: S608  # only the constant above is put in

# One row a card: what there is now, and what happened from `since` to before `until`.
FIGURES = f"""
with known as (
    select card, kind, begun_at, ends_at, ended_at, ended_how, {_STANDING} as standing,
           coalesce(ended_at, ends_at) as gone_at,
           exists (
               select from membership_term where membership_id = membership.id and kind = 'trial'
           ) as was_tried
    from membership where organization_id = %(organization)s
)
select card,
       count(*) filter (where standing = 'active'),
       count(*) filter (where standing = 'trial'),
       count(*) filter (where standing = 'grace'),
       count(*) filter (where begun_at >= %(since)s and begun_at < %(until)s),
       count(*) filter (where begun_at < %(since)s and gone_at > %(since)s),
       count(*) filter (
           where begun_at < %(since)s and gone_at > %(since)s and gone_at < %(until)s
               and gone_at <= %(now)s),
       count(*) filter (
           where was_tried and begun_at >= %(since)s and begun_at < %(until)s),
       count(*) filter (
           where was_tried and kind = 'paid' and begun_at >= %(since)s and begun_at < %(until)s)
from known group by card order by card
"""  # noqa: S608

INCOME = """
select card, money, sum(case when sold_at >= %(since)s and sold_at < %(until)s then price end),
       sum(case when refunded_at >= %(since)s and refunded_at < %(until)s then refunded end),
       sum(case when sold_at >= %(since)s and sold_at < %(until)s then points end),
       sum(case when refunded_at >= %(since)s and refunded_at < %(until)s
           then refunded_points end),
       count(*) filter (
           where membership_term.kind = 'renewal' and sold_at >= %(since)s and sold_at < %(until)s)
from membership_term join membership on membership.id = membership_id
where membership_term.organization_id = %(organization)s
    and (sold_at >= %(since)s or refunded_at >= %(since)s)
group by card, money
"""

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which memberships; None for whatever. `until`: those not closed that are paid for until
    before then. `members`: of these, who are one person."""

    card: str | None = None
    standing: MembershipStanding | None = None
    members: tuple[int, ...] | None = None
    until: datetime | None = None
    renews: bool | None = None


@dataclass(frozen=True, slots=True)
class CardFigures:
    """What one card amounts to. `active`, `trials`, `in_grace`: now. In the span: `begun`;
    `before`: held at its beginning, of which `gone` since; `tried`, of which `kept` were bought."""

    card: str
    active: int = 0
    trials: int = 0
    in_grace: int = 0
    begun: int = 0
    before: int = 0
    gone: int = 0
    tried: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Income:
    """What was sold and paid back of one card in the span, in minor units of `money`, and in
    points; `renewals`: how many terms were renewals."""

    card: str
    money: str
    sold: int = 0
    refunded: int = 0
    points: int = 0
    refunded_points: int = 0
    renewals: int = 0


def listed(
    tx: Tx, organization: int, wanted: Filter, *, now: datetime, before: int | None, limit: int
) -> list[Membership]:
    """The newest first, before number `before`."""
    asked = {
        "organization": organization, "now": now, "limit": limit,
        "before": LAST if before is None else before, "card": wanted.card,
        "standing": None if wanted.standing is None else wanted.standing.value,
        "members": None if wanted.members is None else int_array(wanted.members),
        "until": wanted.until, "renews": wanted.renews,
    }  # fmt: skip
    return [Membership(*row) for row in tx.execute(LIST, asked)]


def figures(
    tx: Tx, organization: int, *, since: datetime, until: datetime, now: datetime
) -> tuple[list[CardFigures], list[Income]]:
    """What there is of each card, and what it brought in [since, until)."""
    asked = {"organization": organization, "since": since, "until": until, "now": now}
    found = [CardFigures(*row) for row in tx.execute(FIGURES, asked).fetchall()]
    rows = tx.execute(INCOME, asked).fetchall()
    income = [Income(card, money, *(int(one or 0) for one in rest)) for card, money, *rest in rows]
    return found, income
