"""What differs between the rules of two versions of a program, in words."""

from collections.abc import Callable
from typing import Any, NamedTuple

from regulars.domain.programs.benefit_words import effects_words, part_name
from regulars.domain.programs.budget_words import tell_share
from regulars.domain.programs.card_words import card_say
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    flag_change,
    joined,
    number_change,
    order_change,
    quoted,
    set_change,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.diff_phrases import say
from regulars.domain.programs.model import Cap, CapPer, Program, Rule
from regulars.domain.programs.phrases import cap_period, weekday_words
from regulars.domain.programs.pieces import Condition, LineScope, Schedule
from regulars.domain.programs.play_words import tell_challenge, tell_streak
from regulars.domain.programs.quantities import clock_words, moment_words
from regulars.domain.programs.rule_words import describe
from regulars.domain.programs.words import earn_words, points_words


class Pair(NamedTuple):
    """The two programs that values of a rule belong to, and the language they are told in."""

    old: Program
    new: Program
    lang: str


Tell = Callable[[Any, Any, Rule, Pair], list[Change]]


def diff_rules(old: Program, new: Program, lang: str) -> list[Change]:
    """Rules added, removed, changed and moved; a rule is known by its id."""
    before = {rule.id: (place, rule) for place, rule in enumerate(old.rules)}
    after = {rule.id: (place, rule) for place, rule in enumerate(new.rules)}
    found: list[Change] = []
    for code, (place, rule) in before.items():
        if code not in after:
            name, words = quoted(lang, rule.name), describe(rule, old, lang)
            told = say(lang, "rule_removed", name=name, code=code, words=words)
            found.append(Change(Kind.REMOVED, told, (place,)))
    for code, (place, rule) in after.items():
        if code not in before:
            name, words = quoted(lang, rule.name), describe(rule, new, lang)
            told = say(lang, "rule_added", name=name, code=code, words=words)
            found.append(Change(Kind.ADDED, told, (place,)))
        else:
            found += at((place,), _diff_rule(before[code][1], rule, Pair(old, new, lang)))
    return found + order_change(lang, say(lang, "rules"), before, after)


def _diff_rule(old: Rule, new: Rule, pair: Pair) -> list[Change]:
    found: list[Change] = []
    for name, tell in RULE_FIELDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            told = tell(before, after, new, pair)
            assert told, name
            found += at(PLACES[name], told)
    return under(pair.lang, say(pair.lang, "rule", name=quoted(pair.lang, new.name)), found)


def _tell_earn(old: Any, new: Any, rule: Rule, pair: Pair) -> list[Change]:
    lang = pair.lang
    # The rule's own triggers stand in both sentences, so that only what it gives differs.
    before = earn_words(old, rule.on, pair.old, lang) if old.currency else None
    after = earn_words(new, rule.on, pair.new, lang) if new.currency else None
    gives = value_change(lang, say(lang, "gives"), before, after)
    if not gives and old.currency != new.currency:
        gives = value_change(lang, say(lang, "of_currency"), old.currency, new.currency)
    if old.of != new.of and before == after:
        gives += set_change(lang, say(lang, "multiplied"), old.of, new.of)
    rounding = value_change(
        lang,
        say(lang, "rounding"),
        old.rounding,
        new.rounding,
        lambda rounding: say(lang, rounding.value),
    )
    if not gives and not rounding:
        gives = [Change(Kind.CHANGED, say(lang, "gives_otherwise", words=after))]
    return [*at(("earn",), gives), *at(("rounding",), rounding)]


def _tell_condition(what: str) -> Tell:
    def tell(old: Condition | None, new: Condition | None, _rule: Rule, pair: Pair) -> list[Change]:
        named = say(pair.lang, what)
        return value_change(pair.lang, named, old, new, lambda condition: condition.text)

    return tell


def _tell_schedule(
    old: Schedule | None, new: Schedule | None, _rule: Rule, pair: Pair
) -> list[Change]:
    before, after, lang = old or Schedule(), new or Schedule(), pair.lang
    found = [
        *value_change(
            lang,
            say(lang, "first_moment"),
            before.starts_at and moment_words(before.starts_at, pair.old.zone),
            after.starts_at and moment_words(after.starts_at, pair.new.zone),
        ),
        *value_change(
            lang,
            say(lang, "last_moment"),
            before.ends_at and moment_words(before.ends_at, pair.old.zone),
            after.ends_at and moment_words(after.ends_at, pair.new.zone),
        ),
        *value_change(
            lang,
            say(lang, "weekdays"),
            weekday_words(lang, before.weekdays) or None,
            weekday_words(lang, after.weekdays) or None,
        ),
        *value_change(
            lang,
            say(lang, "hours"),
            before.hours or None,
            after.hours or None,
            lambda spans: _hours(spans, lang),
        ),
        *set_change(
            lang,
            say(lang, "dates"),
            [day.isoformat() for day in before.dates],
            [day.isoformat() for day in after.dates],
        ),
        *set_change(
            lang,
            say(lang, "month_days"),
            [str(day) for day in before.month_days],
            [str(day) for day in after.month_days],
        ),
        *flag_change(
            lang,
            before.birth_month,
            after.birth_month,
            becomes="birth_month",
            no_longer="any_month",
        ),
    ]
    return found or [Change(Kind.CHANGED, say(lang, "moments_rewritten"))]


def _hours(spans: tuple[tuple[int, int], ...], lang: str) -> str:
    return joined(lang, [f"{clock_words(start)}–{clock_words(end)}" for start, end in spans])


