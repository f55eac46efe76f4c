"""Reads the paid memberships of a document."""

from collections.abc import Mapping
from typing import Any

from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Currency, CurrencyKind
from regulars.domain.programs.paid_cards import (
    AfterWindow,
    CardRefund,
    Family,
    PaidCard,
    Sharing,
)
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.values import minor_units, span


def read_cards(
    report: Report,
    raw: dict[str, dict[str, Any]],
    *,
    money: str,
    currencies: Mapping[str, Currency],
) -> dict[str, PaidCard]:
    """All paid memberships by code."""
    return {
        code: _card(report, ("cards", code), given, code=code, money=money, currencies=currencies)
        for code, given in raw.items()
    }


def _card(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    *,
    code: str,
    money: str,
    currencies: Mapping[str, Currency],
) -> PaidCard:
    price = raw.get("price")
    points = _points(report, (*path, "points"), raw.get("points"), currencies)
    term = span(report, (*path, "term"), raw["term"])
    assert term is not None
    return PaidCard(
        code=code,
        name=raw["name"],
        term=term,
        price=None if price is None else minor_units(report, (*path, "price"), price, money=money),
        points=points,
        trial=span(report, (*path, "trial"), raw.get("trial")),
        remind=span(report, (*path, "remind"), raw.get("remind")),
        grace=span(report, (*path, "grace"), raw.get("grace")),
        refund=_refund(report, (*path, "refund"), raw.get("refund", {})),
        family=_family(report, (*path, "family"), raw.get("family")),
    )


def _points(
    report: Report, path: Path, raw: dict[str, Any] | None, currencies: Mapping[str, Currency]
) -> tuple[str, int] | None:
    if raw is None:
        return None
    code = raw["currency"]
    known = currencies.get(code)
    if known is None:
        hint = suggestion(code, currencies)
        report.error("unknown_currency", (*path, "currency"), f"There is no currency {code}.{hint}")
    elif known.kind is CurrencyKind.STATUS:
        report.error(
            "status_currency",
            (*path, "currency"),
            f"{code} is a status currency: nothing is paid with it.",
        )
    return code, raw["amount"]


def _refund(report: Report, path: Path, raw: dict[str, Any]) -> CardRefund:
    return CardRefund(
        full_within=span(report, (*path, "full_within"), raw.get("full_within")),
        then=AfterWindow(raw.get("then", "pro_rata")),
        less_saved=raw.get("less_saved", False),
    )


def _family(report: Report, path: Path, raw: dict[str, Any] | None) -> Family | None:
    if raw is None:
        return None
    return Family(
        persons=raw["persons"],
        cooling=span(report, (*path, "cooling"), raw.get("cooling")),
        quota=Sharing(raw.get("quota", "each")),
    )
