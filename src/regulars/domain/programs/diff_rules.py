"""What differs between the rules of two versions of a program, in words."""

from collections.abc import Callable
from typing import Any, NamedTuple

from regulars.domain.programs.changes import (
    flag_change,
    number_change,
    order_change,
    quoted,
    set_change,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.model import (
    Cap,
    CapPer,
    Condition,
    LineScope,
    Program,
    Rule,
    Schedule,
)
from regulars.domain.programs.phrases import cap_period, weekday_words
from regulars.domain.programs.quantities import clock_words, moment_words
from regulars.domain.programs.words import describe, earn_words, points_words


class Pair(NamedTuple):
    """The two programs that values of a rule belong to."""

    old: Program
    new: Program


def diff_rules(old: Program, new: Program) -> list[str]:
    """Rules added, removed, changed and moved; a rule is known by its id."""
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    sentences = [
        f"Rule {quoted(rule.name)} ({code}) removed: it gave {describe(rule, old)}"
        for code, rule in before.items()
        if code not in after
    ]
    for code, rule in after.items():
        if code not in before:
            sentences.append(f"New rule {quoted(rule.name)} ({code}): {describe(rule, new)}")
        else:
            sentences += _diff_rule(before[code], rule, Pair(old, new))
    return sentences + order_change("Rules", before, after)


def _diff_rule(old: Rule, new: Rule, pair: Pair) -> list[str]:
    sentences: list[str] = []
    for name, tell in RULE_FIELDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            told = tell(before, after, new, pair)
            assert told, name
            sentences += told
    return under(f"Rule {quoted(new.name)}", sentences)


def _tell_earn(old: Any, new: Any, rule: Rule, pair: Pair) -> list[str]:
    # The rule's own triggers stand in both sentences, so that only what it gives differs.
    before = earn_words(old, rule.on, pair.old, "en")
    after = earn_words(new, rule.on, pair.new, "en")
    sentences = value_change("what it gives", before, after)
    if not sentences and old.currency != new.currency:
        sentences = value_change("currency", old.currency, new.currency)
    sentences += value_change("rounding", old.rounding.value, new.rounding.value)
    if old.of != new.of and before == after:
        sentences += set_change("multiplied rules", old.of, new.of)
    return sentences or [f"it gives {after} in another way of counting"]


def _tell_condition(what: str) -> Callable[[Any, Any, Rule, Pair], list[str]]:
    def tell(old: Condition | None, new: Condition | None, _rule: Rule, _pair: Pair) -> list[str]:
        return value_change(what, old, new, lambda condition: condition.text)

    return tell


def _tell_schedule(
    old: Schedule | None, new: Schedule | None, _rule: Rule, pair: Pair
) -> list[str]:
    before, after = old or Schedule(), new or Schedule()
    sentences = [
        *value_change(
            "first moment",
            before.starts_at and moment_words(before.starts_at, pair.old.zone),
            after.starts_at and moment_words(after.starts_at, pair.new.zone),
        ),
        *value_change(
            "last moment",
            before.ends_at and moment_words(before.ends_at, pair.old.zone),
            after.ends_at and moment_words(after.ends_at, pair.new.zone),
        ),
        *value_change(
            "weekdays",
            weekday_words("en", before.weekdays) or None,
            weekday_words("en", after.weekdays) or None,
        ),
        *value_change("hours", before.hours or None, after.hours or None, _hours),
        *set_change(
            "dates",
            [day.isoformat() for day in before.dates],
            [day.isoformat() for day in after.dates],
        ),
        *flag_change(
            before.birth_month,
            after.birth_month,
            becomes="now only in the member's birthday month",
            no_longer="no longer only in the member's birthday month",
        ),
    ]
    return sentences or ["the same moments, written in another way"]


def _hours(spans: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{clock_words(start)}–{clock_words(end)}" for start, end in spans)


def _tell_lines(
    old: LineScope | None, new: LineScope | None, _rule: Rule, _pair: Pair
) -> list[str]:
    before, after = old or LineScope(), new or LineScope()
    sentences: list[str] = []
    for name, what in (
        ("categories", "categories"),
        ("brands", "brands"),
        ("skus", "articles"),
        ("except_categories", "excepted categories"),
        ("except_brands", "excepted brands"),
        ("except_skus", "excepted articles"),
    ):
        sentences += set_change(what, getattr(before, name), getattr(after, name))
    sentences += value_change(
        "condition on lines", before.condition, after.condition, lambda condition: condition.text
    )
    everything = "now on receipt lines only" if new else "now also on purchases without lines"
    return sentences or [everything]


def _tell_caps(old: tuple[Cap, ...], new: tuple[Cap, ...], rule: Rule, pair: Pair) -> list[str]:
    before, after = {cap.per: cap for cap in old}, {cap.per: cap for cap in new}
    sentences: list[str] = []

    def say(points: int) -> str:
        return points_words(points, rule.earn.currency, pair.new, "en")

    nothing = Cap(CapPer.EVENT)
    for per in [*before, *(per for per in after if per not in before)]:
        was, now = before.get(per, nothing), after.get(per, nothing)
        what = f"cap {cap_period('en', per)}"
        sentences += number_change(what, was.points, now.points, say)
        sentences += number_change(
            f"{what} (events)", was.times, now.times, lambda times: f"{times} times"
        )
    return sentences or ["caps are in another order"]


def _tell_budget(old: int | None, new: int | None, rule: Rule, pair: Pair) -> list[str]:
    return number_change(
        "budget", old, new, lambda points: points_words(points, rule.earn.currency, pair.new, "en")
    )


RULE_FIELDS: dict[str, Callable[[Any, Any, Rule, Pair], list[str]]] = {
    "id": lambda old, new, _rule, _pair: value_change("id", old, new),
    "name": lambda old, new, _rule, _pair: text_change("name", old, new),
    "on": lambda old, new, _rule, _pair: set_change("event types", old, new),
    "earn": _tell_earn,
    "tiers": lambda old, new, _rule, _pair: _tell_tiers(old, new),
    "audience": _tell_condition("condition on members"),
    "condition": _tell_condition("condition"),
    "schedule": _tell_schedule,
    "lines": _tell_lines,
    "payment_methods": lambda old, new, _rule, _pair: set_change("payment methods", old, new),
    "caps": _tell_caps,
    "budget": _tell_budget,
    "group": lambda old, new, _rule, _pair: value_change("stacking group", old, new),
    "priority": lambda old, new, _rule, _pair: number_change("priority", old, new),
}
"""For each field of a rule what is said when it differs."""


def _tell_tiers(old: frozenset[str], new: frozenset[str]) -> list[str]:
    if not old or not new:
        return [f"now for {', '.join(sorted(new)) or 'all'} members"]
    return set_change("tiers", old, new)
