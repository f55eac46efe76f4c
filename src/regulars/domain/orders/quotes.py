"""What is told of a cart: what each line costs, what was taken off by which offer, what it earns.

The shapes are msgspec structs, so that a quote is kept with its order as it was told. Amounts are
minor units of the cart's currency.
"""

from msgspec import Struct

from regulars.domain.explanations import Given
from regulars.domain.limits.limits import Limit
from regulars.domain.orders.caps import ContributionCap


class LinePrice(Struct, frozen=True, omit_defaults=True, gc=False):
    """One line, or the delivery. `price`: before anything is taken off; `discounts`: what each
    offer takes off, by its ref; `net`: what is left; `by_points`: how much of that, and of tax that
    comes on top, points pay. `points`: how many these are. `tax`: what of the till's tax belongs to
    `net`, in the proportion in which the price went down, half up."""

    price: int
    net: int
    discounts: list[tuple[str, int]] = []
    tax: int = 0
    by_points: int = 0
    points: int = 0


class AppliedOffer(Struct, frozen=True, omit_defaults=True, gc=False):
    """An offer that is used. `lines`: the places of the lines that it made cheaper; the number of
    lines stands for the delivery. `is_restored`: it can be used again once these came back. `cap`:
    what the member brought in did not allow for more than this."""

    ref: str
    kind: str
    name: dict[str, str]
    off: int = 0
    lines: list[int] = []
    gift: dict[str, str | int | bool | None] | None = None
    is_restored: bool = True
    is_automatic: bool = True
    cap: ContributionCap | None = None


class RefusedOffer(Struct, frozen=True, omit_defaults=True, gc=False):
    """An offer that is not used, and the first reason why. `params`: what its words need. `alone`:
    what it would take off by itself, where that is known."""

    ref: str
    kind: str
    name: dict[str, str]
    code: str
    params: dict[str, str | int] = {}
    alone: int = 0


class PointsQuote(Struct, frozen=True, omit_defaults=True, gc=False):
    """Points that may be spent: from `least` to `most` in steps of `step`; `most` 0: none. `used`
    are, and pay `value`. `most_value`: what `most` would pay."""

    currency: str
    least: int
    most: int
    step: int
    available: int
    most_value: int
    used: int = 0
    value: int = 0


class Take(Struct, frozen=True, omit_defaults=True, gc=False):
    """What confirming takes of a limit, on behalf of the offer `ref`."""

    ref: str
    limit: Limit
    amount: int


class Quote(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A cart with all that applies.

    `total`: before anything is taken off, with the delivery and tax that comes on top; `discount`:
    what offers take off, of that tax as well; `payable`: the rest; `to_pay`: what of it points do
    not pay. So total = discount + payable, payable = value of points + to_pay. `tax`: contained in
    or part of `payable`. `earns`: points by currency, `rules`: what each rule gives; `gap_minor`:
    how much more another choice of offers might take off at most, 0 where none does; `tried`: how
    many choices were looked at.
    """

    currency: str
    version: int
    tax_on_top: bool
    lines: list[LinePrice]
    delivery: LinePrice
    total: int
    discount: int
    payable: int
    to_pay: int
    tax: int = 0
    applied: list[AppliedOffer] = []
    refused: list[RefusedOffer] = []
    points: PointsQuote | None = None
    earns: dict[str, int] = {}
    rules: list[Given] = []
    takes: list[Take] = []
    gap_minor: int = 0
    tried: int = 0
