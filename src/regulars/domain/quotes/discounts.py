"""What a benefit may still take off for a member by what the member brought in before this order.

Each use counts what it takes off in a limit of its day, held and given back with the order like
all that it takes. Orders of one member are opened one after the other, so that what is left can be
worked out from what was counted. What this very order brings does not count: it depends on what
is taken off.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.contributions.capping import Buckets
from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.orders.caps import ContributionCap
from regulars.domain.orders.offers import Offer
from regulars.domain.periods import Local, Unit, month_after
from regulars.domain.programs.benefits import Benefit
from regulars.domain.programs.model import Metric, Program, WindowKind
from regulars.domain.programs.words import percent
from regulars.domain.standings import Standing

Assets = tuple[datetime, int] | None


def counted_in(benefit: Benefit, member_id: int, local: Local) -> Limit:
    """Where is counted what the benefit takes off on this day, in minor units."""
    period = period_of(Unit.DAY, local)
    return Limit(LimitKind.CONTRIBUTION, benefit.id, member_id, period)


def first_counted(benefit: Benefit, program: Program, local: Local) -> str:
    """From which period on what was taken off counts, as limits name it; "": all of it. Later ones
    come later in the alphabet."""
    metric = _metric(benefit, program)
    if metric.window is WindowKind.LIFETIME:
        return ""
    first = local.date.replace(month=1, day=1)
    if metric.window is WindowKind.ROLLING:
        start = month_after(local.date, -metric.span.months).toordinal() - metric.span.days
        first = first.fromordinal(start + 1)
    return f"{Unit.DAY.value}:{first.isoformat()}"


def cap_at(
    benefit: Benefit,
    program: Program,
    *,
    metrics: Buckets,
    assets: Assets,
    given: int,
    local: Local,
) -> ContributionCap:
    """How far the benefit goes now. `given`: minor units that it took off in the window."""
    assert benefit.share is not None
    assert program.ladder is not None
    metric = _metric(benefit, program)
    share = benefit.share.share
    brought = max(Standing(program.ladder, metrics, assets).value(metric, local), 0)
    return ContributionCap(
        percent=percent(share),
        window=metric.window.value,
        months=metric.span.months,
        days=metric.span.days,
        left=max(brought * share.num // share.den - given, 0),
    )


def capped(offer: Offer, cap: ContributionCap, counted: Limit) -> Offer:
    """The offer held to its cap, and counted for the next time."""
    ceiling = cap.left if offer.ceiling is None else min(offer.ceiling, cap.left)
    return replace(offer, ceiling=ceiling, cap=cap, budgets=(*offer.budgets, counted))


def params_of(cap: ContributionCap) -> Mapping[str, str | int]:
    """What the words for a cap need."""
    told: dict[str, str | int] = {"percent": cap.percent, "window": cap.window}
    if cap.window == WindowKind.ROLLING.value:
        told |= {"months": cap.months, "days": cap.days}
    return told


def _metric(benefit: Benefit, program: Program) -> Metric:
    assert benefit.share is not None
    assert program.ladder is not None
    return program.ladder.metrics[benefit.share.metric]
