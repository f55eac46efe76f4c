"""What the routes on transfers answer."""

from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.shapes import RecordAnswer


class LedgerTransferAnswer(Struct, frozen=True):
    """One transfer: `amount` leaves the account `debit` for the account `credit`, and counts from
    `effective_at`, which may be to come."""

    transfer: str
    event: str
    member: str
    currency: str
    code: str
    amount: int
    debit: str
    credit: str
    effective_at: Instant
    recorded_at: Instant


class LedgerTransferPage(Struct, frozen=True):
    """Transfers, newest recorded first. A page may be short, even empty, where few are searched for
    among many: `next`, the cursor of the next page, is null only when all were looked through."""

    items: list[LedgerTransferAnswer]
    next: str | None


class SideAnswer(Struct, frozen=True):
    """One side of a transfer. `owner`: member or program."""

    side: str
    account: str
    owner: str
    amount: int


class TouchedLotAnswer(Struct, frozen=True):
    """A lot as it is now, and what the event did to it: `used` was taken out (negative: put back),
    of which `lapsed` went for age. `is_new`: the event brought it."""

    lot: str
    currency: str
    amount: int
    remaining: int
    earned_at: Instant
    available_at: Instant
    expires_at: Instant | None
    is_new: bool
    used: int
    lapsed: int


class WholeTransferAnswer(Struct, frozen=True):
    """A transfer with both its sides, the event that made it and why, what else the event moved,
    and the lots that it touched."""

    transfer: LedgerTransferAnswer
    sides: list[SideAnswer]
    event: RecordAnswer | None
    beside: list[LedgerTransferAnswer]
    lots: list[TouchedLotAnswer]
