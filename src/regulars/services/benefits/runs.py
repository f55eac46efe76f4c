"""A benefit for all members of whom a condition holds, some hundreds in each transaction.

Members are taken in the order of their numbers, and how far it has come is written with the grants:
whatever is killed, everybody gets one.
"""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.grants import NewGrant
from regulars.domain.benefits.refusals import GrantRunNotFound
from regulars.domain.errors import IdempotencyKeyReused, RegularsError
from regulars.domain.plans import Plan
from regulars.domain.rosters.asking import Order, Sought, Wanted, sought
from regulars.services.benefits.granting import Gift, to_be_given
from regulars.services.benefits.telling import tell_granted
from regulars.services.benefits.using import House
from regulars.storage import audit
from regulars.storage.benefits import grants, runs
from regulars.storage.benefits.runs import Run
from regulars.storage.database import RACES, Tx
from regulars.storage.rosters import listing

TOGETHER = 500
CAMPAIGN = "campaign"
"""The carrier of what came with a run."""


def begin(
    house: House, gift: Gift, condition: str, *, key: str, by: By, now: datetime
) -> tuple[Run, bool]:
    """Ask for a run; the run, and whether it was asked for before under this key.

    Raises InvalidInput, ConditionInvalid, IdempotencyKeyReused, NoProgramInForce.
    """

    def work(tx: Tx) -> tuple[Run, bool]:
        organization = house.organization
        known = runs.asked_before(tx, organization, by.actor, key)
        if known is not None:
            if (known.benefit, known.condition) != (gift.benefit, condition):
                raise IdempotencyKeyReused
            return known, True
        plan = house.versions.read(tx).in_force(now)
        first = to_be_given(plan, 0, gift, by=by, now=now)
        _condition(plan, condition)
        run = runs.insert(
            tx,
            organization,
            {
                "benefit": gift.benefit, "condition": condition, "uses": gift.uses,
                "valid_from": first.valid_from, "valid_until": first.valid_until,
                "reason": gift.reason, "by": by.actor, "at": now, "key": key,
            },
        )  # fmt: skip
        after = {"benefit": gift.benefit, "condition": condition}
        deed = Deed("benefit.run_asked", f"grant_run:{run.id}", None, gift.reason, None, after)
        audit.record(tx, by, [deed], now)
        return run, False

    return house.db.retrying(house.organization, work, retry_on=RACES)


def page(house: House, *, before: int | None, limit: int) -> Sequence[Run]:
    """Runs, the newest first."""
    with house.db.transaction(house.organization) as tx:
        return runs.page(tx, house.organization, before=before, limit=limit)


def get(house: House, number: int) -> Run:
    """One run. Raises GrantRunNotFound."""
    with house.db.transaction(house.organization) as tx:
        found = runs.get(tx, house.organization, number)
    if found is None:
        raise GrantRunNotFound
    return found


def stop(house: House, number: int, *, by: By, now: datetime) -> Run:
    """Stop a run: who got the benefit keeps it. Safe to repeat. Raises GrantRunNotFound."""
    with house.db.transaction(house.organization) as tx:
        found = runs.get(tx, house.organization, number)
        if found is None:
            raise GrantRunNotFound
        if found.state == "waiting":
            last = found.last_member
            runs.advance(
                tx, house.organization, number, last=last, granted=0, state="stopped", at=now
            )
            audit.record(tx, by, [Deed("benefit.run_stopped", f"grant_run:{number}")], now)
    return get(house, number)


def step(house: House, now: datetime) -> int | None:
    """Do the next part of the oldest run; how many got the benefit, None where nothing waits."""
    with house.db.transaction(house.organization) as tx:
        run = runs.next_waiting(tx, house.organization)
        if run is None:
            return None
        try:
            plan = house.versions.read(tx).in_force(now)
            found = _members(tx, house.organization, plan, run, now)
        except RegularsError as refusal:
            failed, why = run, refusal
        else:
            last = found[-1] if found else run.through_member
            among = [number for number in found if number <= run.through_member]
            _give(tx, house.organization, plan, run, among, now=now)
            is_over = len(found) < TOGETHER or last >= run.through_member
            runs.advance(
                tx,
                house.organization,
                run.id,
                last=last,
                granted=len(among),
                state="done" if is_over else "waiting",
                at=now,
            )
            return len(among)
    # What took too long to find has ended its transaction.
    with house.db.transaction(house.organization) as tx:
        runs.advance(
            tx, house.organization, failed.id, last=failed.last_member, granted=0,
            state="failed", at=now, refusal=why.code,
        )  # fmt: skip
    return 0


def _members(tx: Tx, organization: int, plan: Plan, run: Run, now: datetime) -> list[int]:
    """The next members of whom the condition holds."""
    lines = listing.page(
        tx,
        organization,
        Wanted(condition=run.condition, order=Order.NUMBER),
        _condition(plan, run.condition),
        after=(run.last_member, run.last_member) if run.last_member else None,
        limit=TOGETHER,
        now=now,
    )
    return [line.member.id for line in lines]


def _condition(plan: Plan, text: str) -> Sought | None:
    """Raises ConditionInvalid."""
    if not text.strip():
        return None
    ladder = plan.program.ladder
    bottom = ladder.tiers[0].code if ladder else ""
    return sought(text, plan.program.attributes, bottom)


def _give(
    tx: Tx, organization: int, plan: Plan, run: Run, numbers: Sequence[int], *, now: datetime
) -> None:
    if not numbers:
        return
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
        for number in numbers
    ]
    grants.insert(tx, organization, fresh)
    tell_granted(tx, organization, plan, fresh, now)
