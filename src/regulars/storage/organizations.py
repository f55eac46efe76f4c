"""Organizations in PostgreSQL. What is of all of them works in a transaction of the deployment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.organizations import OrganizationSettings, read
from regulars.storage.database import Tx

LOCK = "select id from organization where id = %s for update"

HAS_KEYS = "select exists (select from organization_key where organization_id = %s)"

_COLUMNS = "id, code, name, created_at, suspended_at"

LIST = f"select {_COLUMNS} from organization order by id"  # noqa: S608  # the constant above

FIND = f"select {_COLUMNS} from organization where code = %s"  # noqa: S608

GET = f"select {_COLUMNS} from organization where id = %s"  # noqa: S608

SAVE_SETTINGS = "update organization set settings = %s where id = %s"

SETTINGS = "select settings from organization where id = %s"

CREATE = f"""
insert into organization (code, name, created_at) values (%s, %s, %s)
on conflict (code) do nothing
returning {_COLUMNS}
"""  # noqa: S608

RENAME = f"""
update organization set name = %s where id = %s returning {_COLUMNS}
"""  # noqa: S608

# Suspended twice, it stays suspended since the first time.
SUSPEND = f"""
update organization set suspended_at = coalesce(suspended_at, %s) where id = %s
returning {_COLUMNS}
"""  # noqa: S608

RESUME = f"""
update organization set suspended_at = null where id = %s returning {_COLUMNS}
"""  # noqa: S608


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


def find(tx: Tx, code: str) -> Organization | None:
    """The organization with this code."""
    return _one(tx, FIND, [code])


def get(tx: Tx, organization: int) -> Organization | None:
    """The organization with this number; in its own transaction, or the deployment's."""
    return _one(tx, GET, [organization])


def settings(tx: Tx, organization: int) -> OrganizationSettings:
    """The organization's own settings; in its own transaction."""
    row = tx.execute(SETTINGS, [organization]).fetchone()
    return OrganizationSettings() if row is None else read(row[0])


def save_settings(tx: Tx, organization: int, text: str) -> None:
    """Keep other settings; in its own transaction."""
    tx.execute(SAVE_SETTINGS, [text, organization])


def create(tx: Tx, *, code: str, name: str, now: datetime) -> Organization | None:
    """Add an organization; None when the code is taken."""
    return _one(tx, CREATE, [code, name, now])


def rename(tx: Tx, organization: int, name: str) -> Organization | None:
    """Call it otherwise; its code stays."""
    return _one(tx, RENAME, [name, organization])


def suspend(tx: Tx, organization: int, at: datetime) -> Organization | None:
    """Keep everybody and everything of it out."""
    return _one(tx, SUSPEND, [at, organization])


def resume(tx: Tx, organization: int) -> Organization | None:
    """Let them in again."""
    return _one(tx, RESUME, [organization])


def _one(tx: Tx, statement: str, values: Sequence[Any]) -> Organization | None:
    row = tx.execute(statement.encode(), values).fetchone()
    return None if row is None else Organization(*row)
