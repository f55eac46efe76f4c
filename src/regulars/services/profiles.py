"""Members' profiles: shown masked, opened for a purpose, changed, and found by phone or e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain import profiles as rules
from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput, MemberNotFound, NotProven, Restricted, StaleMark
from regulars.domain.ids import MemberRef
from regulars.domain.masks import masked
from regulars.domain.members import Member
from regulars.domain.personal import filled
from regulars.domain.profiles import KeptProfile, ProfileChange, differing
from regulars.domain.programs.model import Program
from regulars.domain.programs.schedules import BIRTH_MONTH
from regulars.storage import audit, members, profiles
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A profile as somebody may see it. `values`: masks, or what was opened. `mark`: for ETags.

    `birth_month`: to be set among the attributes, where the program wants to know it and does not;
    (None,) to be removed.
    """

    member_id: int
    values: dict[str, object]
    mark: str
    proven: tuple[str, ...] = ()
    restricted_at: datetime | None = None
    birth_month: tuple[int | None] | None = None


@dataclass(frozen=True, slots=True)
class Vault:
    """Where profiles are kept, and under which organization's keys."""

    db: Database
    cabinet: Cabinet
    organization: int


def masked_profile(vault: Vault, ref: MemberRef, *, by: By, at: datetime) -> Shown:
    """The masks of what is kept; on record. Raises MemberNotFound."""
    with vault.db.transaction(vault.organization) as tx:
        member, kept = _kept(vault, tx, ref)
        audit.record(tx, by, [_deed("profile.seen", member.id)], at)
        return _shown(vault, tx, member, kept, dict(masked(kept)))


def unmasked_profile(
    vault: Vault, ref: MemberRef, fields: Sequence[str], *, purpose: str, by: By, at: datetime
) -> Shown:
    """Some fields in full, for a purpose (see `domain/uses`); on record, with the fields.

    Raises MemberNotFound, InvalidInput, Restricted.
    """
    with vault.db.transaction(vault.organization) as tx:
        member, kept = _kept(vault, tx, ref)
        if members.restricted_at(tx, vault.organization, member.id) is not None:
            raise Restricted
        values = rules.shown(kept, tuple(fields))
        deed = _deed("profile.unmasked", member.id, purpose, {"fields": list(fields)})
        audit.record(tx, by, [deed], at)
        return _shown(vault, tx, member, kept, values)


def own_profile(vault: Vault, member_id: int) -> Shown:
    """All of it, for the member. Raises MemberNotFound."""
    with vault.db.transaction(vault.organization) as tx:
        member, kept = _kept(vault, tx, MemberRef(member_id))
        return _shown(vault, tx, member, kept, _values(kept))


def change(
    vault: Vault,
    versions: Versions,
    ref: MemberRef,
    data: ProfileChange,
    *,
    mark: str | None,
    by: By,
    now: datetime,
    is_own: bool = False,
) -> Shown:
    """Correct a profile, and the phone and e-mail by which the member is found with it.

    With a `mark`, only if the profile is still the one it stands for. A member of their own
    cannot put in another phone or e-mail here: nobody has proven that they are reached there.
    Raises MemberNotFound, InvalidInput, StaleMark, IdentityTaken, NotProven.
    """

    def work(tx: Tx) -> Shown:
        member = members.lock_living(tx, vault.organization, ref)
        kept = profiles.read(tx, vault.cabinet, vault.organization, member.id)
        if mark not in {None, _mark(vault, tx, kept)}:
            raise StaleMark("The profile has changed since it was read. Read it again.")
        program = _program(versions, tx, now)
        today = now.astimezone(program.zone).date() if program else now.date()
        after = rules.changed(kept, data, today=today)
        fields = differing(kept, after)
        if is_own and any(
            name in fields and getattr(after, name) is not None for name in rules.PROVEN_AT
        ):
            raise NotProven
        if fields:
            profiles.keep(
                tx, vault.cabinet, vault.organization, member_id=member.id, profile=after, now=now
            )
            deed = _deed("profile.changed", member.id, after={"fields": list(fields)})
            audit.record(tx, by, [deed], now)
        values: dict[str, object] = _values(after) if is_own else dict(masked(after))
        told = _shown(vault, tx, member, after, values)
        return replace(told, birth_month=_birth_month(program, member, after, data))

    return vault.db.retrying(vault.organization, work, retry_on=RACES)


def find(
    vault: Vault, *, phone: str | None, email: str | None, by: By, at: datetime
) -> Shown | None:
    """The member with this phone or e-mail, masked; on record, without the number or address.

    Raises InvalidInput.
    """
    if (phone is None) == (email is None):
        raise InvalidInput("Give either a phone or an e-mail address.")
    with vault.db.transaction(vault.organization) as tx:
        keys = vault.cabinet.keys(tx, vault.organization)
        kind, text = ("phone", phone) if phone is not None else ("email", email)
        ref = keys.ref(kind, text or "")
        found = members.resolve(tx, vault.organization, [ref]).get(ref)
        deed = Deed(
            "member.found" if found else "member.sought",
            f"member:{found}" if found else kind,
            found,
            after={"by": kind},
        )
        audit.record(tx, by, [deed], at)
        if found is None:
            return None
        member, kept = _kept(vault, tx, MemberRef(found))
        return _shown(vault, tx, member, kept, dict(masked(kept)))


def _kept(vault: Vault, tx: Tx, ref: MemberRef) -> tuple[Member, KeptProfile]:
    member = members.must_get(tx, vault.organization, ref)
    if member.is_erased:
        raise MemberNotFound("There is no member of this reference.")
    return member, profiles.read(tx, vault.cabinet, vault.organization, member.id)


def _shown(
    vault: Vault,
    tx: Tx,
    member: Member,
    kept: KeptProfile,
    values: dict[str, object],
) -> Shown:
    return Shown(
        member.id,
        values,
        _mark(vault, tx, kept),
        tuple(name for name, at in rules.PROVEN_AT.items() if getattr(kept, at) is not None),
        members.restricted_at(tx, vault.organization, member.id),
    )


def _mark(vault: Vault, tx: Tx, kept: KeptProfile) -> str:
    return profiles.mark_of(vault.cabinet, tx, vault.organization, kept)


def _values(kept: KeptProfile) -> dict[str, object]:
    return {name: getattr(kept, name) for name in filled(kept)}


def _program(versions: Versions, tx: Tx, now: datetime) -> Program | None:
    """The program in force; None before the first."""
    table = versions.read(tx)
    if not table.instants or now < table.instants[0]:
        return None
    return table.in_force(now).program


def _birth_month(
    program: Program | None, member: Member, after: KeptProfile, data: ProfileChange
) -> tuple[int | None] | None:
    """What has to become of the attribute, so that it says what the profile says."""
    if "birthday" not in rules.named(data):
        return None
    if program is None or program.attributes.get(BIRTH_MONTH) != "int":
        return None
    month = None if after.birthday is None else after.birthday.month
    return None if member.attributes.get(BIRTH_MONTH) == month else (month,)


def _deed(
    action: str, member_id: int, purpose: str = "", after: dict[str, object] | None = None
) -> Deed:
    return Deed(action, f"member:{member_id}", member_id, purpose, after=after)
