"""A code came back: whoever is a member is signed in, whoever is none gets a ticket to enrol."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from regulars.domain import enrolments as enrolling
from regulars.domain.audit import Deed
from regulars.domain.enrolments import Applicant, EnrolmentPolicy, ProviderWord
from regulars.domain.errors import IdentityTaken, RegularsError
from regulars.domain.ids import MemberRef
from regulars.domain.profiles import PROVEN_AT
from regulars.domain.sign_in import TICKET_LIFETIME, Address, Purpose
from regulars.domain.sign_in_refusals import TicketRefused
from regulars.services.signing_in import codes
from regulars.services.signing_in.codes import Proof
from regulars.services.signing_in.house import (
    Circumstances,
    House,
    SignedIn,
    address_of,
    begin_session,
    member_by,
    new_ticket,
)
from regulars.storage import audit, enrolments, members, organizations, profiles
from regulars.storage.database import RACES, Tx
from regulars.storage.member_providers import SYSTEM
from regulars.storage.sessions import hash_of

PLACE = "enrolment"
"""Names the place under which applicants are sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class Ticket:
    """The way to an enrolment. `secret` is told this once. `state`: "pending", or "held" where
    somebody with this address waits already."""

    secret: str
    expires_at: datetime
    state: str


def verify(
    house: House, kind: str, text: str, code: str, at: Circumstances, *, ticket: str | None = None
) -> SignedIn | Ticket:
    """Try a code that was sent to sign in.

    `ticket`: of a third party's word about the same person; it is joined with what the code
    proves. Raises InvalidInput, TooManyRequests, CodeRefused, TicketRefused, IdentityTaken.
    """

    def work(tx: Tx) -> SignedIn | Ticket | RegularsError:
        keys = house.cabinet.keys(tx, house.organization)
        address = address_of(keys, kind, text)
        proof = codes.prove(tx, house, address, purpose=Purpose.SIGN_IN, code=code, at=at)
        if isinstance(proof, RegularsError):
            return proof
        word = _word_of(tx, house, ticket, at)
        member_id = members.resolve(tx, house.organization, [address.ref]).get(address.ref)
        if member_id is None:
            return _ticket_for(tx, house, proof, word, at)
        note_proven(tx, house, member_id, address, at)
        if word is not None:
            link(tx, house, member_id, word, at)
        return begin_session(tx, house, member_id, at, how="code", is_strong=True)

    # The same address, named at the same moment by somebody else, is found on another look.
    outcome = house.db.retrying(house.organization, work, retry_on=RACES)
    if isinstance(outcome, RegularsError):
        raise outcome
    return outcome


def policy(house: House) -> EnrolmentPolicy:
    """What the organization asks of those who enrol."""
    with house.db.transaction(house.organization) as tx:
        return organizations.settings(tx, house.organization).enrolment


def ticket_of(
    tx: Tx, house: House, applicant: Applicant, at: Circumstances, took_s: int | None
) -> Ticket:
    """A new ticket for somebody of whom this much is known."""
    keys = house.cabinet.keys(tx, house.organization)
    secret = new_ticket(house.organization)
    until = at.now + TICKET_LIFETIME
    enrolments.begin(
        tx,
        house.organization,
        ticket_hash=hash_of(secret),
        language=at.language,
        sealed=keys.seal(enrolling.write(applicant), PLACE),
        phone_hash=applicant.phone and keys.ref("phone", applicant.phone).external_id,
        email_hash=applicant.email and keys.ref("email", applicant.email).external_id,
        seconds_to_confirm=took_s,
        at=at.now,
        expires_at=until,
    )
    return Ticket(secret, until, "pending")


def opened(tx: Tx, house: House, found: enrolments.Enrolment) -> Applicant:
    """The applicant of an enrolment that is not decided."""
    assert found.sealed is not None
    assert found.key_version is not None
    keys = house.cabinet.keys(tx, house.organization, version=found.key_version)
    return enrolling.read(keys.open(found.key_version, found.sealed, PLACE))


def note_proven(tx: Tx, house: House, member_id: int, address: Address, at: Circumstances) -> None:
    """Keep the address in the member's profile as one that was proven."""
    before = profiles.read(tx, house.cabinet, house.organization, member_id)
    field = PROVEN_AT[address.kind]
    if getattr(before, field) is not None and getattr(before, address.kind) == address.text:
        return
    members.lock(tx, house.organization, [member_id])
    before = profiles.read(tx, house.cabinet, house.organization, member_id)
    after = structs.replace(before, **{address.kind: address.text, field: at.now})
    profiles.keep(
        tx, house.cabinet, house.organization, member_id=member_id, profile=after, now=at.now
    )
    deed = Deed(
        "profile.proven", f"member:{member_id}", member_id, after={"fields": [address.kind]}
    )
    audit.record(tx, member_by(house, member_id, at), [deed], at.now)


def link(tx: Tx, house: House, member_id: int, word: ProviderWord, at: Circumstances) -> None:
    """Let a third party sign this member in. Safe to repeat. Raises IdentityTaken."""
    ref = ref_of(word)
    owner = members.resolve(tx, house.organization, [ref]).get(ref)
    if owner == member_id:
        return
    if owner is not None:
        raise IdentityTaken("This account of the provider is linked to another member.")
    members.lock_living(tx, house.organization, MemberRef(member_id))
    members.name(tx, house.organization, [(ref, member_id)])
    deed = Deed(
        "identity.linked", f"member:{member_id}", member_id, after={"provider": word.provider}
    )
    audit.record(tx, member_by(house, member_id, at), [deed], at.now)


def ref_of(word: ProviderWord) -> MemberRef:
    """How a member is found by a third party's word."""
    return MemberRef(None, SYSTEM + word.provider, word.subject_hash)


def _word_of(tx: Tx, house: House, ticket: str | None, at: Circumstances) -> ProviderWord | None:
    """What a third party said when this ticket was made. Raises TicketRefused."""
    if ticket is None:
        return None
    found = enrolments.lock_ticket(tx, house.organization, hash_of(ticket), at.now)
    if found is None or found.state != "pending":
        raise TicketRefused
    word = opened(tx, house, found).word
    enrolments.drop(tx, house.organization, found.id)
    return word


def _ticket_for(
    tx: Tx, house: House, proof: Proof, word: ProviderWord | None, at: Circumstances
) -> Ticket:
    """A new enrolment's ticket, or a new one for the enrolment that waits already."""
    address = proof.address
    by_kind = {address.kind: address.account}
    waiting = enrolments.held(tx, house.organization, by_kind.get("phone"), by_kind.get("email"))
    if waiting is not None:
        secret = new_ticket(house.organization)
        until = at.now + TICKET_LIFETIME
        enrolments.renew_ticket(tx, house.organization, waiting.id, hash_of(secret), until)
        return Ticket(secret, until, "held")
    told = {address.kind: address.text}
    applicant = Applicant(
        proven_at=at.now, phone=told.get("phone"), email=told.get("email"), word=word
    )
    return ticket_of(tx, house, applicant, at, int(proof.took.total_seconds()))
