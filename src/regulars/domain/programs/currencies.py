"""Reads the currencies of a document and what may be converted into what."""

from collections.abc import Mapping
from typing import Any

from regulars.domain.amounts import Rate
from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Conversion, Currency, CurrencyKind, Expiry, ExpiryKind
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.till_terms import EarnOn, TillTerms
from regulars.domain.programs.values import exact, minor_units, span

_SPENDABLE_ONLY = (
    "pending", "expiry", "cash_value", "breakage", "transferable", "at_till", "restore_grace",
)  # fmt: skip


def read_currencies(report: Report, raw: dict[str, Any], *, money: str) -> dict[str, Currency]:
    """All currencies by code."""
    return {
        code: _currency(report, ("currencies", code), given, code=code, money=money)
        for code, given in raw.items()
    }


def _currency(
    report: Report, path: Path, raw: dict[str, Any], *, code: str, money: str
) -> Currency:
    kind = CurrencyKind(raw["kind"])
    if kind is CurrencyKind.STATUS:
        for name in _SPENDABLE_ONLY:
            if raw.get(name, "never") not in ("never", 0):
                report.error(
                    "status_currency",
                    (*path, name),
                    f"{code} is a status currency: it is never spent and has no {name}."
                    " Remove it, or make the currency spendable.",
                )
    return Currency(
        code=code,
        kind=kind,
        name=raw["name"],
        pending=span(report, (*path, "pending"), raw.get("pending")),
        expiry=_expiry(report, (*path, "expiry"), raw.get("expiry", "never")),
        cash_value=_cash_value(report, (*path, "cash_value"), raw.get("cash_value"), money=money),
        breakage=exact(raw.get("breakage", 0)),
        transferable=raw.get("transferable", False),
        at_till=_at_till(report, (*path, "at_till"), raw),
        restore_grace=span(report, (*path, "restore_grace"), raw.get("restore_grace")),
    )


def _expiry(report: Report, path: Path, raw: Any) -> Expiry:
    if raw == "never":
        return Expiry(ExpiryKind.NEVER)
    if "inactive" in raw:
        inactive = span(report, (*path, "inactive"), raw["inactive"]) or Duration()
        return Expiry(ExpiryKind.INACTIVE, inactive)
    after = span(report, (*path, "after"), raw.get("after")) or Duration()
    if "end_of" in raw:
        return Expiry(ExpiryKind.END_OF, after, Unit(raw["end_of"]))
    return Expiry(ExpiryKind.AFTER, after)


def _at_till(report: Report, path: Path, raw: dict[str, Any]) -> TillTerms | None:
    given = raw.get("at_till")
    if given is None:
        return None
    if "cash_value" not in raw:
        report.error(
            "till_without_value",
            path,
            "Nobody can pay with points that are worth nothing. Add a cash_value.",
        )
    terms = TillTerms(
        least=given.get("least", 1),
        most=given.get("most"),
        step=given.get("step", 1),
        share=exact(given.get("share", 1)),
        earn_on=EarnOn(given.get("earn_on", "money")),
    )
    if terms.most is not None and terms.most < -(-terms.least // terms.step) * terms.step:
        report.error("till_never", (*path, "most"), "No number of points is possible: raise most.")
    return terms


def _cash_value(
    report: Report, path: Path, raw: dict[str, Any] | None, *, money: str
) -> Rate | None:
    if raw is None:
        return None
    minor = minor_units(report, (*path, "amount"), raw["amount"], money=money)
    return Rate.of(minor, raw["points"])


def read_conversions(
    report: Report, raw: list[dict[str, Any]], currencies: Mapping[str, Currency]
) -> tuple[Conversion, ...]:
    """All conversions; reports unknown, status and repeated ones."""
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(raw):
        path: Path = ("conversions", place)
        for side in ("from", "to"):
            known = currencies.get(one[side])
            if known is None:
                report.error(
                    "unknown_currency",
                    (*path, side),
                    f"There is no currency {one[side]}.{suggestion(one[side], currencies)}",
                )
            elif known.kind is CurrencyKind.STATUS:
                report.error("status_currency", (*path, side), f"{one[side]} is a status currency.")
        pair = (one["from"], one["to"])
        if pair[0] == pair[1]:
            report.error("same_currency", path, "A currency does not convert into itself.")
        if pair in seen:
            report.error("duplicate_id", path, f"{pair[0]} to {pair[1]} is here twice.")
        seen.add(pair)
    return tuple(Conversion(one["from"], one["to"], one["take"], one["give"]) for one in raw)
