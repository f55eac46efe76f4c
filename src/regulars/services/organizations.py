"""Organizations of a deployment."""

from regulars.storage import organizations
from regulars.storage.database import DEPLOYMENT, Database
from regulars.storage.organizations import Organization


def listed(db: Database) -> list[Organization]:
    """Every organization, in the order in which they came."""
    with db.transaction(DEPLOYMENT) as tx:
        return organizations.listed(tx)


def active(db: Database) -> list[int]:
    """The numbers of those that are not suspended."""
    return [one.id for one in listed(db) if one.suspended_at is None]
