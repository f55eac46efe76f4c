"""Why a coupon gives nothing for a cart, or is not given out: the codes of reasons, in words."""

from collections.abc import Mapping

from regulars.domain.programs.pieces import Text

REASONS: Mapping[str, Text] = {
    code: {"en": english, "zh-CN": chinese}
    for code, english, chinese in (
        ("", "It can be used.", "可以使用。"),
        ("unknown", "There is no coupon with this code.", "没有此券码对应的优惠券。"),
        ("mistyped", "A letter of this code is wrong.", "券码输入有误，请重新输入。"),
        ("not_yet", "It cannot be used yet.", "尚未到可用时间。"),
        ("expired", "Its time is over.", "已过有效期。"),
        ("over", "Its time is over.", "已结束。"),
        ("used", "It was used already.", "已使用。"),
        ("limit", "It is used up, or reserved by another order.", "已用完，或被其他订单占用。"),
        ("budget", "The budget for it is used up.", "优惠预算已用完。"),
        ("given", "It is being given to a friend.", "正在转赠中。"),
        ("paused", "It cannot be used for the time being.", "暂停使用。"),
        ("frozen", "It is frozen.", "已冻结。"),
        ("revoked", "It was revoked.", "已作废。"),
        ("other_member", "It is another member's.", "此券属于其他会员。"),
        ("currency", "It is in another currency.", "币种不符。"),
        ("tier", "It is for other tiers.", "不适用于当前等级。"),
        ("stage", "It is for members in another stage.", "不适用于当前会员阶段。"),
        ("tag", "It is for other members.", "仅限指定标签的会员。"),
        ("audience", "It is for other members.", "仅限部分会员。"),
        ("condition", "Its condition does not hold for this order.", "订单不满足使用条件。"),
        ("condition_error", "Its condition cannot be worked out.", "使用条件无法计算。"),
        ("channel", "It is for other channels.", "不适用于当前渠道。"),
        ("store", "It is for other shops.", "不适用于当前门店。"),
        ("lines", "Nothing in the cart is what it is for.", "购物车中没有适用商品。"),
        ("threshold", "The goods it is for cost too little.", "适用商品金额未达门槛。"),
        ("nothing", "There is nothing to take off.", "没有可减免的金额。"),
        ("stacking", "Another coupon of its kind gives more.", "同类优惠券不可叠加。"),
        ("not_asked", "It was not asked for.", "未选择使用。"),
        ("had", "You have taken yours already.", "您已领取过。"),
        ("none_left", "All of them are taken.", "已领完。"),
        ("not_given_out", "It is not given out.", "暂不发放。"),
        ("template_unknown", "No coupon is called so.", "没有此编号的优惠券模板。"),
        ("template_draft", "The coupon was still a draft.", "优惠券模板尚未启用。"),
        ("template_paused", "The coupon was paused.", "优惠券模板已暂停。"),
        ("template_ended", "The coupon had ended.", "优惠券模板已终止。"),
        ("template_over", "The coupon's time was over.", "优惠券模板已过有效期。"),
        ("enough", "They have as many as they could use.", "该会员的可用数量已达上限。"),
        ("member_gone", "This member is not there any more.", "该会员已不存在。"),
    )
}  # fmt: skip


def reason_words(code: str, lang: str) -> str:
    """The reason in words; a code of others' in its own letters."""
    text = REASONS.get(code)
    return code if text is None else text.get(lang) or text["en"]
