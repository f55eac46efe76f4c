"""Looks over what limits the cost of a program."""

from regulars.domain.programs.model import CurrencyKind, Program
from regulars.domain.programs.report import Report


def lint_budgets(report: Report, program: Program) -> None:
    """Report a program that may cost any amount, and budgets that nothing takes of."""
    spendable = [
        code
        for code, currency in program.currencies.items()
        if currency.kind is CurrencyKind.SPENDABLE and currency.cash_value is not None
    ]
    giving = [rule for rule in program.rules if rule.earn.currency in spendable]
    is_limited = program.budgets or any(
        rule.caps or rule.budget is not None or rule.share is not None for rule in program.rules
    )
    if giving and not is_limited:
        report.warn(
            "no_limit",
            ("rules",),
            "Nothing limits what this may cost: no rule has a cap or a budget. Add a cap for each"
            " member, or a budget for the program.",
        )
    for place, budget in enumerate(program.budgets):
        rules = [rule for rule in program.rules if budget.covers_rule(rule.id)]
        if budget.points is not None and not any(
            rule.earn.currency == budget.currency for rule in rules
        ):
            report.warn(
                "budget_unused",
                ("budgets", place, "points"),
                f"None of its rules gives {budget.currency}.",
            )
