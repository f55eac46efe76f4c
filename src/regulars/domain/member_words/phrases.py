"""The turns of phrase in which members are told what happened and what the rules are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.domain.programs.phrases import listed

_ENGLISH = {
    "stop": ".",
    "comma": ", ",
    "semicolon": "; ",
    "brackets": " ({text})",
    "quote": "“{text}”",
    "rate": "{points} per {money}",
    "fixed": "{points} for each {types}",
    "fixed_once": "{points} for this {type}",
    "doubled": "doubled",
    "tripled": "tripled",
    "times": "times {factor}",
    "all_of_it": "all of it {what}",
    "everything": "all your {currency} {what}",
    "multiplied": "your {currency} from {rules} {what}",
    "on": "on {items}",
    "not_on": "not on {items}",
    "on_amount": "on {part} of {whole}",
    "brand": "{items} brand",
    "article": "articles {items}",
    "and_others": "others",
    "on_lines": "on articles where {condition}",
    "tier": "as a {tier} member",
    "for_tiers": "for {items} members",
    "for_cards": "for holders of {items}",
    "named": "{name}: {what}",
    "paid_by": "paid by {items}",
    "if": "if {condition}",
    "audience": "for members where {condition}",
    "unless": "not for members with {what}",
    "capped": "the limit was reached: {cap}",
    "cap": "at most {cap}",
    "budgeted": "as far as the promotion still had points",
    "share": "at most {share} of what you spent so far",
    "budget": "as long as {points} for all members together last",
    "half_up": "rounded to the nearest point",
    "up": "rounded up",
    "nothing": "No points this time. {why}",
    "returned": "The points of what you brought back from your purchase of {day} are taken back",
    "returned_unknown": "The points of what you brought back are taken back",
    "owed": "{points} of them you no longer had: your next points make up for them",
    "waived": "{points} of them you had spent already: you may keep those",
    "waiting": "We have not heard of the purchase yet; the points are taken back when we do",
    "refused": "This return could not be matched with a purchase, so nothing changes",
    "return_of_nothing": "What you brought back had not earned any points",
    "adjusted_up": "{points} were added by us: {reason}",
    "adjusted_down": "{points} were taken off by us: {reason}",
    "redeemed": "You spent {points}",
    "redeemed_for": "You spent {points} on {reference}",
    "given": "You gave {points} to another member",
    "received": "Another member gave you {points}",
    "converted": "You changed {points} into {others}",
    "held": "{points} are reserved for you until {moment}",
    "captured": "You spent {points} that were reserved for you",
    "released": "{points} that were reserved are yours to spend again",
    "restored": "{points} that you had spent are yours again",
    "lapsed": "{points} had not been used in time and lapsed on {day}",
    "available_on": "They can be spent from {day}",
    "tier_reached": "You are now {tier}",
    "tier_reached_until": "You are now {tier}, until {day}",
    "tier_kept": "You keep {tier}",
    "tier_kept_until": "You keep {tier} until {day}",
    "tier_grace": "{tier} stays yours until {day}, though its goal was missed: reach it by then",
    "tier_lost": "You are now {tier}: the goal of {old} was not reached in time",
    "tier_returned": "You are now {tier}: what you brought back no longer counts",
    "spend_more": "spend {amount} more",
    "count_more": "{count} more {types}",
    "earn_more": "earn {amount} more",
    "hold_more": "hold {amount} more",
    "spend_all": "{amount} spent",
    "count_all": "{count} {types}",
    "earn_all": "{amount} earned",
    "hold_all": "{amount} held with us",
    "by_year": "by {day}",
    "in_span": "within {span}",
    "in_all": "",
    "in_year": "in one calendar year",
    "to_next": "To become {tier}: {ways}",
    "to_keep": "To keep {tier}: {ways}",
    "kept_already": "You have done enough to keep {tier}",
    "way": "{needs} {window}",
    "title_return": "Return",
    "title_adjustment": "Correction",
    "title_redemption": "Points spent",
    "title_gift": "Points given away",
    "title_received": "Points received",
    "title_conversion": "Points changed",
    "title_hold": "Points reserved",
    "title_hold_capture": "Points spent",
    "title_points_restore": "Points given back",
    "title_hold_release": "Points given back",
    "title_review": "Your tier",
    "title_lapse": "Points lapsed",
    "title_occasion": "Something for you",
    "title_change": "Your details",
    "title_card": "Your paid card",
    "card_begin": "{name} is yours until {day}",
    "card_trial": "You try {name} until {day}",
    "card_renew": "{name} is renewed until {day}",
    "card_join": "You share {name} of your family until {day}",
    "card_end": "{name} has ended",
    "never_lapse": "They do not lapse",
    "lapse_after": "They lapse {span} after you earned them",
    "lapse_end_of": "They lapse at the end of the {unit} in which you earned them",
    "lapse_end_after": "They lapse at the end of the {unit}, {span} after you earned them",
    "lapse_idle": "They lapse after {span} without a purchase or another activity",
    "pending": "They can be spent {span} after you earned them",
    "worth": "You get {money} for {points}",
    "transferable": "You can give them to other members",
    "status": "They count towards your tier and are not spent",
    "convert": "{points} can be changed into {others}",
    "entry_first": "Where everybody begins",
    "entry_none": "By invitation",
    "keep_by": "To keep it: {ways}",
    "tiers_now": "You move up as soon as you have reached the goal",
    "tiers_review": "We look at the end of each {unit} who moves up",
    "tiers_valid": "A tier is yours for {span}",
    "tiers_valid_until": "A tier is yours until the end of the {unit}",
    "tiers_valid_after": "A tier is yours until the end of the {unit}, {span} after you reached it",
    "tiers_grace": "Who has missed the goal then still has {span}",
    "tiers_one": "After that it is one tier down",
    "tiers_qualified": "After that it is the highest tier whose goal was reached",
    "tiers_bottom": "After that you begin anew",
    "return_share": "What you bring back takes its points with it, to the point",
    "return_negative": "If you have spent them already, your balance goes below zero",
    "return_owe": "If you have spent them already, your next points make up for them",
    "return_waive": "If you have spent them already, you may keep them",
    "return_tier": "A tier that you reached only by what came back goes with it",
    "return_keep_tier": "A tier that you have reached stays yours",
    "group_best": "Of {rules} the one counts that gives you most",
    "group_priority": "Of {rules} only the first that applies counts",
    "unit_day": "day",
    "unit_week": "week",
    "unit_month": "month",
    "unit_quarter": "quarter",
    "unit_year": "year",
}

_CHINESE = {
    "stop": "。",
    "comma": "，",
    "semicolon": "；",
    "brackets": "（{text}）",
    "quote": "“{text}”",
    "rate": "每{money}得{points}",
    "fixed": "每次{types}得{points}",
    "fixed_once": "本次{type}得{points}",
    "doubled": "双倍",
    "tripled": "三倍",
    "times": "{factor}倍",
    "all_of_it": "以上积分{what}",
    "everything": "全部{currency}{what}",
    "multiplied": "{rules}的{currency}{what}",
    "on": "限{items}",
    "not_on": "{items}除外",
    "on_amount": "共{whole}中的{part}计入",
    "brand": "品牌{items}",
    "article": "商品{items}",
    "and_others": "其他",
    "on_lines": "限符合{condition}的商品",
    "tier": "{tier}会员专享",
    "for_tiers": "限{items}会员",
    "for_cards": "限{items}持卡人",
    "named": "{name}：{what}",
    "paid_by": "使用{items}支付",
    "if": "条件为{condition}",
    "audience": "限符合{condition}的会员",
    "unless": "{what}除外",
    "capped": "已达上限：{cap}",
    "cap": "{cap}",
    "budgeted": "活动积分已发完",
    "share": "不超过您已消费的{share}",
    "budget": "全体会员共{points}，发完为止",
    "half_up": "四舍五入",
    "up": "向上取整",
    "nothing": "本次没有积分。{why}",
    "returned": "您退回了{day}购物中的商品，相应积分已收回",
    "returned_unknown": "您退回了商品，相应积分已收回",
    "owed": "其中{points}您已使用，将从之后获得的积分中补扣",
    "waived": "其中{points}您已使用，不再收回",
    "waiting": "尚未收到对应的购物记录，收到后将收回相应积分",
    "refused": "未能找到与此次退货对应的购物，积分不变",
    "return_of_nothing": "退回的商品当时没有获得积分",
    "adjusted_up": "我们为您增加了{points}：{reason}",
    "adjusted_down": "我们扣减了{points}：{reason}",
    "redeemed": "您使用了{points}",
    "redeemed_for": "您使用了{points}，用于{reference}",
    "given": "您向另一位会员赠送了{points}",
    "received": "另一位会员向您赠送了{points}",
    "converted": "您将{points}兑换成了{others}",
    "held": "已为您预留{points}，有效至{moment}",
    "captured": "您使用了预留的{points}",
    "released": "预留的{points}已退还，可以继续使用",
    "restored": "您使用过的{points}已退还",
    "lapsed": "{points}逾期未使用，已于{day}失效",
    "available_on": "自{day}起可用",
    "tier_reached": "您已成为{tier}",
    "tier_reached_until": "您已成为{tier}，有效期至{day}",
    "tier_kept": "您保留了{tier}",
    "tier_kept_until": "您保留了{tier}，有效期至{day}",
    "tier_grace": "{tier}保级目标尚未达成，为您保留至{day}，请在此之前达成",
    "tier_lost": "未能按时达成{old}的保级目标，您现在是{tier}",
    "tier_returned": "退货部分不再计入，您现在是{tier}",
    "spend_more": "再消费{amount}",
    "count_more": "再{types}{count}次",
    "earn_more": "再获得{amount}",
    "hold_more": "再增加资产{amount}",
    "spend_all": "消费满{amount}",
    "count_all": "{types}满{count}次",
    "earn_all": "获得{amount}",
    "hold_all": "资产达到{amount}",
    "by_year": "{day}前",
    "in_span": "{span}内",
    "in_all": "累计",
    "in_year": "一个自然年内",
    "to_next": "升级为{tier}：{ways}",
    "to_keep": "保留{tier}：{ways}",
    "kept_already": "您已达成{tier}的保级目标",
    "way": "{window}{needs}",
    "title_return": "退货",
    "title_adjustment": "积分调整",
    "title_redemption": "使用积分",
    "title_gift": "赠出积分",
    "title_received": "收到积分",
    "title_conversion": "积分兑换",
    "title_hold": "预留积分",
    "title_hold_capture": "使用积分",
    "title_points_restore": "积分退还",
    "title_hold_release": "退还积分",
    "title_review": "会员等级",
    "title_lapse": "积分失效",
    "title_occasion": "专属礼遇",
    "title_change": "会员资料",
    "title_card": "付费会员卡",
    "card_begin": "{name}有效至{day}",
    "card_trial": "{name}试用至{day}",
    "card_renew": "{name}已续期至{day}",
    "card_join": "您共享家人的{name}，有效至{day}",
    "card_end": "{name}已结束",
    "never_lapse": "永久有效",
    "lapse_after": "获得后{span}失效",
    "lapse_end_of": "在获得当{unit}末失效",
    "lapse_end_after": "获得满{span}后，在当{unit}末失效",
    "lapse_idle": "连续{span}没有消费或其他活动即失效",
    "pending": "获得{span}后可用",
    "worth": "{points}可抵{money}",
    "transferable": "可以赠送给其他会员",
    "status": "用于评定会员等级，不能消费",
    "convert": "{points}可兑换成{others}",
    "entry_first": "入会即享",
    "entry_none": "由我们邀请",
    "keep_by": "保级条件：{ways}",
    "tiers_now": "达成目标后立即升级",
    "tiers_review": "每{unit}末评定升级",
    "tiers_valid": "等级有效期为{span}",
    "tiers_valid_until": "等级有效至当{unit}末",
    "tiers_valid_after": "等级有效至达成满{span}后的{unit}末",
    "tiers_grace": "到期时未达成目标，仍有{span}的宽限期",
    "tiers_one": "之后降低一级",
    "tiers_qualified": "之后降到已达成目标的最高等级",
    "tiers_bottom": "之后重新开始",
    "return_share": "退货时，相应商品获得的积分如数收回",
    "return_negative": "如积分已经使用，余额可能为负数",
    "return_owe": "如积分已经使用，将从之后获得的积分中补扣",
    "return_waive": "如积分已经使用，则不再收回",
    "return_tier": "仅因退回的消费而达到的等级将一并取消",
    "return_keep_tier": "已经达到的等级不受影响",
    "group_best": "{rules}同时满足时，取积分最多的一项",
    "group_priority": "{rules}同时满足时，只取其中一项",
    "unit_day": "日",
    "unit_week": "周",
    "unit_month": "月",
    "unit_quarter": "季度",
    "unit_year": "年",
}
_PHRASES = {"en": _ENGLISH, "zh-CN": _CHINESE}

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_A_MOMENT = timedelta(microseconds=1)
MOST_ITEMS = 6
"""More goods than these are not listed in one sentence."""


def say(lang: str, name: str, /, **parts: object) -> str:
    """One turn of phrase with its parts filled in. `lang` is one of `phrases.LANGUAGES`."""
    return _PHRASES[lang][name].format(**parts)


def sentence(lang: str, text: str) -> str:
    """The text with a great letter at its beginning and a full stop at its end."""
    stop = say(lang, "stop")
    ended = text if text.endswith((stop, "…", "!", "！")) else text + stop
    return ended[:1].upper() + ended[1:]


def joined(lang: str, clauses: Sequence[str]) -> str:
    """Clauses of one sentence, those that say nothing left out."""
    return say(lang, "comma").join(clause for clause in clauses if clause)


def day_words(at: datetime, zone: ZoneInfo, lang: str) -> str:
    """A day as it is written in a letter: 3 March 2026, 2026年3月3日."""
    wall = at.astimezone(zone)
    if lang == "zh-CN":
        return f"{wall.year}年{wall.month}月{wall.day}日"
    return f"{wall.day} {_MONTHS[wall.month - 1]} {wall.year}"


def run_on(parts: Sequence[str]) -> str:
    """Parts of a Chinese phrase, with a blank where two words of Latin letters would meet."""
    text = ""
    for part in parts:
        is_latin = text[-1:].isascii() and part[:1].isascii() and text and part
        text += (" " if is_latin else "") + part
    return text


def last_day_words(end: datetime, zone: ZoneInfo, lang: str) -> str:
    """The last day of a span that ends at `end`, which is not part of it."""
    return day_words(end - _A_MOMENT, zone, lang)


def moment_words(at: datetime, zone: ZoneInfo, lang: str) -> str:
    """The same with the time of day."""
    return f"{day_words(at, zone, lang)} {at.astimezone(zone):%H:%M}"


def goods(lang: str, codes: Sequence[str], last: str = "and") -> str:
    """Categories and the like by their codes, which are written small where tills shout them."""
    names = sorted(code.lower() if lang == "en" and code.isupper() else code for code in codes)
    if len(names) > MOST_ITEMS:
        names = [*names[: MOST_ITEMS - 1], say(lang, "and_others")]
    return listed(lang, names, last)
