"""The states of an order, and what is refused because of them."""

from datetime import datetime
from enum import StrEnum

from regulars.domain.errors import RegularsError


class OrderState(StrEnum):
    """Where an order stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    RETURNED_IN_PART = "returned_in_part"
    RETURNED = "returned"


BOUGHT = frozenset({OrderState.CONFIRMED, OrderState.RETURNED_IN_PART})
"""Something of it can still come back."""


class OrderNotFound(RegularsError):
    """There is no such order."""

    code = "order_not_found"


class OrderClosed(RegularsError):
    """The order is not open any more. Look at it before you go on."""

    code = "order_closed"


class OrderTimedOut(RegularsError):
    """The order was open for too long; what it held is free again. Open it anew."""

    code = "order_timed_out"


class OfferLost(RegularsError):
    """Something that the order asked for is gone. Nothing was held or changed."""

    code = "offer_lost"


class QuoteChanged(RegularsError):
    """The order would not cost what you accepted. Nothing was held or changed."""

    code = "quote_changed"


class CancelTooLate(RegularsError):
    """The order was confirmed too long ago to be cancelled. Take its goods back instead."""

    code = "cancel_too_late"


def state_at(state: OrderState, expires_at: datetime, at: datetime) -> OrderState:
    """The state as it is at `at`, though nobody may have written it down yet."""
    if state is OrderState.OPEN and expires_at <= at:
        return OrderState.TIMED_OUT
    return state
