"""What members are told in the app of benefits that were given by hand, and of appointments."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from regulars.domain.appointments.slots import Slot
from regulars.domain.benefits.grants import NewGrant
from regulars.domain.notices.kinds import NoticeKind
from regulars.domain.plans import Plan
from regulars.storage import notices
from regulars.storage.database import Tx
from regulars.storage.notices import NewNotice


def tell_granted(
    tx: Tx, organization: int, plan: Plan, given: Iterable[NewGrant], now: datetime
) -> None:
    """Tell members what they were given."""
    rows = [
        NewNotice(
            member_id=one.member_id,
            kind=NoticeKind.BENEFIT_GRANTED,
            at=now,
            params={
                "benefit": name_of(plan, one.benefit),
                "until": None if one.valid_until is None else one.valid_until.isoformat(),
            },
        )
        for one in given
    ]
    notices.insert(tx, organization, rows)


def tell_cancelled(
    tx: Tx, organization: int, plan: Plan | None, slot: Slot, *, member_id: int, why: str,
    now: datetime,
) -> None:  # fmt: skip
    """Tell a member that the staff cancelled their appointment, and why."""
    params = {
        "benefit": {"en": slot.benefit} if plan is None else name_of(plan, slot.benefit),
        "at": slot.starts_at.isoformat(),
        "place": slot.place,
        "why": why,
    }
    kind = NoticeKind.APPOINTMENT_CANCELLED
    told = NewNotice(member_id=member_id, kind=kind, at=now, params=params)
    notices.insert(tx, organization, [told])


def name_of(plan: Plan, code: str) -> Mapping[str, str]:
    """What a benefit is called, by language; its code where the program no longer has it."""
    for benefit in plan.program.benefits:
        if benefit.id == code:
            return benefit.name
    return {"en": code}
