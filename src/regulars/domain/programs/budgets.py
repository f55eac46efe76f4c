"""Reads the budgets of a document, and caps by what a member brought in."""

from collections.abc import Collection, Mapping
from typing import Any

from regulars.domain.periods import Unit
from regulars.domain.programs.budget_terms import Budget, ShareCap
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Currency, Ladder, MetricSource
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.values import exact, minor_units, words


def read_budgets(
    report: Report,
    raw: list[dict[str, Any]],
    *,
    money: str,
    currencies: Collection[str],
    rules: Collection[str],
    benefits: Collection[str],
) -> tuple[Budget, ...]:
    """All budgets in the order of the document. Coupons are not looked up: they are made later."""
    seen: set[str] = set()
    found: list[Budget] = []
    for place, one in enumerate(raw):
        path: Path = ("budgets", place)
        if one["id"] in seen:
            report.error("duplicate_id", (*path, "id"), f"{one['id']} is here twice.")
        seen.add(one["id"])
        _known(report, (*path, "rules"), one.get("rules", []), rules, "rule")
        _known(report, (*path, "benefits"), one.get("benefits", []), benefits, "benefit")
        found.append(_budget(report, path, one, money=money, currencies=currencies))
    return tuple(found)


def _budget(
    report: Report, path: Path, raw: dict[str, Any], *, money: str, currencies: Collection[str]
) -> Budget:
    points = raw.get("points", {})
    currency = points.get("currency", "")
    if currency:
        at: Path = (*path, "points", "currency")
        _known(report, at[:-1], [currency], currencies, "currency", at=at)
    covered = ("rules", "benefits", "coupons")
    is_everything = not any(name in raw for name in covered)
    if not is_everything and "points" in raw and "rules" not in raw:
        report.error("budget_for_nothing", (*path, "points"), "Only rules give points: name rules.")
    if not is_everything and "money" in raw and not {"benefits", "coupons"} & raw.keys():
        report.error(
            "budget_for_nothing",
            (*path, "money"),
            "Only benefits and coupons take money off: name some, or give points.",
        )
    return Budget(
        id=raw["id"],
        name=words(raw.get("name"), raw["id"]),
        per=Unit(raw["per"]) if "per" in raw else None,
        currency=currency,
        points=points.get("most"),
        money=(
            minor_units(report, (*path, "money"), raw["money"], money=money)
            if "money" in raw
            else None
        ),
        is_everything=is_everything,
        rules=frozenset(raw.get("rules", ())),
        benefits=frozenset(raw.get("benefits", ())),
        coupons=frozenset(raw.get("coupons", ())),
    )


def _known(
    report: Report,
    path: Path,
    codes: list[str],
    known: Collection[str],
    what: str,
    *,
    at: Path | None = None,
) -> None:
    for place, code in enumerate(codes):
        if code not in known:
            report.error(
                f"unknown_{what}",
                at or (*path, place),
                f"There is no {what} {code}.{suggestion(code, list(known))}",
            )


def read_share(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    *,
    ladder: Ladder | None,
    currencies: Mapping[str, Currency],
) -> ShareCap | None:
    """A rule's or a benefit's cap by what the member brought in."""
    given = raw.get("share_of_contribution")
    if given is None:
        return None
    at: Path = (*path, "share_of_contribution")
    metrics = ladder.metrics if ladder is not None else {}
    metric = metrics.get(given["metric"])
    if metric is None:
        hint = suggestion(given["metric"], list(metrics))
        report.error(
            "unknown_metric", (*at, "metric"), f"There is no metric {given['metric']}.{hint}"
        )
    elif metric.source is not MetricSource.SPEND:
        report.error(
            "no_spending", (*at, "metric"), "Only a metric with spend: true says what was paid."
        )
    earned = raw.get("earn", raw.get("cashback", {}))
    points = currencies.get(earned.get("currency", ""))
    if points is not None and points.cash_value is None:
        report.error(
            "no_cash_value",
            at,
            f"A share of money needs to know what points are worth: give {points.code} a"
            " cash_value.",
        )
    return ShareCap(exact(given["at_most"]), given["metric"])
