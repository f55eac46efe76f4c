"""A whole rule in plain words, for operators and diffs."""

from regulars.domain.amounts import Rounding
from regulars.domain.programs.benefit_words import (
    benefit_say,
    effects_words,
    occasions_words,
    stage_names,
)
from regulars.domain.programs.condition_words import condition_words
from regulars.domain.programs.model import EarnKind, Program, Rule
from regulars.domain.programs.phrases import language_of, listed, phrase, type_words
from regulars.domain.programs.play_words import play_clauses
from regulars.domain.programs.words import (
    cap_words,
    card_names,
    earn_words,
    percent,
    points_words,
    schedule_words,
    scope_words,
    tier_names,
)


def describe(rule: Rule, program: Program, lang: str = "en") -> str:
    """The whole rule in one sentence. `lang` is a BCP 47 tag; en and zh-CN are spoken.

    "1 point per 1.00 USD, on PRODUCE, Saturdays and Sundays, at most 200 points a day"
    """
    lang = language_of(lang)
    clauses = [_gives(rule, program, lang)]
    if rule.lines is not None:
        clauses += scope_words(rule.lines, program, lang)
    if rule.schedule is not None:
        clauses += schedule_words(rule.schedule, program.zone, lang)
    if rule.tiers:
        clauses.append(phrase(lang, "tiers", items=tier_names(rule.tiers, program, lang)))
    if rule.stages:
        clauses.append(benefit_say(lang, "stages", items=stage_names(rule.stages, lang)))
    if rule.tags:
        tags = listed(lang, sorted(rule.tags), "or")
        clauses.append(benefit_say(lang, "tags", items=tags))
    if rule.cards:
        clauses.append(phrase(lang, "cards", items=card_names(rule.cards, program, lang)))
    if rule.audience is not None:
        words = condition_words(rule.audience.text, program, lang)
        clauses.append(phrase(lang, "audience", condition=words))
    if rule.payment_methods:
        methods = listed(lang, sorted(rule.payment_methods), "or")
        clauses.append(phrase(lang, "payment", items=methods))
    if rule.condition is not None:
        words = condition_words(rule.condition.text, program, lang)
        clauses.append(phrase(lang, "when", condition=words))
    clauses += [cap_words(cap, rule.earn.currency, program, lang) for cap in rule.caps]
    clauses += play_clauses(rule, lang)
    if rule.share is not None:
        share = {"share": percent(rule.share.share)}
        clauses.append(phrase(lang, "share", **share))
    if rule.budget is not None:
        points = points_words(rule.budget, rule.earn.currency, program, lang)
        clauses.append(phrase(lang, "budget", points=points))
    if rule.earn.rounding is not Rounding.DOWN and rule.earn.kind is not EarnKind.FIXED:
        clauses.append(phrase(lang, rule.earn.rounding.value))
    return phrase(lang, "clause").join(clauses)


def _gives(rule: Rule, program: Program, lang: str) -> str:
    """What the rule gives, and for what: points, and what it does beside or instead."""
    parts = [earn_words(rule.earn, rule.on, program, lang)] if rule.gives_points else []
    if rule.effects:
        words = effects_words(rule.effects, program, lang)
        if not parts:
            types = [type_words(lang, code, program.custom_types) for code in sorted(rule.on)]
            named = listed(lang, types, "or")
            words = benefit_say(lang, "with_types", effects=words, types=named)
        parts.append(words)
    if rule.occasions:
        items = occasions_words(rule.occasions, program, lang)
        parts.append(benefit_say(lang, "occasions", items=items))
    return phrase(lang, "clause").join(parts)
