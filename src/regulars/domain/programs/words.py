"""Parts of rules, amounts and times in plain words, for members, operators and diffs."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Rate, exponent
from regulars.domain.programs.condition_words import condition_words
from regulars.domain.programs.model import (
    Cap,
    Earn,
    EarnKind,
    Metric,
    MetricSource,
    Need,
    Program,
)
from regulars.domain.programs.phrases import (
    cap_period,
    listed,
    name_in,
    phrase,
    type_words,
    weekday_words,
)
from regulars.domain.programs.pieces import LineScope, Schedule
from regulars.domain.programs.quantities import clock_words, moment_words, money_words

_MAX_PLACES = 4


def percent(share: Rate) -> str:
    """5%, 2.5%, 0.125%."""
    return f"{Rate.of(share.num * 100, share.den)}%"


def earn_words(earn: Earn, types: frozenset[str], program: Program, lang: str) -> str:
    """What a rule gives, and for what."""
    named = listed(
        lang, [type_words(lang, code, program.custom_types) for code in sorted(types)], "or"
    )
    currency = currency_words(earn.currency, program, lang)
    if earn.kind is EarnKind.FIXED:
        points = points_words(earn.points, earn.currency, program, lang)
        return phrase(lang, "fixed", points=points, types=named)
    if earn.kind is EarnKind.RATE:
        words = rate_words(earn.rate, earn.currency, program, lang)
    elif earn.of:
        names = [
            phrase(lang, "quote", text=name_in(lang, rule.name))
            for rule in program.rules
            if rule.id in earn.of
        ]
        words = phrase(
            lang,
            "multiply_of",
            factor=earn.rate,
            currency=currency,
            rules=listed(lang, names or sorted(earn.of)),
        )
    else:
        words = phrase(lang, "multiply", factor=earn.rate, currency=currency)
    if types == {"purchase"}:
        return words
    return phrase(lang, "clause").join([words, phrase(lang, "on_types", types=named)])


def rate_words(rate: Rate, currency: str, program: Program, lang: str) -> str:
    """A rate per minor unit as points per a handy amount of money."""
    unit = 10 ** exponent(program.money)
    one = rate.times(Rate(unit, 1))
    points, minor = str(rate.num), rate.den
    short = next((n for n in range(_MAX_PLACES + 1) if 10**n % one.den == 0), None)
    if one.num >= one.den and short is not None:
        points, minor = str(one), unit
    words = _counted(points, currency, program, lang, is_one=points == "1")
    return phrase(lang, "rate", points=words, money=money_words(minor, program.money))


def scope_words(scope: LineScope, program: Program, lang: str) -> list[str]:
    """Which lines count."""
    clauses: list[str] = []
    for name, sets in (
        ("only", (scope.categories, scope.brands, scope.skus)),
        ("except", (scope.except_categories, scope.except_brands, scope.except_skus)),
    ):
        for kind, items in zip(("", "brands", "skus"), sets, strict=True):
            if items:
                what = listed(lang, sorted(items), "and" if name == "only" else "or")
                if kind:
                    what = phrase(lang, kind, items=what)
                clauses.append(phrase(lang, name, what=what))
    if scope.condition is not None:
        words = condition_words(scope.condition.text, program, lang)
        clauses.append(phrase(lang, "where", condition=words))
    return clauses


def schedule_words(schedule: Schedule, zone: ZoneInfo, lang: str) -> list[str]:
    """When a rule applies."""
    clauses: list[str] = []
    if schedule.starts_at is not None:
        clauses.append(phrase(lang, "from", day=moment_words(schedule.starts_at, zone)))
    if schedule.ends_at is not None:
        wall = schedule.ends_at.astimezone(zone)
        if wall.hour or wall.minute or wall.second:
            clauses.append(phrase(lang, "until_moment", day=moment_words(wall, zone)))
        else:
            last = (wall - timedelta(days=1)).date()
            clauses.append(phrase(lang, "until", day=last))
    if schedule.weekdays:
        clauses.append(weekday_words(lang, schedule.weekdays))
    if schedule.hours:
        spans = [f"{clock_words(start)}–{clock_words(end)}" for start, end in schedule.hours]
        clauses.append(phrase(lang, "hours", items=listed(lang, spans)))
    if schedule.dates:
        days = [day.isoformat() for day in sorted(schedule.dates)]
        clauses.append(phrase(lang, "dates", items=listed(lang, days)))
    if schedule.month_days:
        days = [str(day) for day in sorted(schedule.month_days)]
        clauses.append(phrase(lang, "month_days", items=listed(lang, days)))
    if schedule.birth_month:
        clauses.append(phrase(lang, "birth_month"))
    return clauses


def cap_words(cap: Cap, currency: str, program: Program, lang: str) -> str:
    """At most 200 points a day."""
    parts: list[str] = []
    if cap.points is not None:
        parts.append(points_words(cap.points, currency, program, lang))
    if cap.times is not None:
        parts.append(phrase(lang, "once" if cap.times == 1 else "times", count=cap.times))
    per = cap_period(lang, cap.per)
    return phrase(lang, "cap", amount=listed(lang, parts), per=per)


def card_names(codes: frozenset[str], program: Program, lang: str) -> str:
    """The names of these paid cards."""
    names = [name_in(lang, card.name) for code, card in program.cards.items() if code in codes]
    return listed(lang, names or sorted(codes), "or")


def tier_names(codes: frozenset[str], program: Program, lang: str) -> str:
    """The names of these tiers, lowest first."""
    tiers = program.ladder.tiers if program.ladder else ()
    names = [name_in(lang, tier.name) for tier in tiers if tier.code in codes]
    return listed(lang, names or sorted(codes), "or")


def points_words(amount: int, currency: str, program: Program, lang: str) -> str:
    """200 points."""
    return _counted(f"{amount:,}", currency, program, lang, is_one=amount == 1)


def currency_words(code: str, program: Program, lang: str) -> str:
    """The name of a currency as it stands inside a sentence."""
    known = program.currencies.get(code)
    name = name_in(lang, known.name) if known else code
    return name.lower() if lang == "en" and " " not in name else name


def _counted(amount: str, currency: str, program: Program, lang: str, *, is_one: bool) -> str:
    name = currency_words(currency, program, lang)
    if lang == "en":
        return f"{amount} {name.removesuffix('s') if is_one else name}"
    return f"{amount}{name}"


def need_words(need: Need, metrics: dict[str, Metric], money: str) -> str:
    """spend_year ≥ 1,000.00 USD and baskets ≥ 100."""
    return " and ".join(
        f"{code} ≥ {_value_words(metrics.get(code), least, money)}"
        for code, least in sorted(need.items())
    )


def _value_words(metric: Metric | None, value: int, money: str) -> str:
    if metric is not None and metric.source in {MetricSource.SPEND, MetricSource.ASSETS}:
        return money_words(value, money)
    return f"{value:,}"
