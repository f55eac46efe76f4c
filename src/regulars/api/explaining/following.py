"""What follows from a decision beside points, as answers tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.coupons.reasons import reason_words
from regulars.domain.explanations import Explanation, Granted
from regulars.domain.programs.effects import EffectKind

_COUPON = EffectKind.COUPON.value
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
    which one. `until` null: without end, or as the coupon says itself. `why_not`: the code of the
    reason why no coupon of it was given out at that time, and `detail` the same in words; "" where
    one was."""

    rule: str
    kind: str
    what: str
    until: Instant | None
    why_not: str = ""
    detail: str = ""


class FollowsAnswer(Struct, frozen=True):
    """What followed, in the same transaction. `revoked`: what a purchase had given that came back
    whole, as far as it was not used."""

    stages: list[StageMoveAnswer]
    benefits: list[BenefitMoveAnswer]
    given: list[GivenAnswer]
    revoked: list[GivenAnswer]


def tell_following(told: Explanation, language: str) -> FollowsAnswer | None:
    """What followed; None for nothing, as mostly. `language` is one of LANGUAGES."""
    if not (told.stages or told.benefits or told.granted or told.revoked):
        return None
    return FollowsAnswer(
        [StageMoveAnswer(one.old, one.new, one.at, one.why) for one in told.stages],
        [
            BenefitMoveAnswer(one.benefit, one.is_gained, one.carrier, one.by)
            for one in told.benefits
        ],
        [_given(one, told.missed if one.kind == _COUPON else {}, language) for one in told.granted],
        [_given(one, {}, language) for one in told.revoked],
    )


def _given(one: Granted, missed: Mapping[str, str], language: str) -> GivenAnswer:
    why = missed.get(one.what, "")
    detail = reason_words(why, language) if why else ""
    return GivenAnswer(one.rule, one.kind, one.what, one.until, why, detail)
