"""What is sealed under an organization's data keys, and how it is sealed anew under the newest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.storage import login_states, member_providers, outbox, staff, staff_providers, vault
from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

COUNT_STAFF = """
select count(*) from staff
where organization_id = %s and key_version < %s and sealed is not null
"""

TAKE_STAFF = """
select id, key_version, sealed from staff
where organization_id = %s and key_version < %s and sealed is not null
order by id
limit %s
for update skip locked
"""

RESEAL_STAFF = """
update staff set key_version = %(version)s, sealed = fresh.sealed
from unnest(%(numbers)s::bigint[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and staff.id = fresh.number
"""

COUNT_TOTP = """
select count(*) from staff
where organization_id = %s and totp_key_version < %s and sealed_totp is not null
"""

TAKE_TOTP = """
select id, totp_key_version, sealed_totp from staff
where organization_id = %s and totp_key_version < %s and sealed_totp is not null
order by id
limit %s
for update skip locked
"""

RESEAL_TOTP = """
update staff set totp_key_version = %(version)s, sealed_totp = fresh.sealed
from unnest(%(numbers)s::bigint[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and staff.id = fresh.number
"""

COUNT_PROVIDERS = """
select count(*) from identity_provider
where organization_id = %s and key_version < %s and sealed_secret is not null
"""

TAKE_PROVIDERS = """
select id, key_version, sealed_secret from identity_provider
where organization_id = %s and key_version < %s and sealed_secret is not null
order by id
limit %s
for update skip locked
"""

RESEAL_PROVIDERS = """
update identity_provider set key_version = %(version)s, sealed_secret = fresh.sealed
from unnest(%(numbers)s::bigint[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and identity_provider.id = fresh.number
"""

COUNT_STAFF_LOGINS = """
select count(*) from staff_login
where organization_id = %s and key_version < %s and sealed is not null
"""

TAKE_STAFF_LOGINS = """
select state_hash, key_version, sealed from staff_login
where organization_id = %s and key_version < %s and sealed is not null
order by state_hash
limit %s
for update skip locked
"""

RESEAL_STAFF_LOGINS = """
update staff_login set key_version = %(version)s, sealed = fresh.sealed
from unnest(%(numbers)s::bytea[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and staff_login.state_hash = fresh.number
"""

COUNT_ENROLMENTS = """
select count(*) from enrolment
where organization_id = %s and key_version < %s and sealed is not null
"""

TAKE_ENROLMENTS = """
select id, key_version, sealed from enrolment
where organization_id = %s and key_version < %s and sealed is not null
order by id
limit %s
for update skip locked
"""

RESEAL_ENROLMENTS = """
update enrolment set key_version = %(version)s, sealed = fresh.sealed
from unnest(%(numbers)s::bigint[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and enrolment.id = fresh.number
"""

COUNT_LETTERS = """
select count(*) from outbox
where organization_id = %s and key_version < %s and sealed is not null
"""

TAKE_LETTERS = """
select id, key_version, sealed from outbox
where organization_id = %s and key_version < %s and sealed is not null
order by id
limit %s
for update skip locked
"""

RESEAL_LETTERS = """
update outbox set key_version = %(version)s, sealed = fresh.sealed
from unnest(%(numbers)s::bigint[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and outbox.id = fresh.number
"""

COUNT_LOGINS = """
select count(*) from login_state
where organization_id = %s and key_version < %s and sealed is not null
"""

TAKE_LOGINS = """
select state_hash, key_version, sealed from login_state
where organization_id = %s and key_version < %s and sealed is not null
order by state_hash
limit %s
for update skip locked
"""

RESEAL_LOGINS = """
update login_state set key_version = %(version)s, sealed = fresh.sealed
from unnest(%(numbers)s::bytea[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and login_state.state_hash = fresh.number
"""

COUNT_MEMBER_PROVIDERS = """
select count(*) from member_identity_provider
where organization_id = %s and key_version < %s and sealed_secret is not null
"""

TAKE_MEMBER_PROVIDERS = """
select code, key_version, sealed_secret from member_identity_provider
where organization_id = %s and key_version < %s and sealed_secret is not null
order by code
limit %s
for update skip locked
"""

RESEAL_MEMBER_PROVIDERS = """
update member_identity_provider set key_version = %(version)s, sealed_secret = fresh.sealed
from unnest(%(numbers)s::text[], %(sealed)s::bytea[]) as fresh (number, sealed)
where organization_id = %(organization)s and member_identity_provider.code = fresh.number
"""

ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that is sealed by `OrganizationKeys.seal`, with the column that tells the version.

    `place`: from what tells the rows apart to the name under which a row's text is sealed. `count`:
    how many are under an older key; `take`: some of them, those left out that somebody else works
    at; `reseal`: many of them, written back.
    """

    table: str
    version: str
    place: Callable[[Any], str]
    count: str
    take: str
    reseal: str


def _always(place: str) -> Callable[[Any], str]:
    return lambda _number: place


SEALED: tuple[Sealed, ...] = (
    Sealed("staff", "key_version", _always(staff.PROFILE), COUNT_STAFF, TAKE_STAFF, RESEAL_STAFF),
    Sealed(
        "staff",
        "totp_key_version",
        lambda number: f"{staff.TOTP} {number}",
        COUNT_TOTP,
        TAKE_TOTP,
        RESEAL_TOTP,
    ),
    Sealed(
        "identity_provider",
        "key_version",
        _always(staff_providers.SECRET),
        COUNT_PROVIDERS,
        TAKE_PROVIDERS,
        RESEAL_PROVIDERS,
    ),
    Sealed(
        "staff_login",
        "key_version",
        _always(staff_providers.LOGIN),
        COUNT_STAFF_LOGINS,
        TAKE_STAFF_LOGINS,
        RESEAL_STAFF_LOGINS,
    ),
    Sealed(
        "enrolment",
        "key_version",
        _always(ENROLMENT),
        COUNT_ENROLMENTS,
        TAKE_ENROLMENTS,
        RESEAL_ENROLMENTS,
    ),
    Sealed(
        "outbox", "key_version", _always(outbox.PLACE), COUNT_LETTERS, TAKE_LETTERS, RESEAL_LETTERS
    ),
    Sealed(
        "login_state",
        "key_version",
        _always(login_states.PLACE),
        COUNT_LOGINS,
        TAKE_LOGINS,
        RESEAL_LOGINS,
    ),
    Sealed(
        "member_identity_provider",
        "key_version",
        _always(member_providers.PLACE),
        COUNT_MEMBER_PROVIDERS,
        TAKE_MEMBER_PROVIDERS,
        RESEAL_MEMBER_PROVIDERS,
    ),
)
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
