"""Proving the ledger: the invariants as questions to the database, and a replay of every event."""

from collections.abc import Callable
from dataclasses import dataclass, field

from regulars.domain.plans import Timetable
from regulars.services.verification.replaying import Difference, Replay
from regulars.storage import histories, programs, proofs
from regulars.storage.database import Database
from regulars.storage.proofs import MAX_OFFENDERS, QUESTIONS, Proof

MEMBERS_TOGETHER = 500
REPLAY = "replaying every event gives the ledger"

Told = Callable[[int, int], None]
"""Called as told(events replayed, events in all)."""


@dataclass(slots=True)
class Report:
    """What was proved. `sums`: (currency, account, balance) over all members."""

    proofs: list[Proof] = field(default_factory=list)
    sums: list[tuple[str, str, int]] = field(default_factory=list)
    replayed: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether every invariant holds."""
        return not any(proof.offenders for proof in self.proofs)


def verify(
    db: Database,
    organization: int,
    *,
    replay: bool = True,
    told: Told = lambda _done, _all: None,
) -> Report:
    """Prove all invariants. Reads only; safe beside a running system, which it does not block.

    Each batch is read as of one instant, so that events taken in meanwhile do not look like
    faults. Memory is bounded by `MEMBERS_TOGETHER` members' histories.
    """
    report = Report()
    with db.snapshot(organization) as tx:
        table = programs.timetable(tx, organization, Timetable())
        spendable = sorted({code for plan in table.plans for code in plan.spendable})
        for claim in QUESTIONS:
            report.proofs.append(proofs.ask(tx, organization, claim, spendable))
        report.sums = proofs.sums(tx, organization)
    if replay:
        report.proofs.append(_replayed(db, organization, report, told))
    return report


def _replayed(db: Database, organization: int, report: Report, told: Told) -> Proof:
    offenders: list[str] = []
    after = 0
    with db.transaction(organization) as tx:
        everything = histories.count(tx, organization)
    while True:
        with db.snapshot(organization) as tx:
            table = programs.timetable(tx, organization, Timetable())
            ids = histories.next_members(tx, organization, after, MEMBERS_TOGETHER)
            found = histories.load(tx, organization, ids) if ids else []
            merged = histories.merged_with(tx, organization, ids)
        if not ids:
            return Proof(REPLAY, tuple(offenders))
        for history in found:
            if len(offenders) < MAX_OFFENDERS:
                others = merged.get(history.member.id, {})
                offenders += map(_words, Replay(history, table, others).differences())
            report.replayed += len(history.events)
        after = ids[-1]
        told(report.replayed, everything)


def _words(difference: Difference) -> str:
    return f"member {difference.member_id}: {difference.words}"
