"""Flash sales: a limited quantity at a price of its own, for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.limits.limits import Limit, LimitKind
from regulars.domain.mall.refusals import SaleNotOpen
from regulars.domain.mall.rewards import PAY_MINUTES, RewardState, Words
from regulars.domain.programs.phrases import LANGUAGES

MAX_PIECES = 10_000_000


class SaleTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator wrote. `pay_minutes`: how long a cash part may take before the piece goes
    back to the others."""

    name: Words
    pay_minutes: Annotated[int, Meta(ge=1, le=120)] = PAY_MINUTES // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as it is kept."""

    id: int
    reward_id: int
    variant_id: int
    state: RewardState
    revision: int
    terms: SaleTerms
    points: int
    cash_minor: int
    pieces: int
    per_member: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime

    def phase(self, at: datetime) -> str:
        """not_begun, open, paused or over; draft before it is announced."""
        if self.state is RewardState.DRAFT:
            return "draft"
        if self.state is RewardState.ENDED or self.ends_at <= at:
            return "over"
        if at < self.starts_at:
            return "not_begun"
        return "open" if self.state is RewardState.ACTIVE else "paused"


_WORDS = {
    "not_begun": "The sale has not begun yet.",
    "paused": "The sale is paused. Look again in a moment.",
    "over": "The sale is over.",
    "draft": "The sale is over.",
}


def demand_open(sale: Sale, at: datetime) -> None:
    """Raises SaleNotOpen, whose fault tells the phase."""
    phase = sale.phase(at)
    if phase != "open":
        raise SaleNotOpen(_WORDS[phase], faults=[Fault("", phase, code=phase)])


def pieces_limit(sale: Sale) -> Limit:
    """What counts the pieces of a sale."""
    return Limit(LimitKind.SALE, f"sale:{sale.id}", most=sale.pieces)


def buyer_limit(sale: Sale, member_id: int) -> Limit:
    """What counts the pieces that one member bought."""
    return Limit(LimitKind.SALE, f"sale:{sale.id}", member_id, most=sale.per_member)


def check_sale(terms: SaleTerms, starts_at: datetime, ends_at: datetime) -> None:
    """Raises InvalidInput."""
    faults = []
    if not any(terms.name.values()) or terms.name.keys() - LANGUAGES:
        faults.append(Fault("/name", f"needed in {' or '.join(LANGUAGES)}"))
    if ends_at <= starts_at:
        faults.append(Fault("/ends_at", "not after the beginning"))
    if faults:
        raise InvalidInput("The sale cannot be kept like this.", faults=faults)
