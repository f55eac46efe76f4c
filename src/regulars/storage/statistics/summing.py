"""Sums of business days in PostgreSQL, worked out from the events and the books.

A day is that on which something happened, in the program's zone, whenever we heard of it: what
comes late changes the day it belongs to. Whatever is summed is summed anew from the truth, so
doing it again changes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from regulars.domain.operations import PREFIX
from regulars.domain.periods import midnight
from regulars.domain.statistics.figures import NEW_DAYS
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx
from regulars.storage.events import SPENDING

# Whole stretches of tables are read here, unlike in what looks up rows by key; and by one process:
# those that wait for an answer come first.
READ_MUCH = """
select set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'auto', true),
       set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)
"""

# The amount of a purchase is its total or the sum of its lines. What came back of it counts on the
# purchase's own day, by the same shares as points are taken back. `is_act`: see `last_act`.
_HAPPENED = """
happened as materialized (
    select event.id, event.member_id, event.type, event.occurred_at,
           (event.occurred_at at time zone %(zone)s)::date as day,
           coalesce(nullif(event.decision::json ->> 'tier', ''), %(bottom)s) as tier,
           event.occurred_at < member.enrolled_at + make_interval(days => %(new_days)s) as is_new,
           event.type <> 'return' and (not starts_with(event.type, %(prefix)s)
               or event.type = any(%(acts)s::text[])) as is_act,
           member.erased_at is null as is_there,
           case when event.type <> 'return' then event.decision::json -> 'rules' end as rules,
           case when event.type = 'purchase' then coalesce(
               (event.payload::json ->> 'total')::bigint,
               (select sum((line ->> 'amount')::bigint)::bigint
                from json_array_elements(event.payload::json -> 'lines') as line),
               0
           ) end as amount
    from event join member on member.id = event.member_id
    where event.organization_id = %(organization)s and event.status = 'decided'
        and event.occurred_at >= %(start)s and event.occurred_at < %(end)s
)
"""

SUMS = f"""
with {_HAPPENED}, came_back as (
    select happened.day, happened.tier, happened.is_new,
           coalesce((line ->> 'amount')::bigint, happened.amount) * back.quantity::bigint
               / case when line is null then greatest(happened.amount, 1)
                      else coalesce((line ->> 'quantity')::bigint, 1) end as amount
    from happened
    join returned on returned.event_id = happened.id
    join event on event.id = happened.id
    cross join lateral json_each_text(returned.lines::json) as back (place, quantity)
    cross join lateral (
        select event.payload::json -> 'lines' -> back.place::integer
    ) as bought (line)
    where happened.type = 'purchase'
), buyer as (
    select distinct on (day, member_id) day, tier, is_new
    from happened where type = 'purchase' order by day, member_id, occurred_at, id
), posted as (
    select (transfer.effective_at at time zone %(zone)s)::date as day, transfer.currency,
           case when transfer.debit = 'redeemed' then -transfer.amount
                else transfer.amount end as amount,
           case when transfer.debit = 'issued' then 'issued'
                when transfer.credit = 'issued' then 'returned'
                when transfer.credit in ('redeemed', 'expired') then transfer.credit
                when transfer.debit = 'redeemed' then 'redeemed'
                else 'moved' end as figure,
           case when transfer.credit = any(%(own)s::text[]) then transfer.amount else 0 end
               - case when transfer.debit = any(%(own)s::text[]) then transfer.amount else 0 end
               as change,
           coalesce(nullif(event.decision::json ->> 'tier', ''), %(bottom)s) as tier,
           coalesce(event.occurred_at < member.enrolled_at + make_interval(days => %(new_days)s),
                    false) as is_new
    from transfer
    join member on member.id = transfer.member_id
    left join event on event.id = transfer.event_id
    where transfer.organization_id = %(organization)s
        and transfer.effective_at >= %(start)s and transfer.effective_at < %(end)s
), gone as (
    select id, min(at) as at from (
        select id, erased_at from member
        where organization_id = %(organization)s and erased_at is not null
        union all
        select id, merged_at from member
        where organization_id = %(organization)s and merged_into is not null
    ) as one_way (id, at)
    group by id
), moved as (
    select (tier_change.effective_at at time zone %(zone)s)::date as day,
           coalesce(nullif(old_tier, ''), %(bottom)s) as old_tier, new_tier
    from tier_change left join gone on gone.id = tier_change.member_id
    where organization_id = %(organization)s and old_tier <> new_tier
        and effective_at >= %(start)s and effective_at < %(end)s
        and (gone.at is null or effective_at < gone.at)
), part (day, figure, name, tier, is_new, count, amount, change) as (
    select day, 'purchase', '', tier, is_new, 1, amount, 0 from happened where type = 'purchase'
    union all
    select day, 'purchase', '', tier, is_new, 0, 0, amount from came_back
    union all
    select day, 'buyer', '', tier, is_new, 1, 0, 0 from buyer
    union all
    select day, 'rule', given ->> 0, tier, is_new, 1, (given ->> 1)::bigint, 0
    from happened cross join lateral json_array_elements(rules) as given
    where (given ->> 1)::bigint <> 0
    union all
    select day, figure, currency, tier, is_new, 1,
           case when figure = 'moved' then change else amount end, change
    from posted where figure <> 'moved' or change <> 0
    union all
    select (enrolled_at at time zone %(zone)s)::date, 'member', 'enrolled', %(bottom)s, true,
           1, 0, 1
    from member
    where organization_id = %(organization)s and enrolled_at >= %(start)s and enrolled_at < %(end)s
    union all
    select day, 'member', 'moved', old_tier, false, 0, 0, -1 from moved
    union all
    select day, 'member', 'moved', new_tier, false, 1, 0, 1 from moved
    union all
    select (gone.at at time zone %(zone)s)::date, 'member', 'left',
           coalesce(held.new_tier, %(bottom)s), false, 1, 0, -1
    from gone left join lateral (
        select new_tier from tier_change
        where tier_change.member_id = gone.id and effective_at < gone.at
        order by effective_at desc, id desc limit 1
    ) as held on true
    where gone.at >= %(start)s and gone.at < %(end)s
)
select day, figure, name, tier, is_new, sum(count)::bigint as count,
       sum(amount)::bigint as amount, sum(change)::bigint as change
