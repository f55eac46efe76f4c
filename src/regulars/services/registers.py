"""The register of processing of an organization, made from the schema and from its own periods."""

from collections.abc import Sequence

from regulars.domain.privacy import retention_of
from regulars.domain.registers import Entry, entry, of_profiles
from regulars.storage import organizations, registers
from regulars.storage.database import Database


def register(db: Database, organization: int) -> Sequence[Entry]:
    """Every table, every column with something of people, and every field of a profile."""
    with db.transaction(organization) as tx:
        policy = retention_of(organizations.settings(tx, organization).privacy)
        known = registers.tables(tx) | registers.columns(tx)
    told = [entry(where, comment, policy) for where, comment in sorted(known.items())]
    return [*told, *of_profiles(policy)]
