"""How a coupon stands at an instant: usable, used, over, or kept from use, and why."""

from datetime import datetime
from enum import StrEnum

from regulars.domain.coupons.templates import Coupon, Template, TemplateState


class Standing(StrEnum):
    """What a coupon is, in one word. Of several that hold, the one that weighs most."""

    USABLE = "usable"
    EARLY = "early"
    RESERVED = "reserved"
    GIVEN = "given"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    PAUSED = "paused"
    FROZEN = "frozen"
    REVOKED = "revoked"


def standing(
    coupon: Coupon, template: Template, at: datetime, *, used: int = 0, reserved: int = 0
) -> Standing:
    """How it stands; `used` and `reserved` are counted by its limit. Expiry follows from the clock
    alone: no job has to run for it."""
    uses = template.terms.uses
    # The first that holds weighs most.
    if used >= uses:
        return Standing.REDEEMED
    return (
        _ended(coupon, template, at)
        or _kept(coupon, template)
        or (Standing.RESERVED if used + reserved >= uses else _later(coupon, template, at))
    )


def _ended(coupon: Coupon, template: Template, at: datetime) -> Standing | None:
    if coupon.state == "revoked":
        return Standing.REVOKED
    ends_at = valid_until(coupon, template)
    if (ends_at is not None and ends_at <= at) or template.state is TemplateState.ENDED:
        return Standing.EXPIRED
    return None


def _kept(coupon: Coupon, template: Template) -> Standing | None:
    if coupon.state == "frozen":
        return Standing.FROZEN
    return None if template.state is TemplateState.ACTIVE else Standing.PAUSED


def _later(coupon: Coupon, template: Template, at: datetime) -> Standing:
    if coupon.offered_until is not None and coupon.offered_until > at:
        return Standing.GIVEN
    starts_at = valid_from(coupon, template)
    return Standing.EARLY if starts_at is not None and starts_at > at else Standing.USABLE


def valid_from(coupon: Coupon, template: Template) -> datetime | None:
    """From when it holds: as it was given out, or as the template says."""
    return coupon.valid_from if coupon.valid_from is not None else template.terms.valid_from


def valid_until(coupon: Coupon, template: Template) -> datetime | None:
    """Until when it holds; None for ever."""
    return coupon.valid_until if coupon.valid_until is not None else template.terms.valid_until


WHY: dict[Standing, str] = {
    Standing.EARLY: "not_yet",
    Standing.RESERVED: "limit",
    Standing.GIVEN: "given",
    Standing.REDEEMED: "used",
    Standing.EXPIRED: "expired",
    Standing.PAUSED: "paused",
    Standing.FROZEN: "frozen",
    Standing.REVOKED: "revoked",
}
"""The reason for which it cannot be used."""
