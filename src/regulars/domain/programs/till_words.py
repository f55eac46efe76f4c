"""Paying with points in words: for members, and what differs between two versions."""

from regulars.domain.amounts import Rate
from regulars.domain.programs.changes import Change, Kind, at, value_change
from regulars.domain.programs.model import Currency
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.till_terms import EarnOn, TillTerms

_WORDS = {
    "at_till": ("paying with them", "积分抵现"),
    "restore_grace": ("grace for points given back too late", "退还已过期积分的宽限"),
    "open": ("possible", "可用"),
    "least": ("at least {n}", "最少{n}分"),
    "most": ("at most {n}", "最多{n}分"),
    "step": ("in steps of {n}", "以{n}分为单位"),
    "share": ("at most {share} of the price", "最多抵扣金额的{share}"),
    "earn_price": ("points are earned on the whole price", "按全额累积积分"),
    "rewritten": ("the terms of paying with them are written in another way", "积分抵现的写法改变"),
    "pay": ("You can pay with them: {terms}", "可用于抵现：{terms}"),
    "pay_any": ("You can pay with them", "可用于抵现"),
    "back": (
        "Points that come back to you after they had lapsed last for {span}",
        "退还时已过期的积分可再使用{span}",
    ),
}


def till_say(lang: str, name: str, /, **parts: object) -> str:
    """A piece of a sentence. `lang`: one of LANGUAGES."""
    english, chinese = _WORDS[name]
    return (chinese if lang == "zh-CN" else english).format(**parts)


def terms_words(terms: TillTerms, lang: str) -> str:
    """What limits paying with points; "" for nothing."""
    parts: list[str] = []
    for name, number in (("least", terms.least), ("most", terms.most), ("step", terms.step)):
        if number is not None and number > 1:
            parts.append(till_say(lang, name, n=f"{number:,}"))
    if terms.share != Rate(1, 1):
        parts.append(till_say(lang, "share", share=_percent(terms.share)))
    if terms.earn_on is EarnOn.PRICE:
        parts.append(till_say(lang, "earn_price"))
    return ("，" if lang == "zh-CN" else ", ").join(parts)


def member_till_words(currency: Currency, lang: str) -> list[str]:
    """What members read of it, a sentence each."""
    says: list[str] = []
    if currency.at_till is not None:
        terms = terms_words(currency.at_till, lang)
        says.append(till_say(lang, "pay", terms=terms) if terms else till_say(lang, "pay_any"))
    if currency.restore_grace is not None:
        span = span_words(currency.restore_grace, lang)
        says.append(till_say(lang, "back", span=span))
    return says


def till_changes(was: Currency, now: Currency, lang: str) -> list[Change]:
    """What differs."""
    found: list[Change] = []
    if was.at_till != now.at_till:
        told = value_change(
            lang,
            till_say(lang, "at_till"),
            was.at_till and (terms_words(was.at_till, lang) or till_say(lang, "open")),
            now.at_till and (terms_words(now.at_till, lang) or till_say(lang, "open")),
        ) or [Change(Kind.CHANGED, till_say(lang, "rewritten"))]
        found += at(("at_till",), told)
    grace = value_change(
        lang,
        till_say(lang, "restore_grace"),
        was.restore_grace,
        now.restore_grace,
        lambda one: span_words(one, lang),
    )
    return found + at(("restore_grace",), grace)


def _percent(share: Rate) -> str:
    whole, part = divmod(share.num * 10_000 // share.den, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
