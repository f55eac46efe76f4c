"""Stock that is changed by hand, and telling those who wait that there is some again."""

from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import IdempotencyKeyReused, InvalidInput
from regulars.domain.ids import REWARD, VARIANT, encode
from regulars.domain.mall.refusals import RewardNotFound
from regulars.domain.mall.rewards import stock_limit
from regulars.domain.notices.kinds import NoticeKind
from regulars.services.mall.telling import tell
from regulars.storage import audit
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.limits import quotas
from regulars.storage.mall import rewards, stock
from regulars.storage.mall.stock import StockChange

MOST_TOLD = 500
"""How many of those who wait are told at a time."""

SET, ADD, UNLIMITED = "set", "add", "unlimited"


def change_stock(
    db: Database,
    organization: int,
    variant_id: int,
    *,
    change: str,
    amount: int,
    reason: str,
    key: str,
    by: By,
    now: datetime,
) -> StockChange:
    """Set what is left, add to it (or, negative, take away), or count without end; on record, with
    its reason. Safe to repeat under the same key.

    Raises RewardNotFound, InvalidInput when less would be left than nothing, IdempotencyKeyReused.
    """

    def work(tx: Tx) -> StockChange:
        known = stock.by_key(tx, organization, key)
        if known is not None:
            same = (known.variant_id, known.change, known.amount, known.reason)
            if same != (variant_id, change, amount, reason):
                raise IdempotencyKeyReused
            return known
        found = rewards.lock_variant(tx, organization, variant_id)
        if found is None:
            raise RewardNotFound("There is no such variant.")
        reward_id, variant = found
        limit = stock_limit(variant)
        room = quotas.lock(tx, organization, [limit], now)[limit.key]
        taken = room.used + room.reserved
        left = _left_after(change, amount, room.left)
        rewards.set_stock(tx, organization, variant_id, None if left is None else taken + left)
        done = StockChange(
            0, variant_id, now, by.actor, change, amount, room.left, left, reason, key
        )
        stock.record(tx, organization, done)
        told = encode(VARIANT, variant_id)
        deed = Deed(
            "stock.changed", f"reward:{encode(REWARD, reward_id)}", None, reason,
            before={"variant": told, "left": room.left}, after={"variant": told, "left": left},
        )  # fmt: skip
        audit.record(tx, by, [deed], now)
        tell_waiting(tx, organization, reward_id, variant_id, left=left, now=now)
        return done

    return db.retrying(organization, work, retry_on=RACES)


def _left_after(change: str, amount: int, left: int | None) -> int | None:
    if change == UNLIMITED:
        return None
    after = amount if change == SET else (left or 0) + amount
    if after < 0:
        raise InvalidInput(f"Only {left or 0} are left: so many at most can be taken away.")
    return after


def tell_waiting(
    tx: Tx, organization: int, reward_id: int, variant_id: int, *, left: int | None, now: datetime
) -> int:
    """Tell as many of those who wait as there are pieces, in the order in which they came; how
    many. Nothing is set aside for them: the first to redeem gets it."""
    count = MOST_TOLD if left is None else min(left, MOST_TOLD)
    told = stock.tell(tx, organization, variant_id, count, now) if count > 0 else []
    params = {"reward": encode(REWARD, reward_id), "variant": encode(VARIANT, variant_id)}
    tell(tx, organization, told, kind=NoticeKind.REWARD_BACK, params=params, now=now)
    return len(told)
