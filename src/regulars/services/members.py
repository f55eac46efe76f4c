"""Members: enrolled, looked up, listed, given further identities; where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import (
    Fault,
    IdentityTaken,
    InvalidInput,
    MemberExists,
)
from regulars.domain.explanations import TierMove
from regulars.domain.ids import EMAIL, PHONE, MemberRef
from regulars.domain.members import Member, State, TierState
from regulars.domain.operations import MemberChange, checked_attributes
from regulars.domain.personal import Profile
from regulars.domain.programs.model import Program
from regulars.domain.tiers import Progress, progress, reviewed, tier_of
from regulars.storage import audit, members, profiles, tiers
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet

MAX_IDENTITIES = 50
MAX_HISTORY = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """A member as the outside sees one. `tier` is "" under a program without tiers.

    `merged`: the numbers of those who were merged into this one.
    """

    member: Member
    identities: Sequence[tuple[str, str]]
    tier: str
    standing: merging.Standing = merging.NOTHING
    merged: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`is_new`: nobody had any of the references before."""

    card: Card
    is_new: bool


@dataclass(frozen=True, slots=True, repr=False)
class Personal:
    """What a member is enrolled with beside opaque references, and the keys to seal it."""

    cabinet: Cabinet
    profile: Profile


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's tier at `at`, and the way from there. Everything is None without tiers."""

    member_id: int
    at: datetime
    program: Program
    tier: TierState | None
    progress: Progress | None
    history: Sequence[TierMove]


def enrol(
    db: Database,
    versions: Versions,
    refs: Sequence[MemberRef],
    *,
    attributes: dict[str, bool | int | str | None],
    enrolled_at: datetime,
    now: datetime,
    personal: Personal | None = None,
    by: By | None = None,
) -> Enrolment:
    """Enrol a member under `refs`, or find the one that has exactly these. Safe to repeat.

    `personal`: the phone and e-mail behind the veiled ones among `refs`, for the vault.
    The attributes are only checked here: setting them is an operation of its own, so that they
    are part of the member's history. Raises InvalidInput, IdentityTaken, MemberExists,
    NoProgramInForce.
    """
    wanted = list(dict.fromkeys(refs))
    if not 0 < len(wanted) <= MAX_IDENTITIES:
        raise InvalidInput(
            f"A member is enrolled under 1 to {MAX_IDENTITIES} references.",
            faults=[Fault("/refs", "none or too many")],
        )
    if any(ref.id is not None for ref in wanted):
        raise InvalidInput(
            "Name the member by ids of other systems, such as card:4711; ours is given to you.",
            faults=[Fault("/refs", "holds an id of ours")],
        )
    if enrolled_at > now:
        raise InvalidInput(
            "A member cannot have enrolled in the future.",
            faults=[Fault("/enrolled_at", "later than now")],
        )

    def work(tx: Tx) -> Enrolment:
        if attributes:
            in_force = versions.read(tx).in_force(now).program
            checked_attributes(in_force, MemberChange(attributes=attributes))
        enrolment = _enrol(tx, versions, wanted, enrolled_at=enrolled_at, now=now)
        if personal is not None and enrolment.is_new:
            profiles.keep(
                tx,
                personal.cabinet,
                versions.organization,
                member_id=enrolment.card.member.id,
                profile=personal.profile,
                now=now,
            )
        if by is not None and enrolment.is_new:
            _record(tx, by, "member.enrolled", enrolment.card.member.id, refs=wanted, now=now)
        return enrolment

    return db.retrying(versions.organization, work, retry_on=RACES)


