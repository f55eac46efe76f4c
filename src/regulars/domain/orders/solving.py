"""Which of the offers that apply are used: those that together take off most.

Offers that compete with none are always used. What competes: offers of one group of which the best
is taken, and offers that want more of a limit than is left of it. Up to EXACT competing offers
every choice is tried. Beyond, branch and bound goes on until nothing better can be there or so
many choices were tried; then what the best might be worth more is told (`gap_minor`).

Offers that share no line, no group and no short limit are looked at by themselves. Of offers of a
group that do the very same one stands for all.

The bound: one more offer never adds more than it takes off alone, for whatever an offer leaves to
those after it, they find no more than without it; each rounding may shift one minor unit a place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.domain.limits.limits import Key, Room
from regulars.domain.orders.applying import (
    BY_SUM,
    CHEAPENS,
    Applied,
    Candidate,
    amount_off,
    apply,
    room_of,
    soonest,
)
from regulars.domain.programs.model import Pick

EXACT = 8
MOST_TRIED = 400
MOST_STEPS = 1_000_000
"""A choice costs as many steps as there are offers times lines; so many are made in all at most,
but always enough to try every choice among EXACT offers."""
LEAST_TRIED = 2**EXACT


@dataclass(slots=True)
class Solution:
    """What is used. `gap_minor`: no choice takes off more than this more; 0: this is the best.
    `tried`: how many choices were. `beside`: offers used that change no price. `lost`: the offers
    that were not used, and why."""

    applied: Applied
    beside: tuple[Candidate, ...]
    lost: tuple[tuple[Candidate, str, Candidate | None], ...]
    gap_minor: int
    tried: int


@dataclass(slots=True)
class _Search:
    """One search under way. `left`: what is left of each limit that may run short. `base`: what
    the lines cost together, where all offers are of the same lines and look at nothing else.
    `best`: the offers that take something off in the best choice so far; `best_rank` begins with
    how much."""

    prices: Sequence[int]
    always: list[Candidate]
    competing: list[Candidate]
    left: dict[Key, int]
    base: int | None
    slack: int
    most: int
    chosen: list[Candidate] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    best: list[Candidate] = field(default_factory=list)
    best_rank: tuple[int, int, int] = (-1, 0, 0)
    open_bound: int = -1
    tried: int = 0

    def run(self) -> None:
        """Try what there is to try; the promising first."""
        self._descend(0)

    def _descend(self, place: int) -> None:
        competing = self.competing
        # What no longer fits is passed over at once: of a group, all that come after its one.
        while place < len(competing) and not self._fits(competing[place]):
            place += 1
        if place == len(competing):
            self._judge()
            return
        if len(competing) > EXACT and place:
            bound = self._bound(place)
            if bound <= self.best_rank[0]:
                return
            if self.tried >= self.most:
                self.open_bound = max(self.open_bound, bound)
                return
        found = competing[place]
        self._put(found, 1)
        self._descend(place + 1)
        self._put(found, -1)
        self._descend(place + 1)

    def _judge(self) -> None:
        self.tried += 1
        off, used = self._tally()
        if off < self.best_rank[0]:
            return
        asked = 0
        for found in used:
            if not found.offer.is_automatic:
                asked += 1
        rank = (off, -asked, -len(used))
        if rank > self.best_rank:
            self.best, self.best_rank = used, rank

    def _tally(self) -> tuple[int, list[Candidate]]:
        """What the present choice takes off, and which of its offers find something to take."""
        if self.base is None:
            applied = apply(self.always + self.chosen, self.prices)
            return applied.off, [found for found, _ in applied.parts]
        left, used = self.base, []
        for found in sorted(self.always + self.chosen, key=lambda one: one.rank):
            part = amount_off(found.offer, left)
            if part:
                left -= part
                used.append(found)
        return self.base - left, used

    def _bound(self, place: int) -> int:
        self.tried += 1
        sure, _ = self._tally()
        best: dict[str, int] = {}
        more = 0
        for found in self.competing[place:]:
            if not self._fits(found):
                continue
            group = found.group
            if group is None:
                more += found.alone
            else:
                best[group] = max(best.get(group, 0), found.alone)
        return min(sure + more + sum(best.values()) + self.slack, sum(self.prices))

    def _fits(self, found: Candidate) -> bool:
        if found.group is not None and found.group in self.groups:
            return False
        left = self.left
        return not left or all(left.get(key, amount) >= amount for key, amount in found.needs)

    def _put(self, found: Candidate, sign: int) -> None:
        if (group := found.group) is not None:
            (self.groups.add if sign > 0 else self.groups.discard)(group)
        for key, amount in found.needs:
            if key in self.left:
                self.left[key] -= sign * amount
        if sign > 0:
            self.chosen.append(found)
        else:
            self.chosen.pop()


def solve(
    candidates: Iterable[Candidate], prices: Sequence[int], rooms: Mapping[Key, Room]
) -> Solution:
    """The best use of the offers. Each candidate by itself fits into its limits."""
    running, lost = _by_priority(list(candidates))
    cheap = [found for found in running if found.offer.kind in CHEAPENS]
    short = _short(cheap, rooms)
    groups: dict[str, int] = {}
    for found in cheap:
        if (group := found.group) is not None:
            groups[group] = groups.get(group, 0) + 1
    competing = [
        found
        for found in cheap
        if groups.get(found.group or "", 0) > 1 or any(key in short for key, _ in found.needs)
    ]
    names = set(map(id, competing))
    competing.sort(key=lambda one: (-one.alone, not one.offer.is_automatic, soonest(one), one.rank))
    always = [found for found in cheap if id(found) not in names]
    chosen, gap, tried = list(always), 0, 0
    for island in _islands(cheap, short):
        inside = set(map(id, island))
        rivals = [found for found in competing if id(found) in inside]
        if not rivals:
            continue
        others = [found for found in always if id(found) in inside]
        search = _searched(others, rivals, prices, short)
        chosen += [found for found in search.best if id(found) in names]
        gap += max(search.open_bound - search.best_rank[0], 0)
        tried += search.tried
    applied = apply(chosen, prices)
    beside, more = _beside(running, applied, rooms)
    lost += _lost(cheap, applied, short) + more
    return Solution(applied, tuple(beside), tuple(lost), gap, tried)


def _searched(
    always: list[Candidate],
    competing: list[Candidate],
    prices: Sequence[int],
    short: Mapping[Key, int],
) -> _Search:
    """The best use of offers that no others have anything to do with."""
    competing = _unlike(competing, always, short)
    steps = max((len(always) + len(competing)) * len(prices), 1)
    search = _Search(
        prices, always, competing, dict(short), _base(always + competing, prices),
        slack=steps, most=max(min(MOST_TRIED, MOST_STEPS // steps), LEAST_TRIED),
    )  # fmt: skip
    search.run()
    return search


def _base(offers: Sequence[Candidate], prices: Sequence[int]) -> int | None:
    """What the lines of these offers cost together, if they all take something off the sum of the
    same lines; else None. What each takes off which line is then worked out for the best alone."""
    places = offers[0].places
    for found in offers:
        if found.places != places or found.offer.kind not in BY_SUM:
            return None
    return sum([prices[place] for place in places])


def _islands(cheap: Sequence[Candidate], short: Mapping[Key, int]) -> list[list[Candidate]]:
    """The offers in parts that share no line, no group and no limit that runs short: what is best
    for each part is best for all."""
    root: dict[object, object] = {}

    def found_in(one: object) -> object:
        while root.setdefault(one, one) != one:
            one = root[one]
        return one

    ties: list[list[object]] = []
    for found in cheap:
        group = found.group
        tied: list[object] = [("line", place) for place in found.places]
        tied += [("limit", key) for key, _ in found.needs if key in short]
        if group is not None:
            tied.append(("group", group))
        ties.append(tied or [("alone", id(found))])
        for other in tied[1:]:
            root[found_in(other)] = found_in(tied[0])
    islands: dict[object, list[Candidate]] = {}
    for found, tied in zip(cheap, ties, strict=True):
        islands.setdefault(found_in(tied[0]), []).append(found)
    return list(islands.values())


def _unlike(
    competing: Sequence[Candidate], always: Sequence[Candidate], short: Mapping[Key, int]
) -> list[Candidate]:
    """Of offers of one group that do the very same, such as coupons of one template, the first: it
    stands for all. Not where another offer would be applied between them."""
    # What does the very same takes off the same by itself: most are told apart by that alone.
    count: dict[int, int] = {}
    for found in competing:
        count[found.alone] = count.get(found.alone, 0) + 1
    alike: dict[object, list[Candidate]] = {}
    for found in competing:
        if count[found.alone] == 1 or found.group is None:
            continue
        offer = found.offer
        if short and any(key in short for key, _ in found.needs):
            continue
        same = (
            found.group, found.alone, found.rank[0], found.rank[1], found.places, offer.amount,
            offer.rate.num, offer.rate.den, offer.ceiling, found.free,
        )  # fmt: skip
        alike.setdefault(same, []).append(found)
    dropped: set[int] = set()
    for members in alike.values():
        if len(members) == 1:
            continue
        if not _is_parted(members, (*competing, *always)):
            dropped.update(id(one) for one in members[1:])
    return [found for found in competing if id(found) not in dropped]


def _is_parted(alike: Sequence[Candidate], others: Iterable[Candidate]) -> bool:
    """Whether another offer is applied after one of these and before another of them."""
    own, ranks = set(map(id, alike)), [one.rank for one in alike]
    first, last = min(ranks), max(ranks)
    return any(first < other.rank < last and id(other) not in own for other in others)


Lost = list[tuple[Candidate, str, Candidate | None]]


def _by_priority(candidates: list[Candidate]) -> tuple[list[Candidate], Lost]:
    """In groups that go by priority only those of the highest stay; of these the best is taken."""
    first: dict[str, Candidate] = {}
    for found in candidates:
        group = found.offer.group
        if group is None or found.offer.pick is not Pick.PRIORITY:
            continue
        other = first.get(group)
        if other is None or found.offer.priority > other.offer.priority:
            first[group] = found
    running: list[Candidate] = []
    lost: Lost = []
    for found in candidates:
        winner = first.get(found.offer.group or "")
        if (
            winner is not None
            and found.offer.pick is Pick.PRIORITY
            and found.offer.priority < winner.offer.priority
        ):
            lost.append((found, "stacking", winner))
        else:
            running.append(found)
    return running, lost


def _short(candidates: Iterable[Candidate], rooms: Mapping[Key, Room]) -> dict[Key, int]:
    """What is left of the limits of which these want more together than is there."""
    wanted: dict[Key, int] = {}
    shared: dict[Key, Candidate] = {}
    for found in candidates:
        for key, amount in found.needs:
            before = wanted.get(key, 0)
            wanted[key] = before + amount
            if before:
                shared[key] = found
    # What one alone wants is there: it would be no candidate otherwise.
    left = {key: _left(rooms, key, found) for key, found in shared.items()}
    return {key: room for key, room in left.items() if room is not None and wanted[key] > room}


def _left(rooms: Mapping[Key, Room], key: Key, found: Candidate) -> int | None:
    room = rooms.get(key)
    if room is not None:
        return room.left
    offer = found.offer
    return next(one.most for one in (*offer.limits, *offer.budgets) if one.key == key)


def _lost(cheap: Iterable[Candidate], applied: Applied, short: Mapping[Key, int]) -> Lost:
    """Those that the price does not show, and the reason why."""
    used = {id(found) for found, _ in applied.parts}
    winners = {group: found for found, _ in applied.parts if (group := found.group) is not None}
    told: Lost = []
    for found in cheap:
        if id(found) in used:
            continue
        winner = winners.get(found.group or "")
        if winner is not None:
            told.append((found, "stacking", winner))
        elif any(key in short for key, _ in found.needs):
            told.append((found, "limit", None))
        else:
            told.append((found, "nothing", None))
    return told


def _beside(
    running: Iterable[Candidate], applied: Applied, rooms: Mapping[Key, Room]
) -> tuple[list[Candidate], Lost]:
    """Gifts and the like: used where their group and their limits have room left."""
    groups = {group: found for found, _ in applied.parts if (group := found.group) is not None}
    taken: dict[Key, int] = {}
    for found, _ in applied.parts:
        for key, amount in found.needs:
            taken[key] = taken.get(key, 0) + amount
    beside: list[Candidate] = []
    lost: Lost = []
    others = [found for found in running if found.offer.kind not in CHEAPENS]
    for found in sorted(others, key=lambda one: one.rank):
        group = found.group
        if group is not None and group in groups:
            lost.append((found, "stacking", groups[group]))
            continue
        if not _has_room(found, taken, rooms):
            lost.append((found, "limit", None))
            continue
        for key, amount in found.needs:
            taken[key] = taken.get(key, 0) + amount
        if group is not None:
            groups[group] = found
        beside.append(found)
    return beside, lost


def _has_room(found: Candidate, taken: Mapping[Key, int], rooms: Mapping[Key, Room]) -> bool:
    for limit in found.offer.limits:
        left = room_of(rooms, limit)
        if left is not None and left - taken.get(limit.key, 0) < 1:
            return False
    return True
