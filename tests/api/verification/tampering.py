"""Damage that somebody does to the books, seen by the proofs, and undone."""

from collections.abc import Iterable

from regulars.storage import proofs
from regulars.storage.database import Database


def broken_by(db: Database, claims: Iterable[str], *damages: str) -> list[str]:
    """Which of these claims do not hold after the damages, which are undone."""
    with db.transaction(1) as tx:
        for damage in damages:
            changed = tx.execute(damage.encode()).rowcount
            assert changed, f"nothing was damaged by {damage}"
        found = [claim for claim in claims if proofs.ask(tx, 1, claim, ["points"]).offenders]
        tx.rollback()
    return found
