"""What members have allowed applications to do for them: told to them, and taken back."""

from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import GrantNotFound
from regulars.storage import audit, authorizations, credentials
from regulars.storage.authorizations import Grant
from regulars.storage.database import Database


def listed(db: Database, organization: int, member_id: int) -> list[Grant]:
    """What a member has granted and not withdrawn, the latest first."""
    with db.transaction(organization) as tx:
        return authorizations.grants_of(tx, organization, member_id)


def withdraw(
    db: Database, organization: int, member_id: int, grant_id: int, *, by: By, now: datetime
) -> None:
    """Take a grant back: all tokens that came of it are useless within a second.

    Raises GrantNotFound, also for one that was withdrawn before or is somebody else's.
    """
    with db.transaction(organization) as tx:
        if authorizations.withdraw(tx, organization, member_id, grant_id, now) is None:
            raise GrantNotFound
        credentials.revoke(tx, organization, [f"grant:{grant_id}"], now)
        deed = Deed("grant.withdrawn", f"grant:{grant_id}", member_id=member_id)
        audit.record(tx, by, [deed], now)
