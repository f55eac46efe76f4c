"""The best use of offers: against every choice tried, and what it costs where they are many."""

import random
import time
from collections.abc import Sequence
from itertools import combinations

from bench.yard import Figure, middle
from regulars.domain.amounts import Rate
from regulars.domain.events import Line
from regulars.domain.limits.limits import Key, Limit, LimitKind, Room
from regulars.domain.orders.applying import Candidate, apply, candidate
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.orders.solving import EXACT, Solution, solve

FEW, MANY, GROUPS, LINES = 400, 24, 6, 12
LIMIT_SOLVE_US = 2_000.0
LIMIT_SOLVE_MANY_MS = 60.0
KINDS = (OfferKind.AMOUNT, OfferKind.PERCENTAGE, OfferKind.FREE_ITEM)


def measure(repeats: int) -> list[Figure]:
    """solve_us, up to eight offers, as good as brute force (asserted); solve_many_ms, 24 offers
    in six groups, the slowest; solve_gap_bp, how far from the best it may be there,
    in ten-thousandths of the discount, on average."""
    chance = random.Random(7)  # the same carts in each run
    few = [_case(chance, chance.randint(1, EXACT), groups=2) for _ in range(FEW)]
    for found, prices, rooms in few:
        solution = solve(found, prices, rooms)
        assert solution.applied.off == _best(found, prices, rooms)
        assert not solution.gap_minor
    many = [_case(chance, MANY, groups=GROUPS) for _ in range(50)]
    solved = [solve(*case) for case in many]
    quick = [_each_us(few) for _ in range(repeats)]
    slow = [sorted(_times_ms(many))[-1] for _ in range(repeats)]
    gap = sum(map(_gap, solved)) / len(solved)
    return [
        Figure("solve_us", middle(quick), "µs", LIMIT_SOLVE_US, middle(quick) / LIMIT_SOLVE_US,
               repeats),
        Figure("solve_many_ms", middle(slow), "ms", LIMIT_SOLVE_MANY_MS,
               middle(slow) / LIMIT_SOLVE_MANY_MS, repeats),
        Figure("solve_gap_bp", gap, "‱", 500.0, gap / 500.0, 1),
    ]  # fmt: skip


Case = tuple[list[Candidate], list[int], dict[Key, Room]]


def _case(chance: random.Random, count: int, groups: int) -> Case:
    lines = [Line(chance.randint(100, 9_900), chance.randint(1, 4)) for _ in range(LINES)]
    prices = [line.amount for line in lines] + [0]
    shared = Limit(LimitKind.TEMPLATE, "shared", most=2)
    found = []
    for number in range(count):
        offer = Offer(
            ref=f"coupon:{number}",
            name={"en": "x"},
            kind=chance.choice(KINDS),
            rate=Rate.of(chance.randint(3, 40), 100),
            amount=chance.randint(50, 3_000),
            ceiling=chance.choice([None, 800]),
            priority=chance.randint(0, 2),
            group=f"g{chance.randrange(groups)}",
            limits=(shared,) if chance.random() < 0.3 else (),
        )
        places = tuple(place for place in range(LINES) if chance.random() < 0.6) or (0,)
        made = candidate(offer, prices, lines, places)
        if made.alone:
            found.append(made)
    return found, prices, {shared.key: Room(1, shared, 0, 0)}


def _best(found: Sequence[Candidate], prices: Sequence[int], rooms: dict[Key, Room]) -> int:
    """The most that any allowed choice takes off."""
    best = 0
    for size in range(len(found) + 1):
        for chosen in combinations(found, size):
            if _is_allowed(chosen, rooms) and _is_full(chosen, found, rooms):
                best = max(best, apply(chosen, prices).off)
    return best


def _is_allowed(chosen: Sequence[Candidate], rooms: dict[Key, Room]) -> bool:
    groups = [one.offer.group for one in chosen]
    if len(groups) > len(set(groups)):
        return False
    wanted: dict[Key, int] = {}
    for one in chosen:
        for key, amount in one.needs:
            wanted[key] = wanted.get(key, 0) + amount
    return all(room.fits(wanted.get(key, 0)) for key, room in rooms.items())


def _is_full(
    chosen: Sequence[Candidate], found: Sequence[Candidate], rooms: dict[Key, Room]
) -> bool:
    """Whether everything is used that competes with nothing."""
    groups = [one.offer.group for one in found]
    crowded = not all(
        room.fits(sum(dict(one.needs).get(key, 0) for one in found)) for key, room in rooms.items()
    )
    return all(
        one in chosen or groups.count(one.offer.group) > 1 or (crowded and one.needs)
        for one in found
    )


def _each_us(cases: Sequence[Case]) -> float:
    began = time.process_time()
    for case in cases:
        solve(*case)
    return (time.process_time() - began) / len(cases) * 1e6


def _times_ms(cases: Sequence[Case]) -> list[float]:
    times = []
    for case in cases:
        began = time.process_time()
        solve(*case)
        times.append((time.process_time() - began) * 1e3)
    return times


def _gap(solution: Solution) -> float:
    return solution.gap_minor / max(solution.applied.off, 1) * 10_000
