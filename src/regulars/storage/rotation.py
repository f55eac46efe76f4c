"""What is sealed under an organization's data keys, and how it is sealed anew under the newest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.storage import login_states, member_providers, outbox, staff, vault
from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that is sealed by `OrganizationKeys.seal`. `number`: the column that tells the rows
    apart, of type `number_type`; `place`: under which name a row's text is sealed."""

    table: str
    version: str
    sealed: str
    place: Callable[[Any], str]
    number: str = "id"
    number_type: str = "bigint"

    @property
    def count(self) -> str:
        """How many rows are sealed under a key before a version."""
        return (
            f"select count(*) from {self.table} "  # noqa: S608  # names of this file alone
            f"where organization_id = %s and {self.version} < %s and {self.sealed} is not null"
        )

    @property
    def take(self) -> str:
        """Some of them, locked; those that somebody else works at are left for later."""
        return (
            f"select {self.number}, {self.version}, {self.sealed} from {self.table} "  # noqa: S608
            f"where organization_id = %s and {self.version} < %s and {self.sealed} is not null "
            f"order by {self.number} limit %s for update skip locked"
        )

    @property
    def reseal(self) -> str:
        """Write many of them back."""
        return (
            f"update {self.table} set {self.version} = %(version)s, "  # noqa: S608
            f"{self.sealed} = fresh.sealed "
            f"from unnest(%(numbers)s::{self.number_type}[], %(sealed)s::bytea[]) "
            f"as fresh (number, sealed) "
            f"where organization_id = %(organization)s "
            f"and {self.table}.{self.number} = fresh.number"
        )


def _always(place: str) -> Callable[[Any], str]:
    return lambda _number: place


ENROLMENT, STAFF_PROVIDER, STAFF_LOGIN = "enrolment", "staff_provider", "staff_login"

SEALED: tuple[Sealed, ...] = (
    Sealed("staff", "key_version", "sealed", _always(staff.PROFILE)),
    Sealed(
        "staff", "totp_key_version", "sealed_totp", lambda number: f"{staff.TOTP} {number}"
    ),
    Sealed("identity_provider", "key_version", "sealed_secret", _always(STAFF_PROVIDER)),
    Sealed(
        "staff_login", "key_version", "sealed", _always(STAFF_LOGIN), "state_hash",
        "bytea",
    ),
    Sealed("enrolment", "key_version", "sealed", _always(ENROLMENT)),
    Sealed("outbox", "key_version", "sealed", _always(outbox.PLACE)),
    Sealed(
        "login_state", "key_version", "sealed", _always(login_states.PLACE), "state_hash", "bytea"
    ),
    Sealed(
        "member_identity_provider", "key_version", "sealed_secret",
        _always(member_providers.PLACE), "code", "text",
    ),
)  # fmt: skip
"""Every column with a version beside it but that of the vault, which has a way of its own."""


def waiting(tx: Tx, organization: int, version: int) -> int:
    """How much is still sealed under a data key before `version`."""
    total = vault.older(tx, organization, version)
    for one in SEALED:
        row = tx.execute(one.count.encode(), [organization, version]).fetchone()
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
    rows: Sequence[Any] = tx.execute(one.take.encode(), [organization, version, limit]).fetchall()
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
        one.reseal.encode(),
        {
            "version": version,
            "numbers": [row[0] for row in rows],
            "sealed": fresh,
            "organization": organization,
        },
    )
    return len(rows)
