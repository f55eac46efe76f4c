"""Buying at a sale under a rush: through the same lane as all that is redeemed, and bounded."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.mall.refusals import SoldOut
from regulars.domain.mall.wishes import Wish
from regulars.services.mall.redeeming import Outcome, Redeeming, Taken
from regulars.services.sales.sold_out import SoldOutBoard
from regulars.storage.database import Database
from regulars.storage.mall import redemptions

MOST_BUYERS = 20_000
"""Of a sale with more buyers nobody is answered from memory: they could not all be remembered."""


class Till:
    """Serves wishes for one organization, and remembers which sales are sold out."""

    def __init__(
        self, db: Database, organization: int, redeeming: Redeeming, board: SoldOutBoard
    ) -> None:
        self._db = db
        self._organization = organization
        self._redeeming = redeeming
        self._board = board

    def take_in(self, wishes: Sequence[Wish], now: datetime, /) -> list[Outcome]:
        """Serve them in their order; one outcome for each. Durable on return."""
        outcomes = self._redeeming.take_in(wishes, now)
        left: dict[int, bool] = {}
        for wish, outcome in zip(wishes, outcomes, strict=True):
            if wish.sale_id is None:
                continue
            if isinstance(outcome, Taken):
                if not outcome.is_repeat:
                    left[wish.sale_id] = outcome.left != 0
            elif isinstance(outcome, SoldOut) and wish.quantity == 1:
                left[wish.sale_id] = False
        for sale_id, is_left in left.items():
            if is_left:
                self._board.forget(self._organization, sale_id)
            else:
                self._note(sale_id)
        return outcomes

    def _note(self, sale_id: int) -> None:
        with self._db.transaction(self._organization) as tx:
            buyers = redemptions.buyers(tx, self._organization, sale_id, MOST_BUYERS)
        if len(buyers) < MOST_BUYERS:
            self._board.note(self._organization, sale_id, buyers)
