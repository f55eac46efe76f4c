"""What a careful colleague would say about a program document before it is published."""

from collections.abc import Mapping

from regulars.domain.programs.document import build
from regulars.domain.programs.findings import Finding, Path
from regulars.domain.programs.lint_benefits import lint_benefits
from regulars.domain.programs.lint_budgets import lint_budgets
from regulars.domain.programs.lint_cards import lint_cards
from regulars.domain.programs.lint_coupons import lint_coupons
from regulars.domain.programs.lint_currencies import lint_currencies
from regulars.domain.programs.lint_generosity import lint_generosity
from regulars.domain.programs.lint_play import lint_play
from regulars.domain.programs.lint_rules import lint_rules
from regulars.domain.programs.lint_tiers import lint_tiers
from regulars.domain.programs.lint_usage import lint_usage
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.programs.report import Report
from regulars.domain.programs.source import open_document


def lint(text: str, coupons: Mapping[str, str] | None = None) -> list[Finding]:
    """Errors and warnings in the order of the text. Only errors keep it from being published.

    Warnings are looked for only in a document without errors. `coupons`: the states of the coupon
    templates by code, where they are known. Raises ProgramInvalid only for a
    text that is neither YAML nor JSON.
    """
    report = Report(open_document(text))
    program, examples = build(report)
    if program is None or report.has_errors:
        return report.findings()
    lint_rules(report, program)
    lint_currencies(report, program)
    lint_generosity(report, program)
    lint_tiers(report, program)
    lint_usage(report, program)
    lint_benefits(report, program)
    lint_cards(report, program)
    lint_play(report, program)
    lint_budgets(report, program)
    if coupons is not None:
        lint_coupons(report, program, coupons)
    _lint_texts(report)
    if not examples:
        report.warn(
            "no_examples",
            (),
            "There are no examples. Add a few under examples: they test the program before it is"
            " published, and show what it means.",
        )
    return report.findings()


def _lint_texts(report: Report) -> None:
    """Words that are missing in a language the product speaks."""
    raw = report.source.value
    named: list[Path] = [("name",)]
    named += [("currencies", code, "name") for code in raw["currencies"]]
    named += [("rules", place, "name") for place in range(len(raw["rules"]))]
    named += [("event_types", code, "name") for code in raw.get("event_types", {})]
    named += [("cards", code, "name") for code in raw.get("cards", {})]
    named += [("budgets", place, "name") for place in range(len(raw.get("budgets", [])))]
    named += [("benefits", place, "name") for place in range(len(raw.get("benefits", [])))]
    named += [("badges", code, "name") for code in raw.get("badges", {})]
    ladder = raw.get("tiers", {}).get("ladder", [])
    named += [("tiers", "ladder", place, "name") for place in range(len(ladder))]
    for path in named:
        around = report.source.value_at(path[:-1])
        words = around.get(str(path[-1]))
        if words is None:
            report.warn("no_name", path[:-1], "It has no name. Add one: it is what members read.")
            continue
        for lang in LANGUAGES:
            if lang not in words:
                report.warn("missing_translation", path, f"The words in {lang} are missing.")
