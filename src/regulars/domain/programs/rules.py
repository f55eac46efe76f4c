"""Reads the rules of a document and checks what they say against the rest of the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Points, Rate, Rounding
from regulars.domain.events import BUILT_IN
from regulars.domain.programs.budgets import read_share
from regulars.domain.programs.compiling import compile_condition
from regulars.domain.programs.fields import audience_fields, rule_fields
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import (
    NO_POINTS,
    Cap,
    CapPer,
    Currency,
    CustomType,
    Earn,
    EarnKind,
    Ladder,
    Pick,
    Rule,
)
from regulars.domain.programs.paid_cards import PaidCard
from regulars.domain.programs.pieces import Condition, LineScope
from regulars.domain.programs.playing import read_challenge, read_streak
from regulars.domain.programs.reading_effects import OCCASION, read_effects, read_occasions
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.schedules import BIRTH_MONTH, read_schedule
from regulars.domain.programs.stages import Lifecycle
from regulars.domain.programs.values import every, exact, minor_units, words

WITH_AMOUNT = frozenset({"purchase", "card_payment", "asset_statement"})
"""The built-in types that have an amount of money for a rate to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What rules refer to: everything of the program but the rules."""

    zone: ZoneInfo
    money: str
    currencies: Mapping[str, Currency]
    attributes: Mapping[str, str]
    event_attributes: Mapping[str, Mapping[str, str]]
    custom_types: Mapping[str, CustomType]
    stacking: Mapping[str, Pick]
    ladder: Ladder | None
    cards: Mapping[str, PaidCard] = field(default_factory=dict)
    benefits: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()
    lifecycle: Lifecycle | None = None

    def has_amount(self, code: str) -> bool:
        """Whether events of this type carry money for a rate to count."""
        custom = self.custom_types.get(code)
        return bool(custom.amount) if custom else code in WITH_AMOUNT


def read_rules(report: Report, raw: list[dict[str, Any]], around: Surroundings) -> tuple[Rule, ...]:
    """All rules in the order of the document."""
    seen: set[str] = set()
    rules: list[Rule] = []
    for place, one in enumerate(raw):
        if one["id"] in seen:
            report.error("duplicate_id", ("rules", place, "id"), f"{one['id']} is here twice.")
        seen.add(one["id"])
        rules.append(_rule(report, ("rules", place), one, around))
    _check_multiplied(report, rules)
    _check_groups(report, rules)
    return tuple(rules)


def _rule(report: Report, path: Path, raw: dict[str, Any], around: Surroundings) -> Rule:
    types = _types(report, (*path, "on"), raw["on"], around)
    audience = raw.get("audience", {})
    stacking = raw.get("stacking", {})
    group = stacking.get("group")
    if group is not None and group not in around.stacking:
        report.error(
            "unknown_group",
            (*path, "stacking", "group"),
            f"There is no group {group} in stacking.{suggestion(group, around.stacking)}",
        )
    if "purchase" not in types:
        for name in ("lines", "payment"):
            if name in raw:
                report.error(
                    "purchases_only", (*path, name), f"Only purchases have {name}: remove it."
                )
    return Rule(
        id=raw["id"],
        name=words(raw.get("name"), raw["id"]),
        on=types,
        earn=_earn(report, path, raw, types=types, around=around),
        tiers=audience_tiers(report, (*path, "audience", "tiers"), audience, around),
        cards=audience_cards(report, (*path, "audience", "cards"), audience, around.cards),
        stages=audience_stages(report, (*path, "audience", "stages"), audience, around),
        tags=frozenset(audience.get("tags", ())),
        audience=compile_condition(
            report,
            (*path, "audience", "where"),
            audience.get("where"),
            audience_fields(around.attributes),
        ),
        condition=_when(report, (*path, "when"), raw.get("when"), types=types, around=around),
        schedule=read_schedule(
            report,
            (*path, "schedule"),
            raw.get("schedule"),
            zone=around.zone,
            attributes=around.attributes,
        ),
        lines=read_lines(report, (*path, "lines"), raw.get("lines"), types=types, around=around),
        payment_methods=frozenset(raw.get("payment", ())),
        caps=_caps(report, (*path, "caps"), raw.get("caps", [])),
        budget=raw.get("budget"),
        share=read_share(report, path, raw, ladder=around.ladder, currencies=around.currencies),
        group=group,
        priority=stacking.get("priority", 0),
        effects=read_effects(
            report,
            (*path, "effects"),
            raw.get("effects", []),
            benefits=around.benefits,
            badges=around.badges,
        ),
        occasions=read_occasions(
            report,
            path,
            raw,
            types=raw["on"] if isinstance(raw["on"], list) else [raw["on"]],
            tiers=[tier.code for tier in around.ladder.tiers] if around.ladder else [],
            has_lifecycle=around.lifecycle is not None,
            has_birthdays=around.attributes.get(BIRTH_MONTH) == "int",
        ),
        challenge=read_challenge(report, path, raw),
        streak=read_streak(report, path, raw, types),
    )


def _types(report: Report, path: Path, raw: Any, around: Surroundings) -> frozenset[str]:
    """The event types of a rule, those that exist."""
    known = (set(BUILT_IN) | set(around.custom_types) | {OCCASION}) - {"return"}
    for place, code in enumerate(every(raw)):
        at = (*path, place) if isinstance(raw, list) else path
        if code == "return":
            report.error(
                "return_earns", at, "A return takes back what its purchase gave; no rule is on it."
            )
        elif code not in known:
            report.error(
                "unknown_event_type", at, f"There is no event type {code}.{suggestion(code, known)}"
            )
    return frozenset(every(raw)) & known


def _earn(
    report: Report,
    path: Path,
    raw: dict[str, Any],
    *,
    types: frozenset[str],
    around: Surroundings,
) -> Earn:
    given = raw.get("earn")
    if given is None:
        return NO_POINTS
    at: Path = (*path, "earn")
    currency, rounding = given["currency"], Rounding(raw.get("rounding", "down"))
    if currency not in around.currencies:
        report.error(
            "unknown_currency",
            (*at, "currency"),
            f"There is no currency {currency}.{suggestion(currency, around.currencies)}",
        )
    if "points" in given:
        return Earn(currency, EarnKind.FIXED, points=Points(given["points"]), rounding=rounding)
    if "multiply" in given:
        if given["multiply"] <= 1:
            report.error(
                "no_multiple", (*at, "multiply"), "A factor is more than 1, such as 1.5 or 2."
            )
        factor, of = exact(given["multiply"]), frozenset(given.get("of", ()))
        return Earn(currency, EarnKind.MULTIPLY, rate=factor, of=of, rounding=rounding)
    without = sorted(code for code in types if not around.has_amount(code))
    if without:
        report.error(
            "no_amount",
            (*at, "rate"),
            f"{without[0]} has no amount of money to count: give points instead.",
        )
    per = minor_units(report, (*at, "per"), given["per"], money=around.money)
    rate = exact(given["rate"]).times(Rate.of(1, per))
    return Earn(currency, EarnKind.RATE, rate=rate, rounding=rounding)


def audience_tiers(
    report: Report, path: Path, raw: dict[str, Any], around: Surroundings
) -> frozenset[str]:
    """The tiers that an audience names, those that there are."""
    known = [tier.code for tier in around.ladder.tiers] if around.ladder else []
    for place, code in enumerate(raw.get("tiers", [])):
        if code not in known:
            report.error(
                "unknown_tier",
                (*path, place),
                f"There is no tier {code}.{suggestion(code, known)}",
            )
    return frozenset(raw.get("tiers", ()))


def audience_stages(
    report: Report, path: Path, raw: dict[str, Any], around: Surroundings
) -> frozenset[str]:
    """The stages that an audience names; there are none without a lifecycle."""
    if "stages" in raw and around.lifecycle is None:
        report.error("no_lifecycle", path, "Stages need the section lifecycle.")
    return frozenset(raw.get("stages", ()))


def audience_cards(
    report: Report, path: Path, raw: dict[str, Any], known: Mapping[str, PaidCard]
) -> frozenset[str]:
    """The paid cards that an audience names, those that are sold."""
    for place, code in enumerate(raw.get("cards", [])):
        if code not in known:
            hint = suggestion(code, known)
            report.error("unknown_card", (*path, place), f"There is no paid card {code}.{hint}")
    return frozenset(raw.get("cards", ()))


def _when(
    report: Report, path: Path, text: str | None, *, types: frozenset[str], around: Surroundings
) -> Condition | None:
    if text is None or not types:
        return None
    fields = rule_fields(
        types,
        attributes=around.attributes,
        event_attributes=around.event_attributes,
        custom_types=around.custom_types,
    )
    return compile_condition(report, path, text, fields)


def read_lines(
    report: Report,
    path: Path,
    raw: dict[str, Any] | None,
    *,
    types: frozenset[str],
    around: Surroundings,
) -> LineScope | None:
    """Which lines of a purchase are meant; None: all."""
    if raw is None or "purchase" not in types:
        return None
    fields = rule_fields(
        {"purchase"},
        attributes=around.attributes,
        event_attributes=around.event_attributes,
        custom_types=around.custom_types,
        with_line=True,
    )
    excepted = raw.get("except", {})
    return LineScope(
        skus=frozenset(raw.get("skus", ())),
        categories=frozenset(raw.get("categories", ())),
        brands=frozenset(raw.get("brands", ())),
        except_skus=frozenset(excepted.get("skus", ())),
        except_categories=frozenset(excepted.get("categories", ())),
        except_brands=frozenset(excepted.get("brands", ())),
        condition=compile_condition(report, (*path, "where"), raw.get("where"), fields),
    )


def _caps(report: Report, path: Path, raw: list[dict[str, Any]]) -> tuple[Cap, ...]:
    seen: set[str] = set()
    for place, one in enumerate(raw):
        if one["per"] in seen:
            report.error(
                "duplicate_id",
                (*path, place, "per"),
                f"There is a cap per {one['per']} already: put points and times into one.",
            )
        seen.add(one["per"])
    return tuple(Cap(CapPer(one["per"]), one.get("points"), one.get("times")) for one in raw)


def _check_multiplied(report: Report, rules: list[Rule]) -> None:
    by_id = {rule.id: rule for rule in rules}
    for place, rule in enumerate(rules):
        for number, code in enumerate(
            report.source.value["rules"][place].get("earn", {}).get("of", [])
        ):
            path: Path = ("rules", place, "earn", "of", number)
            base = by_id.get(code)
            if base is None:
                report.error(
                    "unknown_rule", path, f"There is no rule {code}.{suggestion(code, by_id)}"
                )
            elif base.earn.kind is EarnKind.MULTIPLY:
                report.error(
                    "multiplied_multiplier",
                    path,
                    f"{code} is a multiplier; factors add up instead.",
                )
            elif base.earn.currency != rule.earn.currency:
                report.error(
                    "other_currency", path, f"{code} gives {base.earn.currency}, not this currency."
                )


def _check_groups(report: Report, rules: list[Rule]) -> None:
    first: dict[str, Rule] = {}
    for place, rule in enumerate(rules):
        if rule.group is None:
            continue
        other = first.setdefault(rule.group, rule)
        multiplies = [one.earn.kind is EarnKind.MULTIPLY for one in (other, rule)]
        if multiplies[0] is not multiplies[1]:
            report.error(
                "mixed_group",
                ("rules", place, "stacking", "group"),
                f"The group {rule.group} has {other.id} in it: multipliers compete with"
                " multipliers only. Use another group.",
            )
