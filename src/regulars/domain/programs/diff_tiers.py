"""What differs between the tiers of two versions of a program, in words."""

from collections.abc import Callable

from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    order_change,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.diff_phrases import say
from regulars.domain.programs.model import Ladder, Metric, MetricSource, Need, Tier, WindowKind
from regulars.domain.programs.phrases import phrase
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import need_words


def diff_ladders(old: Ladder | None, new: Ladder | None, *, money: str, lang: str) -> list[Change]:
    """Tiers added, removed, changed and moved, their metrics, and how members move."""
    if old == new:
        return []
    if new is None:
        return [Change(Kind.REMOVED, say(lang, "tiers_removed"))]
    empty = Ladder(tiers=(), metrics={})
    found = [] if old is not None else [Change(Kind.ADDED, say(lang, "tiers_added"))]
    before = old or empty
    for name, tell in LADDER_FIELDS.items():
        if getattr(before, name) != getattr(new, name) or name == "valid":
            found += tell(before, new, money, lang)
    return found


def _tell_tiers(old: Ladder, new: Ladder, money: str, lang: str) -> list[Change]:
    before = {tier.code: (rung, tier) for rung, tier in enumerate(old.tiers)}
    after = {tier.code: (rung, tier) for rung, tier in enumerate(new.tiers)}
    found = [
        Change(
            Kind.REMOVED,
            say(lang, "tier_removed", name=quoted(lang, tier.name), code=code),
            ("ladder", rung),
        )
        for code, (rung, tier) in before.items()
        if code not in after
    ]
    for code, (rung, tier) in after.items():
        name = quoted(lang, tier.name)
        if code in before:
            told = _tell_tier(before[code][1], tier, old, new, money=money, lang=lang)
            found += at(("ladder", rung), under(lang, say(lang, "tier", name=name), told))
            continue
        words = say(
            lang,
            "tier_added",
            name=name,
            code=code,
            where=say(lang, "above", code=new.tiers[rung - 1].code) if rung else "",
            entry=_part(lang, "entry_from", tier.entry, new, money),
            keep=_part(lang, "kept_from", tier.keep, new, money),
        )
        found.append(Change(Kind.ADDED, words, ("ladder", rung)))
    return found + at(("ladder",), order_change(lang, say(lang, "tiers"), before, after))


def _part(lang: str, name: str, needs: tuple[Need, ...], ladder: Ladder, money: str) -> str:
    return say(lang, name, needs=needs_words(needs, ladder, money, lang)) if needs else ""


def _tell_tier(
    old: Tier, new: Tier, before: Ladder, after: Ladder, *, money: str, lang: str
) -> list[Change]:
    found = at(("name",), text_change(lang, say(lang, "name"), old.name, new.name))
    for what, was, now in (("entry", old.entry, new.entry), ("keep", old.keep, new.keep)):
        if was != now:
            words = say(
                lang,
                "changed",
                what=say(lang, what),
                old=needs_words(was, before, money, lang) or say(lang, "nothing"),
                new=needs_words(now, after, money, lang) or say(lang, "nothing"),
            )
            found.append(Change(Kind.CHANGED, words, (what,)))
    return found


def needs_words(needs: tuple[Need, ...], ladder: Ladder, money: str, lang: str = "en") -> str:
    """Every way, as spend_year ≥ 1,000.00 USD or baskets ≥ 100."""
    ways = [need_words(need, dict(ladder.metrics), money) for need in needs]
    return phrase(lang, "or").join(ways)


def _tell_metrics(old: Ladder, new: Ladder, _money: str, lang: str) -> list[Change]:
    return [
        change
        for code in sorted({*old.metrics, *new.metrics})
        for change in at(
            ("metrics", code),
            value_change(
                lang,
                say(lang, "metric", code=code),
                old.metrics.get(code),
                new.metrics.get(code),
                lambda metric: metric_words(metric, lang),
            ),
        )
    ]


def metric_words(metric: Metric, lang: str = "en") -> str:
    """What a metric counts, and over which stretch of time."""
    what = {
        MetricSource.CURRENCY: say(lang, "earned", currency=metric.currency),
        MetricSource.SPEND: say(lang, "spend"),
        MetricSource.COUNT: say(
            lang, "count", types=phrase(lang, "comma").join(sorted(metric.types))
        ),
        MetricSource.ASSETS: say(lang, "assets"),
    }[metric.source]
    if metric.source is MetricSource.ASSETS and metric.window is WindowKind.LIFETIME:
        return what
    return {
        WindowKind.CALENDAR_YEAR: say(lang, "in_year", what=what),
        WindowKind.ROLLING: say(lang, "in_span", what=what, span=span_words(metric.span, lang)),
        WindowKind.LIFETIME: say(lang, "ever", what=what),
    }[metric.window]


def _tell_validity(old: Ladder, new: Ladder, _money: str, lang: str) -> list[Change]:
    if (old.valid, old.valid_until) == (new.valid, new.valid_until):
        return []
    words = say(
        lang,
        "changed",
        what=say(lang, "validity"),
        old=validity_words(old.valid, old.valid_until, lang),
        new=validity_words(new.valid, new.valid_until, lang),
    )
    return [Change(Kind.CHANGED, words, ("valid",))]


def validity_words(valid: Duration | None, until: Unit | None, lang: str = "en") -> str:
    """For ever; 12 months; to the end of the year, 12 months later."""
    if until is not None:
        later = ""
        if valid and valid != Duration():
            later = say(lang, "end_of_later", span=span_words(valid, lang))
        return say(lang, "until_end", unit=say(lang, until.value), later=later)
    return say(lang, "for_ever") if valid is None else span_words(valid, lang)


def _tell_grace(old: Ladder, new: Ladder, _money: str, lang: str) -> list[Change]:
    told = value_change(
        lang, say(lang, "grace"), old.grace, new.grace, lambda span: span_words(span, lang)
    )
    return at(("grace",), told)


def _tell_step_down(old: Ladder, new: Ladder, _money: str, lang: str) -> list[Change]:
    told = value_change(
        lang, say(lang, "step_down"), old.step_down, new.step_down,
        lambda step: say(lang, step.value),
    )  # fmt: skip
    return at(("step_down",), told)


def _tell_review(old: Ladder, new: Ladder, _money: str, lang: str) -> list[Change]:
    def tell(unit: Unit | None) -> str:
        return say(lang, "at_each", unit=say(lang, unit.value)) if unit else say(lang, "at_once")

    words = say(
        lang, "changed", what=say(lang, "upgrades"), old=tell(old.review), new=tell(new.review)
    )
    return [Change(Kind.CHANGED, words, ("upgrade",))]


LADDER_FIELDS: dict[str, Callable[[Ladder, Ladder, str, str], list[Change]]] = {
    "tiers": _tell_tiers,
    "metrics": _tell_metrics,
    "valid": _tell_validity,
    "valid_until": lambda _old, _new, _money, _lang: [],
    "grace": _tell_grace,
    "step_down": _tell_step_down,
    "review": _tell_review,
}
"""For each field of a ladder what is said when it differs; `valid` speaks for `valid_until` too."""
