"""Whether this process can do its work."""

from dataclasses import dataclass

from regulars.storage.database import Database, is_unreachable


@dataclass(frozen=True, slots=True)
class Readiness:
    """`missing`: migrations that this release brings and the database has not seen."""

    is_reachable: bool
    missing: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here."""
        return self.is_reachable and not self.missing


def look(db: Database) -> Readiness:
    """Ask the database."""
    try:
        return Readiness(is_reachable=True, missing=tuple(db.missing_migrations()))
    except Exception as error:
        if is_unreachable(error):
            return Readiness(is_reachable=False)
        raise
