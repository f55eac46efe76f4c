"""The invariants of the books as questions to PostgreSQL: each finds the rows that break it.

Every statement looks at all rows of one organization, with hash joins and one pass over each
table, and gives at most a hundred offenders in words.
"""

from dataclasses import dataclass

from regulars.storage.benefits import questions as of_benefits
from regulars.storage.budgets import questions as budgeted
from regulars.storage.coupons import questions as of_coupons
from regulars.storage.database import Tx
from regulars.storage.limits import questions as limited
from regulars.storage.mall import questions as of_the_mall
from regulars.storage.memberships import questions as of_memberships
from regulars.storage.orders import questions as of_orders
from regulars.storage.play import questions as of_play

MAX_OFFENDERS = 100

_MEMBER_SIDE = "('pending', 'available', 'held')"

# For each currency: what members have is what the program's accounts have given.
SUMS = """
with entry as (
    select currency, debit as account, -sum(amount) as amount
    from transfer where organization_id = %(organization)s group by currency, debit
    union all
    select currency, credit, sum(amount)
    from transfer where organization_id = %(organization)s group by currency, credit
)
select currency, account, sum(amount)::bigint from entry group by currency, account
order by currency, account
"""

UNBALANCED = """
with entry as (
    select currency, -sum(amount) as amount from transfer
    where organization_id = %(organization)s group by currency
    union all
    select currency, sum(amount) from transfer
    where organization_id = %(organization)s group by currency
)
select 'transfers of ' || currency || ' sum to ' || sum(amount)
from entry group by currency having sum(amount) <> 0
"""

ACCOUNTS = f"""
with entry as (
    select member_id, currency,
           case when debit in {_MEMBER_SIDE} then -amount else 0 end
         + case when credit in {_MEMBER_SIDE} then amount else 0 end as balance,
           case when debit = 'owed' then amount when credit = 'owed' then -amount else 0 end as owed
    from transfer where organization_id = %(organization)s
), posted as (
    select member_id, currency, sum(balance) as balance, sum(owed) as owed
    from entry group by member_id, currency
)
select format('member %%s has %%s %%s and owes %%s; its transfers say %%s and %%s',
              coalesce(account.member_id, posted.member_id), account.balance,
              coalesce(account.currency, posted.currency), account.owed, posted.balance,
              posted.owed)
from (select * from account where organization_id = %(organization)s) as account
full join posted
    on posted.member_id = account.member_id and posted.currency = account.currency
where account.balance is distinct from posted.balance or account.owed is distinct from posted.owed
limit %(limit)s
"""  # noqa: S608 - only the constant above is put in

BELOW_FLOOR = """
select format('member %%s has %%s %%s and owes %%s', member_id, balance, currency, owed)
from account where organization_id = %(organization)s and (balance < 0 or owed < 0)
limit %(limit)s
"""

# Currencies without lots count towards tiers only; their accounts are checked above.
LOTS_AND_ACCOUNTS = """
with remaining as (
    select member_id, currency, sum(remaining) as points
    from lot where organization_id = %(organization)s group by member_id, currency
), held as (
    select member_id, currency, sum(amount) as points
    from hold where organization_id = %(organization)s and state = 'open'
    group by member_id, currency
)
select format('member %%s has %%s %%s; the lots hold %%s and open holds %%s',
              account.member_id, account.balance, account.currency,
              coalesce(remaining.points, 0), coalesce(held.points, 0))
from account
join remaining using (member_id, currency)
left join held using (member_id, currency)
where account.organization_id = %(organization)s
    and account.balance <> remaining.points + coalesce(held.points, 0)
limit %(limit)s
"""

LOT_USES = """
with used as (
    select lot_id, sum(amount) as amount, sum(expired) as expired
    from lot_use where organization_id = %(organization)s group by lot_id
)
select format('lot %%s has %%s of %%s left and %%s lapsed; its uses are %%s and %%s',
              lot.id, lot.remaining, lot.amount, lot.expired, used.amount, used.expired)
from lot left join used on used.lot_id = lot.id
where lot.organization_id = %(organization)s
    and (lot.amount - lot.remaining <> coalesce(used.amount, 0)
         or lot.expired <> coalesce(used.expired, 0))
limit %(limit)s
"""

