"""What is counted while lives are replayed: flows by currency and month, rules, refusals."""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.decisions import Decision
from regulars.domain.events import Event
from regulars.domain.explanations import Given
from regulars.domain.ledger import MEMBER_ACCOUNTS, Account, Lot
from regulars.domain.operations import Operation
from regulars.domain.periods import Unit, end_of

BEFORE = 0
"""The place of everything before the window; the months of the window follow from 1 on."""

Flow = tuple[str, Account, Account, int]
"""Currency, debit, credit, and the place of the month."""

_OWN = frozenset(MEMBER_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class Window:
    """[from, until) cut into months of a zone. `starts`: the instants at which the months begin,
    of which the first is `from_`."""

    from_: datetime
    until: datetime
    starts: tuple[datetime, ...]

    def place(self, at: datetime) -> int:
        """Where an instant counts: BEFORE, or the number of its month from 1."""
        return bisect_right(self.starts, at)


def window(from_: datetime, until: datetime, zone: ZoneInfo) -> Window:
    """The window's months; the first and the last may be parts of one."""
    assert from_ < until
    starts = [from_]
    while (following := end_of(Unit.MONTH, starts[-1], zone)) < until:
        starts.append(following)
    return Window(from_, until, tuple(starts))


@dataclass(slots=True)
class Sums:
    """What one program has come to, over any number of members. `rules`: id to [points, times].
    `grants`: for rules with a budget, (id, block of events) to points. `refused`: (type, code) to
    [events, points asked for]. Adding up is the same in any order."""

    flows: dict[Flow, int] = field(default_factory=dict)
    rules: dict[str, list[int]] = field(default_factory=dict)
    grants: dict[tuple[str, int], int] = field(default_factory=dict)
    refused: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, other: "Sums") -> None:
        """Take in what was counted elsewhere."""
        for flow, points in other.flows.items():
            self.flows[flow] = self.flows.get(flow, 0) + points
        _add_pairs(self.rules, other.rules.items())
        _add_pairs(self.refused, other.refused.items())
        for (rule, block), points in other.grants.items():
            self.grants[rule, block] = self.grants.get((rule, block), 0) + points


def _add_pairs(into: dict[Any, list[int]], pairs: Iterable[tuple[Any, list[int]]]) -> None:
    for key, (first, second) in pairs:
        known = into.get(key)
        if known is None:
            into[key] = [first, second]
        else:
            known[0] += first
            known[1] += second


class Tally:
    """Counts what one side of one member does. `width`: how many event numbers share a block of
    `grants`."""

    __slots__ = ("_grants", "_sums", "_width", "_window", "flows")

    def __init__(self, sums: Sums, window: Window, width: int) -> None:
        self.flows: dict[Flow, int] = {}
        self._grants: dict[tuple[str, int], int] = {}
        self._sums = sums
        self._window = window
        self._width = width

    def parted(self, sums: Sums) -> "Tally":
        """One that counts on from here into other sums."""
        other = Tally(sums, self._window, self._width)
        other.flows |= self.flows
        other._grants |= self._grants
        return other

    def unheard(self) -> "Tally":
        """One whose counts nobody looks at."""
        return Tally(Sums(), self._window, self._width)

    def recall(self, flows: dict[Flow, int]) -> None:
        """Take in what the ledger says of the member."""
        self.flows = flows

    def told(
        self, number: int, event: Event, given: Iterable[Given], budgets: Collection[str]
    ) -> None:
        """What rules gave for an event, as it is on record. `budgets`: the rules that have one."""
        if event.time >= self._window.from_:
            self._count_rules(given)
        if budgets:
            self._grant(number, [one[:2] for one in given if one[0] in budgets])

    def count(self, number: int, event: Event, decision: Decision) -> None:
        """What a decision has moved and given."""
        flows, starts, own = self.flows, self._window.starts, decision.moves.member_id
        for one in decision.moves.transfers:
            if one.member_id == own and one.code != "mature":
                flow = (one.currency, one.debit, one.credit, bisect_right(starts, one.effective_at))
                flows[flow] = flows.get(flow, 0) + one.amount
        if decision.budgets:
            self._grant(number, decision.budgets.items())
        if event.time >= self._window.from_:
            self._count_rules(decision.explanation.rules)

    def _grant(self, number: int, given: Iterable[tuple[str, int]]) -> None:
        for rule, points in given:
            if points:
                key = (rule, number // self._width)
                self._grants[key] = self._grants.get(key, 0) + points

    def _count_rules(self, given: Iterable[Given]) -> None:
        rules = self._sums.rules
        for rule, points, _reason in given:
            if points:
                known = rules.get(rule)
                if known is None:
                    rules[rule] = [points, 1]
                else:
                    known[0] += points
                    known[1] += 1

    def refuse(self, event: Event, code: str) -> None:
        """An event that this program does not honour."""
        if event.time >= self._window.from_:
            points = getattr(event.data, "amount", None) if _is_spending(event) else None
            known = self._sums.refused.setdefault((event.type, code), [0, 0])
            known[0] += 1
            known[1] += abs(points or 0)

    def receive(self, lot: Lot) -> None:
        """Points that another member gave."""
        place = self._window.place(lot.available_at)
        flow = (lot.currency, Account.TRANSIT, Account.AVAILABLE, place)
        self.flows[flow] = self.flows.get(flow, 0) + lot.amount

    def close(self) -> None:
        """Add what the member has come to to the sums."""
        self._sums.add(Sums(self.flows, grants=self._grants))

    def kept(self) -> dict[str, int]:
        """By currency what the member got in the window and kept: earned, less what was taken back
        and what lapsed."""
        sums: dict[str, int] = {}
        for (currency, debit, credit, place), points in self.flows.items():
            if place != BEFORE:
                change = points * keeping(debit, credit)
                if change:
                    sums[currency] = sums.get(currency, 0) + change
        return sums


def _is_spending(event: Event) -> bool:
    return isinstance(event.data, Operation)


_ISSUED, _EXPIRED, _WAIVED = Account.ISSUED, Account.EXPIRED, Account.WAIVED


def keeping(debit: Account, credit: Account) -> int:
    """1 for a movement that gives a member points to keep, -1 for one that takes them away. What a
    return waives was given and is not taken."""
    return issuing(debit, credit) - taking(debit, credit) - expiring(debit, credit)


def issuing(debit: Account, _credit: Account) -> int:
    """1 for points that were earned."""
    return int(debit is _ISSUED)


def taking(debit: Account, credit: Account) -> int:
    """1 for points that a return took back."""
    return int(credit is _ISSUED and debit is not _WAIVED)


def expiring(debit: Account, credit: Account) -> int:
    """1 for points that lapsed; -1 for those that had, and were then taken back."""
    return int(credit is _EXPIRED) - int(debit is _EXPIRED)


def spending(_debit: Account, credit: Account) -> int:
    """1 for points that were spent for good."""
    return int(credit is Account.REDEEMED)


def standing(debit: Account, credit: Account) -> int:
    """1 for what comes to a member, -1 for what leaves, 0 for what moves between their accounts:
    the sum is what is outstanding, less what is owed."""
    return int(credit in _OWN) - int(debit in _OWN)
