"""Bringing an amount that concerns several lines down to the lines, to the minor unit.

In proportion to what each line still costs, by largest remainder: every line gets the whole part
of its share, and what is left over goes unit by unit to the lines with the largest fractions, the
earlier line first where two are equal. No line gets more than it costs, and the parts sum to the
whole.
"""

from collections.abc import Sequence

from regulars.domain.amounts import allocate


def spread(total: int, prices: Sequence[int], places: Sequence[int]) -> list[tuple[int, int]]:
    """(place, part) for each of `places` that gets a part of `total`, which is no more than the
    prices at these places together."""
    if not total:
        return []
    if len(places) == 1:
        return [(places[0], total)]
    parts = allocate(total, [prices[place] for place in places])
    return [(place, part) for place, part in zip(places, parts, strict=True) if part]


def proportion(amount: int, part: int, whole: int) -> int:
    """`amount` times part/whole, rounded down: what belongs to `part` of `whole` pieces.

    It depends on `part` alone, so what belongs to several parts one after the other, each the
    difference of two such amounts, sums to the whole, however it is cut.
    """
    if not whole:
        return 0
    return amount * part // whole
