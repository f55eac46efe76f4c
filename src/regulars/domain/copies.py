"""The parts of the copy that a member may ask for, in their order and in words."""

from collections.abc import Mapping

from regulars.domain.programs.pieces import Text

PARTS: Mapping[str, Text] = {
    "profile": {"en": "What you told about yourself", "zh-CN": "您的个人资料"},
    "member": {"en": "Your membership", "zh-CN": "会员信息"},
    "identities": {"en": "The numbers you are known by", "zh-CN": "您的会员编号"},
    "consents": {"en": "What you said yes and no to", "zh-CN": "您的授权同意记录"},
    "balances": {"en": "What you have", "zh-CN": "当前余额"},
    "lots": {"en": "Points, and when they lapse", "zh-CN": "积分批次与有效期"},
    "lot_uses": {"en": "What points were spent", "zh-CN": "积分使用明细"},
    "holds": {"en": "Points that were reserved", "zh-CN": "积分预留记录"},
    "transfers": {"en": "Every movement of points", "zh-CN": "积分流水"},
    "reservations": {"en": "What you reserved and used", "zh-CN": "您预留和使用的名额"},
    "events": {"en": "What happened, and what was decided of it", "zh-CN": "事件及处理结果"},
    "tiers": {"en": "Which tiers you held", "zh-CN": "等级变化"},
    "notices": {"en": "What you were told in the app", "zh-CN": "应用内通知"},
    "sessions": {"en": "Where you signed in", "zh-CN": "登录记录"},
    "passkeys": {"en": "Your passkeys", "zh-CN": "通行密钥"},
    "grants": {"en": "What you allowed applications", "zh-CN": "应用授权"},
    "enrolments": {"en": "How you became a member", "zh-CN": "入会申请"},
    "approvals": {"en": "What two people had to decide", "zh-CN": "审批记录"},
    "coupons": {"en": "Your coupons", "zh-CN": "您的优惠券"},
    "coupon_changes": {"en": "What was done with your coupons", "zh-CN": "优惠券变更记录"},
    "coupon_gifts": {"en": "Coupons given and received", "zh-CN": "优惠券赠送记录"},
    "coupon_uses": {"en": "What shops used coupons for", "zh-CN": "门店核销记录"},
    "coupons_redeemed": {"en": "What your coupons gave", "zh-CN": "优惠券优惠明细"},
    "benefit_grants": {"en": "Benefits that you were given", "zh-CN": "获赠的权益"},
    "benefit_uses": {"en": "Benefits that you used", "zh-CN": "权益使用记录"},
    "bookings": {"en": "Appointments that you booked", "zh-CN": "预约记录"},
    "orders": {"en": "What you ordered", "zh-CN": "您的订单"},
    "order_returns": {"en": "What you brought back", "zh-CN": "退货记录"},
    "order_steps": {"en": "What happened to your orders", "zh-CN": "订单处理过程"},
    "redemptions": {"en": "Rewards that you redeemed", "zh-CN": "您兑换的礼品"},
    "redemption_steps": {"en": "What became of them", "zh-CN": "兑换处理过程"},
    "stock_waits": {"en": "Rewards that you waited for", "zh-CN": "您登记的到货提醒"},
    "play_name": {"en": "The name that you play under", "zh-CN": "您的游戏昵称"},
    "draw_chances": {"en": "Turns that you were given in draws", "zh-CN": "获得的抽奖次数"},
    "draw_turns": {"en": "Your turns in draws", "zh-CN": "抽奖记录"},
    "leaderboards": {"en": "Where you stand on leaderboards", "zh-CN": "排行榜名次"},
    "memberships": {"en": "Your paid cards", "zh-CN": "您的付费会员卡"},
    "membership_terms": {"en": "What was paid for them", "zh-CN": "会员卡付费记录"},
    "families": {"en": "Cards that you share", "zh-CN": "您共享的会员卡"},
    "uses": {"en": "Who used your data", "zh-CN": "您的数据使用记录"},
}
"""Name of the part to what it holds. The JSON has them under these names."""

TABLES: Mapping[str, str] = {
    "member": "member",
    "identities": "identity",
    "balances": "account",
    "lots": "lot",
    "lot_uses": "lot_use",
    "holds": "hold",
    "transfers": "transfer",
    "reservations": "reservation",
    "events": "event",
    "tiers": "tier_change",
    "notices": "notice",
    "sessions": "session",
    "passkeys": "passkey",
    "grants": "client_grant",
    "enrolments": "enrolment",
    "approvals": "approval",
    "redemptions": "redemption",
    "redemption_steps": "redemption_step",
    "stock_waits": "stock_wait",
    "coupons": "coupon",
    "coupon_changes": "coupon_change",
    "coupon_gifts": "coupon_gift",
    "coupon_uses": "coupon_use",
    "coupons_redeemed": "coupon_redeemed",
    "benefit_grants": "benefit_grant",
    "benefit_uses": "benefit_use",
    "bookings": "slot_booking",
    "orders": "customer_order",
    "order_returns": "order_return",
    "order_steps": "order_step",
}
"""The parts that are the rows of one table."""

TITLE: Text = {"en": "All that is kept about you", "zh-CN": "关于您的全部数据"}
NOTHING: Text = {"en": "Nothing.", "zh-CN": "无。"}
MADE: Text = {"en": "Made at", "zh-CN": "生成时间"}
