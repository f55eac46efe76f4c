"""Rewards that are handed out at once: a coupon is issued, a benefit granted."""

import secrets
from datetime import timedelta

from regulars.domain.benefits.grants import NewGrant
from regulars.domain.coupons import codes
from regulars.domain.coupons.ready import span_of
from regulars.domain.coupons.templates import TemplateState
from regulars.domain.ids import COUPON, GRANT, REDEMPTION, encode
from regulars.domain.mall.fulfilment import Redemption
from regulars.domain.mall.refusals import RewardUnavailable
from regulars.domain.mall.rewards import Reward, RewardKind
from regulars.domain.programs.model import Program
from regulars.storage.benefits import grants
from regulars.storage.coupons import issuing, rationing, telling, templates
from regulars.storage.coupons.telling import Received
from regulars.storage.database import Tx


def hand_out(
    tx: Tx, organization: int, program: Program, reward: Reward, made: Redemption, *, by: str
) -> str:
    """Give what was redeemed; what the redemption says of it: the ids of coupons or of the grant.
    Donations and partner points are on record by the redemption itself.

    Raises RewardUnavailable when the coupon's template or the benefit is no longer there,
    LimitReached when there are no more coupons than were given out.
    """
    if reward.kind is RewardKind.COUPON:
        return _coupons(tx, organization, program, reward, made, by=by)
    if reward.kind is RewardKind.SERVICE:
        return _benefit(tx, organization, program, reward, made, by=by)
    return ""


def _coupons(
    tx: Tx, organization: int, program: Program, reward: Reward, made: Redemption, *, by: str
) -> str:
    name = reward.terms.template
    template = templates.by_codes(tx, organization, [name]).get(name)
    if template is None or template.state is not TemplateState.ACTIVE:
        raise RewardUnavailable("The coupon that this reward gives is not given out at present.")
    ration = rationing.lock(tx, organization, template, [made.member_id], made.changed_at)
    ration.demand(made.member_id, made.quantity)
    rows = [
        issuing.Issue(
            template_id=template.id,
            code=codes.code_of(template.prefix, secrets.randbits(codes.BITS)),
            member_id=made.member_id,
            source="reward",
            issued_at=made.changed_at,
            by=by,
            valid=span_of(template.terms, made.changed_at, program.zone),
            request_key=f"{encode(REDEMPTION, made.id)}:{place}",
        )
        for place in range(made.quantity)
    ]
    numbers = [one for one in issuing.issue(tx, organization, rows) if one is not None]
    if numbers:
        news = Received(
            member_id=made.member_id, coupon_id=numbers[0], template=template,
            until=rows[0].valid[1], source="reward", count=len(numbers),
        )  # fmt: skip
        telling.tell(tx, organization, [news], made.changed_at)
    return " ".join(encode(COUPON, number) for number in numbers)


def _benefit(
    tx: Tx, organization: int, program: Program, reward: Reward, made: Redemption, *, by: str
) -> str:
    if reward.terms.benefit not in {one.id for one in program.benefits}:
        raise RewardUnavailable("The benefit that this reward gives is not given at present.")
    grant = NewGrant(
        member_id=made.member_id,
        benefit=reward.terms.benefit,
        carrier="reward",
        source=encode(REDEMPTION, made.id),
        uses=made.quantity,
        valid_from=made.changed_at,
        valid_until=made.changed_at + timedelta(days=reward.terms.benefit_days),
        granted_at=made.changed_at,
        granted_by=by,
        request_key=encode(REDEMPTION, made.id),
    )
    return " ".join(encode(GRANT, number) for number in grants.insert(tx, organization, [grant]))
