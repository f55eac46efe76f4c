"""Something for all members of whom a condition holds, some hundreds in each transaction.

Members are taken in the order of their numbers, and how far a run has come is written with what is
given: whatever is killed, everybody gets one. What a run gives is handed out by whoever knows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.refusals import GrantRunNotFound
from regulars.domain.errors import IdempotencyKeyReused, RegularsError
from regulars.domain.plans import Plan
from regulars.domain.rosters.asking import Sought, sought
from regulars.domain.runs.runs import (
    CouponRunNotFound,
    Handed,
    RunKind,
    RunWish,
    added,
    reached_by,
)
from regulars.storage import audit
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.rosters import listing
from regulars.storage.runs import runs
from regulars.storage.runs.runs import NewRun, Part, Run

TOGETHER = 500

USED_UP = "limit_reached"
"""Why a run is done before all were looked at."""

Span = tuple[datetime, datetime | None]
"""From when until when each thing that is given holds."""

Check = Callable[[Tx, Plan], Span]
"""Raises what is wrong with a wish."""

HandOut = Callable[[Tx, Part, datetime], Handed | None]
"""Gives what a run gives to the next of its members; None: not now, ask again later. Raises what
ends the run."""

_NOT_FOUND: Mapping[RunKind, type[RegularsError]] = {
    RunKind.BENEFIT: GrantRunNotFound,
    RunKind.COUPON: CouponRunNotFound,
}
_RECORDED = {RunKind.BENEFIT: "grant_run", RunKind.COUPON: "coupon_run"}
"""What the audit calls them."""


@dataclass(frozen=True, slots=True)
class House:
    """The database, and the program's versions, of one organization."""

    db: Database
    versions: Versions

    @property
    def organization(self) -> int:
        """The organization's number."""
        return self.versions.organization


def begin(
    house: House, wish: RunWish, check: Check, *, key: str, by: By, now: datetime
) -> tuple[Run, bool]:
    """Ask for a run; the run, and whether it was asked for before under this key.

    Raises ConditionInvalid, IdempotencyKeyReused, NoProgramInForce, and what `check` does.
    """

    def work(tx: Tx) -> tuple[Run, bool]:
        organization = house.organization
        known = runs.asked_before(tx, organization, by.actor, key)
        if known is not None:
            if _essence(known) != _essence(wish):
                raise IdempotencyKeyReused
            return known, True
        plan = house.versions.read(tx).in_force(now)
        valid_from, valid_until = check(tx, plan)
        condition_of(plan, wish.condition)
        run = runs.insert(
            tx,
            organization,
            NewRun(
                wish=wish, valid_from=valid_from, valid_until=valid_until, by=by.actor, at=now,
                key=key,
            ),
        )  # fmt: skip
        what = wish.benefit or f"coupon_template:{wish.template_id}"
        after = {wish.kind.value: what, "condition": wish.condition}
        name = f"{_RECORDED[wish.kind]}:{run.id}"
        deed = Deed(f"{wish.kind}.run_asked", name, None, wish.reason, None, after)
        audit.record(tx, by, [deed], now)
        return run, False

    return house.db.retrying(house.organization, work, retry_on=RACES)


def _essence(one: RunWish | Run) -> tuple[object, ...]:
    return one.kind, one.benefit, one.template_id, one.condition


def page(
    house: House, kind: RunKind, *, before: int | None, limit: int, template_id: int | None = None
) -> Sequence[Run]:
    """Runs, the newest first."""
    with house.db.transaction(house.organization) as tx:
        return runs.page(
            tx, house.organization, kind, template_id=template_id, before=before, limit=limit
        )


def get(house: House, kind: RunKind, number: int) -> Run:
    """One run. Raises GrantRunNotFound, CouponRunNotFound."""
    with house.db.transaction(house.organization) as tx:
        found = runs.get(tx, house.organization, kind, number)
    if found is None:
        raise _NOT_FOUND[kind]
    return found


def stop(house: House, kind: RunKind, number: int, *, by: By, now: datetime) -> Run:
    """Stop a run: who got something keeps it. Safe to repeat. Raises GrantRunNotFound,
    CouponRunNotFound."""
    with house.db.transaction(house.organization) as tx:
        if runs.stop(tx, house.organization, kind, number, now):
            deed = Deed(f"{kind}.run_stopped", f"{_RECORDED[kind]}:{number}")
            audit.record(tx, by, [deed], now)
    return get(house, kind, number)


def step(house: House, hands: Mapping[RunKind, HandOut], now: datetime) -> int | None:
    """Do the next part of the oldest run; how many got something, None where nothing waits."""
    organization = house.organization
    begun: list[Run] = []

    def work(tx: Tx) -> int | None:
        run = runs.next_waiting(tx, organization)
        if run is None:
            return None
        begun.append(run)
        return _part(tx, house, run, hands[run.kind], now)

    try:
        return house.db.retrying(organization, work, retry_on=RACES)
    except RegularsError as refusal:
        why = refusal.code
    run = begun[-1]
    with house.db.transaction(organization) as tx:
        runs.advance(
            tx, organization, run, last=run.last_member, granted=0, skipped=run.skipped,
            state="failed", at=now, refusal=why,
        )  # fmt: skip
    return 0


def _part(tx: Tx, house: House, run: Run, hand_out: HandOut, now: datetime) -> int:
    organization = house.organization
    plan = house.versions.read(tx).in_force(now)
    found = next_members(tx, organization, plan, run, now)
    last = found[-1] if found else run.through_member
    among = [number for number in found if number <= run.through_member]
    part = Part(organization, plan, run, among)
    handed = hand_out(tx, part, now) if among else Handed(0)
    if handed is None:
        return 0
    is_over = len(found) < TOGETHER or last >= run.through_member or handed.is_used_up
    runs.advance(
        tx,
        organization,
        run,
        last=last,
        granted=handed.given,
        skipped=added(run.skipped, handed.skipped),
        state="done" if is_over else "waiting",
        at=now,
        refusal=USED_UP if handed.is_used_up else "",
    )
    return handed.given


def next_members(tx: Tx, organization: int, plan: Plan, run: Run, now: datetime) -> list[int]:
    """The next members of whom the condition holds. Raises InvalidInput for one that takes too
    long to find them."""
    lines = listing.page(
        tx,
        organization,
        reached_by(run.condition),
        condition_of(plan, run.condition),
        after=(run.last_member, run.last_member) if run.last_member else None,
        limit=TOGETHER,
        now=now,
    )
    return [line.member.id for line in lines]


def condition_of(plan: Plan, text: str) -> Sought | None:
    """Raises ConditionInvalid."""
    if not text.strip():
        return None
    ladder = plan.program.ladder
    bottom = ladder.tiers[0].code if ladder else ""
    return sought(text, plan.program.attributes, bottom)
