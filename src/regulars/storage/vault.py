"""The vault: the one place where members' personal data is kept, each under a key of their own."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from regulars.domain.errors import MemberNotFound
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.sealing import KEY_BYTES, Cabinet, OrganizationKeys, seal, unseal

READ = """
select member_id, key_version, wrapped_key, sealed from vault
where organization_id = %s and member_id = any(%s::bigint[])
"""

LOCK = """
select key_version, wrapped_key from vault where organization_id = %s and member_id = %s
for update
"""

# Who was erased gets no second key.
INSERT = """
insert into vault (member_id, organization_id, key_version, wrapped_key, sealed, updated_at)
select member.id, %(organization)s, %(version)s, %(wrapped)s, %(sealed)s, %(now)s
from member
where organization_id = %(organization)s and id = %(member)s and erased_at is null
"""

UPDATE = """
update vault set sealed = %s, updated_at = %s where organization_id = %s and member_id = %s
"""

KNOWS = "select true from vault where organization_id = %s and member_id = %s"

DESTROY = "delete from vault where organization_id = %s and member_id = %s"

OLDER = """
select member_id, key_version, wrapped_key from vault
where organization_id = %s and key_version < %s
order by key_version, member_id
limit %s
for update skip locked
"""

REWRAP = """
update vault set key_version = %(version)s, wrapped_key = fresh.wrapped
from unnest(%(ids)s::bigint[], %(wrapped)s::bytea[]) as fresh (member_id, wrapped)
where organization_id = %(organization)s and vault.member_id = fresh.member_id
"""

COUNT_OLDER = "select count(*) from vault where organization_id = %s and key_version < %s"

PROFILE = "profile"


def read(
    tx: Tx, cabinet: Cabinet, organization: int, member_ids: Iterable[int]
) -> dict[int, bytes]:
    """What is kept of each member, opened: JSON. Those of whom nothing is kept are left out."""
    found: dict[int, bytes] = {}
    for member_id, version, wrapped, sealed in tx.execute(
        READ, [organization, int_array(member_ids)]
    ).fetchall():
        keys = cabinet.keys(tx, organization, version=version)
        key = _open_key(keys, member_id, version, wrapped)
        found[member_id] = unseal(key, sealed, _context(organization, member_id, PROFILE))
    return found


def write(
    tx: Tx, cabinet: Cabinet, organization: int, *, member_id: int, plain: bytes, now: datetime
) -> None:
    """Keep `plain`, JSON, of a member, in the place of what was kept. The member is locked.
    Raises MemberNotFound for one who was erased."""
    context = _context(organization, member_id, PROFILE)
    key = _key(tx, cabinet, organization, member_id)
    if key is not None:
        tx.execute(UPDATE, [seal(key, plain, context), now, organization, member_id])
        return
    keys = cabinet.keys(tx, organization)
    key = secrets.token_bytes(KEY_BYTES)
    version, wrapped = keys.seal(key, _key_place(member_id))
    added = tx.execute(
        INSERT,
        {
            "organization": organization,
            "member": member_id,
            "version": version,
            "wrapped": wrapped,
            "sealed": seal(key, plain, context),
            "now": now,
        },
    )
    if not added.rowcount:
        raise MemberNotFound("There is no such member, or they were erased.")


def seal_for(
    tx: Tx, cabinet: Cabinet, organization: int, *, member_id: int, plain: bytes, what: str
) -> bytes:
    """Seal something else under the member's key, so that it goes when they go; `what` names its
    place. Raises MemberNotFound when nothing is kept of the member."""
    key = _must_have_key(tx, cabinet, organization, member_id)
    return seal(key, plain, _context(organization, member_id, what))


def open_for(
    tx: Tx, cabinet: Cabinet, organization: int, *, member_id: int, sealed: bytes, what: str
) -> bytes:
    """Open it. Raises MemberNotFound once the member is forgotten, PersonalDataUnusable."""
    key = _must_have_key(tx, cabinet, organization, member_id)
    return unseal(key, sealed, _context(organization, member_id, what))


def knows(tx: Tx, organization: int, member_id: int) -> bool:
    """Whether anything is kept of the member, and so whether they have a key."""
    return tx.execute(KNOWS, [organization, member_id]).fetchone() is not None


def destroy(tx: Tx, organization: int, member_id: int) -> bool:
    """Forget a member's key, and with it all that was sealed under it, in every copy of the
    database that is made from now on; whether there was something to forget."""
    return tx.execute(DESTROY, [organization, member_id]).rowcount > 0


def older(tx: Tx, organization: int, version: int) -> int:
    """How many members' keys are sealed under a data key before `version`."""
    row = tx.execute(COUNT_OLDER, [organization, version]).fetchone()
    assert row is not None
    return int(row[0])


def rewrap(tx: Tx, cabinet: Cabinet, organization: int, version: int, limit: int) -> int:
    """Seal up to `limit` members' keys anew under data key `version`; how many. What the members'
    keys seal stays as it is."""
    rows = tx.execute(OLDER, [organization, version, limit]).fetchall()
    if not rows:
        return 0
    keys = cabinet.keys(tx, organization, version=version)
    fresh = dict(_rewrapped(keys, rows, version))
    tx.execute(
        REWRAP,
        {
            "organization": organization,
            "version": version,
            "ids": int_array(fresh),
            "wrapped": list(fresh.values()),
        },
    )
    return len(rows)


def _rewrapped(
    keys: OrganizationKeys, rows: Sequence[tuple[int, int, bytes]], version: int
) -> Iterator[tuple[int, bytes]]:
    for member_id, old, wrapped in rows:
        plain = _open_key(keys, member_id, old, wrapped)
        sealed_under, sealed = keys.seal(plain, _key_place(member_id))
        assert sealed_under == version, "a newer key came in the middle"
        yield member_id, sealed


def _key(tx: Tx, cabinet: Cabinet, organization: int, member_id: int) -> bytes | None:
    row = tx.execute(LOCK, [organization, member_id]).fetchone()
    if row is None:
        return None
    keys = cabinet.keys(tx, organization, version=row[0])
    return _open_key(keys, member_id, row[0], row[1])


def _must_have_key(tx: Tx, cabinet: Cabinet, organization: int, member_id: int) -> bytes:
    key = _key(tx, cabinet, organization, member_id)
    if key is None:
        raise MemberNotFound("Nothing personal is kept of this member.")
    return key


def _open_key(keys: OrganizationKeys, member_id: int, version: int, wrapped: bytes) -> bytes:
    return keys.open(version, wrapped, _key_place(member_id))


def _key_place(member_id: int) -> str:
    return f"member {member_id} key"


def _context(organization: int, member_id: int, what: str) -> bytes:
    return f"regulars {organization} member {member_id} {what}".encode()
