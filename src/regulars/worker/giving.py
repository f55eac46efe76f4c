"""Who hands out what runs give."""

from collections.abc import Mapping

from regulars.domain.runs.runs import RunKind
from regulars.services.benefits import campaigns as benefits
from regulars.services.coupons import campaigns as coupons
from regulars.services.runs.running import HandOut

HANDS: Mapping[RunKind, HandOut] = {
    RunKind.BENEFIT: benefits.hand_out,
    RunKind.COUPON: coupons.hand_out,
}
