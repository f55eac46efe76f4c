"""Looks over paid cards: what a careful colleague would ask about their terms."""

from datetime import UTC, datetime

from regulars.domain.periods import Duration, add
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import AfterWindow, PaidCard
from regulars.domain.programs.report import Report

_ANY_DAY = datetime(2023, 1, 1, 12, tzinfo=UTC)


def lint_cards(report: Report, program: Program) -> None:
    """Report what is odd about the cards."""
    for code, card in program.cards.items():
        _lint_card(report, ("cards", code), card, program)


def _lint_card(report: Report, path: Path, card: PaidCard, program: Program) -> None:
    def is_longer(span: Duration | None, than: Duration) -> bool:
        return span is not None and add(_ANY_DAY, span, program.zone) >= add(
            _ANY_DAY, than, program.zone
        )

    if is_longer(card.trial, card.term):
        report.warn(
            "card_spans",
            (*path, "trial"),
            "The trial is as long as the term that is paid for. Make it shorter.",
        )
    for name, span in (("remind", card.remind), ("grace", card.grace)):
        if is_longer(span, card.term):
            report.warn(
                "card_spans", (*path, name), "This is as long as the whole term. Make it shorter."
            )
    if is_longer(card.refund.full_within, card.term):
        report.warn(
            "card_spans",
            (*path, "refund", "full_within"),
            "All is paid back until the very end of the term. Make it shorter.",
        )
    if card.remind is None:
        report.warn(
            "card_without_reminder",
            path,
            "Nobody is reminded before the card ends. Add remind, such as P14D: a card that ends"
            " unnoticed, or is renewed so, makes members angry.",
        )
    if card.refund.then is AfterWindow.NOTHING and card.refund.full_within is None:
        report.warn(
            "card_without_refund",
            path,
            "Nothing is ever paid back. In many countries buyers may withdraw within some days:"
            " add refund.full_within.",
        )
