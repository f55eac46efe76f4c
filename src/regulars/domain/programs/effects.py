"""What a rule does beside giving points: a benefit, a coupon, a tag, a word to the member."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.periods import Duration
from regulars.domain.programs.pieces import Text


class EffectKind(StrEnum):
    """What is done."""

    BENEFIT = "benefit"  # a benefit of the program is granted to the member
    COUPON = "coupon"  # a coupon of a template is issued to the member
    TAG = "tag"  # the member gets a tag
    UNTAG = "untag"  # the member loses a tag
    NOTICE = "notice"  # the member is told something
    BADGE = "badge"  # the member wins a badge, and keeps it


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of a rule. `what`: the benefit, the coupon's template, the tag, the badge; ""
    for a notice.

    `valid`: for how long; None: as long as the benefit or the template says, or without end.
    `text`: what a notice says.
    """

    kind: EffectKind
    what: str = ""
    valid: Duration | None = None
    text: Text | None = None


OCCASIONS = ("birthday", "anniversary", "member_day", "second_purchase")
"""What the calendar brings. Beside these: "stage.<stage>" and "tier.<tier>", which are reached."""
