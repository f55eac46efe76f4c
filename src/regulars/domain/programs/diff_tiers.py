"""What differs between the tiers of two versions of a program, in words."""

from collections.abc import Callable

from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.changes import (
    order_change,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.model import Ladder, Metric, MetricSource, Need, Tier, WindowKind
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import need_words


def diff_ladders(old: Ladder | None, new: Ladder | None, *, money: str) -> list[str]:
    """Tiers added, removed, changed and moved, their metrics, and how members move."""
    if old == new:
        return []
    if new is None:
        return ["Tiers removed: members no longer have any"]
    empty = Ladder(tiers=(), metrics={})
    sentences = [] if old is not None else ["Tiers added"]
    before = old or empty
    for name, tell in LADDER_FIELDS.items():
        if getattr(before, name) != getattr(new, name) or name == "valid":
            sentences += tell(before, new, money)
    return sentences


def _tell_tiers(old: Ladder, new: Ladder, money: str) -> list[str]:
    before = {tier.code: tier for tier in old.tiers}
    after = {tier.code: tier for tier in new.tiers}
    sentences = [
        f"Tier {quoted(tier.name)} ({code}) removed"
        for code, tier in before.items()
        if code not in after
    ]
    for rung, (code, tier) in enumerate(after.items()):
        if code in before:
            sentences += under(
                f"Tier {quoted(tier.name)}", _tell_tier(before[code], tier, old, new, money=money)
            )
            continue
        where = f" above {new.tiers[rung - 1].code}" if rung else ""
        entry = f" from {needs_words(tier.entry, new, money)}" if tier.entry else ""
        keep = f", kept from {needs_words(tier.keep, new, money)}" if tier.keep else ""
        sentences.append(f"New tier {quoted(tier.name)} ({code}){where}{entry}{keep}")
    return sentences + order_change("Tiers", before, after)


def _tell_tier(old: Tier, new: Tier, before: Ladder, after: Ladder, *, money: str) -> list[str]:
    sentences = text_change("name", old.name, new.name)
    for what, was, now in (("entry", old.entry, new.entry), ("keep", old.keep, new.keep)):
        if was != now:
            lower = needs_words(was, before, money) or "nothing"
            higher = needs_words(now, after, money) or "nothing"
            sentences.append(f"{what} changed from {lower} to {higher}")
    return sentences


def needs_words(needs: tuple[Need, ...], ladder: Ladder, money: str) -> str:
    """Every way, as spend_year ≥ 1,000.00 USD or baskets ≥ 100."""
    return " or ".join(need_words(need, dict(ladder.metrics), money) for need in needs)


def _tell_metrics(old: Ladder, new: Ladder, _money: str) -> list[str]:
    return [
        sentence
        for code in sorted({*old.metrics, *new.metrics})
        for sentence in value_change(
            f"Metric {code}", old.metrics.get(code), new.metrics.get(code), metric_words
        )
    ]


def metric_words(metric: Metric) -> str:
    """What a metric counts, and over which stretch of time."""
    what = {
        MetricSource.CURRENCY: f"{metric.currency} earned",
        MetricSource.SPEND: "money spent",
        MetricSource.COUNT: f"events of type {', '.join(sorted(metric.types))}",
        MetricSource.ASSETS: "assets held",
    }[metric.source]
    if metric.source is MetricSource.ASSETS and metric.window is WindowKind.LIFETIME:
        return what
    window = {
        WindowKind.CALENDAR_YEAR: "in the calendar year",
        WindowKind.ROLLING: f"in the last {span_words(metric.span)}",
        WindowKind.LIFETIME: "ever",
    }[metric.window]
    return f"{what} {window}"


def _tell_validity(old: Ladder, new: Ladder, _money: str) -> list[str]:
    if (old.valid, old.valid_until) == (new.valid, new.valid_until):
        return []
    before = validity_words(old.valid, old.valid_until)
    after = validity_words(new.valid, new.valid_until)
    return [f"How long a tier is held changed from {before} to {after}"]


def validity_words(valid: Duration | None, until: Unit | None) -> str:
    """For ever; 12 months; to the end of the year, 12 months later."""
    if until is not None:
        later = f" {span_words(valid)} later" if valid and valid != Duration() else ""
        return f"the end of the {until}{later}"
    return "for ever" if valid is None else span_words(valid)


def _tell_grace(old: Ladder, new: Ladder, _money: str) -> list[str]:
    return value_change("Grace for a tier that is not kept", old.grace, new.grace, span_words)


def _tell_step_down(old: Ladder, new: Ladder, _money: str) -> list[str]:
    return value_change("Step down", old.step_down.value, new.step_down.value)


def _tell_review(old: Ladder, new: Ladder, _money: str) -> list[str]:
    def say(unit: Unit | None) -> str:
        return f"at the end of each {unit}" if unit else "at once"

    return [f"Upgrades changed from {say(old.review)} to {say(new.review)}"]


LADDER_FIELDS: dict[str, Callable[[Ladder, Ladder, str], list[str]]] = {
    "tiers": _tell_tiers,
    "metrics": _tell_metrics,
    "valid": _tell_validity,
    "valid_until": lambda _old, _new, _money: [],
    "grace": _tell_grace,
    "step_down": _tell_step_down,
    "review": _tell_review,
}
"""For each field of a ladder what is said when it differs; `valid` speaks for `valid_until` too."""
