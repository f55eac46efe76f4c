"""What a paid card has saved: told honestly, in minor units, less what came back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import Quote
from regulars.domain.programs.benefits import Benefit

BENEFIT = "benefit:"
"""Begins the ref of an offer that is a benefit of the program."""


@dataclass(slots=True)
class Savings:
    """`by_benefit`: minor units taken off orders, by benefit. `uses`: how often each was used, at
    orders and otherwise. `orders`: how many were made cheaper."""

    by_benefit: dict[str, int] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)
    orders: int = 0

    @property
    def money(self) -> int:
        """All of it, in minor units."""
        return sum(self.by_benefit.values())


def carried_by_card(benefits: Iterable[Benefit], card: str) -> list[str]:
    """The benefits that one has by this card. What is open to others by another status is left
    out: the card has not saved what one may have had without it."""
    return [
        benefit.id
        for benefit in benefits
        if benefit.carriers is not None
        and benefit.carriers.cards == {card}
        and not (benefit.carriers.tiers or benefit.carriers.stages or benefit.carriers.tags)
    ]


def add_order(
    savings: Savings,
    cart: Cart,
    quote: Quote,
    returned: Mapping[int, int],
    benefits: Sequence[str],
) -> None:
    """Count what `benefits` took off an order. `returned`: how much of each line came back; its
    share of what was taken off is no saving, rounded against the card."""
    refs = {BENEFIT + code: code for code in benefits}
    used = [offer for offer in quote.applied if offer.ref in refs]
    if not used:
        return
    savings.orders += 1
    for offer in used:
        code = refs[offer.ref]
        savings.uses[code] = savings.uses.get(code, 0) + 1
        savings.by_benefit.setdefault(code, 0)
    for place, (line, priced) in enumerate(zip(cart.lines, quote.lines, strict=True)):
        kept = max(line.quantity - returned.get(place, 0), 0)
        for ref, off in priced.discounts:
            if ref in refs:
                savings.by_benefit[refs[ref]] += off * kept // line.quantity
    for ref, off in quote.delivery.discounts:
        if ref in refs:
            savings.by_benefit[refs[ref]] += off
