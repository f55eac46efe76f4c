"""The terms of a paid card in words, part by part, for differences between versions."""

from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import AfterWindow, CardRefund, Family, PaidCard
from regulars.domain.programs.phrases import listed
from regulars.domain.programs.quantities import money_words, span_words
from regulars.domain.programs.words import points_words

_WORDS = {
    "price": ("price", "价格"),
    "points": ("price in points", "积分价格"),
    "term": ("term", "有效期"),
    "trial": ("trial", "试用期"),
    "remind": ("reminder before the end", "到期提醒提前"),
    "grace": ("grace after the end", "到期宽限"),
    "refund": ("refund", "退款"),
    "family": ("family", "家庭共享"),
    "full": ("all within {span}", "{span}内全额"),
    "pro_rata": ("the share of the days that are left", "按剩余天数折算"),
    "nothing": ("then nothing", "之后不退"),
    "less_saved": ("less what was saved", "扣除已省金额"),
    "persons": ("{n} beside the holder", "持卡人外可加{n}人"),
    "cooling": ("{span} between two families", "更换家庭须间隔{span}"),
    "each": ("a quota each", "额度各自计算"),
    "shared": ("one quota for all", "额度共用"),
    "card": ("Paid card {name}", "付费会员卡{name}"),
    "card_added": (
        "New paid card {name} ({code}): {words}",
        "新增付费会员卡{name}（{code}）：{words}",
    ),
    "card_removed": (
        "Paid card {name} ({code}) is no longer sold",
        "停售付费会员卡{name}（{code}）",
    ),
    "part": ("{what} {words}", "{what}{words}"),
    "name": ("name", "名称"),
    "cards": ("Paid cards", "付费会员卡"),
    "cards_of": ("paid cards", "付费会员卡"),
    "for_holders": ("now for holders of {items}", "现在适用于{items}持卡人"),
    "for_all": ("now also for who holds no paid card", "现在不限付费会员卡"),
}  # fmt: skip

PARTS = ("price", "points", "term", "trial", "remind", "grace", "refund", "family")


def card_say(lang: str, name: str, /, **parts: object) -> str:
    """A turn of phrase about cards. `lang`: one of LANGUAGES."""
    return _WORDS[name][lang == "zh-CN"].format(**parts)


def card_parts(card: PaidCard, program: Program, lang: str) -> dict[str, str]:
    """What the card says, by part; parts that it does not have are left out."""
    told: dict[str, str] = {"term": span_words(card.term, lang)}
    if card.price is not None:
        told["price"] = money_words(card.price, program.money)
    if card.points is not None:
        code, amount = card.points
        told["points"] = points_words(amount, code, program, lang)
    for name, span in (("trial", card.trial), ("remind", card.remind), ("grace", card.grace)):
        if span is not None:
            told[name] = span_words(span, lang)
    told["refund"] = _refund(card.refund, lang)
    if card.family is not None:
        told["family"] = _family(card.family, lang)
    return {name: told[name] for name in PARTS if name in told}


def _refund(refund: CardRefund, lang: str) -> str:
    parts = []
    if refund.full_within is not None:
        parts.append(card_say(lang, "full", span=span_words(refund.full_within, lang)))
    parts.append(card_say(lang, "pro_rata" if refund.then is AfterWindow.PRO_RATA else "nothing"))
    if refund.less_saved:
        parts.append(card_say(lang, "less_saved"))
    return listed(lang, parts)


def _family(family: Family, lang: str) -> str:
    parts = [card_say(lang, "persons", n=family.persons)]
    if family.cooling is not None:
        parts.append(card_say(lang, "cooling", span=span_words(family.cooling, lang)))
    parts.append(card_say(lang, family.quota.value))
    return listed(lang, parts)
