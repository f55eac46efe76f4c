"""What a member has open when they are erased, and who ends it."""

from collections.abc import Mapping
from functools import partial

from regulars.api.state import Served
from regulars.services.benefits import booking
from regulars.services.erasure import Ending
from regulars.services.mall import settling
from regulars.services.memberships import erasing
from regulars.services.memberships.house import House as CardHouse
from regulars.services.orders import undoing
from regulars.services.orders.asking import House


def endings_of(served: Served) -> Mapping[str, Ending]:
    """By what is ended, in the order in which it is locked: orders and redemptions before members,
    these before limits."""
    intake = served.runtime.intake(served.organization)
    take_many = intake.take_many_within
    till = House(served.db, served.versions, take_many)

    cards = CardHouse(served.db, served.runtime.cabinet, served.versions, intake.take_within)
    counter = settling.Counter(served.db, served.versions, take_many)
    return {
        "orders cancelled": partial(undoing.cancel_all, till),
        "redemptions ended": partial(settling.end_all, counter),
        "paid cards ended": partial(erasing.end_all, cards),
        "appointments cancelled": booking.cancel_all,
    }
