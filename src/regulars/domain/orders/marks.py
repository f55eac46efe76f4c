"""What tells one request, one price and one content of an order from another."""

from collections.abc import Collection
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from regulars.domain.errors import Fault
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import Quote, RefusedOffer

GONE = frozenset({"limit", "used_up", "redeemed", "used", "reserved"})
"""Reasons for which an offer does not apply although its member could have used it: somebody, or
they themselves, took the last of it. What was asked for and is gone is never passed over."""

SHOWN = 4
"""How much of a coupon's code is kept with an order."""

_encoder = msgspec.json.Encoder(order="deterministic")


def digest_of(*asked: object) -> str:
    """Of a request: the same content has the same."""
    return blake2b(_encoder.encode(asked), digest_size=16).hexdigest()


def mark_of(quote: Quote) -> str:
    """Of a price and all that it rests on, for a caller who accepts it: what it earns is no part
    of it."""
    points = None if quote.points is None else (quote.points.currency, quote.points.used)
    said = (
        quote.currency, quote.total, quote.payable, quote.to_pay, points,
        [(line.net, line.by_points) for line in [*quote.lines, quote.delivery]],
        [(offer.ref, offer.off) for offer in quote.applied],
    )  # fmt: skip
    return "qt_" + blake2b(_encoder.encode(said), digest_size=10).hexdigest()


def without_codes(cart: Cart) -> Cart:
    """The cart as it is kept: who has a code can use it, so that only its end is told."""
    return replace(cart, codes=tuple("…" + code[-SHOWN:] for code in cart.codes))


def lost(quote: Quote, asked: Collection[str]) -> list[RefusedOffer]:
    """The offers that were asked for by name and are gone."""
    return [one for one in quote.refused if one.ref in asked and one.code in GONE]


def fault_of(one: RefusedOffer) -> Fault:
    """A lost offer as part of a refusal."""
    return Fault("/cart/codes", f"{one.ref} is gone: {one.code}", code=one.code)
