"""Why an offer does not apply to an order, in words."""

from collections.abc import Mapping
from functools import lru_cache

from regulars.domain.member_words.contributions import window_words
from regulars.domain.member_words.money import plain_money
from regulars.domain.orders.caps import ContributionCap
from regulars.domain.orders.quotes import RefusedOffer
from regulars.domain.periods import Duration
from regulars.domain.programs.model import WindowKind
from regulars.domain.programs.pieces import Text
from regulars.domain.quotes.discounts import params_of

WHY: Mapping[str, Text] = {
    "expired": {"en": "It is over.", "zh-CN": "已过期。"},
    "not_yet": {"en": "It is not valid yet.", "zh-CN": "尚未生效。"},
    "schedule": {"en": "It does not hold at this hour or day.", "zh-CN": "不在适用时段内。"},
    "not_now": {"en": "It does not hold at this hour or day.", "zh-CN": "不在适用时段内。"},
    "channel": {"en": "It is for another channel.", "zh-CN": "不适用于此渠道。"},
    "store": {"en": "It is for other stores.", "zh-CN": "不适用于此门店。"},
    "audience": {"en": "It is for other members.", "zh-CN": "面向其他会员。"},
    "condition": {"en": "Its condition does not hold.", "zh-CN": "未满足使用条件。"},
    "condition_error": {
        "en": "Its condition cannot be worked out for this order.",
        "zh-CN": "无法就此订单计算使用条件。",
    },
    "lines": {"en": "Nothing in the cart is what it is for.", "zh-CN": "没有适用的商品。"},
    "threshold": {
        "en": "It asks for {least}; what it is for comes to {have}.",
        "zh-CN": "需满{least}，适用商品合计{have}。",
    },
    "limit": {
        "en": "It was used as often as it may be, or is reserved for another order.",
        "zh-CN": "已达使用次数上限，或已被其他订单占用。",
    },
    "used_up": {"en": "It was used as often as it may be.", "zh-CN": "已达使用次数上限。"},
    "used": {"en": "It was used before.", "zh-CN": "已使用过。"},
    "budget": {"en": "Its budget does not suffice.", "zh-CN": "活动预算不足。"},
    "share": {
        "en": "It gives at most {percent} of what was spent {window}, and nothing of that is left.",
        "zh-CN": "累计优惠不超过{window}消费额的{percent}，目前没有剩余额度。",
    },
    "not_asked": {
        "en": "It can be used, and was not asked for.",
        "zh-CN": "可以使用，本单未选用。",
    },
    "nothing": {"en": "There is nothing left to take off.", "zh-CN": "没有可减免的金额。"},
    "stacking": {
        "en": "It cannot be combined with what is used instead.",
        "zh-CN": "不能与已使用的优惠同享。",
    },
    "frozen": {"en": "It is frozen.", "zh-CN": "已冻结。"},
    "paused": {"en": "It is paused.", "zh-CN": "已暂停。"},
    "revoked": {"en": "It was revoked.", "zh-CN": "已作废。"},
    "given": {"en": "It is on its way to a friend.", "zh-CN": "正在转赠中。"},
    "other_member": {"en": "It belongs to another member.", "zh-CN": "属于其他会员。"},
    "currency": {"en": "It is for another currency.", "zh-CN": "不适用于此币种。"},
    "unknown_code": {"en": "There is no such code.", "zh-CN": "没有这个券码。"},
}
CAPPED: Text = {
    "en": "At most {percent} of what was spent {window}: {left} of that was left.",
    "zh-CN": "累计优惠不超过{window}消费额的{percent}，本单前剩余额度为{left}。",
}
OTHER: Text = {"en": "It does not apply here.", "zh-CN": "此单不适用。"}


KEPT = 4_096
"""Sentences that a process keeps: most of a cart's many reasons are the same each time."""


def why_not(one: RefusedOffer, currency: str, language: str) -> str:
    """The reason as a sentence. `language`: one of LANGUAGES; `currency`: of the order."""
    return _said(one.code, tuple(one.params.items()), currency, language)


@lru_cache(maxsize=KEPT)
def _said(code: str, said: tuple[tuple[str, str | int], ...], currency: str, language: str) -> str:
    told, params = WHY.get(code, OTHER)[language], dict(said)
    parts: dict[str, object] = {
        name: plain_money(amount, currency, language)
        for name in ("least", "have")
        if isinstance(amount := params.get(name, 0), int)
    }
    return told.format(**parts, **_window(params, language))


def why_no_more(cap: ContributionCap, currency: str, language: str) -> str:
    """Why an offer took off no more, as a sentence."""
    left = plain_money(cap.left, currency, language)
    return CAPPED[language].format(left=left, **_window(params_of(cap), language))


def _window(params: Mapping[str, str | int], language: str) -> dict[str, object]:
    if "window" not in params:
        return {}
    span = Duration(months=int(params.get("months", 0)), days=int(params.get("days", 0)))
    window = window_words(WindowKind(str(params["window"])), span, language)
    return {"percent": params["percent"], "window": window}
