"""From what the services find about a span of days to the answers."""

from collections.abc import Callable, Iterable, Sequence

from regulars.api.overview import shapes
from regulars.api.overview.shapes import ComparedAnswer
from regulars.api.telling import tier_name
from regulars.domain.programs.model import Rule
from regulars.domain.programs.phrases import name_in
from regulars.domain.statistics.reports import DayFigures, Flows, RuleFigures
from regulars.domain.statistics.spans import ESTABLISHED, NEW, TIER, Segment, Span
from regulars.domain.statistics.worth import CurrencyLiability
from regulars.services.statistics.alerts import Found
from regulars.services.statistics.overview import Overview

BASIS_POINTS = 10_000
NAMES = {
    NEW: {"en": "New members", "zh-CN": "新会员"},
    ESTABLISHED: {"en": "Established members", "zh-CN": "老会员"},
}


def tell_overview(
    found: Overview, language: str, *, may_read_ledger: bool
) -> shapes.OverviewAnswer:
    """Everything; what is outstanding only to who may read the ledger."""
    made = found.report
    return shapes.OverviewAnswer(
        span=_span(found.span),
        before=_span(found.span.before),
        time_zone=found.program.zone.key,
        money=found.program.money,
        as_of=found.as_of,
        is_complete=found.is_complete,
        segment=_segment(found.segment),
        segments=_segments(found, language),
        members=_members(made.days, made.days_before),
        sales=_sales(made.days, made.days_before),
        currencies=[
            _currency(found, code, language, may_read_ledger=may_read_ledger)
            for code in found.liability
        ],
        tiers=_tiers(found, language),
        rules=[_rule(one, found.known_rules.get(one.rule), language) for one in made.rules],
        days=[_day(day, may_read_ledger=may_read_ledger) for day in made.days],
        days_before=[_day(day, may_read_ledger=may_read_ledger) for day in made.days_before],
    )


def tell_alerts(found: Found, language: str) -> shapes.AlertsAnswer:
    """Alerts with the names of what they are about."""
    return shapes.AlertsAnswer(
        [
            shapes.AlertAnswer(
                code=one.code,  # type: ignore[arg-type]  # a test holds the codes together
                level=one.level.value,
                count=one.count,
                usual=one.usual,
                subject=one.subject,
                name=_name(found, one.subject, language),
                since=one.since,
                day=one.day,
            )
            for one in found.alerts
        ]
    )


def _name(found: Found, subject: str | None, language: str) -> str | None:
    if subject is None:
        return None
    return name_in(language, found.names[subject]) if subject in found.names else subject


def _span(span: Span) -> shapes.SpanAnswer:
    return shapes.SpanAnswer(span.first, span.last)


def _segment(segment: Segment) -> str | None:
    if segment.tier is not None:
        return TIER + segment.tier
    return None if segment.is_new is None else NEW if segment.is_new else ESTABLISHED


def _segments(found: Overview, language: str) -> list[shapes.SegmentAnswer]:
    ladder = found.program.ladder
    told = [shapes.SegmentAnswer(code, name_in(language, name)) for code, name in NAMES.items()]
    tiers = ladder.tiers if ladder else ()
    return told + [
        shapes.SegmentAnswer(TIER + tier.code, name_in(language, tier.name)) for tier in tiers
    ]


def _compared(
    days: Iterable[DayFigures], before: Iterable[DayFigures], of: Callable[[DayFigures], int]
) -> ComparedAnswer:
    return ComparedAnswer(sum(map(of, days)), sum(map(of, before)))


def _members(
    days: Sequence[DayFigures], before: Sequence[DayFigures]
) -> shapes.MemberFiguresAnswer:
    return shapes.MemberFiguresAnswer(
        total=ComparedAnswer(days[-1].members, before[-1].members),
        new=_compared(days, before, lambda day: day.new_members),
        active=ComparedAnswer(days[-1].active, before[-1].active),
        at_risk=ComparedAnswer(days[-1].at_risk, before[-1].at_risk),
    )


