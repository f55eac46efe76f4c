"""What is taken of budgets, in PostgreSQL."""

from datetime import datetime, timedelta

from regulars.domain.budgets.gauges import RECENT_DAYS, Uses, limits_at, names_at
from regulars.domain.plans import Plan
from regulars.storage import programs
from regulars.storage.database import Tx
from regulars.storage.limits import quotas
from regulars.storage.statistics import waiting

MONEY_LATELY = """
select quota.subject, sum(reservation.amount)::bigint
from quota join reservation on reservation.quota_id = quota.id
where quota.organization_id = %s and quota.kind = 'budget' and reservation.state = 'captured'
    and reservation.closed_at >= %s
group by quota.subject
"""


def read(tx: Tx, organization: int, plan: Plan, at: datetime) -> Uses:
    """What is taken of the plan's budgets at `at`. Nothing is locked."""
    names, limits = names_at(plan, at), limits_at(plan.program, at)
    if not names and not limits:
        return Uses(points={}, rooms={}, rule_points={}, money={})
    today = at.astimezone(plan.program.zone).date()
    by_rule = waiting.by_rule(tx, organization, today, RECENT_DAYS)
    since = at - timedelta(days=RECENT_DAYS)
    money: dict[str, int] = {}
    if limits:
        money = dict(tx.execute(MONEY_LATELY, [organization, since]).fetchall())
    return Uses(
        points=programs.read_budgets(tx, organization, names),
        rooms=quotas.read(tx, organization, limits, at),
        rule_points={rule: sum(by_day.values()) for rule, by_day in by_rule.items()},
        money=money,
    )
