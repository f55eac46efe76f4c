"""A few numbers over everything, for people who look at a deployment for the first time."""

from collections.abc import Sequence
from typing import Any

from regulars.storage.database import Tx

COUNTS = """
select (select count(*) from member where organization_id = %(organization)s),
       (select count(*) from event where organization_id = %(organization)s)
"""

BY_TYPE = """
select type, status, count(*) from event
where organization_id = %(organization)s
group by type, status order by count(*) desc
"""

# What each rule gave stands in the explanations: [rule, points, reason] for each rule considered.
BY_RULE = """
select given ->> 0 as rule, count(*) filter (where (given ->> 1)::bigint <> 0)::bigint as events,
       sum((given ->> 1)::bigint)::bigint as points
from event, lateral json_array_elements(decision::json -> 'rules') as given
where organization_id = %(organization)s and status = 'decided' and type <> 'return'
    and decision like '%%"rules"%%'
group by rule order by points desc
"""

BY_TIER = """
select tier, count(*) from member
where organization_id = %(organization)s group by tier order by count(*) desc
"""

# Spread over the whole table, and only events that gave something.
SOME = """
select id from event
where organization_id = %(organization)s and status = 'decided' and type = 'purchase'
    and decision like '%%"earned"%%' and id %% %(stride)s = 0
order by id limit %(limit)s
"""


def rows(tx: Tx, organization: int, query: str, **values: int) -> list[Sequence[Any]]:
    """The rows of one of the queries above."""
    return list(tx.execute(query, {"organization": organization, **values}))
