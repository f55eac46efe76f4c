"""From what was counted to what is told: the result of a simulation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from regulars.domain.designing.histograms import histogram
from regulars.domain.designing.results import (
    Amount,
    BinResult,
    ChangeResult,
    CurrencyResult,
    CurrencySums,
    MonthResult,
    MonthSums,
    RefusalResult,
    RefusalSums,
    RuleResult,
    RuleSums,
    SegmentResult,
    TierMoves,
    TierName,
    TierResult,
)
from regulars.domain.designing.rolls import Roll
from regulars.domain.designing.tallies import (
    BEFORE,
    Sums,
    Window,
    expiring,
    issuing,
    spending,
    standing,
    taking,
)
from regulars.domain.ledger import Account
from regulars.domain.programs.model import Program
from regulars.domain.programs.pieces import Text
from regulars.domain.statistics.worth import liability_of

Weight = Callable[[Account, Account], int]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two programs that were compared, and what was counted under each."""

    in_force: Program
    draft: Program
    in_force_sums: Sums
    draft_sums: Sums


def currencies(pair: Pair) -> list[CurrencyResult]:
    """Every currency of either program, those of the draft first."""
    known = {**pair.draft.currencies, **pair.in_force.currencies}
    return [
        CurrencyResult(
            code,
            _names((pair.draft.currencies.get(code) or currency).name),
            currency.kind.value,
            _currency(pair.in_force, pair.in_force_sums, code),
            _currency(pair.draft, pair.draft_sums, code),
        )
        for code, currency in known.items()
    ]


def _currency(program: Program, sums: Sums, code: str) -> CurrencySums | None:
    if code not in program.currencies:
        return None
    issued, taken = _inside(sums, code, issuing), _inside(sums, code, taking)
    outstanding = sum(_by_place(sums, code, standing).values())
    return CurrencySums(
        issued=issued,
        taken_back=taken,
        redeemed=_inside(sums, code, spending),
        expired=_inside(sums, code, expiring),
        outstanding=outstanding,
        cost=_worth(program, code, issued - taken),
        liability=_worth(program, code, outstanding),
    )


def _worth(program: Program, code: str, points: int) -> Amount | None:
    worth = liability_of(program, code, points).value
    return None if worth is None else Amount(worth.minor, worth.currency)


def _inside(sums: Sums, code: str, weight: Weight) -> int:
    """Over the window."""
    places = _by_place(sums, code, weight)
    return sum(points for place, points in places.items() if place != BEFORE)


def _by_place(sums: Sums, code: str, weight: Weight) -> dict[int, int]:
    found: dict[int, int] = {}
    for (currency, debit, credit, place), points in sums.flows.items():
        if currency == code:
            found[place] = found.get(place, 0) + points * weight(debit, credit)
    return found


def months(pair: Pair, window: Window) -> list[MonthResult]:
    """Every month of the window, for every currency."""
    zone = pair.draft.zone
    days = [start.astimezone(zone).date().replace(day=1) for start in window.starts]
    codes = {**pair.draft.currencies, **pair.in_force.currencies}
    return [
        MonthResult(day, code, *both)
        for code in codes
        for day, *both in zip(
            days,
            _series(pair.in_force_sums, code, days),
            _series(pair.draft_sums, code, days),
            strict=True,
        )
    ]


def _series(sums: Sums, code: str, days: Sequence[date]) -> Iterator[MonthSums]:
    columns = [_by_place(sums, code, weight) for weight in (issuing, taking, spending, expiring)]
    flows = _by_place(sums, code, standing)
    places = range(BEFORE, len(days) + 1)
    ends = list(accumulate(flows.get(place, 0) for place in places))
    for place in places[1:]:
        issued, taken, redeemed, expired = (column.get(place, 0) for column in columns)
        yield MonthSums(issued, taken, redeemed, expired, ends[place])


def rules(pair: Pair) -> list[RuleResult]:
    """Every rule of either program, in the draft's order, then those that it no longer has."""
    drafted = {rule.id: rule for rule in pair.draft.rules}
    before = {rule.id: rule for rule in pair.in_force.rules}
    gone = [code for code in pair.in_force_sums.rules if code not in before]
    told = [
        RuleResult(
            code,
            _names(rule.name),
            rule.earn.currency,
            _rule(pair.in_force_sums, code, is_there=code in before),
            _rule(pair.draft_sums, code, is_there=code in drafted),
        )
        for code, rule in {**before, **drafted}.items()
    ]
    order = {code: place for place, code in enumerate(drafted)}
    told.sort(key=lambda one: order.get(one.rule, len(order)))
    # Rules of versions in between, which neither program has by now.
    return told + [
        RuleResult(code, {"en": code}, "", _rule(pair.in_force_sums, code, is_there=True), None)
        for code in sorted(set(gone) - set(drafted))
    ]


def _rule(sums: Sums, code: str, *, is_there: bool) -> RuleSums | None:
    given = sums.rules.get(code)
    if given is None:
        return RuleSums(0, 0) if is_there else None
    return RuleSums(*given)


def tiers(pair: Pair, roll: Roll) -> TierResult:
    """How members would stand at the end."""
    names = {
        tier.code: _names(tier.name)
        for program in (pair.in_force, pair.draft)
        for tier in (program.ladder.tiers if program.ladder else ())
    }
    moves = roll.moves()
    there = {code for pairs in moves for code in pairs} | set(names)
    return TierResult(
        [TierName(code, names.get(code, {"en": code})) for code in roll.tiers if code in there],
        [TierMoves(now, then, members) for (now, then), members in moves.items()],
    )


def changes(roll: Roll) -> list[ChangeResult]:
    """For every currency who would have more or less."""
    segments = roll.segments()
    found: list[ChangeResult] = []
    for code, column in roll.changes.items():
        (whole,) = _segments("", ("",), bytes(len(column)), column) or (NOBODY,)
        bins = [BinResult(one.from_, one.until, one.members) for one in histogram(column)]
        parts = [
            part
            for by, (names, places) in segments.items()
            for part in _segments(by, names, places, column)
        ]
        found.append(
            ChangeResult(
                currency=code,
                members=whole.members,
                winners=whole.winners,
                losers=whole.losers,
                unchanged=whole.unchanged,
                change=whole.change,
                histogram=bins,
                segments=parts,
            )
        )
    return found


NOBODY = SegmentResult("", "", 0, 0, 0, 0, 0)


def _segments(
    by: str, names: Sequence[str], places: Sequence[int], column: Sequence[int]
) -> list[SegmentResult]:
    """Those that have members, in the order of their names."""
    more, fewer, same, change = ([0] * len(names) for _ in range(4))
    for place, one in zip(places, column, strict=True):
        if one > 0:
            more[place] += 1
        elif one < 0:
            fewer[place] += 1
        else:
            same[place] += 1
        change[place] += one
    return [
        SegmentResult(by, name, winners + losers + unchanged, winners, losers, unchanged, points)
        for name, winners, losers, unchanged, points in zip(
            names, more, fewer, same, change, strict=True
        )
        if winners + losers + unchanged
    ]


def refusals(pair: Pair) -> list[RefusalResult]:
    """What could not be under either program."""
    now, then = pair.in_force_sums.refused, pair.draft_sums.refused
    return [
        RefusalResult(*key, RefusalSums(*now.get(key, (0, 0))), RefusalSums(*then.get(key, (0, 0))))
        for key in sorted({*now, *then})
    ]


def _names(text: Text) -> dict[str, str]:
    return dict(text)
