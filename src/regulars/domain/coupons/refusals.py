"""What is refused of coupons."""

from regulars.domain.errors import RegularsError


class TemplateNotFound(RegularsError):
    """There is no such coupon template."""

    code = "coupon_template_not_found"


class TemplateExists(RegularsError):
    """Another coupon template has this code or this word for all."""

    code = "coupon_template_exists"


class TemplateStateWrong(RegularsError):
    """This cannot be done with the coupon template as it stands. Look at it again."""

    code = "coupon_template_state_wrong"


class BatchNotFound(RegularsError):
    """There is no such batch of coupon codes."""

    code = "coupon_batch_not_found"


class CouponNotFound(RegularsError):
    """There is no coupon with this code. Look at every letter and try again."""

    code = "coupon_not_found"


class CodeMistyped(RegularsError):
    """This is no code of ours: a letter is wrong, missing or out of place. Type it again."""

    code = "coupon_code_mistyped"


class CouponUnusable(RegularsError):
    """The coupon cannot be used for this, or not now. Why, is said with each coupon."""

    code = "coupon_unusable"


class CouponTaken(RegularsError):
    """Somebody else has this coupon already."""

    code = "coupon_taken"


class CouponStateWrong(RegularsError):
    """This cannot be done with the coupon as it stands. Look at it again."""

    code = "coupon_state_wrong"


class NotClaimable(RegularsError):
    """This coupon is not given out to you, or not now."""

    code = "coupon_not_claimable"


class GiftRefused(RegularsError):
    """This coupon cannot be given, or not to this person."""

    code = "coupon_gift_refused"


class UseNotFound(RegularsError):
    """There is no such use of coupons."""

    code = "coupon_use_not_found"
