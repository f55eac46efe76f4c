"""A rule as a member reads it: what it gives, on what, when, and up to which limit."""

import re

from regulars.domain.amounts import Rate, Rounding, exponent
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import (
    Binary,
    Call,
    Expr,
    ListOfItems,
    Literal,
    Logic,
    Name,
    Select,
    Unary,
)
from regulars.domain.member_words.benefits import effect_clause, extra_clauses
from regulars.domain.member_words.money import handy, plain_money
from regulars.domain.member_words.phrases import goods, joined, say, sentence
from regulars.domain.programs.condition_words import condition_words
from regulars.domain.programs.model import EarnKind, Program, Rule
from regulars.domain.programs.phrases import field_phrase, listed, name_in, type_words
from regulars.domain.programs.pieces import LineScope
from regulars.domain.programs.play_words import play_clauses
from regulars.domain.programs.words import (
    cap_words,
    card_names,
    currency_words,
    percent,
    points_words,
    schedule_words,
    tier_names,
)

_DOUBLE, _TRIPLE = Rate(2, 1), Rate(3, 1)


def rule_words(rule: Rule, program: Program, lang: str, *, with_tiers: bool = True) -> str:
    """The whole rule as a sentence, as much of it as members can make use of."""
    clauses = [gives(rule, program, lang), *scope_clauses(rule.lines, program, lang)]
    clauses += extra_clauses(rule, program, lang)
    if rule.schedule is not None:
        clauses += schedule_words(rule.schedule, program.zone, lang)
    if with_tiers and rule.tiers:
        clauses.append(say(lang, "for_tiers", items=tier_names(rule.tiers, program, lang)))
    if rule.cards:
        clauses.append(say(lang, "for_cards", items=card_names(rule.cards, program, lang)))
    if rule.payment_methods:
        methods = listed(lang, sorted(rule.payment_methods), "or")
        clauses.append(say(lang, "paid_by", items=methods))
    if rule.audience is not None:
        clauses.append(_audience(rule.audience.text, program, lang))
    if rule.condition is not None:
        clauses.append(_condition("if", rule.condition.text, program, lang))
    clauses += [cap_words(cap, rule.earn.currency, program, lang) for cap in rule.caps]
    clauses += play_clauses(rule, lang)
    if rule.share is not None:
        clauses.append(say(lang, "share", share=percent(rule.share.share)))
    if rule.budget is not None:
        points = points_words(rule.budget, rule.earn.currency, program, lang)
        clauses.append(say(lang, "budget", points=points))
    if rule.earn.rounding is not Rounding.DOWN and rule.earn.kind is not EarnKind.FIXED:
        clauses.append(say(lang, rule.earn.rounding.value))
    return sentence(lang, joined(lang, clauses))


def gives(rule: Rule, program: Program, lang: str) -> str:
    """What the rule gives, without its conditions."""
    earn = rule.earn
    if not rule.gives_points:
        return effect_clause(rule, program, lang)
    if earn.kind is EarnKind.FIXED:
        types = [type_words(lang, code, program.custom_types) for code in sorted(rule.on)]
        points = points_words(earn.points, earn.currency, program, lang)
        return say(lang, "fixed", points=points, types=listed(lang, types, "or"))
    if earn.kind is EarnKind.RATE:
        return rate_words(rule, program, lang)
    currency, what = currency_words(earn.currency, program, lang), factor_words(earn.rate, lang)
    if not earn.of:
        return say(lang, "everything", currency=currency, what=what)
    names = [
        say(lang, "quote", text=name_in(lang, one.name))
        for one in program.rules
        if one.id in earn.of
    ]
    return say(lang, "multiplied", currency=currency, rules=listed(lang, names), what=what)


def rate_words(rule: Rule, program: Program, lang: str) -> str:
    """3 points per 10 yuan."""
    points, minor = handy(rule.earn.rate, program.money)
    name = currency_words(rule.earn.currency, program, lang)
    if lang == "en":
        name = " " + (name.removesuffix("s") if points == "1" else name)
    money = plain_money(minor, program.money, lang)
    if lang == "en":
        money = money.removeprefix("1 ")
    return say(lang, "rate", points=points + name, money=money)


def factor_words(factor: Rate, lang: str) -> str:
    """doubled, times 1.5."""
    if factor == _DOUBLE:
        return say(lang, "doubled")
    return say(lang, "tripled") if factor == _TRIPLE else say(lang, "times", factor=factor)


def scope_clauses(scope: LineScope | None, program: Program, lang: str) -> list[str]:
    """On which goods a rule counts, and on which it does not."""
    if scope is None:
        return []
    clauses = [say(lang, "on", items=one) for one in _chosen(scope, lang)]
    if scope.condition is not None:
        clauses.append(_condition("on_lines", scope.condition.text, program, lang))
    for kind, codes in (
        ("", scope.except_categories),
        ("brand", scope.except_brands),
        ("article", scope.except_skus),
    ):
        if codes:
            clauses.append(say(lang, "not_on", items=_named(kind, codes, lang, "or")))
    return clauses


def _chosen(scope: LineScope, lang: str) -> list[str]:
    kinds = (("", scope.categories), ("brand", scope.brands), ("article", scope.skus))
    return [_named(kind, codes, lang, "and") for kind, codes in kinds if codes]


def _named(kind: str, codes: frozenset[str], lang: str, last: str) -> str:
    items = goods(lang, sorted(codes), last) if not kind else listed(lang, sorted(codes), last)
    return say(lang, kind, items=items) if kind else items


def _condition(name: str, text: str, program: Program, lang: str) -> str:
    """The condition in words; "" where it can only be said in the language of conditions."""
    words = plain_condition(text, program, lang)
    return say(lang, name, condition=words) if words else ""


def _audience(text: str, program: Program, lang: str) -> str:
    """For whom; "unless it is known and so" is said as one thing."""
    match parse(text):
        case Logic("||", (Unary("!", Select(_, known, True)), Unary("!", Select(_, field, False)))):
            if known == field:
                return say(lang, "unless", what=say(lang, "quote", text=field_phrase(lang, field)))
    return _condition("audience", text, program, lang)


def plain_condition(text: str, program: Program, lang: str) -> str:
    """A condition as people speak; "" where that cannot be done."""
    if not _is_sayable(parse(text)):
        return ""
    places = exponent(program.money)

    def plain(found: re.Match[str]) -> str:
        minor = int(found[1].replace(",", "").replace(".", ""))
        return plain_money(minor, program.money, lang)

    cents = rf"\.\d{{{places}}}" if places else ""
    return re.sub(rf"([\d,]+{cents}) {program.money}", plain, condition_words(text, program, lang))


def _is_sayable(expr: Expr) -> bool:
    """Whether `condition_words` finds words for all of it."""
    match expr:
        case Logic(_, operands):
            return all(_is_sayable(one) for one in operands)
        case Select():
            return True
        case Unary("!", Select() | Binary("in" | "==", _, _) as operand):
            return _is_sayable(operand)
        case Binary(_, Select(_, _, False) | Call("getDate", Name("now"), _), right):
            values = right.items if isinstance(right, ListOfItems) else (right,)
            return all(isinstance(one, Literal) and one.value is not None for one in values)
        case _:
            return False
