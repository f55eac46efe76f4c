"""What differs between the paid cards of two versions of a program, in words."""

from regulars.domain.programs.card_words import PARTS, card_parts, card_say
from regulars.domain.programs.changes import (
    Change,
    Kind,
    at,
    order_change,
    parts_change,
    quoted,
    text_change,
    under,
)
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import PaidCard


def diff_cards(old: Program, new: Program, lang: str) -> list[Change]:
    """Cards added, removed and changed."""
    found: list[Change] = []
    for code in sorted({*old.cards, *new.cards}):
        was, now = old.cards.get(code), new.cards.get(code)
        if was is None and now is not None:
            words = _words(now, new, lang)
            told = card_say(lang, "card_added", name=quoted(lang, now.name), code=code, words=words)
            found.append(Change(Kind.ADDED, told, (code,)))
        elif now is None and was is not None:
            told = card_say(lang, "card_removed", name=quoted(lang, was.name), code=code)
            found.append(Change(Kind.REMOVED, told, (code,)))
        elif was is not None and now is not None and was != now:
            subject = card_say(lang, "card", name=quoted(lang, now.name))
            found += at((code,), under(lang, subject, _changed(was, now, old, new, lang)))
    return found + order_change(lang, card_say(lang, "cards"), old.cards, new.cards)


def _words(card: PaidCard, program: Program, lang: str) -> str:
    parts = [
        card_say(lang, "part", what=card_say(lang, name), words=words)
        for name, words in card_parts(card, program, lang).items()
    ]
    return ("，" if lang == "zh-CN" else ", ").join(parts)


def _changed(was: PaidCard, now: PaidCard, old: Program, new: Program, lang: str) -> list[Change]:
    found = at(("name",), text_change(lang, card_say(lang, "name"), was.name, now.name))
    found += parts_change(
        lang,
        {name: (name,) for name in PARTS},
        lambda name: card_say(lang, name),
        (was, card_parts(was, old, lang)),
        (now, card_parts(now, new, lang)),
    )
    return found or [Change(Kind.CHANGED, _words(now, new, lang))]
