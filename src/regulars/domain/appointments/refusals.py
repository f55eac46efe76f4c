"""What is refused of appointments and their bookings."""

from regulars.domain.errors import RegularsError


class SlotNotFound(RegularsError):
    """There is no such appointment."""

    code = "slot_not_found"


class SlotNotOpen(RegularsError):
    """The appointment has begun or was called off; nobody can book it any more."""

    code = "slot_not_open"


class BookingNotFound(RegularsError):
    """There is no such booking."""

    code = "booking_not_found"


class BookingNotOpen(RegularsError):
    """The booking was cancelled, or it is settled whether somebody came."""

    code = "booking_not_open"


class AlreadyBooked(RegularsError):
    """The member has booked this appointment."""

    code = "already_booked"


class TooLateToChange(RegularsError):
    """It is too late to move or cancel this booking; ask the place itself."""

    code = "too_late_to_change"
