"""What is refused where many want what there is only so much of."""

from regulars.domain.errors import RegularsError


class LimitReached(RegularsError):
    """There is none left. Nothing was taken."""

    code = "limit_reached"


class ReservationLost(RegularsError):
    """What was reserved has timed out or was given back meanwhile. Begin again."""

    code = "reservation_lost"
