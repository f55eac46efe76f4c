"""What offers take off the prices of a cart, one after the other.

Higher priority comes first; among equals free pieces, then percentages, then amounts, then the
delivery, then by where they come from. Each looks at what the lines still cost after those before
it, so that no price falls below zero in whatever order. A percentage is rounded once, to the
nearest minor unit, halves up. Which pieces are free is decided by the prices before any discount.

The places of a cart are its lines, from 0, and after them the delivery.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from regulars.domain.amounts import Rounding, rounded
from regulars.domain.events import Line
from regulars.domain.limits.limits import Key, Limit, Room
from regulars.domain.orders.allocating import proportion, spread
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.programs.model import Pick

# Read once: a member of an enum takes four times as long to look up as a name of the module.
_PERCENTAGE, _AMOUNT = OfferKind.PERCENTAGE, OfferKind.AMOUNT
_FREE_ITEM, _FREE_DELIVERY = OfferKind.FREE_ITEM, OfferKind.FREE_DELIVERY

_ORDER = {
    OfferKind.FREE_ITEM: 0,
    OfferKind.PERCENTAGE: 1,
    OfferKind.AMOUNT: 2,
    OfferKind.FREE_DELIVERY: 3,
    OfferKind.GIFT: 4,
    OfferKind.OTHER: 5,
}
CHEAPENS = frozenset(
    {OfferKind.FREE_ITEM, OfferKind.PERCENTAGE, OfferKind.AMOUNT, OfferKind.FREE_DELIVERY}
)
"""What changes the price."""
BY_SUM = frozenset({OfferKind.PERCENTAGE, OfferKind.AMOUNT})
"""What takes off depends on nothing but what its lines cost together."""

_ALL = Pick.ALL
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)

Parts = list[tuple[int, int]]
"""(place, minor units off)."""


# Made by the dozen for each cart: as a frozen one it would take five times as long to make.
@dataclass(slots=True, eq=False)
class Candidate:
    """An offer that may apply; nobody changes it. `alone`: what it takes off when nothing else is
    applied, which is the most it ever does. `needs`: what it takes of each limit; of a budget that
    is `alone`, so that no budget is overrun whatever else is applied."""

    offer: Offer
    places: tuple[int, ...]
    free: tuple[tuple[int, int, int], ...]
    alone: int
    needs: tuple[tuple[Key, int], ...]
    rank: tuple[int, int, str]
    group: str | None


def candidate(offer: Offer, prices: Sequence[int], lines: Sequence[Line],
              places: tuple[int, ...]) -> Candidate:  # fmt: skip
    """The offer ready to be applied to the lines at `places`, which are those in its scope."""
    kind = offer.kind
    if kind is _FREE_DELIVERY:
        places = (len(lines),)
    free = _free_pieces(offer, lines, places) if kind is _FREE_ITEM else ()
    rank = (-offer.priority, _ORDER[kind], offer.ref)
    alone = _alone(offer, prices, places, free)
    group = None if offer.pick is _ALL else offer.group
    return Candidate(offer, places, free, alone, _needs(offer, alone), rank, group)


def _needs(offer: Offer, alone: int) -> tuple[tuple[Key, int], ...]:
    limits, budgets = offer.limits, offer.budgets
    if len(limits) == 1 and not budgets:
        return ((limits[0].key, 1),)
    needs: dict[Key, int] = {}
    for limit in limits:
        needs[limit.key] = needs.get(limit.key, 0) + 1
    for limit in budgets:
        needs[limit.key] = needs.get(limit.key, 0) + alone
    return tuple(needs.items())


def _free_pieces(
    offer: Offer, lines: Sequence[Line], places: Iterable[int]
) -> tuple[tuple[int, int, int], ...]:
    """(place, free pieces, pieces in all) of the cheapest that cost anything; of two lines that
    cost the same a piece, the earlier."""
    known = [(place, lines[place]) for place in places if lines[place].amount > 0]
    known.sort(key=lambda one: (Fraction(one[1].amount, one[1].quantity), one[0]))
    left, free = offer.quantity, []
    for place, line in known:
        if left <= 0:
            break
        pieces = min(left, line.quantity)
        free.append((place, pieces, line.quantity))
        left -= pieces
    return tuple(free)


def taken_off(found: Candidate, prices: Sequence[int]) -> Parts:
    """What the offer takes off at these prices, place by place."""
    offer = found.offer
    if offer.kind is _FREE_ITEM:
        return _at_most(offer.ceiling, _pieces_off(found.free, prices), prices)
    base = sum([prices[place] for place in found.places])
    return spread(amount_off(offer, base), prices, found.places)


def _alone(
    offer: Offer,
    prices: Sequence[int],
    places: tuple[int, ...],
    free: tuple[tuple[int, int, int], ...],
) -> int:
    """What `taken_off` comes to, without working out where."""
    if offer.kind is not _FREE_ITEM:
        return amount_off(offer, sum([prices[place] for place in places]))
    whole = sum([part for _, part in _pieces_off(free, prices)])
    return whole if offer.ceiling is None else min(whole, offer.ceiling)


def _pieces_off(free: Iterable[tuple[int, int, int]], prices: Sequence[int]) -> Parts:
    return [
        (place, part)
        for place, pieces, quantity in free
        if (part := proportion(prices[place], pieces, quantity))
    ]


def amount_off(offer: Offer, base: int) -> int:
    """What it takes off lines that cost `base` together, and no more than that; free pieces are
    counted otherwise."""
    kind = offer.kind
    if kind is _PERCENTAGE:
        off = rounded(base * offer.rate.num, offer.rate.den, Rounding.HALF_UP)
    elif kind is _AMOUNT:
        off = offer.amount
    elif kind is _FREE_DELIVERY:
        off = base
    else:
        return 0
    if offer.ceiling is not None:
        off = min(off, offer.ceiling)
    return min(off, base)


def _at_most(ceiling: int | None, parts: Parts, prices: Sequence[int]) -> Parts:
    whole = sum(part for _, part in parts)
    if ceiling is None or whole <= ceiling:
        return parts
    capped = list(prices)
    for place, part in parts:
        capped[place] = part
    return spread(ceiling, capped, [place for place, _ in parts])


@dataclass(slots=True)
class Applied:
    """Prices after all discounts, and what each offer took off. One that found nothing to take is
    not among them."""

    prices: tuple[int, ...]
    off: int
    parts: tuple[tuple[Candidate, Parts], ...]


def apply(chosen: Iterable[Candidate], prices: Sequence[int]) -> Applied:
    """Apply the offers in their order."""
    left = list(prices)
    off, told = 0, []
    for found in sorted(chosen, key=lambda one: one.rank):
        parts = taken_off(found, left)
        if not parts:
            continue
        for place, part in parts:
            left[place] -= part
            off += part
        told.append((found, parts))
    return Applied(tuple(left), off, tuple(told))


def room_of(rooms: Mapping[Key, Room], limit: Limit) -> int | None:
    """What is left of a limit; one that nobody has used yet is whole. None: without end."""
    room = rooms.get(limit.key)
    return limit.most if room is None else room.left


def soonest(found: Candidate) -> datetime:
    """When the offer is over; those without an end come last."""
    return found.offer.expires_at or _NEVER
