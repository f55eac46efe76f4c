"""What is paid back when a paid card is given back before its end. Whole numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from regulars.domain.periods import add
from regulars.domain.programs.paid_cards import AfterWindow, CardRefund


class RefundWhy(StrEnum):
    """How much of a term is paid back, in a word."""

    FULL = "full"  # it has not begun, or only within the first days
    PRO_RATA = "pro_rata"  # the days that are left
    NOTHING = "nothing"  # the program pays nothing back by now
    FREE = "free"  # nothing was paid for it


@dataclass(frozen=True, slots=True)
class PaidTerm:
    """One term as it was paid for: `price` in minor units, or `points`."""

    id: int
    starts_at: datetime
    ends_at: datetime
    price: int
    points: int


@dataclass(frozen=True, slots=True)
class TermRefund:
    """What is paid back of one term. `days_left` of `days`; `deducted`: what the card has saved,
    in minor units, as far as it was taken off."""

    term: int
    why: RefundWhy
    days: int
    days_left: int
    money: int
    points: int
    deducted: int = 0


def days_of(term: PaidTerm, at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """How many calendar days the term has in the zone, and how many of them are left at `at`. A
    day that has begun counts as used; a term within one day has one."""
    first = term.starts_at.astimezone(zone).date()
    days = max((term.ends_at.astimezone(zone).date() - first).days, 1)
    if at < term.starts_at:
        return days, days
    used = (at.astimezone(zone).date() - first).days + 1
    return days, max(days - used, 0)


def refund_of(
    term: PaidTerm, policy: CardRefund, at: datetime, zone: ZoneInfo, *, saved: int
) -> TermRefund:
    """What is paid back of `term` at `at`. `saved`: what the card has saved in it, minor units.

    The share of the days that are left is rounded down to whole minor units, and to whole points.
    """
    days, left = days_of(term, at, zone)
    if not term.price and not term.points:
        return TermRefund(term.id, RefundWhy.FREE, days, left, 0, 0)
    window = policy.full_within
    if at < term.starts_at or (window is not None and at < add(term.starts_at, window, zone)):
        return TermRefund(term.id, RefundWhy.FULL, days, left, term.price, term.points)
    if policy.then is AfterWindow.NOTHING or at >= term.ends_at:
        return TermRefund(term.id, RefundWhy.NOTHING, days, left, 0, 0)
    money, points = term.price * left // days, term.points * left // days
    deducted = min(max(saved, 0), money) if policy.less_saved else 0
    return TermRefund(term.id, RefundWhy.PRO_RATA, days, left, money - deducted, points, deducted)


def refund_all(
    terms: Sequence[PaidTerm], policy: CardRefund, at: datetime, zone: ZoneInfo, *, saved: int
) -> list[TermRefund]:
    """The same of every term that has not been paid back. `saved`: in the term under way."""
    return [
        refund_of(term, policy, at, zone, saved=saved if term.starts_at <= at < term.ends_at else 0)
        for term in terms
    ]
