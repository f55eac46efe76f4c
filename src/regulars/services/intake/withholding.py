"""Coupons that a decision would give, and that are not given out at present: each with the reason.

The decision itself does not know them: templates are no part of the program. What is withheld is
put into the explanation before it is recorded.
"""

from collections import Counter
from collections.abc import Iterable

from regulars.domain.coupons.announcing import why_missed
from regulars.domain.coupons.rationing import Ration, is_rationed
from regulars.domain.coupons.templates import Template
from regulars.domain.explanations import Explanation
from regulars.domain.programs.effects import EffectKind
from regulars.services.intake.batch import Batch
from regulars.storage.coupons import rationing, templates

_COUPON = EffectKind.COUPON.value


def missed(batch: Batch, member_id: int, told: Explanation) -> dict[str, str]:
    """Why nothing comes of some templates that the rules name, by the template's code. Of one that
    is not enough for all that the decision gives of it, nothing comes."""
    wanted = Counter(one.what for one in told.granted if one.kind == _COUPON)
    _look_up(batch, wanted)
    reasons = {}
    for code, count in sorted(wanted.items()):
        template = batch.templates[code]
        why = why_missed(template, batch.now)
        if not why and template is not None and is_rationed(template.terms):
            ration = _ration(batch, template)
            why = ration.why_not(member_id, count)
            if not why:
                ration.take(member_id, count)
        if why:
            reasons[code] = why
    return reasons


def _look_up(batch: Batch, codes: Iterable[str]) -> None:
    unknown = sorted(code for code in codes if code not in batch.templates)
    if unknown:
        found = templates.by_codes(batch.tx, batch.organization, unknown)
        batch.templates |= {code: found.get(code) for code in unknown}


def _ration(batch: Batch, template: Template) -> Ration:
    """What is left of it, as of the whole batch: for its members, and its newcomers alike."""
    known = batch.rations.get(template.id)
    if known is None:
        numbers = [one.id for one in batch.members.values() if one.id not in batch.newcomers]
        known = rationing.lock(batch.tx, batch.organization, template, numbers, batch.now)
        batch.rations[template.id] = known
    return known