def _tell_lines(
    old: LineScope | None, new: LineScope | None, _rule: Rule, pair: Pair
) -> list[Change]:
    before, after, lang = old or LineScope(), new or LineScope(), pair.lang
    found: list[Change] = []
    for name in (
        "categories",
        "brands",
        "skus",
        "except_categories",
        "except_brands",
        "except_skus",
    ):
        found += set_change(lang, say(lang, name), getattr(before, name), getattr(after, name))
    found += value_change(
        lang,
        say(lang, "line_condition"),
        before.condition,
        after.condition,
        lambda condition: condition.text,
    )
    return found or [Change(Kind.CHANGED, say(lang, "lines_only" if new else "lines_too"))]


def _tell_caps(old: tuple[Cap, ...], new: tuple[Cap, ...], rule: Rule, pair: Pair) -> list[Change]:
    before, after = {cap.per: cap for cap in old}, {cap.per: cap for cap in new}
    found: list[Change] = []
    lang = pair.lang

    def tell(points: int) -> str:
        return points_words(points, rule.earn.currency, pair.new, lang)

    nothing = Cap(CapPer.EVENT)
    for per in [*before, *(per for per in after if per not in before)]:
        was, now = before.get(per, nothing), after.get(per, nothing)
        what = say(lang, "cap", per=cap_period(lang, per))
        found += number_change(lang, what, was.points, now.points, tell)
        found += number_change(
            lang,
            say(lang, "cap_times", cap=what),
            was.times,
            now.times,
            lambda times: say(lang, "times", count=times),
        )
    return found or [Change(Kind.CHANGED, say(lang, "caps_order"))]


def _tell_budget(old: int | None, new: int | None, rule: Rule, pair: Pair) -> list[Change]:
    return number_change(
        pair.lang,
        say(pair.lang, "budget"),
        old,
        new,
        lambda points: points_words(points, rule.earn.currency, pair.new, pair.lang),
    )


def _tell_tiers(old: frozenset[str], new: frozenset[str], _rule: Rule, pair: Pair) -> list[Change]:
    lang = pair.lang
    if not old or not new:
        items = joined(lang, sorted(new)) or say(lang, "all_members")
        return [Change(Kind.CHANGED, say(lang, "for_members", items=items))]
    return set_change(lang, say(lang, "tiers_of"), old, new)


def _tell_cards(old: frozenset[str], new: frozenset[str], _rule: Rule, pair: Pair) -> list[Change]:
    lang = pair.lang
    if not new:
        return [Change(Kind.CHANGED, card_say(lang, "for_all"))]
    if not old:
        items = joined(lang, sorted(new))
        return [Change(Kind.CHANGED, card_say(lang, "for_holders", items=items))]
    return set_change(lang, card_say(lang, "cards_of"), old, new)


def _tell_set(what: str) -> Tell:
    return lambda old, new, _rule, pair: set_change(pair.lang, say(pair.lang, what), old, new)


def _tell_named(what: str) -> Tell:
    return lambda old, new, _rule, pair: set_change(pair.lang, part_name(pair.lang, what), old, new)


RULE_FIELDS: dict[str, Tell] = {
    "id": lambda old, new, _rule, pair: value_change(pair.lang, say(pair.lang, "id"), old, new),
    "name": lambda old, new, _rule, pair: text_change(pair.lang, say(pair.lang, "name"), old, new),
    "on": _tell_set("event_types"),
    "earn": _tell_earn,
    "tiers": _tell_tiers,
    "cards": _tell_cards,
    "audience": _tell_condition("audience"),
    "condition": _tell_condition("condition"),
    "schedule": _tell_schedule,
    "lines": _tell_lines,
    "payment_methods": _tell_set("payment_methods"),
    "caps": _tell_caps,
    "budget": _tell_budget,
    "share": lambda old, new, _rule, pair: tell_share(old, new, pair.lang),
    "group": lambda old, new, _rule, pair: value_change(
        pair.lang, say(pair.lang, "group"), old, new
    ),
    "priority": lambda old, new, _rule, pair: number_change(
        pair.lang, say(pair.lang, "rule_priority"), old, new
    ),
    "stages": _tell_named("stages"),
    "tags": _tell_named("tags"),
    "effects": lambda old, new, _rule, pair: (
        value_change(
            pair.lang,
            part_name(pair.lang, "effects"),
            effects_words(old, pair.old, pair.lang) or None,
            effects_words(new, pair.new, pair.lang) or None,
        )
        or [Change(Kind.CHANGED, effects_words(new, pair.new, pair.lang))]
    ),
    "occasions": _tell_named("occasions"),
    # Benefits that give points back are told as benefits.
    "carriers": lambda _old, _new, rule, _pair: [Change(Kind.CHANGED, rule.id)],
    "challenge": lambda old, new, _rule, pair: tell_challenge(old, new, pair.lang),
    "streak": lambda old, new, _rule, pair: tell_streak(old, new, pair.lang),
}
"""For each field of a rule what is said when it differs."""

PLACES: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "name": ("name",),
    "on": ("on",),
    "earn": (),
    "tiers": ("audience", "tiers"),
    "cards": ("audience", "cards"),
    "audience": ("audience", "where"),
    "condition": ("when",),
    "schedule": ("schedule",),
    "lines": ("lines",),
    "payment_methods": ("payment",),
    "caps": ("caps",),
    "budget": ("budget",),
    "share": ("share_of_contribution",),
    "group": ("stacking", "group"),
    "priority": ("stacking", "priority"),
    "stages": ("audience", "stages"),
    "tags": ("audience", "tags"),
    "effects": ("effects",),
    "occasions": ("occasions",),
    "carriers": (),
    "challenge": ("challenge",),
    "streak": ("streak",),
}
"""Where each field of a rule stands in the document."""