LOT_ORIGINS = """
with brought as (
    select event_id, member_id, currency, sum(amount) as amount
    from transfer
    where organization_id = %(organization)s and credit in ('pending', 'available')
        and debit in ('issued', 'adjusted', 'converted', 'transit')
    group by event_id, member_id, currency
), kept as (
    select event_id, member_id, currency, sum(amount) as amount
    from lot where organization_id = %(organization)s group by event_id, member_id, currency
)
select format('event %%s brought member %%s %%s %%s; its lots hold %%s', event_id, member_id,
              brought.amount, currency, kept.amount)
from brought full join kept using (event_id, member_id, currency)
where brought.amount is distinct from kept.amount
    and currency = any(%(spendable)s)
limit %(limit)s
"""

ORPHANS = """
select format('transfer %%s names event %%s, which is not there', transfer.id, transfer.event_id)
from transfer
where organization_id = %(organization)s
    and not exists (select from event where event.id = transfer.event_id)
limit %(limit)s
"""

STRANGERS = """
select format('event %%s names member %%s, who is not there', event.id, event.member_id)
from event
where organization_id = %(organization)s
    and not exists (select from member where member.id = event.member_id)
limit %(limit)s
"""

GAPS = """
with decided as (
    select member_id, count(*) as events, min(seq) as first, max(seq) as last,
           count(distinct seq) as different
    from event where organization_id = %(organization)s and status = 'decided'
    group by member_id
)
select format('member %%s has %%s decided events, numbered %%s to %%s; the member counts %%s',
              member.id, events, first, last, (state::jsonb ->> 'seq'))
from decided join member on member.id = decided.member_id
where first <> 1 or last <> events or different <> events
    or coalesce((member.state::jsonb ->> 'seq')::bigint, 0) <> events
limit %(limit)s
"""

HOLDS = """
select format('hold %%s is of %%s, its parts are of %%s', id, amount, parts)
from hold,
     lateral (select coalesce(sum((part ->> 1)::bigint), 0) as points
              from jsonb_array_elements(parts::jsonb) as part) as counted
where organization_id = %(organization)s and counted.points <> amount
limit %(limit)s
"""

# A return of another member's purchase can never be honoured; should the two race each other, it
# waits in vain instead of being refused.
OVERDUE_WAITING = """
select format('return %%s waits for purchase %%s of %%s, which is there', waiting_return.event_id,
              purchase_id, purchase_source)
from waiting_return
join event as waiting on waiting.id = waiting_return.event_id
join event on event.organization_id = waiting_return.organization_id
    and event.source = waiting_return.purchase_source
    and event.external_id = waiting_return.purchase_id
where waiting_return.organization_id = %(organization)s
    and event.type = 'purchase' and event.status = 'decided'
    and event.member_id = waiting.member_id
limit %(limit)s
"""

QUESTIONS = {
    "transfers of each currency sum to zero": UNBALANCED,
    "accounts are the sum of their transfers": ACCOUNTS,
    "no account is below its floor": BELOW_FLOOR,
    "lots and holds make up the accounts": LOTS_AND_ACCOUNTS,
    "lots are what was earned less what was used": LOT_USES,
    "every lot has its transfer": LOT_ORIGINS,
    "every transfer has its event": ORPHANS,
    "every event has its member": STRANGERS,
    "every event was decided exactly once": GAPS,
    "holds are the sum of their parts": HOLDS,
    "no return waits for a purchase that is there": OVERDUE_WAITING,
    **limited.QUESTIONS,
    **budgeted.QUESTIONS,
    **of_orders.QUESTIONS,
    **of_the_mall.QUESTIONS,
    **of_memberships.QUESTIONS,
    **of_coupons.QUESTIONS,
    **of_benefits.QUESTIONS,
    **of_play.QUESTIONS,
}
"""What must hold, and the statement that finds where it does not."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One invariant and what breaks it: nothing, when it holds."""

    claim: str
    offenders: tuple[str, ...]


def ask(tx: Tx, organization: int, claim: str, spendable: list[str]) -> Proof:
    """Put one of the QUESTIONS."""
    asked = {"organization": organization, "limit": MAX_OFFENDERS, "spendable": spendable}
    rows = tx.execute(QUESTIONS[claim], asked)
    return Proof(claim, tuple(str(row[0]) for row in rows))


def sums(tx: Tx, organization: int) -> list[tuple[str, str, int]]:
    """The balance of every account over all members, by currency; each currency's sum is zero."""
    return tx.execute(SUMS, {"organization": organization}).fetchall()