from part
group by day, figure, name, tier, is_new
"""  # noqa: S608  # only constants are put in, as in all statements here

FORGET = """
delete from day_sum
where organization_id = %s and day between %s and %s and figure <> 'standing'
"""

WRITE = f"""
insert into day_sum (organization_id, day, figure, name, tier, is_new, count, amount, change)
select %(organization)s, day, figure, name, tier, is_new, count, amount, change
from ({SUMS}) as fresh
"""  # noqa: S608

FORGET_ACTIVE = "delete from active_day where organization_id = %s and day between %s and %s"

WRITE_ACTIVE = f"""
with {_HAPPENED}
insert into active_day (organization_id, day, member_id, tier)
select distinct on (day, member_id) %(organization)s, day, member_id, tier
from happened where is_act and is_there
order by day, member_id, occurred_at desc, id desc
"""  # noqa: S608

OWN_ACCOUNTS = ("pending", "available", "held", "owed")
"""Of members; the rest are the program's."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How days are cut, and which tier newcomers hold."""

    zone: ZoneInfo
    bottom: str

    def asked(self, organization: int, first: date, last: date) -> dict[str, object]:
        """The values of a statement over the days from `first` to `last`."""
        return {
            "organization": organization,
            "zone": str(self.zone),
            "bottom": self.bottom,
            "start": midnight(first, self.zone),
            "end": midnight(date.fromordinal(last.toordinal() + 1), self.zone),
            "new_days": NEW_DAYS,
            "prefix": PREFIX,
            "acts": text_array(SPENDING),
            "own": text_array(OWN_ACCOUNTS),
        }

    def day_of(self, at: datetime) -> date:
        """The business day that `at` is in."""
        return at.astimezone(self.zone).date()


def read_much(tx: Tx) -> None:
    """Prepare a transaction for what reads long stretches."""
    tx.execute(READ_MUCH)


def sum_days(tx: Tx, organization: int, cut: Cut, first: date, last: date) -> None:
    """Sum the days from `first` to `last` anew. Safe to repeat."""
    asked = cut.asked(organization, first, last)
    tx.execute(FORGET, [organization, first, last])
    tx.execute(WRITE, asked)
    tx.execute(FORGET_ACTIVE, [organization, first, last])
    tx.execute(WRITE_ACTIVE, asked)
