"""Consents: what a member has said yes or no to, recorded with its proof, and told with history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.audit import By, Deed
from regulars.domain.consents import Consent, Standing, check_purpose, needs_guardian, standing
from regulars.domain.enrolments import EnrolmentPolicy
from regulars.domain.errors import Fault, InvalidInput, MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.profiles import KeptProfile, write
from regulars.domain.sign_in_refusals import GuardianNeeded
from regulars.storage import audit, consents, members, organizations, profiles, vault
from regulars.storage.consents import Said
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet

MAX_AT_ONCE = 50


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What a member has said: what counts now, and all of it, oldest first."""

    member_id: int
    standing: Standing
    history: Sequence[Said]


def told(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    ref: MemberRef,
    *,
    by: By | None,
    at: datetime,
) -> Told:
    """What the member has said, with the proofs; on record where staff look (`by`).

    Raises MemberNotFound.
    """
    with db.transaction(organization) as tx:
        member = members.must_get(tx, organization, ref)
        if member.is_erased:
            raise MemberNotFound("There is no member of this reference.")
        if by is not None:
            audit.record(tx, by, [Deed("consents.seen", f"member:{member.id}", member.id)], at)
        return _told(tx, cabinet, organization, member.id, at)


def record(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    ref: MemberRef,
    words: Sequence[Consent],
    *,
    proof: bytes | None,
    by: By,
    now: datetime,
) -> Told:
    """Put words of a member on record. What was said before stays; the latest counts.

    Raises MemberNotFound; InvalidInput; GuardianNeeded for the yes of a child that is not by a
    parent or guardian. A no counts always.
    """
    with db.transaction(organization) as tx:
        member = members.lock_living(tx, organization, ref)
        policy = organizations.settings(tx, organization).enrolment
        _check(words, policy, now)
        kept = profiles.read(tx, cabinet, organization, member.id)
        _demand_guardian(words, kept, policy, now)
        if not vault.knows(tx, organization, member.id):
            # The key under which the proof is sealed, and with which it goes.
            plain = write(KeptProfile())
            vault.write(tx, cabinet, organization, member_id=member.id, plain=plain, now=now)
        consents.record(
            tx,
            cabinet,
            organization,
            member_id=member.id,
            consents=[replace(word, by=by.actor) for word in words],
            proof=proof,
            by=by.actor,
            at=now,
        )
        said = [
            f"{one.purpose}/{one.channel.value}={'yes' if one.granted else 'no'}" for one in words
        ]
        deed = Deed("consents.recorded", f"member:{member.id}", member.id, after={"said": said})
        audit.record(tx, by, [deed], now)
        return _told(tx, cabinet, organization, member.id, now)


def _told(tx: Tx, cabinet: Cabinet, organization: int, member_id: int, at: datetime) -> Told:
    said = consents.proven(tx, cabinet, organization, member_id)
    return Told(member_id, standing((one.consent for one in said), at), said)


def _check(words: Sequence[Consent], policy: EnrolmentPolicy, now: datetime) -> None:
    for place, word in enumerate(words):
        check_purpose(word.purpose, policy.purposes)
        if word.at > now:
            raise InvalidInput(
                "A consent cannot have been given in the future.",
                faults=[Fault(f"/consents/{place}/said_at", "later than now")],
            )


def _demand_guardian(
    words: Sequence[Consent], kept: KeptProfile, policy: EnrolmentPolicy, now: datetime
) -> None:
    # By the earliest day that it is anywhere: for whom it matters by a day, somebody asks again.
    is_child = needs_guardian(kept.birthday, now.date(), policy.guarded_until)
    if is_child and any(word.granted and not word.by_guardian for word in words):
        raise GuardianNeeded("A parent or guardian has to consent for a child.")
