"""Profiles of members: kept in the vault, and found by keyed hashes of phone and e-mail."""

from datetime import datetime

from regulars.domain import profiles
from regulars.domain.errors import Fault, IdentityTaken
from regulars.domain.ids import EMAIL, PHONE, MemberRef
from regulars.domain.personal import Profile
from regulars.domain.profiles import KeptProfile
from regulars.storage import members, vault
from regulars.storage.database import Tx
from regulars.storage.rosters import names
from regulars.storage.sealing import Cabinet

FOUND_BY = (PHONE, EMAIL)
"""The fields by which a member is found; each is the name of its identity's system, too."""

UNNAME = """
delete from identity
where organization_id = %s and member_id = %s and system = %s and external_id <> %s
"""

NO_HASH = ""
"""Stands where there is no hash to keep; no identity is empty."""


def read(tx: Tx, cabinet: Cabinet, organization: int, member_id: int) -> KeptProfile:
    """The member's profile; an empty one where nothing is kept."""
    raw = vault.read(tx, cabinet, organization, [member_id]).get(member_id)
    return KeptProfile() if raw is None else profiles.read(raw)


def read_many(
    tx: Tx, cabinet: Cabinet, organization: int, member_ids: list[int]
) -> dict[int, KeptProfile]:
    """The profiles of those of whom something is kept."""
    found = vault.read(tx, cabinet, organization, member_ids)
    return {number: profiles.read(raw) for number, raw in found.items()}


def keep(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    *,
    member_id: int,
    profile: Profile,
    now: datetime,
) -> None:
    """Keep a normal profile in the place of what was kept, and let the member be found by its
    phone and e-mail and by no others. The member is locked.

    Raises IdentityTaken, and UniqueViolation when somebody else took one at the same moment.
    """
    keys = cabinet.keys(tx, organization)
    for system in FOUND_BY:
        value = getattr(profile, system)
        ref = None if value is None else keys.ref(system, value)
        _name(tx, organization, member_id, system, ref)
    put(tx, cabinet, organization, member_id=member_id, profile=profile, now=now)


def put(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    *,
    member_id: int,
    profile: Profile,
    now: datetime,
) -> None:
    """Keep it, and let the member be found by its name; phone and e-mail stay as they are. The
    member is locked."""
    vault.write(
        tx, cabinet, organization, member_id=member_id, plain=profiles.write(profile), now=now
    )
    names.index(tx, organization, cabinet.keys(tx, organization), [(member_id, profile.name)])


def _name(tx: Tx, organization: int, member_id: int, system: str, ref: MemberRef | None) -> None:
    hash_kept = NO_HASH if ref is None else ref.external_id
    tx.execute(UNNAME, [organization, member_id, system, hash_kept])
    if ref is None:
        return
    owner = members.resolve(tx, organization, [ref]).get(ref)
    if owner is None:
        members.name(tx, organization, [(ref, member_id)])
    elif owner != member_id:
        # Whose it is, is nobody's business.
        raise IdentityTaken(faults=[Fault(f"/{system}", "another member's")])


def mark_of(cabinet: Cabinet, tx: Tx, organization: int, profile: Profile) -> str:
    """Tells this profile from any other: what an ETag carries. Keyed, so that nobody finds a
    number out by trying all."""
    keys = cabinet.keys(tx, organization)
    return keys.hash_of("profile", profiles.write(profile).decode())[1:17]
