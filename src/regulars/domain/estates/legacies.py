"""What one member leaves to another when the two turn out to be one."""

from datetime import datetime

from msgspec import Struct

from regulars.domain.members import CardState, Tag, TierState


class MergedLot(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Points that come with another member. `origin`: the number of the event that brought them
    to whoever had them first."""

    currency: str
    amount: int
    available_at: datetime
    expires_at: datetime | None
    origin: int


Buckets = dict[str, list[tuple[int, int]]]
"""Code to the buckets of a State with what was counted, in order."""


class Legacy(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """All that one member leaves to another: points with their terms, what is counted, the tier,
    the paid cards.

    `balances`: of currencies that count towards tiers and have no lots.
    """

    lots: list[MergedLot] = []
    balances: dict[str, int] = {}
    owed: dict[str, int] = {}
    counts: dict[str, int] = {}
    metrics: Buckets = {}
    counters: Buckets = {}
    active_until: dict[str, datetime] = {}
    assets: tuple[datetime, int] | None = None
    tier: TierState | None = None
    clock: datetime | None = None
    attributes: dict[str, bool | int | str] = {}
    cards: dict[str, CardState] = {}
    tried: list[str] = []
    left_family_at: datetime | None = None
    streaks: dict[str, list[tuple[int, int, int]]] = {}
    badges: dict[str, datetime] = {}
    tags: dict[str, Tag] = {}
