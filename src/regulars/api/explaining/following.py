"""What follows from a decision beside points, as answers tell it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.explanations import Explanation

Instant = Annotated[datetime, Meta(tz=True)]


class StageMoveAnswer(Struct, frozen=True):
    """A change of the stage of life. `why`: away, came, return or merge."""

    old: str
    new: str
    at: Instant
    why: str


class BenefitMoveAnswer(Struct, frozen=True):
    """A benefit that the member has from now on, or no longer. `carrier` and `by`: what carries or
    carried it, such as tier and gold."""

    benefit: str
    gained: bool
    carrier: str
    by: str


class GivenAnswer(Struct, frozen=True):
    """What a rule did beside giving points. `kind`: benefit, coupon, tag, untag or notice; `what`:
    which one. `until` null: without end, or as the coupon says itself."""

    rule: str
    kind: str
    what: str
    until: Instant | None


class FollowsAnswer(Struct, frozen=True):
    """What followed, in the same transaction. `revoked`: what a purchase had given that came back
    whole, as far as it was not used."""

    stages: list[StageMoveAnswer]
    benefits: list[BenefitMoveAnswer]
    given: list[GivenAnswer]
    revoked: list[GivenAnswer]


def tell_following(told: Explanation) -> FollowsAnswer | None:
    """What followed; None for nothing, as mostly."""
    if not (told.stages or told.benefits or told.granted or told.revoked):
        return None
    return FollowsAnswer(
        [StageMoveAnswer(one.old, one.new, one.at, one.why) for one in told.stages],
        [
            BenefitMoveAnswer(one.benefit, one.is_gained, one.carrier, one.by)
            for one in told.benefits
        ],
        [GivenAnswer(one.rule, one.kind, one.what, one.until) for one in told.granted],
        [GivenAnswer(one.rule, one.kind, one.what, one.until) for one in told.revoked],
    )
