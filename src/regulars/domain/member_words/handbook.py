"""The rules of a program for its members, written by the program itself: how to earn, what points
are worth and when they lapse, tiers, returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.amounts import Rate
from regulars.domain.member_words.benefits import benefit_says, is_told
from regulars.domain.member_words.ladder import TierPage, is_over, ladder_notes, tier_pages
from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.phrases import say, sentence
from regulars.domain.member_words.rules import rule_words
from regulars.domain.periods import Duration
from regulars.domain.programs.model import (
    Currency,
    CurrencyKind,
    Expiry,
    ExpiryKind,
    Pick,
    Program,
    Rule,
)
from regulars.domain.programs.phrases import listed, name_in
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.till_words import member_till_words
from regulars.domain.programs.words import points_words


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something with a name, and what there is to say of it."""

    code: str
    name: str
    says: Sequence[str]


@dataclass(frozen=True, slots=True)
class Handbook:
    """All of it. `earning`: a chapter for each rule. `notes`: how rules go together."""

    name: str
    earning: Sequence[Chapter]
    notes: Sequence[str]
    currencies: Sequence[Chapter]
    tiers: Sequence[TierPage]
    tier_notes: Sequence[str]
    returns: Sequence[str]
    benefits: Sequence[Chapter]


def handbook(program: Program, at: datetime, lang: str) -> Handbook:
    """The rules as they are at `at`, without those that are over. `lang` is one of LANGUAGES."""
    live = [rule for rule in program.rules if is_told(rule) and not is_over(rule, at)]
    return Handbook(
        name=name_in(lang, program.name),
        earning=[
            Chapter(rule.id, name_in(lang, rule.name), [rule_words(rule, program, lang)])
            for rule in live
        ],
        notes=[sentence(lang, one) for one in _groups(program, live, lang)],
        currencies=[
            Chapter(code, name_in(lang, one.name), _currency(program, one, lang))
            for code, one in program.currencies.items()
        ],
        tiers=tier_pages(program, at, lang),
        tier_notes=ladder_notes(program, lang),
        returns=[sentence(lang, one) for one in _returns(program, lang)],
        benefits=[
            Chapter(one.id, name_in(lang, one.name), benefit_says(one, program, lang))
            for one in program.benefits
            if one.schedule is None or one.schedule.ends_at is None or at < one.schedule.ends_at
        ],
    )


def _groups(program: Program, rules: Sequence[Rule], lang: str) -> list[str]:
    """Which rules exclude each other."""
    notes: list[str] = []
    for group, pick in program.stacking.items():
        names = [
            say(lang, "quote", text=name_in(lang, rule.name))
            for rule in rules
            if rule.group == group
        ]
        if pick is not Pick.ALL and len(names) > 1:
            notes.append(say(lang, f"group_{pick.value}", rules=listed(lang, names)))
    return notes


def _currency(program: Program, currency: Currency, lang: str) -> list[str]:
    if currency.kind is CurrencyKind.STATUS:
        return [sentence(lang, say(lang, "status"))]
    says = [_worth(program, currency, lang)] if currency.cash_value else []
    if currency.pending is not None:
        says.append(say(lang, "pending", span=span_words(currency.pending, lang)))
    says.append(_expiry(currency.expiry, lang))
    if currency.transferable:
        says.append(say(lang, "transferable"))
    says += member_till_words(currency, lang)
    says += [
        say(
            lang,
            "convert",
            points=points_words(one.take, one.source, program, lang),
            others=points_words(one.give, one.target, program, lang),
        )
        for one in program.conversions
        if one.source == currency.code
    ]
    return [sentence(lang, one) for one in says]


def _worth(program: Program, currency: Currency, lang: str) -> str:
    """100 points are worth $1: the fewest points, in powers of ten, that are whole money."""
    rate = currency.cash_value
    assert rate is not None
    points = 1
    while points < _MOST_POINTS and rate.times(Rate(points, 1)).den != 1:
        points *= 10
    while points < _MOST_POINTS and rate.times(Rate(points, 1)).num < _LEAST_MINOR:
        points *= 10
    worth = rate.times(Rate(points, 1))
    money = plain_money(worth.num // worth.den, program.money, lang)
    return say(
        lang, "worth", points=points_words(points, currency.code, program, lang), money=money
    )


_MOST_POINTS = 1_000_000
_LEAST_MINOR = 100


def _expiry(expiry: Expiry, lang: str) -> str:
    span = span_words(expiry.span, lang)
    if expiry.kind is ExpiryKind.NEVER:
        return say(lang, "never_lapse")
    if expiry.kind is ExpiryKind.AFTER:
        return say(lang, "lapse_after", span=span)
    if expiry.kind is ExpiryKind.INACTIVE:
        return say(lang, "lapse_idle", span=span)
    unit = say(lang, f"unit_{expiry.unit.value}")
    name = "lapse_end_of" if expiry.span == Duration() else "lapse_end_after"
    return say(lang, name, unit=unit, span=span)


def _returns(program: Program, lang: str) -> list[str]:
    says = [say(lang, "return_share"), say(lang, f"return_{program.returns.spent.value}")]
    if program.ladder is not None and len(program.ladder.tiers) > 1:
        says.append(say(lang, "return_keep_tier" if program.returns.keep_tier else "return_tier"))
    return says
