"""What is refused of points that are held, or were."""

from regulars.domain.errors import RegularsError


class HoldNotCaptured(RegularsError):
    """The member has no hold of this number out of which points were spent."""

    code = "hold_not_captured"
