"""How often a benefit may be used, as a limit that is counted."""

from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.periods import Local, Unit
from regulars.domain.programs.benefits import Benefit, QuotaPer

_UNITS = {
    QuotaPer.DAY: Unit.DAY,
    QuotaPer.WEEK: Unit.WEEK,
    QuotaPer.MONTH: Unit.MONTH,
    QuotaPer.YEAR: Unit.YEAR,
}
GRANT = "grant:"
"""Begins the subject of a limit on one grant; all others are named by the benefit."""


def limit_of(
    benefit: Benefit,
    member_id: int,
    local: Local,
    *,
    grant_id: int | None = None,
    uses: int | None = None,
) -> Limit:
    """What one use of the benefit at `local` takes one of.

    A grant is counted by itself; `uses` of it, where it says so, hold for good, else the benefit's
    quota holds, in the stretch of the calendar that `local` is in. Without a quota it is counted
    all the same, without end.
    """
    # A grant is one person's already, whoever they turn out to be.
    subject, whose = (benefit.id, member_id) if grant_id is None else (f"{GRANT}{grant_id}", 0)
    if uses is not None:
        return Limit(LimitKind.BENEFIT, subject, whose, most=uses)
    quota = benefit.quota
    if quota is None:
        return Limit(LimitKind.BENEFIT, subject, whose)
    period = period_of(_UNITS.get(quota.per), local)
    return Limit(LimitKind.BENEFIT, subject, whose, period, quota.uses)


def renewed_each(benefit: Benefit, *, uses: int | None = None) -> Unit | None:
    """The unit of the calendar after which the count begins anew; None: never."""
    if uses is not None or benefit.quota is None:
        return None
    return _UNITS.get(benefit.quota.per)
