"""Why a rule gave less than it could: the reason codes of explanations, in words."""

from collections.abc import Mapping

from regulars.domain.programs.pieces import Text

REASONS: Mapping[str, Text] = {
    code: {"en": english, "zh-CN": chinese}
    for code, english, chinese in (
        ("", "The rule applied in full.", "规则已全额适用。"),
        (
            "schedule",
            "The rule was not running at the time of the event.",
            "事件发生时该规则不在适用时间内。",
        ),
        (
            "audience",
            "The rule is for other members or tiers.",
            "该规则面向其他会员或等级。",
        ),
        (
            "payment",
            "The purchase was not paid by a method that the rule asks for.",
            "未使用规则要求的支付方式。",
        ),
        (
            "condition",
            "The condition of the rule did not hold.",
            "未满足规则条件。",
        ),
        (
            "condition_error",
            "The condition of the rule could not be worked out for this event.",
            "无法就本次事件计算规则条件。",
        ),
        (
            "lines",
            "No line of the receipt is one that the rule counts.",
            "小票中没有符合规则的商品行。",
        ),
        (
            "nothing",
            "There was nothing to count, or too little for one point.",
            "没有可计入的金额，或不足一个积分。",
        ),
        (
            "stacking",
            "Another rule of the same group was taken instead.",
            "同组中已采用另一条规则。",
        ),
        (
            "challenge",
            "It counts towards the challenge, which is not complete yet.",
            "已计入挑战进度，挑战尚未完成。",
        ),
        (
            "challenge_done",
            "The challenge of this period is complete already.",
            "本期挑战已完成。",
        ),
        (
            "streak",
            "It counts towards the days running, which are not complete yet.",
            "已计入连续天数，尚未达到要求。",
        ),
        (
            "streak_done",
            "The reward for this streak was given before.",
            "该连续奖励已领取过。",
        ),
        (
            "cap",
            "The limit for one member was reached.",
            "已达到会员个人上限。",
        ),
        (
            "share",
            "The limit for one member, by what they spent so far, was reached.",
            "已达到按会员消费计算的上限。",
        ),
        (
            "budget",
            "The budget that all members share is used up.",
            "规则的总预算已用完。",
        ),
    )
}
"""Every code that `earning` gives."""


def reason_words(code: str, language: str) -> str:
    """The reason in words; `language` is one of `phrases.LANGUAGES`."""
    text = REASONS[code]
    return text.get(language) or text["en"]
