"""Who carries a benefit: everybody, or those with a tier, a stage, a tag, a paid card."""

from datetime import datetime
from enum import StrEnum

from regulars.domain.conditions.values import EvaluationError
from regulars.domain.members import MemberView
from regulars.domain.programs.benefits import Carriers


class Carrier(StrEnum):
    """By what somebody has a benefit."""

    EVERYONE = "everyone"
    AUDIENCE = "audience"  # a condition over the member
    TIER = "tier"
    STAGE = "stage"
    TAG = "tag"
    CARD = "card"
    GRANT = "grant"  # granted to the person, by a rule or by hand


def carried_by(carriers: Carriers, view: MemberView, at: datetime) -> list[tuple[Carrier, str]]:
    """All by which the member has it, such as (TIER, "gold"); empty for one who has it not."""
    where = carriers.where
    if where is not None:
        try:
            if not where.test(None, view, None, None, at):
                return []
        except EvaluationError:
            return []
    if carriers.is_open:
        return [(Carrier.EVERYONE if where is None else Carrier.AUDIENCE, "")]
    found: list[tuple[Carrier, str]] = []
    if view.tier in carriers.tiers:
        found.append((Carrier.TIER, view.tier))
    found += [(Carrier.CARD, code) for code in view.cards if code in carriers.cards]
    found += [(Carrier.TAG, code) for code in view.tags if code in carriers.tags]
    if view.stage in carriers.stages:
        found.append((Carrier.STAGE, view.stage))
    return found
