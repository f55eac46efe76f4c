"""Closing orders that nobody confirmed in time. Nothing depends on it: an order whose time is over
is over at that instant; its points and reservations are free, and are written so by their own."""

from datetime import datetime

from regulars.domain.orders.states import OrderState
from regulars.services.orders.opening import step_of
from regulars.storage.database import Database, Tx
from regulars.storage.orders import orders, steps

TOGETHER = 500
ACTOR = "system"


def close_due(db: Database, organization: int, now: datetime) -> int:
    """Write down which orders have timed out by `now`; how many. Safe to repeat, and to run in
    several processes at once."""

    def work(tx: Tx) -> int:
        late = orders.due(tx, organization, now, limit=TOGETHER)
        found = [
            order
            for order in orders.lock(tx, organization, late).values()
            if order.state is OrderState.OPEN and order.expires_at <= now
        ]
        for order in found:
            order.state, order.closed_at = OrderState.TIMED_OUT, order.expires_at
        if found:
            orders.settle(tx, organization, found)
            done = [step_of(one, "timed_out", ACTOR, one.expires_at) for one in found]
            steps.add(tx, organization, done)
        return len(late)

    count = 0
    while True:
        closed = db.retrying(organization, work)
        count += closed
        if closed < TOGETHER:
            return count
