"""What may no longer be believed, as every process has to know."""

from datetime import datetime

from regulars.storage import credentials
from regulars.storage.database import DEPLOYMENT, Database


def revoked(db: Database, now: datetime) -> frozenset[tuple[int, str]]:
    """All that was revoked of late, of all organizations: (organization, name)."""
    with db.transaction(DEPLOYMENT) as tx:
        return credentials.revoked(tx, now)
