"""What a member asks for in the mall, and whether it can be had: decided for many at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import (
    Fault,
    InsufficientPoints,
    InvalidInput,
    MemberNotFound,
    RegularsError,
)
from regulars.domain.ledger import Book, balance_at
from regulars.domain.limits.limits import Key, Limit, Room, put_back, take
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.mall.fulfilment import Delivery
from regulars.domain.mall.refusals import RewardUnavailable, SoldOut
from regulars.domain.mall.rewards import (
    Reward,
    RewardKind,
    Variant,
    Way,
    member_limit,
    stock_limit,
    why_not,
)
from regulars.domain.mall.sales import Sale, buyer_limit, demand_open, pieces_limit
from regulars.domain.members import Member, MemberView
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.periods import Local
from regulars.domain.programs.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one member asks for. `key`: their Idempotency-Key; `digest`: of all that they said.
    `by`: who asks, such as "member:7". `sale_id`: at the price of a sale."""

    member_id: int
    variant_id: int
    sale_id: int | None = None
    quantity: int = 1
    way: Way = Way.NONE
    place: str = ""
    delivery: Delivery | None = None
    key: str
    digest: str
    by: str


@dataclass(slots=True, kw_only=True)
class Asked:
    """A wish with all that it is decided by."""

    wish: Wish
    reward: Reward
    variant: Variant
    sale: Sale | None
    member: Member
    view: MemberView

    @property
    def points(self) -> int:
        """What it costs in points."""
        return self.wish.quantity * (self.sale or self.variant).points

    @property
    def cash_minor(self) -> int:
        """What it costs in money besides."""
        return self.wish.quantity * (self.sale or self.variant).cash_minor

    @property
    def pay_minutes(self) -> int:
        """How long the money may take."""
        return (self.sale or self.reward).terms.pay_minutes


def refuse_unfit(program: Program, asked: Asked, now: datetime) -> None:
    """Raises RegularsErrors for what cannot be had, whatever there is of it."""
    if asked.member.is_erased or asked.member.merged_into is not None:
        raise MemberNotFound
    if asked.member.is_frozen:
        raise MemberFrozen
    if asked.sale is not None:
        demand_open(asked.sale, now)
    reason = why_not(program, asked.reward, asked.view, now)
    if reason:
        raise RewardUnavailable(faults=[Fault("", reason, code=reason)])
    _refuse_bad_way(asked.reward, asked.wish)


def _refuse_bad_way(reward: Reward, wish: Wish) -> None:
    ways = reward.terms.ways if reward.kind is RewardKind.GOODS else [Way.NONE]
    if wish.way not in ways:
        told = ", ".join(way.value for way in ways)
        raise InvalidInput("It does not go this way.", faults=[Fault("/way", f"one of: {told}")])
    if wish.way is Way.ADDRESS and wish.delivery is None:
        raise InvalidInput("Where should it go?", faults=[Fault("/delivery", "needed")])
    if wish.way is not Way.ADDRESS and wish.delivery is not None:
        raise InvalidInput("Nothing is sent this way.", faults=[Fault("/delivery", "not needed")])
    places = {place.code for place in reward.terms.places}
    if wish.way is Way.PICK_UP and wish.place not in places:
        raise InvalidInput("It cannot be picked up there.", faults=[Fault("/place", "unknown")])


def limits_of(asked: Asked, local: Local) -> list[tuple[Limit, int]]:
    """All that it takes of. Pieces of a sale come out of the same stock."""
    count, member_id = asked.wish.quantity, asked.member.id
    wanted = [(stock_limit(asked.variant), count)]
    if asked.sale is None:
        return [*wanted, (member_limit(asked.reward, member_id, local), count)]
    return [(pieces_limit(asked.sale), count), (buyer_limit(asked.sale, member_id), count), *wanted]


class Purses:
    """What members have to spend, less what they spend in the same transaction."""

    def __init__(self, books: Mapping[int, Book], members: Mapping[int, Member]) -> None:
        self._books = books
        self._members = members
        self._spent: dict[tuple[int, str], int] = {}

    def demand(self, asked: Asked, now: datetime) -> None:
        """Raises InsufficientPoints. The engine has the last word; this spares it much."""
        member, currency = asked.member.id, asked.reward.terms.currency
        if not asked.points:
            return
        book = self._books[member]
        balance = balance_at(
            [lot for lot in book.lots if lot.currency == currency],
            [hold for hold in book.holds if hold.currency == currency],
            self._members[member].state.owed.get(currency, 0),
            now,
        )
        has = balance.available - self._spent.get((member, currency), 0)
        if has < asked.points:
            raise InsufficientPoints(f"{asked.points} are needed, {max(has, 0)} are there.")
        self._spent[member, currency] = self._spent.get((member, currency), 0) + asked.points


Served = list[tuple[Room, int]]
"""What was taken for one wish."""


def serve(
    rooms: Mapping[Key, Room], purses: Purses, asked: Asked, local: Local
) -> Served | RegularsError:
    """Take what the wish needs, or say why not; then nothing was taken. Asked in the order in
    which the wishes came, that is the order in which they are served."""
    try:
        taken = take(rooms, limits_of(asked, local))
    except LimitReached as refusal:
        return _plainer(rooms, asked, local) or refusal
    try:
        purses.demand(asked, local.at)
    except InsufficientPoints as refusal:
        put_back(taken)
        return refusal
    return taken


def _plainer(rooms: Mapping[Key, Room], asked: Asked, local: Local) -> RegularsError | None:
    """Whose limit was reached: the member's own, or everybody's."""
    wanted = [(rooms[limit.key], amount) for limit, amount in limits_of(asked, local)]
    for room, amount in wanted:
        if room.limit.member_id and not room.fits(amount):
            return LimitReached(
                f"A member has at most {room.limit.most} of this. Nothing was taken.",
                faults=[Fault("", "per member", code="per_member")],
            )
    for room, amount in wanted:
        if not room.fits(amount):
            return SoldOut(f"{room.left} are left. Nothing was taken.") if room.left else SoldOut()
    return None
