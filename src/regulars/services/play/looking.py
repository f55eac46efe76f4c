"""What a member sees of play: the calendar of check-ins, challenges and streaks, badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from regulars.domain.errors import MemberNotFound
from regulars.domain.members import Member
from regulars.domain.periods import Local, midnight, month_after
from regulars.domain.plans import Plan
from regulars.domain.play.progress import Progress, day_of, progress_of
from regulars.domain.programs.play_terms import Badge
from regulars.domain.tiers import tier_at
from regulars.storage import members
from regulars.storage.database import Database, Tx
from regulars.storage.play import check_ins
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Won:
    """A badge, and since when the member has it; None: not yet."""

    badge: Badge
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Play:
    """All of a member's play at `at`. `today`: by the program's clocks."""

    plan: Plan
    today: date
    progress: Sequence[Progress]
    badges: Sequence[Won]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month of check-ins. `days`: on which the member checked in; `made_up`: for which they made
    up later, by rule."""

    plan: Plan
    month: date
    today: date
    days: Sequence[date]
    made_up: Sequence[date]
    progress: Sequence[Progress]


def plan(db: Database, versions: Versions, now: datetime) -> Plan:
    """The program in force. Raises NoProgramInForce."""
    with db.snapshot(versions.organization) as tx:
        return versions.read(tx).in_force(now)


def play(db: Database, versions: Versions, member_id: int, now: datetime) -> Play:
    """How far the member is with everything. Raises MemberNotFound, NoProgramInForce."""
    with db.snapshot(versions.organization) as tx:
        plan = versions.read(tx).in_force(now)
        member = _member(tx, versions.organization, member_id)
        program = plan.program
        won = [Won(badge, member.state.badges.get(code)) for code, badge in program.badges.items()]
        return Play(plan, Local(now, program.zone).date, _progress(plan, member, now), won)


def calendar(
    db: Database, versions: Versions, member_id: int, *, month: date | None, now: datetime
) -> Calendar:
    """The days of one month on which the member checked in. Raises MemberNotFound."""
    with db.snapshot(versions.organization) as tx:
        plan = versions.read(tx).in_force(now)
        member, zone = _member(tx, versions.organization, member_id), plan.program.zone
        today = Local(now, zone).date
        first = (month or today).replace(day=1)
        end = month_after(first, 1)
        span = (midnight(first, zone), midnight(end, zone))
        days = check_ins.days(
            tx, versions.organization, member_id, span=span, zone=zone.key
        )  # fmt: skip
        streaks = [one for one in _progress(plan, member, now) if one.is_streak]
        made_up = {day_of(day) for one in streaks for day in one.made_up}
        return Calendar(
            plan, first, today, days, sorted(day for day in made_up if first <= day < end), streaks
        )


def _member(tx: Tx, organization: int, member_id: int) -> Member:
    found = members.read(tx, organization, [member_id]).get(member_id)
    if found is None:
        raise MemberNotFound("There is no such member any more.")
    return found


def _progress(plan: Plan, member: Member, now: datetime) -> list[Progress]:
    tier = tier_at(member.state.tier, now, plan.bottom)
    return progress_of(plan, member, tier=tier, at=now)
