"""A paid card as a member reads it: what it costs, how long it lasts, how it is given back."""

from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.phrases import sentence
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import AfterWindow, CardRefund, Family, PaidCard, Sharing
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import points_words

_WORDS = {
    "price": ("{price} for {span}", "{price}，有效{span}"),
    "either": ("{price} or {points} for {span}", "{price}或{points}，有效{span}"),
    "trial": ("free to try for {span}, once", "可免费试用{span}，限一次"),
    "grace": (
        "the benefits stay for {span} after its end; a renewal in that time counts from the end",
        "到期后权益保留{span}，期间续费从到期日起算",
    ),
    "remind": ("we remind you {span} before it ends", "到期前{span}提醒您"),
    "family": ("to be shared with {n} others", "可与另外{n}人共享"),
    "shared": (
        "to be shared with {n} others, who use the benefits together with you",
        "可与另外{n}人共享，权益额度共用",
    ),
    "cooling": (
        "who leaves a family can join the next after {span}",
        "退出家庭后须间隔{span}才能加入另一家庭",
    ),
    "full": (
        "given back within {span} of a term's beginning, it costs nothing",
        "每期开始后{span}内退卡，全额退款",
    ),
    "pro_rata": (
        "after that you are paid back the days that are left",
        "之后按剩余天数退款",
    ),
    "always_pro_rata": (
        "you can give it back at any time, and are paid back the days that are left",
        "可随时退卡，按剩余天数退款",
    ),
    "less_saved": ("less what the card has saved you in the term", "并扣除该期内已省金额"),
    "nothing": ("after that nothing is paid back", "之后不予退款"),
    "never": ("nothing is paid back", "不予退款"),
}


def card_says(card: PaidCard, program: Program, lang: str) -> list[str]:
    """Its terms, sentence by sentence. `lang`: one of LANGUAGES."""
    says = [_price(card, program, lang)]
    for name, span in (("trial", card.trial), ("remind", card.remind), ("grace", card.grace)):
        if span is not None:
            says.append(_say(lang, name, span=span_words(span, lang)))
    says.append(_refund(card.refund, lang))
    if card.family is not None:
        says += _family(card.family, lang)
    return [sentence(lang, one) for one in says]


def _price(card: PaidCard, program: Program, lang: str) -> str:
    span = span_words(card.term, lang)
    prices = []
    if card.price is not None:
        prices.append(plain_money(card.price, program.money, lang))
    if card.points is not None:
        code, amount = card.points
        prices.append(points_words(amount, code, program, lang))
    if len(prices) > 1:
        return _say(lang, "either", price=prices[0], points=prices[1], span=span)
    return _say(lang, "price", price=prices[0], span=span)


def _refund(refund: CardRefund, lang: str) -> str:
    window, parts = refund.full_within, []
    if window is not None:
        parts.append(_say(lang, "full", span=span_words(window, lang)))
    if refund.then is AfterWindow.NOTHING:
        parts.append(_say(lang, "never" if window is None else "nothing"))
    else:
        parts.append(_say(lang, "always_pro_rata" if window is None else "pro_rata"))
        if refund.less_saved:
            parts.append(_say(lang, "less_saved"))
    return ("，" if lang == "zh-CN" else ", ").join(parts)


def _family(family: Family, lang: str) -> list[str]:
    name = "shared" if family.quota is Sharing.SHARED else "family"
    says = [_say(lang, name, n=family.persons)]
    if family.cooling is not None:
        says.append(_say(lang, "cooling", span=span_words(family.cooling, lang)))
    return says


def _say(lang: str, name: str, **parts: object) -> str:
    return _WORDS[name][lang == "zh-CN"].format(**parts)
