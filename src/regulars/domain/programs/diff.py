"""What differs between two versions of a program, in words that an operator reads."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from regulars.domain.periods import Duration
from regulars.domain.programs.budget_words import diff_budgets
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    flag_change,
    mapping_change,
    order_change,
    quoted,
    text_change,
    under,
    value_change,
)
from regulars.domain.programs.diff_benefits import diff_benefits, diff_lifecycle
from regulars.domain.programs.diff_cards import diff_cards
from regulars.domain.programs.diff_phrases import say
from regulars.domain.programs.diff_rules import diff_rules
from regulars.domain.programs.diff_tiers import diff_ladders
from regulars.domain.programs.model import (
    Conversion,
    Currency,
    CustomType,
    Expiry,
    ExpiryKind,
    Program,
)
from regulars.domain.programs.play_words import diff_badges
from regulars.domain.programs.quantities import money_words, span_words
from regulars.domain.programs.till_words import till_changes


def diff(old: Program, new: Program, lang: str = "en") -> list[str]:
    """One sentence for each difference; none exactly when the programs are equal."""
    return [change.words for change in changes(old, new, lang)]


def changes(old: Program, new: Program, lang: str = "en") -> list[Change]:
    """The same with what happened and where. `lang`: one of LANGUAGES."""
    found: list[Change] = []
    for name, tell in PROGRAM_FIELDS.items():
        if getattr(old, name) != getattr(new, name):
            told = tell(old, new, lang)
            assert told, name
            found += at(SECTIONS[name], told)
    return found


def _tell_currencies(old: Program, new: Program, lang: str) -> list[Change]:
    found: list[Change] = []
    for code in sorted({*old.currencies, *new.currencies}):
        was, now = old.currencies.get(code), new.currencies.get(code)
        if was is None and now is not None:
            name, words = quoted(lang, now.name), _currency(now, new, lang)
            told = say(lang, "currency_added", name=name, code=code, words=words)
            found.append(Change(Kind.ADDED, told, (code,)))
        elif now is None and was is not None:
            told = say(lang, "currency_removed", name=quoted(lang, was.name), code=code)
            found.append(Change(Kind.REMOVED, told, (code,)))
        elif was is not None and now is not None and was != now:
            subject = say(lang, "currency", name=quoted(lang, now.name))
            told_of = _tell_currency(was, now, old, new, lang)
            found += at((code,), under(lang, subject, told_of))
    return found


def _currency(currency: Currency, program: Program, lang: str) -> str:
    parts = [
        say(lang, currency.kind.value),
        say(lang, "expiry_is", words=expiry_words(currency.expiry, lang)),
    ]
    if currency.pending is not None:
        parts.append(say(lang, "pending_is", words=span_words(currency.pending, lang)))
    if currency.cash_value is not None:
        parts.append(say(lang, "worth_is", words=_cash_words(currency, program, lang)))
    return ("，" if lang == "zh-CN" else ", ").join(parts)


def _tell_currency(
    was: Currency, now: Currency, old: Program, new: Program, lang: str
) -> list[Change]:
    expiry = value_change(
        lang, say(lang, "expiry"), expiry_words(was.expiry, lang), expiry_words(now.expiry, lang)
    )
    if not expiry and was.expiry != now.expiry:
        expiry = [Change(Kind.CHANGED, say(lang, "expiry_rewritten"))]
    cash: list[Change] = []
    if was.cash_value != now.cash_value:
        cash = value_change(
            lang,
            say(lang, "cash_value"),
            was.cash_value and _cash_words(was, old, lang),
            now.cash_value and _cash_words(now, new, lang),
        )
    kind = value_change(
        lang, say(lang, "kind"), was.kind, now.kind, lambda one: say(lang, one.value)
    )
    pending = value_change(
        lang, say(lang, "pending"), was.pending, now.pending, lambda one: span_words(one, lang)
    )
    breakage = value_change(lang, say(lang, "breakage"), was.breakage, now.breakage)
    giving = flag_change(
        lang, was.transferable, now.transferable, becomes="may_give", no_longer="may_not_give"
    )
    return [
        *at(("name",), text_change(lang, say(lang, "name"), was.name, now.name)),
        *at(("kind",), kind),
        *at(("pending",), pending),
        *at(("expiry",), expiry),
        *at(("cash_value",), cash),
        *at(("breakage",), breakage),
        *at(("transferable",), giving),
        *till_changes(was, now, lang),
    ]


def expiry_words(expiry: Expiry, lang: str = "en") -> str:
    """Never; 12 months after earning; at the end of the year 12 months later; …"""
    span = span_words(expiry.span, lang)
    match expiry.kind:
        case ExpiryKind.NEVER:
            return say(lang, "never")
        case ExpiryKind.AFTER:
            return say(lang, "after_earning", span=span)
        case ExpiryKind.INACTIVE:
            return say(lang, "inactive", span=span)
        case ExpiryKind.END_OF:
            later = "" if expiry.span == Duration() else say(lang, "end_of_later", span=span)
            return say(lang, "end_of", unit=say(lang, expiry.unit.value), later=later)


def _cash_words(currency: Currency, program: Program, lang: str) -> str:
    value = currency.cash_value
    assert value is not None
    # Per 100 points where that is a whole number of minor units, as people quote it.
    scale = 100 // value.den if 100 % value.den == 0 else 1
    money = money_words(value.num * scale, program.money)
    return say(lang, "cash", money=money, points=f"{value.den * scale:,}")


def _tell_conversions(old: Program, new: Program, lang: str) -> list[Change]:
    def by_pair(conversions: tuple[Conversion, ...]) -> dict[str, str]:
        return {
            say(lang, "conversion_pair", source=one.source, target=one.target): (
                f"{one.take}:{one.give}"
            )
            for one in conversions
        }

    before, after = by_pair(old.conversions), by_pair(new.conversions)
    told = mapping_change(lang, say(lang, "conversion"), before, after)
    # They have no names of their own in the document.
    return [Change(one.kind, one.words) for one in told] + order_change(
        lang, say(lang, "conversions"), before, after
    )


def _tell_types(old: Program, new: Program, lang: str) -> list[Change]:
    found: list[Change] = []
    for code in sorted({*old.custom_types, *new.custom_types}):
        was, now = old.custom_types.get(code), new.custom_types.get(code)
        if was is None:
            found.append(Change(Kind.ADDED, say(lang, "type_added", code=code), (code,)))
        elif now is None:
            found.append(Change(Kind.REMOVED, say(lang, "type_removed", code=code), (code,)))
        elif was != now:
            told = under(lang, say(lang, "type", code=code), _tell_type(was, now, lang))
            found += at((code,), told)
    return found


def _tell_type(old: CustomType, new: CustomType, lang: str) -> list[Change]:
    schema: list[Change] = []
    if old.schema != new.schema:
        words = say(lang, "schema_changed", schema=_compact(new.schema))
        schema = [Change(Kind.CHANGED, words, ("schema",))]
    amount = value_change(
        lang, say(lang, "amount_property"), old.amount or None, new.amount or None
    )
    return [
        *at(("name",), text_change(lang, say(lang, "name"), old.name, new.name)),
        *at(("amount",), amount),
        *schema,
    ]


def _compact(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(", ", ": "))


def _tell_event_attributes(old: Program, new: Program, lang: str) -> list[Change]:
    return [
        change
        for code in sorted({*old.event_attributes, *new.event_attributes})
        for change in at(
            (code,),
            mapping_change(
                lang,
                say(lang, "attribute_of", code=code),
                old.event_attributes.get(code, {}),
                new.event_attributes.get(code, {}),
            ),
        )
    ] or [Change(Kind.CHANGED, say(lang, "attributes_empty"))]


def _tell_stacking(old: Program, new: Program, lang: str) -> list[Change]:
    return [
        change
        for code in sorted({*old.stacking, *new.stacking})
        for change in at(
            (code,),
            value_change(
                lang,
                say(lang, "stacking", code=code),
                old.stacking.get(code),
                new.stacking.get(code),
                lambda pick: say(lang, pick.value),
            ),
        )
    ]


def _tell_returns(old: Program, new: Program, lang: str) -> list[Change]:
    spent = value_change(
        lang,
        say(lang, "spent"),
        old.returns.spent,
        new.returns.spent,
        lambda one: say(lang, one.value),
    )
    tier = flag_change(
        lang,
        old.returns.keep_tier,
        new.returns.keep_tier,
        becomes="tier_kept",
        no_longer="tier_taken",
    )
    return [*at(("spent",), spent), *at(("tier",), tier)]


def _tell_unknown(old: Program, new: Program, lang: str) -> list[Change]:
    return flag_change(
        lang,
        old.enroll_unknown,
        new.enroll_unknown,
        becomes="unknown_enroll",
        no_longer="unknown_refuse",
    )


Tell = Callable[[Program, Program, str], list[Change]]

PROGRAM_FIELDS: dict[str, Tell] = {
    "code": lambda old, new, lang: value_change(lang, say(lang, "program_id"), old.code, new.code),
    "name": lambda old, new, lang: text_change(lang, say(lang, "program_name"), old.name, new.name),
    "zone": lambda old, new, lang: value_change(
        lang, say(lang, "time_zone"), old.zone.key, new.zone.key
    ),
    "money": lambda old, new, lang: value_change(lang, say(lang, "money"), old.money, new.money),
    "enroll_unknown": _tell_unknown,
    "attributes": lambda old, new, lang: mapping_change(
        lang, say(lang, "member_attribute"), old.attributes, new.attributes
    ),
    "event_attributes": _tell_event_attributes,
    "custom_types": _tell_types,
    "currencies": _tell_currencies,
    "conversions": _tell_conversions,
    "rules": diff_rules,
    "stacking": _tell_stacking,
    "ladder": lambda old, new, lang: diff_ladders(
        old.ladder, new.ladder, money=new.money, lang=lang
    ),
    "returns": _tell_returns,
    "cards": diff_cards,
    "badges": diff_badges,
    "benefits": diff_benefits,
    "lifecycle": diff_lifecycle,
    "budgets": diff_budgets,
}
"""For each field of a program what is said when it differs."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "code": ("program",),
    "name": ("name",),
    "zone": ("time_zone",),
    "money": ("money",),
    "enroll_unknown": ("members", "unknown"),
    "attributes": ("members", "attributes"),
    "event_attributes": ("event_attributes",),
    "custom_types": ("event_types",),
    "currencies": ("currencies",),
    "conversions": ("conversions",),
    "rules": ("rules",),
    "stacking": ("stacking",),
    "ladder": ("tiers",),
    "returns": ("returns",),
    "cards": ("cards",),
    "badges": ("badges",),
    "benefits": ("benefits",),
    "lifecycle": ("lifecycle",),
    "budgets": ("budgets",),
}
"""Where each field of a program stands in its document."""
