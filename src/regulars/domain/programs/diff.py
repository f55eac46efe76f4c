"""What differs between two versions of a program, in words that an operator reads."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from regulars.domain.periods import Duration
from regulars.domain.programs.changes import (
    flag_change,
    mapping_change,
    order_change,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.diff_rules import diff_rules
from regulars.domain.programs.diff_tiers import diff_ladders
from regulars.domain.programs.model import (
    Conversion,
    Currency,
    CustomType,
    Expiry,
    ExpiryKind,
    Program,
    WhenSpent,
)
from regulars.domain.programs.quantities import money_words, span_words


def diff(old: Program, new: Program) -> list[str]:
    """One sentence for each difference; none exactly when the programs are equal."""
    sentences: list[str] = []
    for name, tell in PROGRAM_FIELDS.items():
        if getattr(old, name) != getattr(new, name):
            told = tell(old, new)
            assert told, name
            sentences += told
    return sentences


def _tell_currencies(old: Program, new: Program) -> list[str]:
    sentences: list[str] = []
    for code in sorted({*old.currencies, *new.currencies}):
        was, now = old.currencies.get(code), new.currencies.get(code)
        if was is None and now is not None:
            sentences.append(f"New currency {quoted(now.name)} ({code}): {_currency(now, new)}")
        elif now is None and was is not None:
            sentences.append(f"Currency {quoted(was.name)} ({code}) removed")
        elif was is not None and now is not None and was != now:
            sentences += under(f"Currency {quoted(now.name)}", _tell_currency(was, now, old, new))
    return sentences


def _currency(currency: Currency, program: Program) -> str:
    parts = [currency.kind.value, f"expiry {expiry_words(currency.expiry)}"]
    if currency.pending is not None:
        parts.append(f"pending for {span_words(currency.pending)}")
    if currency.cash_value is not None:
        parts.append(f"worth {_cash_words(currency, program)}")
    return ", ".join(parts)


def _tell_currency(was: Currency, now: Currency, old: Program, new: Program) -> list[str]:
    return [
        *text_change("name", was.name, now.name),
        *value_change("kind", was.kind.value, now.kind.value),
        *value_change("pending time", was.pending, now.pending, span_words),
        *(
            value_change("expiry", expiry_words(was.expiry), expiry_words(now.expiry))
            or ([] if was.expiry == now.expiry else ["expiry is written in another way"])
        ),
        *(
            value_change(
                "cash value",
                was.cash_value and _cash_words(was, old),
                now.cash_value and _cash_words(now, new),
            )
            if was.cash_value != now.cash_value
            else []
        ),
        *value_change("expected breakage", was.breakage, now.breakage),
        *flag_change(
            was.transferable,
            now.transferable,
            becomes="members may now give points to each other",
            no_longer="members may no longer give points to each other",
        ),
    ]


def expiry_words(expiry: Expiry) -> str:
    """Never; 12 months after earning; at the end of the year 12 months later; …"""
    span = span_words(expiry.span)
    match expiry.kind:
        case ExpiryKind.NEVER:
            return "never"
        case ExpiryKind.AFTER:
            return f"{span} after earning"
        case ExpiryKind.INACTIVE:
            return f"after {span} without activity"
        case ExpiryKind.END_OF:
            later = "" if expiry.span == Duration() else f" {span} later"
            return f"at the end of the {expiry.unit}{later}"


def _cash_words(currency: Currency, program: Program) -> str:
    value = currency.cash_value
    assert value is not None
    # Per 100 points where that is a whole number of minor units, as people quote it.
    scale = 100 // value.den if 100 % value.den == 0 else 1
    return f"{money_words(value.num * scale, program.money)} per {value.den * scale:,} points"


def _tell_conversions(old: Program, new: Program) -> list[str]:
    def by_pair(conversions: tuple[Conversion, ...]) -> dict[str, str]:
        return {f"{one.source} to {one.target}": f"{one.take}:{one.give}" for one in conversions}

    before, after = by_pair(old.conversions), by_pair(new.conversions)
    return mapping_change("Conversion", before, after) + order_change("Conversions", before, after)


def _tell_types(old: Program, new: Program) -> list[str]:
    sentences: list[str] = []
    for code in sorted({*old.custom_types, *new.custom_types}):
        was, now = old.custom_types.get(code), new.custom_types.get(code)
        if was is None or now is None:
            sentences.append(f"Event type {code} {'added' if was is None else 'removed'}")
        elif was != now:
            sentences += under(f"Event type {code}", _tell_type(was, now))
    return sentences


def _tell_type(old: CustomType, new: CustomType) -> list[str]:
    return [
        *text_change("name", old.name, new.name),
        *value_change("amount property", old.amount or None, new.amount or None),
        *(["schema changed to " + _compact(new.schema)] if old.schema != new.schema else []),
    ]


def _compact(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(", ", ": "))


def _tell_event_attributes(old: Program, new: Program) -> list[str]:
    return [
        sentence
        for code in sorted({*old.event_attributes, *new.event_attributes})
        for sentence in mapping_change(
            f"Attribute of {code}",
            old.event_attributes.get(code, {}),
            new.event_attributes.get(code, {}),
        )
    ] or ["Event attributes without any name changed"]


def _tell_stacking(old: Program, new: Program) -> list[str]:
    return [
        sentence
        for code in sorted({*old.stacking, *new.stacking})
        for sentence in value_change(
            f"Stacking group {code}",
            old.stacking.get(code),
            new.stacking.get(code),
            lambda pick: str(pick.value),
        )
    ]


def _tell_returns(old: Program, new: Program) -> list[str]:
    def say(spent: WhenSpent) -> str:
        return {
            WhenSpent.NEGATIVE: "makes the balance negative",
            WhenSpent.OWE: "is owed",
            WhenSpent.WAIVE: "is waived",
        }[spent]

    return [
        *value_change("What a return finds spent", old.returns.spent, new.returns.spent, say),
        *flag_change(
            old.returns.keep_tier,
            new.returns.keep_tier,
            becomes="A return no longer takes a tier back",
            no_longer="A return now takes back the tier its purchase brought",
        ),
    ]


PROGRAM_FIELDS: dict[str, Callable[[Program, Program], list[str]]] = {
    "code": lambda old, new: value_change("Program id", old.code, new.code),
    "name": lambda old, new: text_change("Program name", old.name, new.name),
    "zone": lambda old, new: value_change("Time zone", old.zone.key, new.zone.key),
    "money": lambda old, new: value_change("Money", old.money, new.money),
    "enroll_unknown": lambda old, new: flag_change(
        old.enroll_unknown,
        new.enroll_unknown,
        becomes="Unknown persons now become members by their first event",
        no_longer="Events of unknown persons are now refused",
    ),
    "attributes": lambda old, new: mapping_change(
        "Member attribute", old.attributes, new.attributes
    ),
    "event_attributes": _tell_event_attributes,
    "custom_types": _tell_types,
    "currencies": _tell_currencies,
    "conversions": _tell_conversions,
    "rules": diff_rules,
    "stacking": _tell_stacking,
    "ladder": lambda old, new: diff_ladders(old.ladder, new.ladder, money=new.money),
    "returns": _tell_returns,
}
"""For each field of a program what is said when it differs."""
