"""Double entry for points: accounts, transfers, lots, and the moves one decision makes.

Every movement is a transfer between two accounts of one currency, so the books balance by
construction. What a member can spend at an instant follows from the lots alone (`balance_at`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Account(StrEnum):
    """The member's own accounts first; the program's, which stand against them, after."""

    PENDING = "pending"
    AVAILABLE = "available"
    HELD = "held"
    OWED = "owed"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    CONVERTED = "converted"
    TRANSIT = "transit"
    WAIVED = "waived"


MEMBER_ACCOUNTS = frozenset(
    {Account.PENDING, Account.AVAILABLE, Account.HELD, Account.OWED},
)


class Lot(Struct, kw_only=True, gc=False):
    """Points earned together. `remaining` is neither spent, held, lapsed nor taken back.

    `expired` is the part that lapsed. `expires_at` None: never by date. `event_id` is the event
    that brought them. `id` is 0 until the storage has given it one. `after_seq`: for points that
    another member gave, how many decisions of its own the member had seen by then.
    `origin_event_id`: for points that came with a member who was merged into this one, the event
    that had brought them.
    """

    member_id: int
    currency: str
    amount: int
    remaining: int
    available_at: datetime
    expires_at: datetime | None
    event_id: int = 0
    expired: int = 0
    id: int = 0
    after_seq: int | None = None
    origin_event_id: int | None = None


class Transfer(Struct, frozen=True, gc=False):
    """`amount` > 0 leaves `debit` for `credit` at `effective_at`; never changed, never deleted."""

    member_id: int
    currency: str
    code: str
    debit: Account
    credit: Account
    amount: int
    effective_at: datetime


class LotUse(Struct, frozen=True, gc=False):
    """`amount` taken out of a lot (negative: put back), and how much of the lot's lapsed part."""

    lot: Lot
    amount: int
    at: datetime
    expired: int = 0


class Hold(Struct, kw_only=True, gc=False):
    """Points reserved until `expires_at`; `parts` say which lots they came from.

    `captured`: how many of them were spent in the end, `restored`: of these given back since.
    """

    id: int
    member_id: int
    currency: str
    amount: int
    expires_at: datetime
    parts: list[tuple[int, int]]
    is_open: bool = True
    captured: int = 0
    restored: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member has of one currency at one instant. `owed` is what is still to be paid back."""

    available: int = 0
    pending: int = 0
    held: int = 0
    owed: int = 0


@dataclass(slots=True)
class Book:
    """A member's open lots and holds: all that is needed to take points away.

    `others`: lots of members who were merged into this one, out of which points were spent that
    may be given back.
    """

    lots: list[Lot] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    others: list[Lot] = field(default_factory=list)


class Moves:
    """Collects what one decision does to the ledger, and knows what each lot has left meanwhile.

    The book it looks at is not changed; whoever carries the decision out does that.
    """

    __slots__ = (
        "_lapsed", "_used", "captured", "closed_holds", "lots", "member_id", "opened_holds",
        "owed", "restored_holds", "transfers", "uses",
    )  # fmt: skip

    def __init__(self, member_id: int) -> None:
        self.member_id = member_id
        self.transfers: list[Transfer] = []
        self.lots: list[Lot] = []
        self.uses: list[LotUse] = []
        self.owed: dict[str, int] = {}
        self.opened_holds: list[Hold] = []
        self.closed_holds: list[tuple[Hold, str]] = []
        self.captured: dict[int, int] = {}
        self.restored_holds: list[tuple[Hold, int]] = []
        self._used: dict[int, int] = {}
        self._lapsed: dict[int, int] = {}

    def left(self, lot: Lot) -> int:
        """What remains of `lot` after the uses so far."""
        return lot.remaining - self._used.get(id(lot), 0)

    def use(self, lot: Lot, amount: int, at: datetime, *, expired: int = 0) -> None:
        """Take `amount` out of `lot`, or put it back when negative."""
        self.uses.append(LotUse(lot, amount, at, expired))
        self._used[id(lot)] = self._used.get(id(lot), 0) + amount
        if expired:
            self._lapsed[id(lot)] = self._lapsed.get(id(lot), 0) + expired

    def lapsed(self, lot: Lot) -> int:
        """How much of `lot` has lapsed and not been taken back, after the moves so far."""
        return lot.expired + self._lapsed.get(id(lot), 0)

    def post(
        self,
        currency: str,
        code: str,
        *,
        debit: Account,
        credit: Account,
        amount: int,
        at: datetime,
    ) -> None:
        """Move `amount` from `debit` to `credit`; nothing when it is 0."""
        assert amount >= 0
        if amount:
            self.transfers.append(
                Transfer(self.member_id, currency, code, debit, credit, amount, at)
            )

    def owe(self, currency: str, amount: int) -> None:
        """Raise (or, negative, lower) what the member owes."""
        self.owed[currency] = self.owed.get(currency, 0) + amount


def is_live(lot: Lot, at: datetime) -> bool:
    """Whether the lot's points could be spent at `at`, if any remain."""
    return lot.available_at <= at and (lot.expires_at is None or at < lot.expires_at)


def spending_order(lots: Iterable[Lot]) -> list[Lot]:
    """Soonest-expiring first, then oldest; lots that never expire come last."""
    return sorted(
        lots,
        key=lambda lot: (
            lot.expires_at is None,
            lot.expires_at or lot.available_at,
            lot.available_at,
            lot.id or 2**63,
        ),
    )


def balance_at(lots: Iterable[Lot], holds: Iterable[Hold], owed: int, at: datetime) -> Balance:
    """The balance of one currency at `at`, whether or not any job has run.

    `lots` carry what remained of them at `at`. A hold that has timed out counts as given back. A
    debt is paid by whatever has matured since, even by points that would have lapsed later.
    """
    available = pending = held = lapsed = 0
    by_id = {lot.id: lot for lot in lots}
    for lot in by_id.values():
        if at < lot.available_at:
            pending += lot.remaining
        elif is_live(lot, at):
            available += lot.remaining
        else:
            lapsed += lot.remaining
    for hold in holds:
        if not hold.is_open:
            continue
        if at < hold.expires_at:
            held += hold.amount
            continue
        for lot_id, amount in hold.parts:
            part = by_id.get(lot_id)
            if part is None or is_live(part, at):
                available += amount
            elif is_live(part, hold.expires_at):
                lapsed += amount
    owed -= min(owed, lapsed)
    paid = min(owed, available)
    return Balance(available - paid, pending, held, owed - paid)


def owed_by(state_owed: Mapping[str, int], moves: Moves, currency: str) -> int:
    """What the member owes after the moves so far."""
    return state_owed.get(currency, 0) + moves.owed.get(currency, 0)


def below_zero(balance: Balance) -> Balance:
    """The same balance where the program lets members go negative: what is owed is not told by
    itself but as a balance below zero."""
    return replace(balance, available=balance.available - balance.owed, owed=0)
