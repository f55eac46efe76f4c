"""What is asked of orders, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from regulars.domain.audit import By
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import RegularsError
from regulars.domain.events import Payment
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef
from regulars.domain.operations import PREFIX
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.reported import Sold
from regulars.domain.orders.returning import Back
from regulars.storage.database import Database, Tx
from regulars.storage.locked import Locked
from regulars.storage.orders.orders import Order
from regulars.storage.programs import Versions

SOURCE = PREFIX + "orders"
"""Of the operations by which orders hold and spend points."""

DEFAULT_SECONDS = 900


class Taken(Protocol):
    """What the engine says of an event that it took in."""

    @property
    def event_id(self) -> int:
        """The event's number."""

    @property
    def member_id(self) -> int:
        """Whose it is."""

    @property
    def explanation(self) -> Explanation:
        """What it did, and why."""


class TakeMany(Protocol):
    """Decides and records events within a transaction: the engine that all events go through."""

    def __call__(
        self, tx: Tx, arrivals: Sequence[Arrival], now: datetime, locked: Locked | None = None, /
    ) -> Sequence[Taken | RegularsError]:
        """One outcome for each, in their order."""


@dataclass(frozen=True, slots=True)
class House:
    """What it takes to deal with the orders of one organization."""

    db: Database
    versions: Versions
    take: TakeMany

    @property
    def organization(self) -> int:
        """Whose orders these are."""
        return self.versions.organization


class Opening(Struct, frozen=True, kw_only=True):
    """Quote a cart and hold what it takes for `seconds`. `accept`: the mark of the quote at which
    it is to be opened, or not at all. `digest`: of what is asked."""

    source: str
    external_id: str
    ref: MemberRef
    cart: Cart
    digest: str
    by: By
    seconds: int = DEFAULT_SECONDS
    accept: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same order."""
        return self.source, self.external_id


class Confirming(Struct, frozen=True, kw_only=True):
    """Take for good what an order holds, and record the purchase."""

    number: int
    by: By
    payments: tuple[Payment, ...] = ()
    reference: str | None = None
    accept: str | None = None


class Cancelling(Struct, frozen=True, kw_only=True):
    """Give back what an order holds; of a confirmed one, all that it did."""

    number: int
    by: By
    reason: str = ""


class Returning(Struct, frozen=True, kw_only=True):
    """Goods come back. `lines`: (line, quantity), without a quantity all that is left; none at
    all: everything. `external_id`: the till's number for it."""

    number: int
    external_id: str
    lines: tuple[tuple[int, int | None], ...]
    by: By
    with_delivery: bool = True
    reason: str = ""


class Reporting(Struct, frozen=True, kw_only=True):
    """A finished order of a till that was off line. `time`: when it was paid."""

    source: str
    external_id: str
    ref: MemberRef
    sold: Sold
    time: datetime
    digest: str
    by: By
    payments: tuple[Payment, ...] = ()
    reference: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same order."""
        return self.source, self.external_id


Work = Opening | Confirming | Cancelling | Returning | Reporting


class Done(Struct, frozen=True, kw_only=True):
    """An order as it stands afterwards. `is_repeat`: it was done before, and this is the same
    answer. `explanation`: of the purchase; `back`: what came back, under the number `return_id`."""

    order: Order
    quote: Quote
    is_repeat: bool = False
    explanation: Explanation | None = None
    back: Back | None = None
    return_id: str = ""


Outcome = Done | RegularsError
