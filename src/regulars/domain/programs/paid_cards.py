"""Paid memberships as a program sells them: what a card costs, how long it lasts, who shares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.periods import Duration


class AfterWindow(StrEnum):
    """What is paid back of a term once the first days, in which all is paid back, are over."""

    PRO_RATA = "pro_rata"  # the share of the days that are left
    NOTHING = "nothing"


class Sharing(StrEnum):
    """Whose quota it is that a benefit of a shared card uses."""

    EACH = "each"  # everybody has their own
    SHARED = "shared"  # one for all who share the card


@dataclass(frozen=True, slots=True)
class CardRefund:
    """What is paid back when a card is given back before its end.

    `full_within`: a span from the beginning of the term in which all is paid back. `less_saved`:
    less what the card has saved its holder in that term.
    """

    full_within: Duration | None = None
    then: AfterWindow = AfterWindow.PRO_RATA
    less_saved: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """`persons` share the card beside its holder. `cooling`: how long somebody who left a family
    waits before the next."""

    persons: int
    cooling: Duration | None = None
    quota: Sharing = Sharing.EACH


@dataclass(frozen=True, slots=True)
class PaidCard:
    """A paid membership. `price` is minor units of the program's money, `points` a price in points
    as (currency, amount); one of the two is there. Both: the member chooses.

    `trial`: free of charge, once a member. `remind`: how long before its end the holder is
    reminded. `grace`: how long the benefits stay after the end, for a renewal that comes late.
    """

    code: str
    name: Mapping[str, str]
    term: Duration
    price: int | None = None
    points: tuple[str, int] | None = None
    trial: Duration | None = None
    remind: Duration | None = None
    grace: Duration | None = None
    refund: CardRefund = CardRefund()
    family: Family | None = None
