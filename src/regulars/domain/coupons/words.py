"""The terms of a coupon as people read them, in English and Chinese."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domain.coupons.templates import Give, Terms
from regulars.domain.member_words.money import plain_money
from regulars.domain.member_words.phrases import goods, last_day_words, sentence
from regulars.domain.member_words.rules import plain_condition
from regulars.domain.periods import Duration
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import listed, name_in
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.words import tier_names

_WORDS: dict[str, tuple[str, str]] = {
    "amount": ("{money} off", "立减{money}"),
    "amount_from": ("{money} off from {least}", "满{least}减{money}"),
    "percentage": ("{percent}% off", "立减{percent}%"),
    "percentage_from": ("{percent}% off from {least}", "满{least}减{percent}%"),
    "ceiling": ("at most {money}", "最高减{money}"),
    "free_item": ("one article free", "免费兑换一件商品"),
    "free_items": ("{count} articles free", "免费兑换{count}件商品"),
    "free_delivery": ("free delivery", "免配送费"),
    "gift": ("a gift: {gift}", "赠品：{gift}"),
    "from": ("when what it is for costs {least} or more", "适用商品满{least}可用"),
    "on": ("on {items}", "适用于{items}"),
    "brand": ("on {items} brand", "适用品牌：{items}"),
    "article": ("on articles {items}", "适用商品：{items}"),
    "not_on": ("not on {items}", "{items}除外"),
    "not_brand": ("not on {items} brand", "品牌{items}除外"),
    "not_article": ("not on articles {items}", "商品{items}除外"),
    "tiers": ("for {items} members", "限{items}会员使用"),
    "stages": ("for members in the stage {items}", "限处于{items}阶段的会员使用"),
    "tags": ("for members tagged {items}", "限带有{items}标签的会员使用"),
    "where": ("for members where {condition}", "限满足以下条件的会员使用：{condition}"),
    "some": ("for some members only", "仅限部分会员使用"),
    "channels": ("by {items} only", "仅限{items}渠道使用"),
    "stores": ("only in {items}", "仅限{items}使用"),
    "valid_for": ("for {span} from when you get it", "领取后{span}内有效"),
    "starts": ("from {day} on", "自{day}起可用"),
    "ends": ("until the end of {day}", "{day}前有效"),
    "once": ("to be used once", "仅可使用一次"),
    "uses": ("to be used {count} times", "可使用{count}次"),
    "per_member": ("at most {count} for each member", "每位会员限用{count}次"),
    "total": ("while {count} last", "总量{count}次，用完即止"),
    "group": ("not together with others of its kind", "同类优惠券不可叠加使用"),
    "restored": ("comes back if you return all of it", "全部退货后退还"),
    "not_restored": ("does not come back when you return goods", "退货后不退还"),
    "giftable": ("can be given to a friend", "可转赠好友"),
}


def _say(lang: str, name: str, **parts: object) -> str:
    return _WORDS[name][lang == "zh-CN"].format(**parts)


def worth_words(terms: Terms, lang: str) -> str:
    """What it gives, in a few words: 10 yuan off from 50 yuan."""
    least = plain_money(terms.threshold, terms.currency, lang)
    has_least = "_from" if terms.threshold else ""
    if terms.give is Give.AMOUNT:
        money = plain_money(terms.amount or 0, terms.currency, lang)
        told = _say(lang, "amount" + has_least, money=money, least=least)
    elif terms.give is Give.PERCENTAGE:
        told = _say(lang, "percentage" + has_least, percent=terms.percent, least=least)
    elif terms.give is Give.FREE_ITEM and terms.quantity > 1:
        told = _say(lang, "free_items", count=terms.quantity)
    else:
        told = _say(lang, terms.give.value, gift=terms.gift)
    if terms.ceiling is not None:
        most = _say(lang, "ceiling", money=plain_money(terms.ceiling, terms.currency, lang))
        told += f", {most}" if lang == "en" else f"，{most}"
    return told[:1].upper() + told[1:]


def terms_words(
    terms: Terms, program: Program, lang: str,
    *, valid: tuple[datetime | None, datetime | None] | None = None,
) -> list[str]:  # fmt: skip
    """Each of its conditions as a sentence, the most important first. `valid`: from when until when
    one coupon holds; without it, what the template says."""
    clauses = [
        *_least(terms, lang),
        *_goods(terms, lang),
        *_audience(terms, program, lang),
        *_places(terms, lang),
        *_times(terms, program.zone, lang, valid),
        *_limits(terms, lang),
    ]
    if terms.group:
        clauses.append(_say(lang, "group"))
    clauses.append(_say(lang, "restored" if terms.is_restored else "not_restored"))
    if terms.is_giftable:
        clauses.append(_say(lang, "giftable"))
    return [sentence(lang, clause) for clause in clauses]


def _least(terms: Terms, lang: str) -> list[str]:
    if not terms.threshold or terms.give in {Give.AMOUNT, Give.PERCENTAGE}:
        return []
    return [_say(lang, "from", least=plain_money(terms.threshold, terms.currency, lang))]


def _goods(terms: Terms, lang: str) -> list[str]:
    scope = terms.goods
    kinds: Sequence[tuple[str, Sequence[str]]] = (
        ("on", scope.categories), ("brand", scope.brands), ("article", scope.skus),
        ("not_on", scope.except_categories), ("not_brand", scope.except_brands),
        ("not_article", scope.except_skus),
    )  # fmt: skip
    return [
        _say(
            lang,
            kind,
            items=goods(lang, list(names), "or")
            if kind.endswith("on")
            else listed(lang, list(names), "or"),
        )
        for kind, names in kinds
        if names
    ]


def _audience(terms: Terms, program: Program, lang: str) -> list[str]:
    wanted, told = terms.audience, []
    if wanted.tiers:
        told.append(_say(lang, "tiers", items=tier_names(frozenset(wanted.tiers), program, lang)))
    if wanted.stages:
        told.append(_say(lang, "stages", items=listed(lang, list(wanted.stages), "or")))
    if wanted.tags:
        told.append(_say(lang, "tags", items=listed(lang, list(wanted.tags), "or")))
    if wanted.condition.strip():
        words = plain_condition(wanted.condition, program, lang)
        told.append(_say(lang, "where", condition=words) if words else _say(lang, "some"))
    return told


def _places(terms: Terms, lang: str) -> list[str]:
    told = []
    if terms.channels:
        told.append(_say(lang, "channels", items=listed(lang, list(terms.channels), "or")))
    if terms.stores:
        told.append(_say(lang, "stores", items=listed(lang, list(terms.stores), "or")))
    return told


def _times(
    terms: Terms, zone: ZoneInfo, lang: str,
    valid: tuple[datetime | None, datetime | None] | None,
) -> list[str]:  # fmt: skip
    starts_at, ends_at = valid or (terms.valid_from, terms.valid_until)
    told = []
    if starts_at is not None:
        told.append(_say(lang, "starts", day=last_day_words(starts_at, zone, lang)))
    if ends_at is not None:
        told.append(_say(lang, "ends", day=last_day_words(ends_at, zone, lang)))
    if valid is None and terms.valid_for is not None:
        span = span_words(Duration.parse(terms.valid_for), lang)
        told.append(_say(lang, "valid_for", span=span))
    return told


def _limits(terms: Terms, lang: str) -> list[str]:
    told = [_say(lang, "once") if terms.uses == 1 else _say(lang, "uses", count=terms.uses)]
    if terms.per_member is not None:
        told.append(_say(lang, "per_member", count=terms.per_member))
    if terms.total is not None:
        told.append(_say(lang, "total", count=f"{terms.total:,}"))
    return told


def name_of(name: dict[str, str], lang: str) -> str:
    """The name of a template in this language."""
    return name_in(lang, name)
