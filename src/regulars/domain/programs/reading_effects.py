"""Reads what rules do beside giving points, and the occasions that they wait for."""

from collections.abc import Collection
from typing import Any

from regulars.domain.programs.effects import Effect, EffectKind
from regulars.domain.programs.findings import Path
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.stages import STAGES
from regulars.domain.programs.values import span

OCCASION = "occasion"
"""The event type of rules that wait for an occasion."""

_WITHOUT_SPAN = (EffectKind.UNTAG, EffectKind.NOTICE, EffectKind.BADGE)


def read_effects(
    report: Report,
    path: Path,
    raw: list[dict[str, Any]],
    *,
    benefits: Collection[str],
    badges: Collection[str],
) -> tuple[Effect, ...]:
    """The effects of a rule. `benefits`: the ids of those that can be granted."""
    return tuple(
        _effect(report, (*path, place), one, benefits, badges) for place, one in enumerate(raw)
    )


def _effect(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    benefits: Collection[str],
    badges: Collection[str],
) -> Effect:
    kind = next(kind for kind in EffectKind if kind.value in raw)
    valid = span(report, (*path, "for"), raw.get("for"))
    if valid is not None and kind in _WITHOUT_SPAN:
        report.error("no_span", (*path, "for"), f"{kind.value} has no end: remove for.")
    if kind is EffectKind.NOTICE:
        return Effect(kind, text=raw["notice"])
    what = raw[kind.value]
    if kind is EffectKind.BENEFIT and what not in benefits:
        report.error(
            "unknown_benefit",
            (*path, "benefit"),
            f"There is no benefit {what} that can be granted.{suggestion(what, benefits)}",
        )
    if kind is EffectKind.BADGE and what not in badges:
        report.error(
            "unknown_badge",
            (*path, "badge"),
            f"There is no badge {what}.{suggestion(what, badges)}",
        )
    return Effect(kind, what, valid)


def read_occasions(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    *,
    types: Collection[str],
    tiers: Collection[str],
    has_lifecycle: bool,
    has_birthdays: bool,
) -> frozenset[str]:
    """The occasions of a rule; reports those that never come."""
    asked = raw.get("occasions", [])
    if (OCCASION in types) != bool(asked):
        message = "Say which occasions the rule is for, such as occasions: [birthday]."
        if asked:
            message = "Only rules on occasion have occasions: write on: occasion."
        report.error("no_occasion", (*path, "occasions") if asked else path, message)
    for place, one in enumerate(asked):
        at: Path = (*path, "occasions", place)
        kind, _, what = one.partition(".")
        known = {"stage": STAGES, "tier": tiers}.get(kind, ())
        if what and what not in known:
            report.error(
                f"unknown_{kind}", at, f"There is no {kind} {what}.{suggestion(what, known)}"
            )
        elif one == "birthday" and not has_birthdays:
            report.error(
                "no_birth_month", at, "Declare the attribute birth_month: int under members."
            )
        elif kind in {"stage", "second_purchase", "member_day"} and not has_lifecycle:
            report.error("no_lifecycle", at, f"{one} needs the section lifecycle.")
    return frozenset(asked)
