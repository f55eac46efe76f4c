"""All that members are told of in the app. The page has the words of each kind."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice tells of. A kind that is added here needs words in web/member/src/notices."""

    TIER_UP = "tier_up"
    TIER_DOWN = "tier_down"
    BENEFITS_GAINED = "benefits_gained"
    BENEFITS_LOST = "benefits_lost"
    BENEFIT_GRANTED = "benefit_granted"
    COUPON_RECEIVED = "coupon_received"
    MESSAGE = "message"
    BADGE_WON = "badge_won"
    PRIZE_WON = "prize_won"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    REDEMPTION_PLACED = "redemption_placed"
    REDEMPTION_PACKED = "redemption_packed"
    REDEMPTION_SHIPPED = "redemption_shipped"
    REDEMPTION_READY = "redemption_ready"
    REDEMPTION_CANCELLED = "redemption_cancelled"
    REWARD_BACK = "reward_back"
    CARD_ENDS_SOON = "card_ends_soon"
    CARD_RENEWED = "card_renewed"
    CARD_NOT_RENEWED = "card_not_renewed"
    CARD_ENDED = "card_ended"
