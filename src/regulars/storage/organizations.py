"""Organizations in PostgreSQL. All but `lock` and `settings` work in a transaction of the
deployment."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

LOCK = "select id from organization where id = %s for update"

HAS_KEYS = "select exists (select from organization_key where organization_id = %s)"

LIST = """
select id, code, name, created_at, suspended_at from organization order by id
"""


@dataclass(frozen=True, slots=True)
class Organization:
    """One company on the deployment."""

    id: int
    code: str
    name: str
    created_at: datetime
    suspended_at: datetime | None


def lock(tx: Tx, organization: int) -> None:
    """Let nobody else do the same for this organization until the transaction ends."""
    tx.execute(LOCK, [organization])


def has_keys(tx: Tx, organization: int) -> bool:
    """Whether the organization has keys for personal data."""
    return tx.execute(HAS_KEYS, [organization]).fetchone() == (True,)


def listed(tx: Tx) -> list[Organization]:
    """Every organization of the deployment, in the order in which they came."""
    return [Organization(*row) for row in tx.execute(LIST)]
