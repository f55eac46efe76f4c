"""A benefit as an order sees it: an offer like all others."""

from functools import lru_cache

from regulars.domain.benefits.held import Held
from regulars.domain.ids import GRANT, encode
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.plans import LineTest, line_test_of
from regulars.domain.programs.benefits import Benefit, BenefitKind
from regulars.domain.programs.model import Pick, Program
from regulars.domain.programs.pieces import LineScope

BENEFIT, GRANTED = "benefit:", "grant:"
"""How the reference of an offer begins that comes from a benefit, or from a person's grant."""

KINDS = {
    BenefitKind.PERCENTAGE: OfferKind.PERCENTAGE,
    BenefitKind.AMOUNT: OfferKind.AMOUNT,
    BenefitKind.FREE_DELIVERY: OfferKind.FREE_DELIVERY,
    BenefitKind.GIFT: OfferKind.GIFT,
}
"""What changes an order, or goes with it. All other benefits are used at their own time."""


def offer_of(held: Held, program: Program) -> Offer | None:
    """The offer that this benefit is for who has it; None for one that is not for orders.

    What is left of its quota is not looked at: whoever takes it finds that.
    """
    benefit = held.benefit
    kind = KINDS.get(benefit.kind)
    if kind is None or benefit.by_appointment or benefit.partner:
        return None
    return Offer(
        ref=ref_of(held),
        name=benefit.name,
        kind=kind,
        rate=benefit.rate,
        amount=benefit.amount,
        ceiling=benefit.ceiling,
        in_scope=None if benefit.lines is None else _in_scope(benefit.lines),
        line_test=None if benefit.lines is None else benefit.lines.condition,
        threshold=benefit.threshold,
        test=benefit.condition,
        group=benefit.group,
        pick=Pick.ALL if benefit.group is None else program.stacking[benefit.group],
        priority=benefit.priority,
        limits=(held.limit,),
        is_automatic=benefit.is_automatic,
        expires_at=held.until,
        why_not="" if held.is_now else "schedule",
        gift=_gift(benefit),
        is_restored=benefit.restore,
    )


def ref_of(held: Held) -> str:
    """How an offer names it: benefit:<id>, or grant:grt_… for what one person was given."""
    if held.grant is not None:
        return GRANTED + encode(GRANT, held.grant.id)
    return BENEFIT + held.benefit.id


def _gift(benefit: Benefit) -> dict[str, str] | None:
    return {"what": benefit.item or benefit.id} if benefit.kind is BenefitKind.GIFT else None


@lru_cache(maxsize=1024)
def _in_scope(scope: LineScope) -> LineTest:
    return line_test_of(scope)