def _enrol(
    tx: Tx, versions: Versions, refs: Sequence[MemberRef], *, enrolled_at: datetime, now: datetime
) -> Enrolment:
    organization = versions.organization
    found = members.resolve(tx, organization, refs)
    if not found:
        member = Member(members.new_ids(tx, 1)[0], enrolled_at, State(), is_new=True)
        members.enrol(tx, organization, [(refs[0], member)])
        members.name(tx, organization, [(ref, member.id) for ref in refs[1:]])
        return Enrolment(_card(tx, versions, member, now), is_new=True)
    owners = set(found.values())
    if len(owners) > 1 or len(found) < len(refs):
        taken = [place for place, ref in enumerate(refs) if ref in found]
        raise IdentityTaken(
            "Some of these references belong to members already. To give a member a further "
            "reference, add it to their identities.",
            faults=[Fault(f"/refs/{place}", "taken") for place in taken],
        )
    member = members.read(tx, organization, owners)[owners.pop()]
    card = _card(tx, versions, member, now)
    if len(card.identities) != len(refs):
        raise MemberExists("This member has further references besides these.")
    return Enrolment(card, is_new=False)


def look(db: Database, versions: Versions, ref: MemberRef, now: datetime) -> Card:
    """One member. Raises MemberNotFound."""
    with db.transaction(versions.organization) as tx:
        return _card(tx, versions, members.must_get(tx, versions.organization, ref), now)


def identify(
    db: Database,
    versions: Versions,
    ref: MemberRef,
    further: MemberRef,
    now: datetime,
    *,
    by: By | None = None,
) -> Card:
    """Give a member a further reference. Safe to repeat.

    Raises MemberNotFound, InvalidInput, IdentityTaken when it is another member's.
    """
    if further.id is not None:
        raise InvalidInput(
            "A further reference is an id of another system, such as card:4711.",
            faults=[Fault("/ref", "an id of ours")],
        )
    if further.system in {PHONE, EMAIL}:
        raise InvalidInput(
            "A phone or e-mail address is put into the member's profile.",
            faults=[Fault("/ref", "belongs into the profile")],
        )

    def work(tx: Tx) -> Card:
        member = members.lock_living(tx, versions.organization, ref)
        owner = members.resolve(tx, versions.organization, [further]).get(further)
        if owner is None:
            if len(members.identities(tx, versions.organization, member.id)) >= MAX_IDENTITIES:
                raise InvalidInput(f"A member has at most {MAX_IDENTITIES} references.")
            members.name(tx, versions.organization, [(further, member.id)])
            if by is not None:
                _record(tx, by, "member.identified", member.id, refs=[further], now=now)
        elif owner != member.id:
            raise IdentityTaken(faults=[Fault("/ref", "another member's")])
        return _card(tx, versions, member, now)

    return db.retrying(versions.organization, work, retry_on=RACES)


def standing(db: Database, versions: Versions, ref: MemberRef, now: datetime) -> Standing:
    """The member's tier as it is at `now`, reviews that are due included; and its history.

    Raises MemberNotFound, NoProgramInForce.
    """
    with db.transaction(versions.organization) as tx:
        member = members.must_get(tx, versions.organization, ref)
        program = versions.read(tx).in_force(now).program
        history = tiers.history(tx, versions.organization, member.id, MAX_HISTORY)
    state = reviewed(program, member.state, member.enrolled_at, now)
    way = progress(program, state, now) if program.ladder is not None else None
    return Standing(member.id, now, program, state.tier, way, history)


def _record(
    tx: Tx, by: By, action: str, member_id: int, *, refs: Sequence[MemberRef], now: datetime
) -> None:
    """By the systems of the references; the references themselves can be erased."""
    systems = sorted({ref.system for ref in refs})
    deed = Deed(action, f"member:{member_id}", member_id, after={"systems": systems})
    audit.record(tx, by, [deed], now)


def _card(tx: Tx, versions: Versions, member: Member, now: datetime) -> Card:
    names = members.identities(tx, versions.organization, member.id)
    standing = merging.standing(tx, versions.organization, member.id)
    return Card(
        member,
        names,
        tier_of(_program(tx, versions, now), member, now),
        standing or merging.NOTHING,
        merging.merged(tx, versions.organization, member.id),
    )


def _program(tx: Tx, versions: Versions, now: datetime) -> Program | None:
    """The program in force; None before the first: members may be there already."""
    table = versions.read(tx)
    if not table.instants or table.instants[0] > now:
        return None
    return table.in_force(now).program
