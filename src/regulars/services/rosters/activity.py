"""Keeping up what lists of members go by: days of activity, and names of before the index."""

from regulars.domain.profiles import KeptProfile
from regulars.storage import profiles
from regulars.storage.database import Database
from regulars.storage.rosters import activity, names
from regulars.storage.sealing import Cabinet

NAMES_TOGETHER = 500


def keep_up(db: Database, organization: int) -> int:
    """Note the days of what came in since the last time; for how many members one changed. Safe to
    repeat, and to run in several processes at once."""
    with db.transaction(organization) as tx:
        return activity.catch_up(tx, organization)


def index_names(db: Database, cabinet: Cabinet, organization: int) -> int:
    """Make names that were written before there was an index findable, some at a time; how many.
    Safe to repeat, and to run in several processes at once."""
    with db.transaction(organization) as tx:
        ids = names.unnamed(tx, organization, NAMES_TOGETHER)
        if ids:
            found = profiles.read_many(tx, cabinet, organization, ids)
            named = [(number, found.get(number, KeptProfile()).name) for number in ids]
            names.index(tx, organization, cabinet.keys(tx, organization), named)
    return len(ids)
