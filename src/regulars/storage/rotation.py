"""What is sealed under an organization's data keys, and how it is sealed anew under the newest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from regulars.storage import login_states, member_providers, outbox, staff, staff_providers, vault
from regulars.storage.database import Tx
from regulars.storage.importing import rejected
from regulars.storage.sealing import Cabinet

# The names are those of SEALED below. Rows are taken that nobody else works at.
COUNT = """
select count(*) from {table}
where organization_id = %s and {version} < %s and {sealed} is not null
"""

TAKE = """
select {key}, {version}, {sealed} from {table}
where organization_id = %s and {version} < %s and {sealed} is not null
order by {key}
limit %s
for update skip locked
"""

RESEAL = """
update {table} set {version} = %(version)s, {sealed} = fresh.sealed
from unnest(%(numbers)s::{kind}[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and {table}.{key} = fresh.number
"""

ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that is sealed by `OrganizationKeys.seal`, with the column that tells the version.

    `place`: from what tells the rows apart to the name under which a row's text is sealed. `key`:
    the column that tells them apart, of type `kind`, by the name that stands quoted.
    """

    table: str
    version: str
    place: Callable[[Any], str]
    sealed: str = "sealed"
    key: str = "id"
    kind: str = "int8"

    def written(self, statement: LiteralString) -> sql.Composed:
        """COUNT, TAKE or RESEAL for this column."""
        names = (self.table, self.version, self.sealed, self.key, self.kind)
        table, version, sealed, key, kind = map(sql.Identifier, names)
        return sql.SQL(statement).format(
            table=table, version=version, sealed=sealed, key=key, kind=kind
        )


def _always(place: str) -> Callable[[Any], str]:
    return lambda _number: place


SEALED: tuple[Sealed, ...] = (
    Sealed("staff", "key_version", _always(staff.PROFILE)),
    Sealed("staff", "totp_key_version", lambda number: f"{staff.TOTP} {number}", "sealed_totp"),
    Sealed("identity_provider", "key_version", _always(staff_providers.SECRET), "sealed_secret"),
    Sealed(
        "staff_login", "key_version", _always(staff_providers.LOGIN),
        key="state_hash", kind="bytea",
    ),
    Sealed("enrolment", "key_version", _always(ENROLMENT)),
    Sealed("outbox", "key_version", _always(outbox.PLACE)),
    Sealed(
        "login_state", "key_version", _always(login_states.PLACE), key="state_hash", kind="bytea"
    ),
    Sealed(
        "member_identity_provider", "key_version", _always(member_providers.PLACE),
        "sealed_secret", key="code", kind="text",
    ),
    Sealed("rejected_record", "key_version", _always(rejected.PLACE)),
)  # fmt: skip
"""Every column with a version beside it but that of the vault, which has a way of its own."""


def waiting(tx: Tx, organization: int, version: int) -> int:
    """How much is still sealed under a data key before `version`."""
    total = vault.older(tx, organization, version)
    for one in SEALED:
        row = tx.execute(one.written(COUNT), [organization, version]).fetchone()
        assert row is not None
        total += int(row[0])
    return total


def reseal(tx: Tx, cabinet: Cabinet, organization: int, version: int, limit: int) -> int:
    """Seal up to `limit` of it anew under data key `version`; how many. 0 when nothing is left that
    nobody else works at."""
    done = vault.rewrap(tx, cabinet, organization, version, limit)
    for one in SEALED:
        if done >= limit:
            break
        done += _reseal(tx, cabinet, organization, version, one=one, limit=limit - done)
    return done


def _reseal(
    tx: Tx, cabinet: Cabinet, organization: int, version: int, *, one: Sealed, limit: int
) -> int:
    rows: Sequence[Any] = tx.execute(one.written(TAKE), [organization, version, limit]).fetchall()
    if not rows:
        return 0
    keys = cabinet.keys(tx, organization, version=version)
    fresh = []
    for number, old, sealed in rows:
        place = one.place(number)
        under, text = keys.seal(keys.open(old, bytes(sealed), place), place)
        assert under == version, "a newer key came in the middle"
        fresh.append(text)
    tx.execute(
        one.written(RESEAL),
        {
            "version": version,
            "numbers": [row[0] for row in rows],
            "sealed": fresh,
            "organization": organization,
        },
    )
    return len(rows)
