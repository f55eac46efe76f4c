"""What must hold of budgets: the statement that finds where it does not."""

# Of a rule's own budget it is not known from the events since when it has had one.
SHARED = """
with taken as (
    select one.key as name, sum(one.value::bigint) as points
    from event cross join lateral json_each_text(event.decision::json -> 'budgets') as one
    where event.organization_id = %(organization)s and event.status = 'decided'
        and strpos(event.decision, '"budgets":{') > 0
    group by one.key
    having sum(one.value::bigint) <> 0
), counted as (
    select rule as name, used as points from rule_budget
    where organization_id = %(organization)s and strpos(rule, '|') > 0 and used > 0
)
select format('of budget %%s %%s points are used; decisions took %%s', name,
              coalesce(counted.points, 0), coalesce(taken.points, 0))
from counted full join taken using (name)
where counted.points is distinct from taken.points
limit %(limit)s
"""

QUESTIONS = {"budgets that rules share are what decisions took": SHARED}
