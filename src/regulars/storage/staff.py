"""Staff in PostgreSQL. E-mail address, name and the secret of one-time codes are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from regulars.domain.access import Role
from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet, OrganizationKeys

EMAIL = "staff_email"
"""The kind of keyed hash by which staff are found."""

PROFILE, TOTP = "staff", "staff_totp"
"""What is sealed: see `OrganizationKeys.seal`."""

_COLUMNS = """
id, key_version, sealed, language, roles, password_hash, totp_key_version, sealed_totp, totp_at,
totp_step, provider_id, subject_hash, invited_at, accepted_at, suspended_at
"""

INSERT = """
insert into staff (organization_id, email_hash, key_version, sealed, language, roles, invited_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (organization_id, email_hash) do nothing
returning id
"""

GET = f"select {_COLUMNS} from staff where organization_id = %s and id = %s"  # noqa: S608

FIND = f"select {_COLUMNS} from staff where organization_id = %s and email_hash = %s"  # noqa: S608

LIST = f"""
select {_COLUMNS} from staff
where organization_id = %s and id > %s
order by id
limit %s
"""  # noqa: S608  # only the constant above is put in, as in all statements here

OWNERS = """
select id from staff
where organization_id = %s and 'owner' = any(roles) and suspended_at is null
    and accepted_at is not null
"""

SET_ROLES = "update staff set roles = %s where organization_id = %s and id = %s"

SUSPEND = """
update staff set suspended_at = coalesce(suspended_at, %s) where organization_id = %s and id = %s
"""

RESUME = "update staff set suspended_at = null where organization_id = %s and id = %s"

KEEP_HASH = """
update staff set password_hash = %(hash)s, password_at = %(at)s,
    accepted_at = coalesce(accepted_at, %(at)s)
where organization_id = %(organization)s and id = %(staff)s
"""

# The same password under other parameters, unless it was changed meanwhile.
REHASH = """
update staff set password_hash = %s
where organization_id = %s and id = %s and password_hash = %s
"""

SET_PROFILE = """
update staff set key_version = %s, sealed = %s where organization_id = %s and id = %s
"""

BIND = """
update staff set provider_id = %(provider)s, subject_hash = %(subject)s,
    accepted_at = coalesce(accepted_at, %(at)s)
where organization_id = %(organization)s and id = %(staff)s
"""

BEGIN_TOTP = """
update staff set totp_key_version = %s, sealed_totp = %s, totp_at = null, totp_step = 0
where organization_id = %s and id = %s
"""

CONFIRM_TOTP = "update staff set totp_at = %s where organization_id = %s and id = %s"

END_TOTP = """
update staff set totp_key_version = null, sealed_totp = null, totp_at = null, totp_step = 0
where organization_id = %s and id = %s
"""

USE_STEP = """
update staff set totp_step = %(step)s
where organization_id = %(organization)s and id = %(staff)s and totp_step < %(step)s
returning id
"""


class StaffProfile(Struct, frozen=True, kw_only=True):
    """What is known of a person who works here."""

    email: str
    name: str = ""

    def __repr__(self) -> str:
        return "StaffProfile of somebody"


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here. Nothing sealed is opened, and `repr` shows nothing personal."""

    id: int
    key_version: int
    sealed: bytes = field(repr=False)
    language: str
    roles: frozenset[Role]
    password_hash: str | None = field(repr=False)
    totp_key_version: int | None
    sealed_totp: bytes | None = field(repr=False)
    totp_at: datetime | None
    totp_step: int
    provider_id: int | None
    subject_hash: str | None = field(repr=False)
    invited_at: datetime
    accepted_at: datetime | None
    suspended_at: datetime | None

    @property
    def name(self) -> str:
        """As credentials and revocations call them."""
        return f"staff:{self.id}"

    def profile(self, keys: OrganizationKeys) -> StaffProfile:
        """E-mail address and name, opened."""
        plain = keys.open(self.key_version, self.sealed, PROFILE)
        return msgspec.json.decode(plain, type=StaffProfile)

    def totp(self, keys: OrganizationKeys) -> str | None:
        """The secret of the one-time codes, opened; None when none was set up."""
        if self.sealed_totp is None or self.totp_key_version is None:
            return None
        return keys.open(self.totp_key_version, self.sealed_totp, f"{TOTP} {self.id}").decode()


def insert(
    tx: Tx,
    keys: OrganizationKeys,
    profile: StaffProfile,
    *,
    roles: frozenset[Role],
    language: str,
    at: datetime,
) -> int | None:
    """Write somebody new; their number, or None when the e-mail address is known already.

    The address is in its normal form.
    """
    version, sealed = keys.seal(msgspec.json.encode(profile), PROFILE)
    values = [
        keys.organization,
        keys.hash_of(EMAIL, profile.email),
        version,
        sealed,
        language,
        _names(roles),
        at,
    ]
    row = tx.execute(INSERT, values).fetchone()
    return None if row is None else int(row[0])


def get(tx: Tx, organization: int, staff_id: int, *, lock: bool = False) -> Staff | None:
    """Somebody by number; with `lock`, nobody else changes them until the transaction ends."""
    return _one(tx, GET, [organization, staff_id], lock=lock)


def find(tx: Tx, keys: OrganizationKeys, email: str, *, lock: bool = False) -> Staff | None:
    """Somebody by e-mail address in its normal form; `lock` as in `get`."""
    values = [keys.organization, keys.hash_of(EMAIL, email)]
    return _one(tx, FIND, values, lock=lock)


def keys_for(tx: Tx, cabinet: Cabinet, organization: int, known: Staff) -> OrganizationKeys:
    """The keys that open what is sealed of somebody, also where they were changed meanwhile."""
    version = max(known.key_version, known.totp_key_version or 0)
    keys = cabinet.keys(tx, organization, version=version)
    if known.key_version not in keys.data:
        keys = cabinet.keys(tx, organization, version=known.key_version)
    return keys


def listed(tx: Tx, organization: int, *, after: int, limit: int) -> list[Staff]:
    """A page of all staff, in the order in which they came."""
    return [_staff(row) for row in tx.execute(LIST.encode(), [organization, after, limit])]


def owners(tx: Tx, organization: int) -> list[int]:
    """The numbers of the owners who can sign in."""
    return [number for (number,) in tx.execute(OWNERS, [organization])]


def set_roles(tx: Tx, organization: int, staff_id: int, roles: frozenset[Role]) -> None:
    """Give these roles, and no others."""
    tx.execute(SET_ROLES, [_names(roles), organization, staff_id])


def suspend(tx: Tx, organization: int, staff_id: int, at: datetime) -> None:
    """Keep them out."""
    tx.execute(SUSPEND, [at, organization, staff_id])


def resume(tx: Tx, organization: int, staff_id: int) -> None:
    """Let them in again."""
    tx.execute(RESUME, [organization, staff_id])


def set_password(
    tx: Tx, organization: int, staff_id: int, password_hash: str, at: datetime
) -> None:
    """Write the hash of a new password; whoever has one has accepted the invitation."""
    values = {"hash": password_hash, "at": at, "organization": organization, "staff": staff_id}
    tx.execute(KEEP_HASH, values)


def rehash(tx: Tx, organization: int, staff_id: int, *, old: str, new: str) -> None:
    """Write another hash of the same password."""
    tx.execute(REHASH, [new, organization, staff_id, old])


def set_profile(tx: Tx, keys: OrganizationKeys, staff_id: int, profile: StaffProfile) -> None:
    """Write another name. The e-mail address stays."""
    version, sealed = keys.seal(msgspec.json.encode(profile), PROFILE)
    tx.execute(SET_PROFILE, [version, sealed, keys.organization, staff_id])


def bind(
    tx: Tx, organization: int, staff_id: int, *, provider: int, subject: str, at: datetime
) -> None:
    """Note by which provider somebody signs in, and the hash of what it calls them."""
    values = {
        "provider": provider,
        "subject": subject,
        "at": at,
        "organization": organization,
        "staff": staff_id,
    }
    tx.execute(BIND, values)


def begin_totp(tx: Tx, keys: OrganizationKeys, staff_id: int, secret: str) -> None:
    """Keep a secret for one-time codes; they are asked for once `confirm_totp` was called."""
    version, sealed = keys.seal(secret.encode(), f"{TOTP} {staff_id}")
    tx.execute(BEGIN_TOTP, [version, sealed, keys.organization, staff_id])


def confirm_totp(tx: Tx, organization: int, staff_id: int, at: datetime) -> None:
    """Ask for one-time codes from now on."""
    tx.execute(CONFIRM_TOTP, [at, organization, staff_id])


def end_totp(tx: Tx, organization: int, staff_id: int) -> None:
    """Ask for one-time codes no more."""
    tx.execute(END_TOTP, [organization, staff_id])


def use_step(tx: Tx, organization: int, staff_id: int, step: int) -> bool:
    """Use up the codes to this time step; False when they were used up before."""
    values = {"step": step, "organization": organization, "staff": staff_id}
    return tx.execute(USE_STEP, values).fetchone() is not None


def _one(tx: Tx, statement: str, values: Sequence[Any], *, lock: bool) -> Staff | None:
    text = f"{statement} for update" if lock else statement
    row = tx.execute(text.encode(), values).fetchone()
    return None if row is None else _staff(row)


def _staff(row: Sequence[Any]) -> Staff:
    number, version, sealed, language, roles, password, totp_version, totp, *rest = row
    return Staff(
        number,
        version,
        bytes(sealed),
        language,
        frozenset(Role(one) for one in roles),
        password,
        totp_version,
        None if totp is None else bytes(totp),
        *rest,
    )


def _names(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)
