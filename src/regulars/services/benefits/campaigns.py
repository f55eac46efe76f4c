"""A benefit for many members at once: what a run of grants checks, and hands out."""

from datetime import datetime

from regulars.domain.audit import By
from regulars.domain.benefits.grants import NewGrant
from regulars.domain.plans import Plan
from regulars.domain.runs.runs import Handed, RunKind, RunWish
from regulars.services.benefits.granting import Gift, to_be_given
from regulars.services.benefits.telling import tell_granted
from regulars.storage.benefits import grants
from regulars.storage.database import Tx
from regulars.storage.runs.runs import Part

CAMPAIGN = "campaign"
"""The carrier of what came with a run."""


def wish_of(gift: Gift, condition: str) -> RunWish:
    """What is asked for, as runs take it."""
    return RunWish(
        kind=RunKind.BENEFIT, condition=condition, reason=gift.reason, benefit=gift.benefit,
        uses=gift.uses,
    )  # fmt: skip


def check(plan: Plan, gift: Gift, *, by: By, now: datetime) -> tuple[datetime, datetime | None]:
    """From when until when each grant holds. Raises InvalidInput."""
    first = to_be_given(plan, 0, gift, by=by, now=now)
    return first.valid_from, first.valid_until


def hand_out(tx: Tx, part: Part, now: datetime) -> Handed:
    """Grant these members the benefit of the run, and tell them."""
    run = part.run
    fresh = [
        NewGrant(
            member_id=number,
            benefit=run.benefit,
            carrier=CAMPAIGN,
            source=f"run:{run.id}",
            uses=run.uses,
            valid_from=run.valid_from,
            valid_until=run.valid_until,
            granted_by=run.asked_by,
            granted_at=now,
            reason=run.reason,
        )
        for number in part.members
    ]
    grants.insert(tx, part.organization, fresh)
    tell_granted(tx, part.organization, part.plan, fresh, now)
    return Handed(len(fresh))
