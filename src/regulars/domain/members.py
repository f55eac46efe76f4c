"""A member as the engine knows one: opaque id, coarse attributes, tier, metrics, counters."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

import msgspec
from msgspec import Struct, field


class Held(Struct, frozen=True, gc=False):
    """A tier as it was held from `since`. `until`: when it is reviewed; None: never."""

    tier: str
    since: datetime
    until: datetime | None = None
    by_entry: bool = False


class TierState(Struct, frozen=True, gc=False):
    """Where a member stands. `by_entry`: reached by an entry condition, so a return may undo it.

    `grace_until` is set while a tier is kept though its keep condition failed. `before` are the
    tiers held earlier, oldest first. `lapsed_at` is set when the last change was a step down.
    """

    tier: str
    since: datetime
    until: datetime | None = None
    by_entry: bool = False
    grace_until: datetime | None = None
    review_at: datetime | None = None
    lapsed_at: datetime | None = None
    before: tuple[Held, ...] = ()


class CardState(Struct, frozen=True, omit_defaults=True, gc=False):
    """A paid card as it is held from `since`. `until`: paid for, or tried, until then. `ends_at`:
    when its benefits end, which is later by the grace. `how`: paid, trial or family.
    `membership`: our number of it; `holder`: of a family, the member whose it is."""

    since: datetime
    until: datetime
    ends_at: datetime
    how: str = "paid"
    membership: int = 0
    holder: int = 0


class StageState(Struct, frozen=True, omit_defaults=True, gc=False):
    """The stage of life as it was found last. `since`: when it began. `due`: the next instant at
    which it turns by the calendar, or somebody is to be reminded; None: never."""

    stage: str
    since: datetime
    due: datetime | None = None


class Tag(Struct, frozen=True, omit_defaults=True, gc=False):
    """A tag as a rule or somebody set it. `rule`: which rule; "" by hand. `until` None: no end."""

    since: datetime
    until: datetime | None = None
    rule: str = ""


class State(Struct, omit_defaults=True, gc=False):
    """What one event's decision leaves for the next.

    `metrics`: code to bucket to amount; a bucket is a day since 1970, a year, or 0 for lifetime.
    `counters`: what capped rules have given, by "rule|stretch" and first day. `counts`: events by
    type. `assets`: newest statement (instant, minor units). `clock`: the newest event's time.
    `streaks`: by rule, runs of days: (first since 1970, length, rewards given). `badges`: those
    that were won, since when.
    `cards`: paid cards by code, `tags` likewise; those that have ended meanwhile may still be
    among them. `tried`: cards that were tried for nothing. `left_family_at`: when a card that a
    family shares was last given up. `stage`: of a member's life, as it was found last.
    """

    seq: int = 0
    clock: datetime | None = None
    tier: TierState | None = None
    counts: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    active_until: dict[str, datetime] = field(default_factory=dict)
    assets: tuple[datetime, int] | None = None
    streaks: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    badges: dict[str, datetime] = field(default_factory=dict)
    cards: dict[str, CardState] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    left_family_at: datetime | None = None
    stage: StageState | None = None
    tags: dict[str, Tag] = field(default_factory=dict)


class Member(Struct, gc=False):
    """A member and what is known of them. `attributes` are those that the program declares.

    `is_erased`: nothing personal is left, and nothing may be done in their name any more.
    `is_frozen`: nothing of what they have may be spent. `merged_into`: who has all of theirs.
    """

    id: int
    enrolled_at: datetime
    state: State
    attributes: dict[str, bool | int | str] = field(default_factory=dict)
    is_new: bool = False
    is_erased: bool = False
    is_frozen: bool = False
    merged_into: int | None = None


class MemberView(Struct, frozen=True, gc=False):
    """What conditions see of a member at the instant of an event."""

    tier: str
    enrolled_at: datetime
    purchases: int
    attributes: dict[str, bool | int | str]
    cards: list[str] = []
    stage: str = ""
    tags: list[str] = []


def mark_of(attributes: Mapping[str, bool | int | str]) -> str:
    """Tells these attributes from any others: what an ETag carries."""
    text = msgspec.json.encode(dict(attributes), order="deterministic")
    return blake2b(text, digest_size=8).hexdigest()
