"""What is refused in play."""

from regulars.domain.errors import RegularsError


class DayTaken(RegularsError):
    """That day counts already."""

    code = "day_taken"


class NoMakeUpLeft(RegularsError):
    """No more days may be made up for in this period."""

    code = "no_make_up_left"


class DrawNotFound(RegularsError):
    """There is no such draw."""

    code = "draw_not_found"


class DrawClosed(RegularsError):
    """The draw has not begun, is paused, or is over."""

    code = "draw_closed"


class DrawFixed(RegularsError):
    """The draw has begun: what was promised can no longer be changed."""

    code = "draw_fixed"


class NoChanceLeft(RegularsError):
    """The member has no chance left in this draw."""

    code = "no_chance_left"


class BoardNotFound(RegularsError):
    """There is no such leaderboard."""

    code = "leaderboard_not_found"


class PlayNameTaken(RegularsError):
    """Somebody else plays under this name. Choose another."""

    code = "play_name_taken"


class NotAWinner(RegularsError):
    """There is nothing to hand out for this turn, or it was handed out before."""

    code = "nothing_to_hand_out"
