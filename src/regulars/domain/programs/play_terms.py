"""What a program says of play: challenges and streaks of rules, and the badges there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.periods import Unit

MAX_TIMES = 1_000
MAX_STREAK_DAYS = 366
MAX_MADE_UP = 31
MAKE_UP_REACH_DAYS = 31
"""How far back the day lies, at most, that somebody makes up for."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """The rule gives only when its `times`-th event of a period comes; with `repeats`, at each
    multiple. `per` None: ever. `by_days`: several events of one day count once."""

    times: int
    per: Unit | None = None
    by_days: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class MakeUp:
    """Up to `days` missed days in each `per` may be made up for, each at `price` points."""

    days: int
    per: Unit
    price: int = 0


@dataclass(frozen=True, slots=True)
class Streak:
    """The rule gives when there was an event on `days` days running; with `repeats`, each time so
    many more have followed, else once for ever."""

    days: int
    repeats: bool = True
    make_up: MakeUp | None = None


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge that rules award. `picture`: the name of one of the pictures that the pages know."""

    code: str
    name: Mapping[str, str]
    picture: str = "star"
    about: Mapping[str, str] | None = None


PICTURES = (
    "star", "medal", "crown", "heart", "leaf", "cup", "flame", "gift", "rocket", "sun",
)  # fmt: skip
"""Every picture of a badge."""
