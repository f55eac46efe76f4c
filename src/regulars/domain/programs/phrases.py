"""The turns of phrase in which programs are described, in every language the product speaks."""

from collections.abc import Mapping, Sequence

from regulars.domain.programs.model import CapPer, CustomType
from regulars.domain.programs.pieces import Text

LANGUAGES = ("en", "zh-CN")

_ENGLISH = {
    "rate": "{points} per {money}",
    "fixed": "{points} for each {types}",
    "multiply": "{factor} times the {currency}",
    "multiply_of": "{factor} times the {currency} of {rules}",
    "on_types": "for each {types}",
    "only": "on {what}",
    "except": "except {what}",
    "skus": "articles {items}",
    "brands": "brand {items}",
    "where": "on lines where {condition}",
    "from": "from {day}",
    "until": "until the end of {day}",
    "until_moment": "until {day}",
    "dates": "on {items}",
    "hours": "{items}",
    "month_days": "on day {items} of each month",
    "birth_month": "in your birthday month",
    "tiers": "for {items} members",
    "cards": "for holders of {items}",
    "payment": "if paid by {items}",
    "when": "if {condition}",
    "audience": "for members where {condition}",
    "cap": "at most {amount} {per}",
    "times": "{count} times",
    "once": "once",
    "share": "at most {share} of what the member spent so far",
    "budget": "as long as {points} for all members together last",
    "half_up": "rounded to the nearest point",
    "up": "rounded up",
    "and": " and ",
    "also": " and ",
    "or": " or ",
    "comma": ", ",
    "clause": ", ",
    "quote": "“{text}”",
    "months": "{n} months",
    "days": "{n} days",
    "minutes": "{n} minutes",
    "hours_long": "{n} hours",
    "known": "{what} is known",
    "unknown": "{what} is not known",
    "is_so": "{what} is yes",
    "is_not_so": "{what} is no",
    "yes": "yes",
    "no": "no",
}
_CHINESE = {
    "rate": "每{money}得{points}",
    "fixed": "每次{types}得{points}",
    "multiply": "{currency}按{factor}倍计",
    "multiply_of": "{rules}的{currency}按{factor}倍计",
    "on_types": "适用于{types}",
    "only": "限{what}",
    "except": "{what}除外",
    "skus": "商品{items}",
    "brands": "品牌{items}",
    "where": "限符合{condition}的商品行",
    "from": "{day}起",
    "until": "至{day}止",
    "until_moment": "至{day}止",
    "dates": "{items}当天",
    "hours": "{items}",
    "month_days": "每月{items}日",
    "birth_month": "限生日当月",
    "tiers": "限{items}会员",
    "cards": "限{items}持卡人",
    "payment": "限使用{items}支付",
    "when": "条件为{condition}",
    "audience": "限符合{condition}的会员",
    "cap": "{per}最多{amount}",
    "times": "{count}次",
    "once": "1次",
    "share": "不超过会员已消费的{share}",
    "budget": "全体会员共{points}，发完为止",
    "half_up": "四舍五入",
    "up": "向上取整",
    "and": "和",
    "also": "且",
    "or": "或",
    "comma": "、",
    "clause": "，",
    "quote": "“{text}”",
    "months": "{n}个月",
    "days": "{n}天",
    "minutes": "{n}分钟",
    "hours_long": "{n}小时",
    "known": "已知{what}",
    "unknown": "未知{what}",
    "is_so": "{what}为是",
    "is_not_so": "{what}为否",
    "yes": "是",
    "no": "否",
}
_PHRASES = {"en": _ENGLISH, "zh-CN": _CHINESE}

_WEEKDAYS = {
    "en": ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}

_CAPS = {
    "en": {
        CapPer.EVENT: "each time",
        CapPer.DAY: "a day",
        CapPer.WEEK: "a week",
        CapPer.MONTH: "a month",
        CapPer.YEAR: "a year",
        CapPer.PERIOD: "in all",
    },
    "zh-CN": {
        CapPer.EVENT: "每次",
        CapPer.DAY: "每天",
        CapPer.WEEK: "每周",
        CapPer.MONTH: "每月",
        CapPer.YEAR: "每年",
        CapPer.PERIOD: "每人累计",
    },
}

