"""Invented events of a supermarket's members, in the order of time, as CloudEvents in JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from regulars.insight.samples.catalogue import Catalogue, catalogue
from regulars.insight.samples.rhythm import Slot, slots

MOST_PLANNED = 50_000
"""Returns that wait for their day; with more events at once the share of returns falls."""

LINE_COUNTS = (1,) * 20 + (2,) * 16 + (3,) * 14 + (4,) * 12 + (5,) * 10 + (6,) * 8 + (7,) * 6 + (
    8, 8, 8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12,
)  # fmt: skip
"""Lines of a basket, each as often as it stands here: four on average."""

RETURN_SHARE = 0.025
AGAIN_SHARE = 0.15
"""How many purchases something comes back of, and of those how many a second time."""

FIRST_LEAVES = 0.35
"""No member leaves in the first third of the time."""

STORES = 40
OTHERS = (
    (0.06, "visit", "{}"),
    (0.03, "check_in", '{"place":"store"}'),
    (0.015, "review", '{"rating":5,"length":80,"photos":1}'),
    (0.015, "review", '{"rating":3,"length":24}'),
)
"""Share, type and data of what is no purchase."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to invent. The same wish gives the same events, byte for byte. `leavers`: one in so many
    members stops coming on some day; 0 for none."""

    members: int
    events: int
    seed: int
    since: datetime
    until: datetime
    zone: ZoneInfo
    money: str = "USD"
    leavers: int = 0


Planned = tuple[int, int, str, int, tuple[int, ...]]
"""A return to come: second, number, purchase id, member, and what is left of each line."""


def stream(wish: Wish) -> Iterator[list[str]]:
    """Lists of JSON texts, all together `wish.events`. Memory does not grow with the number."""
    chance = Random(wish.seed)  # noqa: S311  # nothing here is secret
    shop = _Shop(wish, chance, catalogue(chance))
    for slot in slots(wish.since, wish.until, wish.events, wish.zone):
        yield shop.slot(slot)


class _Shop:
    def __init__(self, wish: Wish, chance: Random, goods: Catalogue) -> None:
        self._wish = wish
        self._chance = chance
        self._goods = goods
        self._planned: list[Planned] = []
        self._number = 0
        self._span = max((wish.until - wish.since).total_seconds(), 1)
        self._others = _lottery()

    def slot(self, slot: Slot) -> list[str]:
        random = self._chance.random
        offsets = sorted([int(random() * slot.seconds) for _ in range(slot.count)])
        first = int(slot.start.timestamp())
        times = _Times(slot.start)
        # Some members join only as time goes on.
        age = (slot.start - self._wish.since).total_seconds() / self._span
        joined = max(int(self._wish.members * (0.6 + 0.4 * age)), 1)
        planned, others = self._planned, self._others
        texts: list[str] = []
        for offset in offsets:
            self._number += 1
            at = times.text(offset)
            if planned and planned[0][0] <= first + offset:
                texts.append(self._return(heappop(planned), at, first + offset))
                continue
            # The power makes a tenth of the members bring a quarter of the visits.
            member = int(joined * random() ** 1.7)
            if self._wish.leavers and self._has_left(member, age):
                member = (member + 1) % joined
            other = others[int(random() * len(others))]
            if other:
                kind, data = other
                texts.append(self._event(kind, member, at, data))
            else:
                texts.append(self._purchase(member, at, first + offset))
        return texts

    def _has_left(self, member: int, age: float) -> bool:
        """Whether a member is one who stops coming, and has; each on a day of their own. `age`: how
        much of the time is over, 0 to 1."""
        number, rest = divmod(member, self._wish.leavers)
        return rest == self._wish.leavers - 1 and age > FIRST_LEAVES + number % 6 / 10

    def _event(self, kind: str, member: int, at: str, data: str) -> str:
        return (
            f'{{"specversion":"1.0","id":"{self._wish.seed}-{self._number}","source":"sample",'
            f'"type":"{kind}","subject":"card:{member:08d}","time":"{at}","data":{data}}}'
        )

    def _purchase(self, member: int, at: str, second: int) -> str:
        random, goods = self._chance.random, self._goods
        count = LINE_COUNTS[int(random() * len(LINE_COUNTS))]
        size = len(goods.texts)
        picks = [int(random() * size) for _ in range(count)]
        lines = ",".join([goods.texts[pick] for pick in picks])
        if random() < RETURN_SHARE:
            left = tuple(goods.quantities[pick] for pick in picks)
            self._plan(second, f"{self._wish.seed}-{self._number}", member, left)
        data = (
            f'{{"store":"s{1 + member % STORES:02d}","currency":"{self._wish.money}",'
            f'"lines":[{lines}]}}'
        )
        return self._event("purchase", member, at, data)

    def _plan(self, second: int, purchase: str, member: int, left: tuple[int, ...]) -> None:
        if len(self._planned) < MOST_PLANNED:
            due = second + 3_600 + int(self._chance.expovariate(1 / (6 * 86_400)))
            heappush(self._planned, (due, self._number, purchase, member, left))

    def _return(self, planned: Planned, at: str, second: int) -> str:
        """Everything, or some pieces of one line."""
        _, _, purchase, member, left = planned
        chance = self._chance
        if chance.random() < 0.3:  # noqa: PLR2004  # three returns of ten bring the whole basket
            return self._event("return", member, at, f'{{"purchase_id":"{purchase}"}}')
        line = chance.choice([place for place, pieces in enumerate(left) if pieces])
        quantity = chance.randint(1, left[line])
        rest = (*left[:line], left[line] - quantity, *left[line + 1 :])
        if any(rest) and chance.random() < AGAIN_SHARE:
            self._plan(second, purchase, member, rest)
        data = f'{{"purchase_id":"{purchase}","lines":[{{"line":{line},"quantity":{quantity}}}]}}'
        return self._event("return", member, at, data)


def _lottery() -> tuple[tuple[str, str] | None, ...]:
    """A thousand tickets; None is a purchase."""
    tickets: list[tuple[str, str] | None] = []
    for share, kind, data in OTHERS:
        tickets += [(kind, data)] * round(share * 1000)
    return (*tickets, *((None,) * (1000 - len(tickets))))


class _Times:
    """RFC 3339 texts of the seconds after a start, each made once."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._offset = -1
        self._text = ""

    def text(self, offset: int) -> str:
        if offset != self._offset:
            self._offset = offset
            at = self._start + timedelta(seconds=offset)
            self._text = at.isoformat().replace("+00:00", "Z")
        return self._text
