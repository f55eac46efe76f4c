"""Rules, amounts and spans in plain words, for members, operators and diffs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Rate, Rounding, exponent
from regulars.domain.periods import Duration
from regulars.domain.programs.model import (
    Cap,
    Earn,
    EarnKind,
    LineScope,
    Metric,
    MetricSource,
    Need,
    Program,
    Rule,
    Schedule,
)
from regulars.domain.programs.phrases import (
    cap_period,
    language_of,
    listed,
    name_in,
    phrase,
    type_words,
    weekday_words,
)

_MAX_PLACES = 4


def describe(rule: Rule, program: Program, lang: str = "en") -> str:
    """The whole rule in one sentence. `lang` is a BCP 47 tag; en and zh-CN are spoken.

    "1 point per 1.00 USD, on PRODUCE, Saturdays and Sundays, at most 200 points a day"
    """
    lang = language_of(lang)
    clauses = [earn_words(rule.earn, rule.on, program, lang)]
    if rule.lines is not None:
        clauses += scope_words(rule.lines, lang)
    if rule.schedule is not None:
        clauses += schedule_words(rule.schedule, program.zone, lang)
    if rule.tiers:
        clauses.append(phrase(lang, "tiers", items=tier_names(rule.tiers, program, lang)))
    if rule.audience is not None:
        clauses.append(phrase(lang, "audience", condition=rule.audience.text))
    if rule.payment_methods:
        methods = listed(lang, sorted(rule.payment_methods), "or")
        clauses.append(phrase(lang, "payment", items=methods))
    if rule.condition is not None:
        clauses.append(phrase(lang, "when", condition=rule.condition.text))
    clauses += [cap_words(cap, rule.earn.currency, program, lang) for cap in rule.caps]
    if rule.budget is not None:
        points = points_words(rule.budget, rule.earn.currency, program, lang)
        clauses.append(phrase(lang, "budget", points=points))
    if rule.earn.rounding is not Rounding.DOWN and rule.earn.kind is not EarnKind.FIXED:
        clauses.append(phrase(lang, rule.earn.rounding.value))
    return phrase(lang, "clause").join(clauses)


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


def scope_words(scope: LineScope, lang: str) -> list[str]:
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
        clauses.append(phrase(lang, "where", condition=scope.condition.text))
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


def money_words(minor: int, currency: str) -> str:
    """1,250.00 USD."""
    places = exponent(currency)
    whole, part = divmod(minor, 10**places)
    cents = f".{part:0{places}d}" if places else ""
    return f"{whole:,}{cents} {currency}"


def clock_words(minutes: int) -> str:
    """A minute of the day as 08:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment_words(at: datetime, zone: ZoneInfo) -> str:
    """A day of the zone, with the time of day unless it is midnight."""
    wall = at.astimezone(zone)
    if wall.hour or wall.minute or wall.second:
        return wall.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    return wall.date().isoformat()


def span_words(span: Duration, lang: str = "en") -> str:
    """12 months, 14 days."""
    parts = []
    if span.months:
        parts.append(phrase(lang, "months", n=span.months))
    if span.days:
        parts.append(phrase(lang, "days", n=span.days))
    minutes = span.seconds // 60
    if minutes and minutes % 60 == 0:
        parts.append(phrase(lang, "hours_long", n=minutes // 60))
    elif minutes:
        parts.append(phrase(lang, "minutes", n=minutes))
    return listed(lang, parts)


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