def _sales(days: Sequence[DayFigures], before: Sequence[DayFigures]) -> shapes.SalesAnswer:
    return shapes.SalesAnswer(
        amount=_compared(days, before, lambda day: day.sales),
        came_back=_compared(days, before, lambda day: day.came_back),
        purchases=_compared(days, before, lambda day: day.purchases),
        without_members=ComparedAnswer(_rest(days, _without), _rest(before, _without)),
        purchases_without_members=ComparedAnswer(
            _rest(days, _purchases_without), _rest(before, _purchases_without)
        ),
    )


def _rest(days: Iterable[DayFigures], of: Callable[[DayFigures], int | None]) -> int | None:
    """The sum over the days of which it is known; None where there is none."""
    known = [one for one in map(of, days) if one is not None]
    return sum(known) if known else None


def _without(day: DayFigures) -> int | None:
    return None if day.takings is None else max(day.takings - day.sales, 0)


def _purchases_without(day: DayFigures) -> int | None:
    return None if day.all_purchases is None else max(day.all_purchases - day.purchases, 0)


def _currency(
    found: Overview, code: str, language: str, *, may_read_ledger: bool
) -> shapes.CurrencyFiguresAnswer:
    days, before = found.report.days, found.report.days_before
    worth: CurrencyLiability = found.liability[code]

    def flow(name: str) -> ComparedAnswer:
        return _compared(days, before, lambda day: getattr(day.points[code], name))

    issued, redeemed, returned = flow("issued"), flow("redeemed"), flow("returned")
    left = ComparedAnswer(days[-1].points[code].outstanding, before[-1].points[code].outstanding)
    return shapes.CurrencyFiguresAnswer(
        currency=code,
        name=name_in(language, found.program.currencies[code].name),
        issued=issued,
        redeemed=redeemed,
        expired=flow("expired"),
        returned=returned,
        moved=flow("moved"),
        redemption_rate_bp=ComparedAnswer(
            _rate(redeemed.now, issued.now, returned.now),
            _rate(redeemed.before, issued.before, returned.before),
        ),
        outstanding=left if may_read_ledger else ComparedAnswer(None, None),
        expected=worth.expected if may_read_ledger else None,
        value_minor=worth.value.minor if may_read_ledger and worth.value is not None else None,
    )


def _rate(redeemed: int | None, issued: int | None, returned: int | None) -> int | None:
    net = (issued or 0) - (returned or 0)
    return (redeemed or 0) * BASIS_POINTS // net if net > 0 else None


def _tiers(found: Overview, language: str) -> list[shapes.TierFiguresAnswer]:
    ladder = found.program.ladder
    codes = [tier.code for tier in ladder.tiers] if ladder else []
    now, before = found.report.tiers, found.report.tiers_before
    gone = sorted(code for code, count in now.items() if count and code and code not in codes)
    return [
        shapes.TierFiguresAnswer(
            code,
            tier_name(found.program, code, language),
            ComparedAnswer(now.get(code, 0), before.get(code, 0)),
        )
        for code in [*codes, *gone]
    ]


def _rule(one: RuleFigures, rule: Rule | None, language: str) -> shapes.RuleFiguresAnswer:
    return shapes.RuleFiguresAnswer(
        rule=one.rule,
        name=one.rule if rule is None else name_in(language, rule.name),
        currency=None if rule is None else rule.earn.currency,
        points=ComparedAnswer(one.points, one.points_before),
        events=ComparedAnswer(one.events, one.events_before),
    )


def _day(day: DayFigures, *, may_read_ledger: bool) -> shapes.DayAnswer:
    return shapes.DayAnswer(
        day=day.day,
        sales=day.sales,
        came_back=day.came_back,
        purchases=day.purchases,
        buyers=day.buyers,
        without_members=_without(day),
        new_members=day.new_members,
        members=day.members,
        active=day.active,
        at_risk=day.at_risk,
        points=[
            _points(code, flows, may_read_ledger=may_read_ledger)
            for code, flows in day.points.items()
        ],
    )


def _points(code: str, flows: Flows, *, may_read_ledger: bool) -> shapes.DayPointsAnswer:
    return shapes.DayPointsAnswer(
        code,
        flows.issued,
        flows.redeemed,
        flows.expired,
        flows.returned,
        flows.outstanding if may_read_ledger else None,
    )
