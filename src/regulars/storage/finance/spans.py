"""What is among each stretch of the transfers, so that a search skips what cannot hold its finds.

An index on each thing that is searched by would cost every transfer; this costs none of them: they
are only ever added to, so a stretch is summed up once, when no more of it can come.
"""

from regulars.storage.database import Database, Tx

LENGTH = 16_384
"""Numbers in a stretch: about as many as are read through in 5 ms."""

SPANS_TOGETHER = 8
"""Summed up by whoever searches; the worker keeps up, so there is seldom any."""

# Numbers are drawn before their rows can be seen. Whoever has drawn one up to here writes already,
# so once all who write now have ended, nothing below can come any more.
REACH = """
select (select last_value from transfer_id_seq), pg_snapshot_xmax(pg_current_snapshot())::text,
       coalesce((select max(number) from transfer_span where organization_id = %s), -1)
"""

HAVE_ENDED = "select pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"

# Few kinds of transfers make up each stretch: grouped by kind first, there is little to sort.
SUM_UP = """
with kind as (
    select (id - 1) / %(length)s as number, currency, code, debit, credit, count(*) as transfers,
           min(effective_at) as effective_from, max(effective_at) as effective_to,
           min(recorded_at) as recorded_from, max(recorded_at) as recorded_to,
           min(amount) as least, max(amount) as most
    from transfer
    where organization_id = %(organization)s
        and id > %(first)s::bigint * %(length)s and id <= (%(last)s::bigint + 1) * %(length)s
    group by 1, 2, 3, 4, 5
), summed as (
    select number, sum(transfers)::integer as transfers, min(effective_from) as effective_from,
           max(effective_to) as effective_to, min(recorded_from) as recorded_from,
           max(recorded_to) as recorded_to, min(least) as least, max(most) as most,
           array_agg(distinct currency) as currencies, array_agg(distinct code) as codes,
           array_agg(distinct debit) || array_agg(distinct credit) as accounts
    from kind group by number
)
insert into transfer_span (organization_id, number, transfers, effective_from, effective_to,
                           recorded_from, recorded_to, least, most, currencies, codes, accounts)
select %(organization)s, place.number, coalesce(transfers, 0), effective_from, effective_to,
       recorded_from, recorded_to, least, most, coalesce(currencies, '{}'), coalesce(codes, '{}'),
       coalesce(accounts, '{}')
from generate_series(%(first)s::bigint, %(last)s::bigint) as place (number)
left join summed on summed.number = place.number
on conflict do nothing
"""


def extend(db: Database, organization: int, *, most: int = SPANS_TOGETHER) -> int:
    """Sum up stretches that are complete and were not; how many. Safe to repeat, and to run in
    many processes at once. Those that somebody may still write to are left for another time."""
    with db.transaction(organization) as tx:
        reached, running, summed = tx.execute(REACH, [organization]).fetchone() or (0, "0", -1)
    first, last = summed + 1, min(reached // LENGTH - 1, summed + most)
    if last < first:
        return 0
    with db.transaction(organization) as tx:
        if tx.execute(HAVE_ENDED, [running]).fetchone() != (True,):
            return 0
        _sum_up(tx, organization, first, last)
    return int(last - first + 1)


def _sum_up(tx: Tx, organization: int, first: int, last: int) -> None:
    asked = {"organization": organization, "length": LENGTH, "first": first, "last": last}
    tx.execute(SUM_UP, asked)
