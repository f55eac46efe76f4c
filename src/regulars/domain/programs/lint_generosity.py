"""Looks for rules that together give back too much of the price."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, product
from typing import NamedTuple

from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import EarnKind, Pick, Program, Rule
from regulars.domain.programs.pieces import LineScope
from regulars.domain.programs.report import Report

LIMIT = Fraction(1, 5)
"""The share of the price above which a warning is given."""

MAX_WORK = 100_000
"""The most rules times cases that are looked at; a larger program is looked at in part."""

_OTHER = ""


class Case(NamedTuple):
    """One kind of line bought by one kind of member; "" is any that no rule names."""

    type: str
    category: str
    brand: str
    tier: str


def lint_generosity(report: Report, program: Program) -> None:
    """Report the case in which the most is given back, where that is more than LIMIT."""
    worst, worst_case = Fraction(0), None
    for case in islice(_cases(program), MAX_WORK // max(len(program.rules), 1)):
        share = sum(given_back(program, case).values(), Fraction(0))
        if share > worst:
            worst, worst_case = share, case
    if worst_case is None or worst <= LIMIT:
        return
    parts = given_back(program, worst_case)
    most = max(parts, key=lambda code: parts[code])
    places = [place for place, rule in enumerate(program.rules) if rule.id == most]
    path: Path = ("rules", places[0], "earn")
    names = ", ".join(code for code in parts if parts[code])
    report.warn(
        "gives_back_much",
        path,
        f"Up to {float(worst) * 100:.4g} % of the price is given back{_where(worst_case)}, by"
        f" {names} together. Lower a rate or factor, or put the rules into one stacking group.",
    )


def _where(case: Case) -> str:
    parts = [case.category, case.brand, f"tier {case.tier}" if case.tier else ""]
    named = [part for part in parts if part]
    return f" ({', '.join(named)})" if named else ""


def _cases(program: Program) -> Iterator[Case]:
    rules = [rule for rule in program.rules if rule.earn.kind is not EarnKind.FIXED]
    scopes = [rule.lines for rule in rules if rule.lines is not None]
    types = sorted({code for rule in rules for code in rule.on})
    tiers = sorted({code for rule in rules for code in rule.tiers})
    yield from (
        Case(*parts)
        for parts in product(
            types,
            [_OTHER, *sorted({name for scope in scopes for name in scope.categories})],
            [_OTHER, *sorted({name for scope in scopes for name in scope.brands})],
            [_OTHER, *tiers],
        )
    )


def given_back(program: Program, case: Case) -> dict[str, Fraction]:
    """The share of the price that each rule gives back in the best case, by rule."""
    points: dict[str, Fraction] = {}
    by_currency: dict[str, Fraction] = {}
    shares: dict[str, Fraction] = {}
    for rule in _chosen(program, case, EarnKind.RATE):
        code = rule.earn.currency
        points[rule.id] = _ratio(rule)
        by_currency[code] = by_currency.get(code, Fraction(0)) + _ratio(rule)
        shares[rule.id] = _ratio(rule) * _cash_value(program, rule)
    for rule in _chosen(program, case, EarnKind.MULTIPLY):
        multiplied = by_currency.get(rule.earn.currency, Fraction(0))
        if rule.earn.of:
            multiplied = sum((points.get(base, Fraction(0)) for base in rule.earn.of), Fraction(0))
        shares[rule.id] = (_ratio(rule) - 1) * multiplied * _cash_value(program, rule)
    return shares


def _cash_value(program: Program, rule: Rule) -> Fraction:
    value = program.currencies[rule.earn.currency].cash_value
    return Fraction(value.num, value.den) if value else Fraction(0)


def _chosen(program: Program, case: Case, kind: EarnKind) -> Iterable[Rule]:
    """The rules of a kind that apply in a case, one of each group that lets only one through."""
    best: dict[str, Rule] = {}
    for rule in program.rules:
        if rule.earn.kind is not kind or not _applies(rule, case):
            continue
        if rule.group is None or program.stacking[rule.group] is Pick.ALL:
            best[f"rule {rule.id}"] = rule
            continue
        other = best.get(rule.group)
        if other is None or _ratio(rule) > _ratio(other):
            best[rule.group] = rule
    return best.values()


def _ratio(rule: Rule) -> Fraction:
    return Fraction(rule.earn.rate.num, rule.earn.rate.den)


def _applies(rule: Rule, case: Case) -> bool:
    if case.type not in rule.on or (rule.tiers and case.tier not in rule.tiers):
        return False
    return rule.lines is None or _in_scope(rule.lines, case)


def _in_scope(scope: LineScope, case: Case) -> bool:
    if scope.categories and case.category not in scope.categories:
        return False
    if scope.brands and case.brand not in scope.brands:
        return False
    return case.category not in scope.except_categories and case.brand not in scope.except_brands
