"""Which of the offers that apply are used: those that together take off most.

Offers that compete with none are always used. What competes: offers of one group of which the best
is taken, and offers that want more of a limit than is left of it. Up to EXACT competing offers
every choice is tried. Beyond, branch and bound goes on until nothing better can be there or so
many choices were tried; then what the best might be worth more is told (`gap_minor`).

The bound: one more offer never adds more than it takes off alone, for whatever an offer leaves to
those after it, they find no more than without it; each rounding may shift one minor unit a place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.domain.limits.limits import Key, Room
from regulars.domain.orders.applying import CHEAPENS, Applied, Candidate, apply, room_of, soonest
from regulars.domain.programs.model import Pick

EXACT = 8
MOST_TRIED = 400
MOST_STEPS = 1_000_000
"""A choice costs as many steps as there are offers times lines; so many are made in all at most,
but always enough to try every choice among EXACT offers."""
LEAST_TRIED = 2**EXACT


@dataclass(frozen=True, slots=True)
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
    """One search under way. `left`: what is left of each limit that may run short."""

    prices: Sequence[int]
    always: list[Candidate]
    competing: list[Candidate]
    left: dict[Key, int]
    slack: int
    most: int
    chosen: list[Candidate] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    best: Applied | None = None
    best_rank: tuple[int, int, int] = (-1, 0, 0)
    open_bound: int = -1
    tried: int = 0

    def run(self) -> None:
        """Try what there is to try; the promising first."""
        self._descend(0)

    def _descend(self, place: int) -> None:
        is_exact = len(self.competing) <= EXACT
        if place == len(self.competing):
            self._judge()
            return
        if not is_exact and place:
            bound = self._bound(place)
            if self.best is not None and bound <= self.best.off:
                return
            if self.tried >= self.most:
                self.open_bound = max(self.open_bound, bound)
                return
        found = self.competing[place]
        if self._fits(found):
            self._put(found, 1)
            self._descend(place + 1)
            self._put(found, -1)
        self._descend(place + 1)

    def _judge(self) -> None:
        self.tried += 1
        applied = apply(self.always + self.chosen, self.prices)
        asked = sum(not found.offer.is_automatic for found, _ in applied.parts)
        rank = (applied.off, -asked, -len(applied.parts))
        if rank > self.best_rank:
            self.best, self.best_rank = applied, rank

    def _bound(self, place: int) -> int:
        self.tried += 1
        sure = apply(self.always + self.chosen, self.prices).off
        best: dict[str, int] = {}
        more = 0
        for found in self.competing[place:]:
            if not self._fits(found):
                continue
            group = _group(found)
            if group is None:
                more += found.alone
            else:
                best[group] = max(best.get(group, 0), found.alone)
        return min(sure + more + sum(best.values()) + self.slack, sum(self.prices))

    def _fits(self, found: Candidate) -> bool:
        group = _group(found)
        if group is not None and group in self.groups:
            return False
        return all(self.left.get(key, amount) >= amount for key, amount in found.needs)

    def _put(self, found: Candidate, sign: int) -> None:
        group = _group(found)
        if group is not None:
            (self.groups.add if sign > 0 else self.groups.discard)(group)
        for key, amount in found.needs:
            if key in self.left:
                self.left[key] -= sign * amount
        if sign > 0:
            self.chosen.append(found)
        else:
            self.chosen.pop()


def _group(found: Candidate) -> str | None:
    return None if found.offer.pick is Pick.ALL else found.offer.group


def solve(
    candidates: Iterable[Candidate], prices: Sequence[int], rooms: Mapping[Key, Room]
) -> Solution:
    """The best use of the offers. Each candidate by itself fits into its limits."""
    running, lost = _by_priority(list(candidates))
    cheap = [found for found in running if found.offer.kind in CHEAPENS]
    short = _short(cheap, rooms)
    groups: dict[str, int] = {}
    for found in cheap:
        if (group := _group(found)) is not None:
            groups[group] = groups.get(group, 0) + 1
    competing = [
        found
        for found in cheap
        if groups.get(_group(found) or "", 0) > 1 or any(key in short for key, _ in found.needs)
    ]
    names = set(map(id, competing))
    competing.sort(key=lambda one: (-one.alone, not one.offer.is_automatic, soonest(one), one.rank))
    always = [found for found in cheap if id(found) not in names]
    steps = max(len(cheap) * len(prices), 1)
    search = _Search(
        prices, always, competing, dict(short),
        slack=steps, most=max(min(MOST_TRIED, MOST_STEPS // steps), LEAST_TRIED),
    )  # fmt: skip
    search.run()
    assert search.best is not None
    applied = search.best
    beside, more = _beside(running, applied, rooms)
    lost += _lost(cheap, applied, short) + more
    gap = max(search.open_bound - applied.off, 0)
    return Solution(applied, tuple(beside), tuple(lost), gap, search.tried)


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
    left: dict[Key, int] = {}
    for found in candidates:
        for limit in (*found.offer.limits, *found.offer.budgets):
            room = room_of(rooms, limit)
            if room is not None:
                left[limit.key] = room
        for key, amount in found.needs:
            wanted[key] = wanted.get(key, 0) + amount
    return {key: room for key, room in left.items() if wanted[key] > room}


def _lost(cheap: Iterable[Candidate], applied: Applied, short: Mapping[Key, int]) -> Lost:
    """Those that the price does not show, and the reason why."""
    used = {id(found) for found, _ in applied.parts}
    winners = {group: found for found, _ in applied.parts if (group := _group(found)) is not None}
    told: Lost = []
    for found in cheap:
        if id(found) in used:
            continue
        winner = winners.get(_group(found) or "")
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
    groups = {group: found for found, _ in applied.parts if (group := _group(found)) is not None}
    taken: dict[Key, int] = {}
    for found, _ in applied.parts:
        for key, amount in found.needs:
            taken[key] = taken.get(key, 0) + amount
    beside: list[Candidate] = []
    lost: Lost = []
    for found in sorted(running, key=lambda one: one.rank):
        if found.offer.kind in CHEAPENS:
            continue
        group = _group(found)
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
