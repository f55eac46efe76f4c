"""Members are told in the app of coupons that came to them: written with the coupons, set-wise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.coupons.announcing import received
from regulars.domain.coupons.templates import Template
from regulars.storage import notices
from regulars.storage.database import Tx
from regulars.storage.notices import NewNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Coupons that a member got: `coupon_id`, and so many more of the same. `source`: staff, gift,
    prize, reward or run; `why`: the reason that the staff gave, without personal data."""

    member_id: int
    coupon_id: int
    template: Template
    until: datetime | None
    source: str
    why: str = ""
    count: int = 1


def tell(tx: Tx, organization: int, rows: Sequence[Received], now: datetime) -> None:
    """Tell members what they got. Safe to repeat: of one coupon each member is told once."""
    fresh = []
    for one in rows:
        kind, params = received(
            one.template, one.until, source=one.source, why=one.why, count=one.count
        )
        key = f"coupon:{one.coupon_id}"
        fresh.append(NewNotice(member_id=one.member_id, kind=kind, at=now, params=params, key=key))
    notices.insert(tx, organization, fresh)
