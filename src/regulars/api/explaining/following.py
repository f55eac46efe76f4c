"""What follows from a decision beside points, as answers tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.coupons.reasons import reason_words
from regulars.domain.explanations import Explanation, Granted
from regulars.domain.plans import Plan
from regulars.domain.programs.benefit_words import effect_words
from regulars.domain.programs.effects import Effect, EffectKind

_COUPON, _NOTICE = EffectKind.COUPON.value, EffectKind.NOTICE.value
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
    one was. `says`: what the rule did, in words; "" in what is answered at once."""

    rule: str
    kind: str
    what: str
    until: Instant | None
    why_not: str = ""
    detail: str = ""
    says: str = ""


class FollowsAnswer(Struct, frozen=True):
    """What followed, in the same transaction. `revoked`: what a purchase had given that came back
    whole, as far as it was not used."""

    stages: list[StageMoveAnswer]
    benefits: list[BenefitMoveAnswer]
    given: list[GivenAnswer]
    revoked: list[GivenAnswer]


def tell_following(
    told: Explanation, language: str, plan: Plan | None = None
) -> FollowsAnswer | None:
    """What followed; None for nothing, as mostly. `language` is one of LANGUAGES; `plan`: what
    decided it, to tell in words what rules gave."""
    if not (told.stages or told.benefits or told.granted or told.revoked):
        return None
    return FollowsAnswer(
        [StageMoveAnswer(one.old, one.new, one.at, one.why) for one in told.stages],
        [
            BenefitMoveAnswer(one.benefit, one.is_gained, one.carrier, one.by)
            for one in told.benefits
        ],
        [_given(one, told.missed, language, plan) for one in told.granted],
        [_given(one, {}, language, None) for one in told.revoked],
    )


def _given(
    one: Granted, missed: Mapping[str, str], language: str, plan: Plan | None
) -> GivenAnswer:
    why = missed.get(one.what, "") if one.kind == _COUPON else ""
    detail = reason_words(why, language) if why else ""
    says = "" if plan is None else effect_words(_effect(one, plan), plan.program, language)
    return GivenAnswer(one.rule, one.kind, one.what, one.until, why, detail, says)


def _effect(one: Granted, plan: Plan) -> Effect:
    """What of its rule it came of."""
    effects = plan.by_id[one.rule].rule.effects
    if one.kind == _NOTICE:
        return effects[int(one.what)]
    return next(
        found for found in effects if (found.kind.value, found.what) == (one.kind, one.what)
    )