_TYPES: Mapping[str, Text] = {
    code: {"en": english, "zh-CN": chinese}
    for code, english, chinese in (
        ("purchase", "purchase", "购物"),
        ("return", "return", "退货"),
        ("visit", "visit", "到店"),
        ("check_in", "check-in", "签到"),
        ("occasion", "occasion", "特定时机"),
        ("review", "review", "评价"),
        ("share", "share", "分享"),
        ("content", "contribution", "创作"),
        ("referral", "referral", "邀请"),
        ("survey_answer", "survey answer", "问卷"),
        ("profile_completed", "completed profile", "完善资料"),
        ("location", "time near a store", "到附近"),
        ("card_payment", "card payment", "刷卡"),
        ("asset_statement", "asset statement", "资产对账"),
    )
}


_COMPARISONS = {
    "en": {
        "==": "{what} is {value}",
        "!=": "{what} is not {value}",
        ">=": "{what} is at least {value}",
        ">": "{what} is more than {value}",
        "<=": "{what} is at most {value}",
        "<": "{what} is less than {value}",
    },
    "zh-CN": {
        "==": "{what}为{value}",
        "!=": "{what}不为{value}",
        ">=": "{what}不少于{value}",
        ">": "{what}超过{value}",
        "<=": "{what}不超过{value}",
        "<": "{what}少于{value}",
    },
}

_FIELDS: Mapping[str, Text] = {
    "total": {"en": "the total", "zh-CN": "总额"},
    "amount": {"en": "the amount", "zh-CN": "金额"},
    "line_count": {"en": "the number of lines", "zh-CN": "商品行数"},
    "quantity": {"en": "the quantity", "zh-CN": "数量"},
    "purchases": {"en": "the number of earlier purchases", "zh-CN": "此前购物次数"},
    "tier": {"en": "the tier", "zh-CN": "等级"},
    "store": {"en": "the store", "zh-CN": "门店"},
    "channel": {"en": "the channel", "zh-CN": "渠道"},
    "rating": {"en": "the rating", "zh-CN": "评分"},
    "length": {"en": "the length in characters", "zh-CN": "字数"},
    "photos": {"en": "the number of photos", "zh-CN": "照片数"},
    "likes": {"en": "the number of likes", "zh-CN": "点赞数"},
    "getDate": {"en": "the day of the month", "zh-CN": "日期"},
    "stage": {"en": "the stage", "zh-CN": "阶段"},
    "score": {"en": "the score", "zh-CN": "分值"},
    "card": {"en": "the card", "zh-CN": "卡种"},
    "merchant_category": {"en": "the kind of merchant", "zh-CN": "商户类别"},
}


def language_of(wanted: str) -> str:
    """The language of LANGUAGES nearest to a BCP 47 tag; English where there is none."""
    return "zh-CN" if wanted.lower().split("-")[0] == "zh" else "en"


def phrase(lang: str, name: str, /, **parts: object) -> str:
    """One turn of phrase with its parts filled in."""
    return _PHRASES[lang][name].format(**parts)


def listed(lang: str, items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = _PHRASES[lang]
    if len(items) <= 1:
        return "".join(items)
    return words["comma"].join(items[:-1]) + words[last] + items[-1]


def name_in(lang: str, text: Text) -> str:
    """The words of this language, else the English ones."""
    return text.get(lang) or text["en"]


def weekday_words(lang: str, days: frozenset[int]) -> str:
    """Saturdays and Sundays."""
    return listed(lang, [_WEEKDAYS[lang][day] for day in sorted(days)])


def cap_period(lang: str, per: CapPer) -> str:
    """a day, 每天."""
    return _CAPS[lang][per]


def type_words(lang: str, code: str, custom: Mapping[str, CustomType]) -> str:
    """An event type in words, as they stand inside a sentence."""
    if code in custom and custom[code].name:
        name = name_in(lang, custom[code].name)
        return name[:1].lower() + name[1:]
    return name_in(lang, _TYPES.get(code) or {"en": code.replace("_", " ")})


def comparison_phrase(lang: str, operator: str, *, what: str, value: str) -> str:
    """the total is at least 50.00 CNY."""
    return _COMPARISONS[lang][operator].format(what=what, value=value)


def field_phrase(lang: str, name: str) -> str:
    """A field of a condition; one that only the program knows by its own name."""
    known = _FIELDS.get(name)
    return name_in(lang, known) if known else name.replace("_", " ")
