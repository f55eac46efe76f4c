"""Breakage: what share of the points of a month was redeemed, lapsed or is left, month by month."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct


class Flow(Struct, frozen=True):
    """Points that came in the month `cohort`, and what became of them in the month `month`.

    `issued`: how many came. `redeemed`: spent, or put on hold for it. `passed_on`: given to another
    member or changed into another currency. `taken_back`: by a return or a correction.
    """

    currency: str
    cohort: date
    month: date
    issued: int = 0
    redeemed: int = 0
    passed_on: int = 0
    taken_back: int = 0
    expired: int = 0


class Step(Struct, frozen=True):
    """What had become of `issued` points by the end of so many months after the one they came in;
    all in points, and `outstanding` what was left."""

    months: int
    issued: int
    redeemed: int
    passed_on: int
    taken_back: int
    expired: int
    outstanding: int


class Cohort(Struct, frozen=True):
    """The points that came in one month. `held`: how many of the redeemed are on hold now."""

    month: date
    held: int
    steps: list[Step]


class CurrencyBreakage(Struct, frozen=True):
    """One currency. `total`: of all points ever, as of now. `held`: how many of the redeemed are on
    hold. `curve`: of all months that are so old, together; the last step is of the oldest."""

    currency: str
    held: int
    total: Step
    curve: list[Step]
    cohorts: list[Cohort]


_NOTHING = Step(0, 0, 0, 0, 0, 0, 0)


def breakage(
    flows: Sequence[Flow], held: Iterable[Flow], *, last: date, most: int
) -> list[CurrencyBreakage]:
    """By currency. `last`: the month it is now. Cohorts and steps: the newest `most`; totals and
    curve are of all."""
    on_hold: dict[tuple[str, date], int] = {}
    for one in held:
        key = (one.currency, one.cohort)
        on_hold[key] = on_hold.get(key, 0) + one.redeemed
    by_currency: dict[str, dict[date, list[Flow]]] = {}
    for flow in flows:
        by_currency.setdefault(flow.currency, {}).setdefault(flow.cohort, []).append(flow)
    return [
        _currency(currency, months, on_hold, last, most)
        for currency, months in sorted(by_currency.items())
    ]


def _currency(
    currency: str,
    months: dict[date, list[Flow]],
    on_hold: dict[tuple[str, date], int],
    last: date,
    most: int,
) -> CurrencyBreakage:
    made = [
        Cohort(month, on_hold.get((currency, month), 0), steps(month, flows, last))
        for month, flows in sorted(months.items())
    ]
    total = _sum(0, (cohort.steps[-1] for cohort in made))
    curve = []
    for age in range(most + 1):
        there = [cohort.steps[age] for cohort in made if len(cohort.steps) > age]
        if not there:
            break
        curve.append(_sum(age, there))
    shown = [Cohort(cohort.month, cohort.held, cohort.steps[: most + 1]) for cohort in made[-most:]]
    return CurrencyBreakage(currency, sum(cohort.held for cohort in made), total, curve, shown)


def steps(cohort: date, flows: Iterable[Flow], last: date) -> list[Step]:
    """How it went on for the points of one month, up to the month `last`. What became of them
    before they came, by an event that was heard of late, counts at once."""
    span = max(age_of(cohort, last), 0)
    added = [_NOTHING] * (span + 1)
    for flow in flows:
        place = min(max(age_of(cohort, flow.month), 0), span)
        added[place] = _add(added[place], flow)
    told: list[Step] = []
    so_far = _NOTHING
    for age, more in enumerate(added):
        so_far = _sum(age, (so_far, more))
        told.append(so_far)
    return told


def age_of(cohort: date, month: date) -> int:
    """Whole months from one month to another."""
    return (month.year - cohort.year) * 12 + month.month - cohort.month


def _add(step: Step, flow: Flow) -> Step:
    gone = flow.redeemed + flow.passed_on + flow.taken_back + flow.expired
    return Step(
        step.months,
        step.issued + flow.issued,
        step.redeemed + flow.redeemed,
        step.passed_on + flow.passed_on,
        step.taken_back + flow.taken_back,
        step.expired + flow.expired,
        step.outstanding + flow.issued - gone,
    )


def _sum(months: int, parts: Iterable[Step]) -> Step:
    found = list(parts)
    return Step(
        months,
        sum(one.issued for one in found),
        sum(one.redeemed for one in found),
        sum(one.passed_on for one in found),
        sum(one.taken_back for one in found),
        sum(one.expired for one in found),
        sum(one.outstanding for one in found),
    )
