"""What a member is told of a coupon that came to them without their taking it; and why one does
not come of a template that rules name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from regulars.domain.coupons.templates import Template, TemplateState
from regulars.domain.notices.kinds import NoticeKind

_KEPT: Mapping[TemplateState, str] = {
    TemplateState.DRAFT: "template_draft",
    TemplateState.PAUSED: "template_paused",
    TemplateState.ENDED: "template_ended",
}


def received(
    template: Template, until: datetime | None, *, source: str, why: str = "", count: int = 1
) -> tuple[NoticeKind, Mapping[str, Any]]:
    """The notice of coupons that came: its kind, and what fills its words. `source`: staff, rule,
    gift, prize, reward or run; `why`: the reason that the staff gave."""
    params = {
        "coupon": template.name,
        "until": None if until is None else until.isoformat(),
        "source": source,
    }
    if why:
        params["why"] = why
    return NoticeKind.COUPON_RECEIVED, params | ({"count": count} if count > 1 else {})


def why_missed(template: Template | None, now: datetime) -> str:
    """Why no coupon of this template is given out at `now`; "" where one is."""
    if template is None:
        return "template_unknown"
    ends_at = template.terms.valid_until
    if template.state is TemplateState.ACTIVE and ends_at is not None and ends_at <= now:
        return "template_over"
    return _KEPT.get(template.state, "")
