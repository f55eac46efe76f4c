"""Writing a decided batch: one statement for each kind of row, all in one round trip."""

from datetime import datetime

from regulars.domain.ledger import Hold, Lot
from regulars.services.intake import consequences
from regulars.services.intake.batch import Batch, event_of, purchase_key
from regulars.storage import events, ledger, members, programs, tiers
from regulars.storage.rosters import attributes


def write(batch: Batch) -> None:
    """Write everything that the batch decided. The caller commits."""
    if not batch.fresh:
        return
    tx, organization = batch.tx, batch.organization
    _write_members(batch)
    changed = {
        recorded.member_id
        for recorded, decision in batch.decided
        if decision.attributes is not None
    }
    if changed:
        known = [(number, batch.touched[number].attributes) for number in sorted(changed)]
        attributes.index(tx, organization, known)
    events.insert(tx, organization, batch.fresh)
    waiting = [
        (event.id, purchase_key(event_of(event)))
        for event in batch.fresh
        if event.status == "waiting"
    ]
    if waiting:
        events.wait(tx, organization, waiting)
    if batch.late:
        events.decide_waiting(tx, batch.late)
    if batch.returned:
        events.save_returned(tx, organization, batch.returned)
    _write_ledger(batch)
    moves = [
        (move, recorded.member_id, recorded.id)
        for recorded, decision in batch.decided
        for move in decision.explanation.tiers
    ]
    if moves:
        tiers.insert(tx, organization, moves)
    consequences.write(batch)
    if batch.used:
        programs.use_budgets(tx, organization, batch.used)


def _write_members(batch: Batch) -> None:
    new = [
        (batch.newcomers[number], member)
        for number, member in batch.touched.items()
        if number in batch.newcomers
    ]
    if new:
        members.enrol(batch.tx, batch.organization, new)
    old = [member for number, member in batch.touched.items() if number not in batch.newcomers]
    if old:
        members.save(batch.tx, old)


def _write_ledger(batch: Batch) -> None:
    tx, organization = batch.tx, batch.organization
    lots: list[tuple[Lot, datetime]] = []
    changed: dict[int, Lot] = {}
    uses, transfers, opened, closed = [], [], [], []
    restored: dict[int, Hold] = {}
    for recorded, decision in batch.decided:
        moves, at = decision.moves, recorded.occurred_at
        lots += [(lot, at) for lot in moves.lots]
        transfers += [(transfer, recorded.id) for transfer in moves.transfers]
        if moves.uses:
            uses += [(use, recorded.id) for use in moves.uses]
            changed |= {use.lot.id: use.lot for use in moves.uses}
        opened += [(hold, recorded.id, at) for hold in moves.opened_holds]
        closed += [
            (hold, state, hold.expires_at if state == "timed_out" else at)
            for hold, state in moves.closed_holds
        ]
        restored |= {hold.id: hold for hold, _ in moves.restored_holds}
    fresh = {lot.id for lot, _ in lots}
    if lots:
        ledger.insert_lots(tx, organization, lots)
    older = [lot for number, lot in sorted(changed.items()) if number not in fresh]
    if older:
        ledger.update_lots(tx, older)
    if uses:
        ledger.insert_uses(tx, organization, uses)
    if transfers:
        ledger.post(tx, organization, transfers, batch.now)
    if opened:
        ledger.open_holds(tx, organization, opened)
    if closed:
        ledger.close_holds(tx, closed)
    if restored:
        ledger.restore_holds(tx, [hold for _, hold in sorted(restored.items())])
