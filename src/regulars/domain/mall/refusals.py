"""What is refused in the mall and at a sale."""

from regulars.domain.errors import RegularsError


class RewardNotFound(RegularsError):
    """There is no such reward."""

    code = "reward_not_found"


class RewardUnavailable(RegularsError):
    """This reward cannot be had now, or not by this member."""

    code = "reward_unavailable"


class SoldOut(RegularsError):
    """There are no pieces left. Nothing was taken."""

    code = "sold_out"


class RedemptionNotFound(RegularsError):
    """There is no such redemption."""

    code = "redemption_not_found"


class RedemptionStateWrong(RegularsError):
    """This cannot be done with the redemption as it stands. Look at it again."""

    code = "redemption_state_wrong"


class SaleNotFound(RegularsError):
    """There is no such sale."""

    code = "sale_not_found"


class SaleNotOpen(RegularsError):
    """The sale has not begun, is paused or is over."""

    code = "sale_not_open"


class PictureRefused(RegularsError):
    """The picture is not one that can be shown: send PNG, JPEG or WebP of at most 400 kB."""

    code = "picture_refused"
