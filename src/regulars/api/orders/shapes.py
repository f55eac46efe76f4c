"""Orders as they stand in JSON: what is asked, and what is told."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from regulars.api.answers import Instant, RuleAnswer
from regulars.domain.events import Key, Payment, ReturnedLine, Word
from regulars.domain.operations import MAX_HOLD_SECONDS
from regulars.domain.orders.carts import Cart, CartLine
from regulars.domain.orders.marks import mark_of
from regulars.domain.orders.quotes import AppliedOffer, LinePrice, PointsQuote, Quote
from regulars.domain.orders.reported import Sold
from regulars.domain.orders.returning import Back
from regulars.domain.quotes.why_words import why_no_more, why_not
from regulars.domain.reasons import reason_words
from regulars.services.orders.asking import DEFAULT_SECONDS

MOST_CONFIRMED = 500


class OrderQuoteIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A cart of a member, to be priced. Nothing is held."""

    member: Word
    cart: Cart


class OrderIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A cart of a member under your own number, `id` of `source`. What it takes is held for
    `hold_seconds`. `accept`: the quote at which it is to be opened, or not at all."""

    id: Key
    source: Key
    member: Word
    cart: Cart
    hold_seconds: Annotated[int, Meta(ge=30, le=MAX_HOLD_SECONDS)] = DEFAULT_SECONDS
    accept: Word | None = None


class OrderReportIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An order that was finished while the till was off line, as it was sold. `time`: when it was
    paid."""

    id: Key
    source: Key
    member: Word
    time: Instant
    sold: Sold
    payments: Annotated[tuple[Payment, ...], Meta(max_length=20)] = ()
    reference: Word | None = None


class OrderConfirmIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The order was paid. `payments`, when given, come to what was to be paid; `accept`: the quote
    that was paid; `reference`: the till's own, such as a receipt's number."""

    payments: Annotated[tuple[Payment, ...], Meta(max_length=20)] = ()
    reference: Word | None = None
    accept: Word | None = None


class OrderConfirmOneIn(OrderConfirmIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One order of many."""

    order: Word


class OrdersConfirmIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Orders that were paid."""

    orders: Annotated[tuple[OrderConfirmOneIn, ...], Meta(min_length=1, max_length=MOST_CONFIRMED)]


class OrderCancelIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why, without personal data."""

    reason: Annotated[str, Meta(max_length=500)] = ""


class OrderReturnIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Goods come back. `id`: your own number for it. Without `lines`: everything that is left;
    `with_delivery`: with the last of the lines the delivery is given back, too."""

    id: Key
    lines: Annotated[tuple[ReturnedLine, ...], Meta(max_length=1000)] = ()
    with_delivery: bool = True
    reason: Annotated[str, Meta(max_length=500)] = ""


class OrderDiscountAnswer(Struct, frozen=True):
    """What one offer takes off a line."""

    offer: str
    off: int


class OrderLineAnswer(Struct, frozen=True):
    """One line, in minor units. `price`: before anything is taken off; `net`: after it;
    `by_points`: what `points` pay of that; `returned`: how much of it has come back."""

    sku: str | None
    category: str | None
    brand: str | None
    quantity: int
    price: int
    net: int
    tax: int
    discounts: list[OrderDiscountAnswer]
    by_points: int
    points: int
    returned: int


class OrderDeliveryAnswer(Struct, frozen=True):
    """The delivery's fee, in minor units, as lines are told."""

    price: int
    net: int
    discounts: list[OrderDiscountAnswer]
    by_points: int


class AppliedOfferAnswer(Struct, frozen=True):
    """An offer that is used. `lines`: that it made cheaper; the number of lines stands for the
    delivery. `detail`: why it could not take off more, where a cap by contribution held it."""

    offer: str
    kind: str
    name: dict[str, str]
    off: int
    lines: list[int]
    automatic: bool
    gift: dict[str, str | int | bool | None] | None
    detail: str | None


class RefusedOfferAnswer(Struct, frozen=True):
    """An offer that is not used: the first reason why, as a code and in words. `alone`: what it
    would take off by itself, where that is known."""

    offer: str
    kind: str
    name: dict[str, str]
    reason: str
    detail: str
    params: dict[str, str | int]
    alone: int


class OrderPointsAnswer(Struct, frozen=True):
    """Points that can be spent: from `least` to `most` in steps of `step`, worth at most
    `most_value`; `used` are, and pay `value`."""

    currency: str
    least: int
    most: int
    step: int
    available: int
    most_value: int
    used: int
    value: int


class OrderQuoteAnswer(Struct, frozen=True):
    """What a cart costs, and why. Money in minor units. `quote` names this price: open or confirm
    with it as `accept` to go on at this price or not at all. `earns`: points by currency."""

    quote: str
    program_version: int
    currency: str
    tax_on_top: bool
    total: int
    discount: int
    payable: int
    to_pay: int
    tax: int
    lines: list[OrderLineAnswer]
    delivery: OrderDeliveryAnswer
    applied: list[AppliedOfferAnswer]
    not_applied: list[RefusedOfferAnswer]
    points: OrderPointsAnswer | None
    earns: dict[str, int]
    explanation: list[RuleAnswer]
    gap: int


