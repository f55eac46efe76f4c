"""Reads the benefits of a document; those that give points back become rules beside the others."""

from collections.abc import Collection, Sequence
from typing import Any

from regulars.domain.amounts import Rate
from regulars.domain.programs.benefits import Benefit, BenefitKind, Carriers, Quota, QuotaPer
from regulars.domain.programs.budgets import read_share
from regulars.domain.programs.compiling import compile_condition
from regulars.domain.programs.fields import audience_fields, rule_fields
from regulars.domain.programs.findings import Path
from regulars.domain.programs.pieces import Condition
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.rules import (
    Surroundings,
    audience_cards,
    audience_stages,
    audience_tiers,
    read_lines,
)
from regulars.domain.programs.schedules import read_schedule
from regulars.domain.programs.values import exact, minor_units, span, words

_PURCHASE = frozenset({"purchase"})

WORTH = {
    BenefitKind.PERCENTAGE: ("percent",),
    BenefitKind.AMOUNT: ("amount",),
    BenefitKind.CASHBACK: ("cashback",),
}
"""What a benefit of this kind has to say."""

_ONLY = {
    "percent": {BenefitKind.PERCENTAGE},
    "amount": {BenefitKind.AMOUNT},
    "cashback": {BenefitKind.CASHBACK},
    "ceiling": {BenefitKind.PERCENTAGE, BenefitKind.FREE_DELIVERY},
    "share_of_contribution": {BenefitKind.PERCENTAGE, BenefitKind.AMOUNT, BenefitKind.CASHBACK},
}
"""What benefits of other kinds have no use for."""


def read_benefits(
    report: Report,
    raw: Sequence[dict[str, Any]],
    around: Surroundings,
    rules: Collection[str],
) -> tuple[Benefit, ...]:
    """All benefits in the order of the document. `rules`: the ids of the rules."""
    seen: set[str] = set()
    found: list[Benefit] = []
    for place, one in enumerate(raw):
        path: Path = ("benefits", place)
        if one["id"] in seen:
            report.error("duplicate_id", (*path, "id"), f"{one['id']} is here twice.")
        seen.add(one["id"])
        _check_worth(report, path, one)
        found.append(_benefit(report, path, one, around, rules))
    return tuple(found)


def grantable(raw: Sequence[dict[str, Any]]) -> frozenset[str]:
    """The ids of the benefits that can be granted: all but those that are earning rules."""
    return frozenset(one["id"] for one in raw if one["kind"] != BenefitKind.CASHBACK.value)


def _check_worth(report: Report, path: Path, raw: dict[str, Any]) -> None:
    kind = BenefitKind(raw["kind"])
    for name in WORTH.get(kind, ()):
        if name not in raw:
            report.error("missing", path, f"{name} is missing here: what a {kind.value} is worth.")
    for name, kinds in _ONLY.items():
        if name in raw and kind not in kinds:
            report.error("other_kind", (*path, name), f"A {kind.value} has no {name}: remove it.")
    if "share_of_contribution" in raw:
        for name in ("appointment", "partner"):
            if raw.get(name):
                report.error(
                    "other_kind",
                    (*path, name),
                    f"What is capped by contribution is used with orders: remove {name}.",
                )
    if kind is BenefitKind.CASHBACK:
        if "for" not in raw:
            report.error("cashback_granted", path, "Points are given back by status only: add for.")
        for name in ("threshold", "valid", "appointment", "partner"):
            if name in raw:
                report.error("other_kind", (*path, name), f"Cashback has no {name}: remove it.")


def _benefit(
    report: Report, path: Path, raw: dict[str, Any], around: Surroundings, rules: Collection[str]
) -> Benefit:
    stacking, quota = raw.get("stacking", {}), raw.get("quota")
    group = stacking.get("group")
    if group is not None and group not in around.stacking:
        report.error(
            "unknown_group",
            (*path, "stacking", "group"),
            f"There is no group {group} in stacking.{suggestion(group, around.stacking)}",
        )
    return Benefit(
        id=raw["id"],
        name=words(raw["name"], raw["id"]),
        kind=BenefitKind(raw["kind"]),
        about=raw.get("about"),
        rate=_rate(report, path, raw, around, rules),
        currency=raw.get("cashback", {}).get("currency", ""),
        amount=_money(report, path, raw, "amount", around) or 0,
        ceiling=_money(report, path, raw, "ceiling", around),
        item=raw.get("item", ""),
        carriers=_carriers(report, (*path, "for"), raw.get("for"), around),
        lines=read_lines(
            report, (*path, "lines"), raw.get("lines"), types=_PURCHASE, around=around
        ),
        threshold=_money(report, path, raw, "threshold", around) or 0,
        schedule=read_schedule(
            report,
            (*path, "schedule"),
            raw.get("schedule"),
            zone=around.zone,
            attributes=around.attributes,
        ),
        condition=_condition(report, (*path, "when"), raw.get("when"), around),
        quota=Quota(quota["uses"], QuotaPer(quota["per"])) if quota else None,
        valid=span(report, (*path, "valid"), raw.get("valid")),
        group=group,
        priority=stacking.get("priority", 0),
        restore=raw.get("restore", True),
        is_automatic=raw.get("automatic", True),
        by_appointment=raw.get("appointment", False),
        partner=raw.get("partner", ""),
        share=read_share(report, path, raw, ladder=around.ladder, currencies=around.currencies),
    )


def _rate(
    report: Report, path: Path, raw: dict[str, Any], around: Surroundings, rules: Collection[str]
) -> Rate:
    if "cashback" in raw:
        return _check_cashback(report, path, raw, around, rules)
    return exact(raw["percent"]).times(Rate.of(1, 100)) if "percent" in raw else Rate(0, 1)


def _money(
    report: Report, path: Path, raw: dict[str, Any], name: str, around: Surroundings
) -> int | None:
    if name not in raw:
        return None
    return minor_units(report, (*path, name), raw[name], money=around.money)


def _carriers(report: Report, path: Path, raw: Any, around: Surroundings) -> Carriers | None:
    if raw is None:
        return None
    if raw == "everyone":
        return Carriers()
    return Carriers(
        tiers=audience_tiers(report, (*path, "tiers"), raw, around),
        stages=audience_stages(report, (*path, "stages"), raw, around),
        tags=frozenset(raw.get("tags", ())),
        cards=audience_cards(report, (*path, "cards"), raw, around.cards),
        where=compile_condition(
            report, (*path, "where"), raw.get("where"), audience_fields(around.attributes)
        ),
    )


def _condition(
    report: Report, path: Path, text: str | None, around: Surroundings
) -> Condition | None:
    fields = rule_fields(
        _PURCHASE,
        attributes=around.attributes,
        event_attributes=around.event_attributes,
        custom_types=around.custom_types,
    )
    return compile_condition(report, path, text, fields)


def _check_cashback(
    report: Report, path: Path, raw: dict[str, Any], around: Surroundings, taken: Collection[str]
) -> Rate:
    """Points per minor unit; its rule has the benefit's id, which no other rule may have."""
    if raw["id"] in taken:
        report.error(
            "duplicate_id", (*path, "id"), f"There is a rule {raw['id']}: choose another id."
        )
    given, at = raw["cashback"], (*path, "cashback")
    if given["currency"] not in around.currencies:
        report.error(
            "unknown_currency",
            (*at, "currency"),
            f"There is no currency {given['currency']}."
            f"{suggestion(given['currency'], around.currencies)}",
        )
    per = minor_units(report, (*at, "per"), given["per"], money=around.money)
    return exact(given["rate"]).times(Rate.of(1, per))
