"""How much changed for how many: bins of round widths, with who is unchanged by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS_A_SIDE = 10
"""Beyond so many bins on either side, the last one is open."""

_TYPICAL = 98
"""Per cent of the changes that the bins of one width are to hold."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How many changes lie in [from, until). None: open on that side."""

    from_: int | None
    until: int | None
    members: int


def histogram(changes: Sequence[int]) -> list[Bin]:
    """Bins in ascending order that hold every change once; [0, 1) is of those without one."""
    sizes = sorted(abs(change) for change in changes if change)
    zeros = len(changes) - len(sizes)
    if not sizes:
        return [Bin(0, 1, zeros)]
    width = _round_width(sizes[(len(sizes) - 1) * _TYPICAL // 100])
    lower = _side([-change for change in changes if change < 0], width)
    upper = _side([change for change in changes if change > 0], width)
    found = [
        Bin(None if is_open else -(place + 1) * width, -place * width, count)
        for place, (count, is_open) in enumerate(lower)
    ]
    found.reverse()
    found.append(Bin(0, 1, zeros))
    found += [
        Bin(place * width + 1, None if is_open else (place + 1) * width + 1, count)
        for place, (count, is_open) in enumerate(upper)
    ]
    return found


def _side(sizes: Sequence[int], width: int) -> list[tuple[int, bool]]:
    """Counts of (1..width), (width+1..2 width) and so on; whether a bin is open to infinity."""
    if not sizes:
        return []
    needed = (max(sizes) - 1) // width + 1
    counts = [0] * min(needed, BINS_A_SIDE)
    for size in sizes:
        counts[min((size - 1) // width, BINS_A_SIDE - 1)] += 1
    return [
        (count, needed > BINS_A_SIDE and place == BINS_A_SIDE - 1)
        for place, count in enumerate(counts)
    ]


def _round_width(largest: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … with which BINS_A_SIDE bins reach `largest`."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power * BINS_A_SIDE >= largest:
                return step * power
        power *= 10