class OrderHeldAnswer(Struct, frozen=True):
    """What is reserved, or was used: `amount` of a limit, for an offer. `state`: open, captured,
    released, timed_out or restored."""

    offer: str
    kind: str
    amount: int
    state: str = "open"


class OrderFindingAnswer(Struct, frozen=True):
    """Something that no longer held when a till sent its order later. `what`: an offer's ref, or
    points; `missing`: how much of it was not there."""

    code: str
    what: str
    missing: int = 0


class OrderBackLineAnswer(Struct, frozen=True):
    """What comes back of one line: money in minor units, and points."""

    line: int
    quantity: int
    money: int
    points: int


class OrderReturnAnswer(Struct, frozen=True):
    """What came back at once. `restored`: offers that can be used again."""

    id: str
    at: Instant
    money: int
    points: int
    delivery: int
    lines: list[OrderBackLineAnswer]
    restored: list[str]
    whole: bool


class OrderStepAnswer(Struct, frozen=True):
    """Something that happened to the order. `facts`: more of it."""

    at: Instant
    what: str
    actor: str
    facts: dict[str, str | int | bool | list[list[int]] | None]


class OrderAnswer(Struct, frozen=True):
    """An order. `state`: open, confirmed, cancelled, timed_out, returned_in_part, returned.
    `expires_at`: until then what it takes is held. `earned`: by the purchase that it became."""

    order: str
    id: str
    source: str
    member: str
    state: str
    revision: int
    repeat: bool
    price: OrderQuoteAnswer
    store: str | None
    channel: str | None
    held: list[OrderHeldAnswer]
    hold: str | None
    opened_at: Instant
    expires_at: Instant
    confirmed_at: Instant | None
    closed_at: Instant | None
    event: str | None
    earned: dict[str, int] | None
    came_back: OrderReturnAnswer | None
    returns: list[OrderReturnAnswer]
    report: list[OrderFindingAnswer]
    steps: list[OrderStepAnswer]


class ListedOrder(Struct, frozen=True):
    """An order in a list; money in minor units."""

    order: str
    id: str
    source: str
    member: str
    state: str
    currency: str
    total: int
    discount: int
    payable: int
    points_currency: str | None
    points: int
    to_pay: int
    store: str | None
    channel: str | None
    opened_at: Instant
    expires_at: Instant
    confirmed_at: Instant | None
    closed_at: Instant | None


class OrderPage(Struct, frozen=True):
    """Orders, the newest first."""

    items: list[ListedOrder]
    next: str | None


def tell_quote(
    made: Quote, lines: Sequence[CartLine], language: str, returned: dict[int, int] | None = None
) -> OrderQuoteAnswer:
    """A price with its reasons. `returned`: how much of each line has come back."""
    gone = returned or {}
    return OrderQuoteAnswer(
        quote=mark_of(made),
        program_version=made.version,
        currency=made.currency,
        tax_on_top=made.tax_on_top,
        total=made.total,
        discount=made.discount,
        payable=made.payable,
        to_pay=made.to_pay,
        tax=made.tax,
        lines=[
            _line(line, price, gone.get(place, 0))
            for place, (line, price) in enumerate(zip(lines, made.lines, strict=True))
        ],
        delivery=OrderDeliveryAnswer(
            made.delivery.price,
            made.delivery.net,
            _discounts(made.delivery),
            made.delivery.by_points,
        ),
        applied=[_applied(one, made.currency, language) for one in made.applied],
        not_applied=[
            RefusedOfferAnswer(
                one.ref,
                one.kind,
                one.name,
                one.code,
                why_not(one, made.currency, language),
                one.params,
                one.alone,
            )
            for one in made.refused
        ],
        points=None if made.points is None else _points(made.points),
        earns=made.earns,
        explanation=[
            RuleAnswer(rule, points, bool(points), reason, reason_words(reason, language))
            for rule, points, reason in made.rules
        ],
        gap=made.gap_minor,
    )


def _line(line: CartLine, price: LinePrice, returned: int) -> OrderLineAnswer:
    return OrderLineAnswer(
        line.sku, line.category, line.brand, line.quantity, price.price, price.net, price.tax,
        _discounts(price), price.by_points, price.points, returned,
    )  # fmt: skip


def _discounts(price: LinePrice) -> list[OrderDiscountAnswer]:
    return [OrderDiscountAnswer(ref, off) for ref, off in price.discounts]


def _applied(one: AppliedOffer, currency: str, language: str) -> AppliedOfferAnswer:
    detail = None if one.cap is None else why_no_more(one.cap, currency, language)
    return AppliedOfferAnswer(
        one.ref, one.kind, one.name, one.off, one.lines, one.is_automatic, one.gift, detail
    )


def _points(one: PointsQuote) -> OrderPointsAnswer:
    return OrderPointsAnswer(
        one.currency, one.least, one.most, one.step, one.available, one.most_value, one.used,
        one.value,
    )  # fmt: skip


def tell_back(name: str, back: Back, at: Instant) -> OrderReturnAnswer:
    """What one return gave back."""
    lines = [
        OrderBackLineAnswer(one.line, one.quantity, one.money, one.points) for one in back.lines
    ]
    return OrderReturnAnswer(
        name, at, back.money, back.points, back.delivery, lines, back.restored, back.is_whole
    )
