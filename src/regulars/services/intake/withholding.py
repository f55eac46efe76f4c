"""Coupons that a decision would give, and that are not given out at present: each with the reason.

The decision itself does not know them: templates are no part of the program. What is withheld is
put into the explanation before it is recorded.
"""

from regulars.domain.coupons.announcing import why_missed
from regulars.domain.explanations import Explanation
from regulars.domain.programs.effects import EffectKind
from regulars.services.intake.batch import Batch
from regulars.storage.coupons import templates

_COUPON = EffectKind.COUPON.value


def missed(batch: Batch, told: Explanation) -> dict[str, str]:
    """Why nothing comes of some templates that the rules name, by the template's code."""
    wanted = sorted({one.what for one in told.granted if one.kind == _COUPON})
    unknown = [code for code in wanted if code not in batch.templates]
    if unknown:
        found = templates.by_codes(batch.tx, batch.organization, unknown)
        batch.templates |= {code: found.get(code) for code in unknown}
    reasons = {code: why_missed(batch.templates[code], batch.now) for code in wanted}
    return {code: why for code, why in reasons.items() if why}
