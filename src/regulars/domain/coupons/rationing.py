"""How many coupons of a template are given out: no more than can be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regulars.domain.coupons.templates import Terms
from regulars.domain.errors import Fault
from regulars.domain.limits.refusals import LimitReached

NONE_LEFT, ENOUGH = "none_left", "enough"


@dataclass(slots=True)
class Ration:
    """How many more coupons of a template there are: `left` for all together, `own` for each
    member, `fresh` for one who has none yet. None: without end."""

    left: int | None = None
    own: dict[int, int] = field(default_factory=dict)
    fresh: int | None = None

    def mine(self, member_id: int) -> int | None:
        """How many more this member may have, as far as it is theirs alone."""
        return self.own.get(member_id, self.fresh)

    def why_not(self, member_id: int, count: int = 1) -> str:
        """Why this member cannot have so many more; "" where they can."""
        mine = self.mine(member_id)
        if mine is not None and mine < count:
            return ENOUGH
        return NONE_LEFT if self.left is not None and self.left < count else ""

    def take(self, member_id: int, count: int = 1) -> None:
        """Count what is given, so that the next one finds so much less."""
        mine = self.mine(member_id)
        if mine is not None:
            self.own[member_id] = mine - count
        if self.left is not None:
            self.left -= count

    def demand(self, member_id: int, count: int = 1) -> None:
        """As `take`, for somebody who asks. Raises LimitReached."""
        why = self.why_not(member_id, count)
        if why:
            words = "None of these coupons is left." if why == NONE_LEFT else "They have enough."
            raise LimitReached(f"{words} Nothing was taken.", faults=[Fault("", why, code=why)])
        self.take(member_id, count)


def is_rationed(terms: Terms) -> bool:
    """Whether there is an end to how many coupons are given out."""
    return terms.total is not None or terms.per_member is not None


def ration(
    terms: Terms, *, given: int, taken: int, had: Mapping[int, int], used: Mapping[int, int]
) -> Ration:
    """What is left. `given`: coupons that members have; `taken`: uses that are used or reserved;
    `had` and `used`: the same of each member who asks."""
    made = Ration()
    if terms.total is not None:
        made.left = _left(terms.total, terms.uses, given=given, taken=taken)
    if terms.per_member is not None:
        made.fresh = _left(terms.per_member, terms.uses, given=0, taken=0)
        made.own = {
            number: _left(terms.per_member, terms.uses, given=count, taken=used.get(number, 0))
            for number, count in had.items()
        }
    return made


def _left(most: int, uses: int, *, given: int, taken: int) -> int:
    """How many more coupons of so many uses each are enough for the uses that are left."""
    free = most - max(given * uses, taken)
    return max(-(-free // uses), 0)
