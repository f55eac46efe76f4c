"""Enrolments: judged when their form comes, and admitted, held or refused in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec import structs

from regulars.domain import enrolments as forms
from regulars.domain.access import Kind
from regulars.domain.audit import By, Deed
from regulars.domain.cards.numbers import DRAWN, number_of
from regulars.domain.cards.numbers import SYSTEM as CARD
from regulars.domain.contacts import MailFacts, PhoneFacts, mail_facts, phone_facts
from regulars.domain.enrolments import Applicant, EnrolmentPolicy, Form
from regulars.domain.errors import Fault, InvalidInput, RegularsError
from regulars.domain.ids import EMAIL, MEMBER, PHONE, MemberRef, decode
from regulars.domain.members import Member, State
from regulars.domain.programs.model import Program
from regulars.domain.risk import Risk, Signals, Verdict, judge
from regulars.domain.sign_in import TICKET_AFTER, TICKET_LIFETIME, Purpose, address_asked
from regulars.domain.sign_in_refusals import AddressUnproven, EnrolmentRefused, TicketRefused
from regulars.services.signing_in import codes
from regulars.services.signing_in.entering import PLACE, link, opened, ref_of
from regulars.services.signing_in.house import (
    Circumstances,
    House,
    SignedIn,
    address_of,
    begin_session,
)
from regulars.storage import audit, consents, enrolments, members, organizations, profiles
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.enrolments import Enrolment, Places, Seen
from regulars.storage.programs import Versions
from regulars.storage.sealing import OrganizationKeys
from regulars.storage.sessions import hash_of

APPLICANT = "applicant"
RISK = "risk"
"""Who decided, where it was the score alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an enrolment stands: "pending", "held", "admitted" or "refused"."""

    state: str


def enrol(
    house: House, versions: Versions, ticket: str, form: Form, at: Circumstances
) -> SignedIn | Standing:
    """Make a member of whoever proved an address, and sign them in; or hold the enrolment.

    Safe to repeat: a ticket makes one member, and so does an address under several tickets.
    Raises TicketRefused, AddressUnproven, ConsentNeeded, GuardianNeeded, InvalidInput, CodeRefused
    and TooManyRequests for a guardian's code, IdentityTaken, EnrolmentRefused.
    """

    def work(tx: Tx) -> SignedIn | Standing | RegularsError:
        found = enrolments.lock_ticket(tx, house.organization, hash_of(ticket), at.now)
        if found is None:
            return TicketRefused()
        if found.state == "admitted":
            assert found.member_id is not None
            return _begin(tx, house, found, found.member_id, at)
        if found.state == "refused":
            return EnrolmentRefused()
        if found.state == "held":
            return Standing("held")
        return _Work(tx, house, versions, found, at).take(form, hash_of(ticket))

    outcome = house.db.retrying(house.organization, work, retry_on=RACES)
    if isinstance(outcome, RegularsError):
        raise outcome
    return outcome


def standing(house: House, ticket: str, at: Circumstances) -> Standing:
    """How the enrolment of a ticket stands. Raises TicketRefused."""
    with house.db.transaction(house.organization) as tx:
        found = enrolments.of_ticket(tx, house.organization, hash_of(ticket), at.now)
    if found is None:
        raise TicketRefused
    return Standing(found.state)


def program(db: Database, versions: Versions, now: datetime) -> Program | None:
    """The program in force; None before the first."""
    with db.transaction(versions.organization) as tx:
        table = versions.read(tx)
    if not table.instants or table.instants[0] > now:
        return None
    return table.in_force(now).program


def make_member(
    tx: Tx, house: House, applicant: Applicant, *, by: By, action: str, at: Circumstances
) -> int:
    """Write a new member with profile, identities, a card and consents; their number.

    Raises UniqueViolation when one of the addresses was taken at the same moment.
    """
    organization = house.organization
    keys = house.cabinet.keys(tx, organization)
    refs = refs_of(keys, applicant)
    member = Member(members.new_ids(tx, 1)[0], at.now, State(), is_new=True)
    members.enrol(tx, organization, [(refs[0], member)])
    profiles.keep(
        tx,
        house.cabinet,
        organization,
        member_id=member.id,
        profile=forms.kept(applicant),
        now=at.now,
    )
    if applicant.word is not None:
        link(tx, house, member.id, applicant.word, at)
    card = number_of(secrets.randbelow(10**DRAWN))
    members.name(tx, organization, [(MemberRef(None, CARD, card), member.id)])
    who = f"{Kind.MEMBER.value}:{member.id}"
    consents.record(
        tx,
        house.cabinet,
        organization,
        member_id=member.id,
        consents=[structs.replace(one, by=who) for one in applicant.consents],
        proof=_proof(applicant),
        by=by.actor,
        at=at.now,
    )
    deed = Deed(action, f"member:{member.id}", member.id)
    audit.record(tx, by, [deed], at.now)
    return member.id


class _Work:
    """One enrolment whose form came, within its transaction."""

    def __init__(
        self, tx: Tx, house: House, versions: Versions, found: Enrolment, at: Circumstances
    ) -> None:
        self._tx = tx
        self._house = house
        self._versions = versions
        self._found = found
        self._at = at
        self._keys = house.cabinet.keys(tx, house.organization)

    def take(self, form: Form, ticket_hash: bytes) -> SignedIn | Standing | RegularsError:
        """Decide. What is returned is to be committed, a refusal too."""
        tx, house, at = self._tx, self._house, self._at
        applicant = opened(tx, house, self._found)
        if applicant.phone is None and applicant.email is None:
            return AddressUnproven()
        already = self._member_of(applicant)
        if already is not None:
            return already
        policy = organizations.settings(tx, house.organization).enrolment
        filled = self._filled(applicant, form, policy)
        if isinstance(filled, RegularsError):
            return filled
        places = self._places(applicant, form)
        phone, email = self._found.phone_hash, self._found.email_hash
        beside = (places.device, places.ip, places.referrer, phone, email)
        enrolments.queue(tx, [one for one in beside if one is not None])
        waiting = enrolments.held(tx, house.organization, phone, email)
        if waiting is not None:
            return self._join(waiting, ticket_hash)
        seen = enrolments.seen(tx, house.organization, places, at.now)
        risk = judge(self._signals(applicant, seen), policy.risk)
        if risk.verdict is not Verdict.ADMIT:
            return self._keep_out(filled, places, risk)
        by = By(house.organization, APPLICANT, at.trace)
        number = make_member(tx, house, filled, by=by, action="member.enrolled", at=at)
        self._write("admitted", places, risk, member_id=number)
        return _begin(tx, house, self._found, number, at)

    def _member_of(self, applicant: Applicant) -> SignedIn | RegularsError | None:
        """Whoever has the address by now is who proved it: sign them in. An address that only a
        third party vouches for has to be proven by a code first."""
        house = self._house
        refs = refs_of(self._keys, applicant)
        owners = set(members.resolve(self._tx, house.organization, refs).values())
        if not owners:
            return None
        if len(owners) > 1 or (applicant.word is not None and not _is_by_code(self._found)):
            return AddressUnproven(
                "Somebody with this address is a member already. Have a code sent to it, and send "
                "the code back with join_provider."
            )
        number = owners.pop()
        if applicant.word is not None:
            link(self._tx, house, number, applicant.word, self._at)
        enrolments.drop(self._tx, house.organization, self._found.id)
        return _begin(self._tx, house, self._found, number, self._at)

    def _filled(
        self, applicant: Applicant, form: Form, policy: EnrolmentPolicy
    ) -> Applicant | RegularsError:
        """The applicant with all that the form tells. A guardian's wrong code is returned, not
        raised: it was counted. Raises InvalidInput, ConsentNeeded, GuardianNeeded."""
        today = self._today()
        profile = forms.about(applicant, form.profile, self._at.language, today)
        by_guardian = forms.demand_guardian(
            profile.birthday, today, policy, is_there=form.guardian is not None
        )
        said = forms.consents_of(form.consents, policy, at=self._at.now, by_guardian=by_guardian)
        agreed: str | None = None
        if by_guardian:
            proven = self._guardian(form, applicant)
            if isinstance(proven, RegularsError):
                return proven
            agreed = proven
        return structs.replace(applicant, profile=profile, consents=said, guardian=agreed)

    def _guardian(self, form: Form, applicant: Applicant) -> str | RegularsError:
        """The keyed hash of the guardian's address, who gave the code that was sent there."""
        assert form.guardian is not None
        kind, text = address_asked(form.guardian.phone, form.guardian.email)
        address = address_of(self._keys, kind, text)
        if address.text in {applicant.phone, applicant.email}:
            raise InvalidInput(
                "A guardian has another address than the child.",
                faults=[Fault(f"/guardian/{kind}", "the applicant's own")],
            )
        proof = codes.prove(
            self._tx,
            self._house,
            address,
            purpose=Purpose.GUARDIAN,
            code=form.guardian.code,
            at=self._at,
        )
        return proof if isinstance(proof, RegularsError) else address.account

    def _today(self) -> date:
        """Where the program is; in UTC before there is one."""
        now = self._at.now
        table = self._versions.read(self._tx)
        if not table.instants or table.instants[0] > now:
            return now.date()
        return now.astimezone(table.in_force(now).program.zone).date()

    def _places(self, applicant: Applicant, form: Form) -> Places:
        keys = self._keys
        referrer_id = None if form.referrer is None else decode(MEMBER, form.referrer)
        beside = [] if applicant.phone is None else forms.neighbours(applicant.phone)
        return Places(
            device=form.device and keys.hash_of("device", form.device),
            ip=keys.hash_of("ip", self._at.ip),
            referrer=None if referrer_id is None else keys.hash_of("referrer", f"{referrer_id}"),
            referrer_id=referrer_id,
            neighbours=[keys.hash_of(PHONE, number) for number in beside],
        )

    def _signals(self, applicant: Applicant, seen: Seen) -> Signals:
        since = seen.referrer_enrolled_at
        phone = PhoneFacts() if applicant.phone is None else phone_facts(applicant.phone)
        return Signals(
            mail=MailFacts() if applicant.email is None else mail_facts(applicant.email),
            phone=PhoneFacts(repeat=phone.repeat, run=phone.run, neighbours=seen.neighbours),
            device_hour=seen.device_hour,
            device_day=seen.device_day,
            ip_hour=seen.ip_hour,
            ip_day=seen.ip_day,
            referrer_hour=seen.referrer_hour,
            referrer_day=seen.referrer_day,
            seconds_to_confirm=self._found.seconds_to_confirm,
            referrer_days=None if since is None else (self._at.now - since).days,
            same_device_as_referrer=seen.is_device_of_referrer,
            same_ip_as_referrer=seen.is_ip_of_referrer,
        )

    def _join(self, waiting: Enrolment, ticket_hash: bytes) -> Standing:
        """Somebody with this address waits already: this ticket asks about that enrolment."""
        organization, until = self._house.organization, self._found.ticket_expires_at
        enrolments.drop(self._tx, organization, self._found.id)
        enrolments.renew_ticket(self._tx, organization, waiting.id, ticket_hash, until)
        return Standing("held")

    def _keep_out(self, filled: Applicant, places: Places, risk: Risk) -> Standing | RegularsError:
        is_held = risk.verdict is Verdict.HOLD
        state = "held" if is_held else "refused"
        sealed = self._keys.seal(forms.write(filled), PLACE) if is_held else None
        self._write(state, places, risk, sealed=sealed)
        deed = Deed(
            f"enrolment.{state}",
            f"enrolment:{self._found.id}",
            after={"score": risk.score, "reasons": [one.code for one in risk.reasons]},
        )
        by = By(self._house.organization, RISK, self._at.trace)
        audit.record(self._tx, by, [deed], self._at.now)
        return Standing("held") if is_held else EnrolmentRefused()

    def _write(
        self,
        state: str,
        places: Places,
        risk: Risk,
        *,
        sealed: tuple[int, bytes] | None = None,
        member_id: int | None = None,
    ) -> None:
        now = self._at.now
        after = TICKET_LIFETIME if state == "held" else TICKET_AFTER
        enrolments.submit(
            self._tx,
            self._house.organization,
            self._found.id,
            state=state,
            sealed=sealed,
            places=places,
            score=risk.score,
            reasons=msgspec.json.encode(risk.reasons).decode(),
            at=now,
            expires_at=now + after,
            member_id=member_id,
        )


def _is_by_code(found: Enrolment) -> bool:
    """Whether the address was proven by a code, and not by a third party's word."""
    return found.seconds_to_confirm is not None


def _begin(tx: Tx, house: House, found: Enrolment, member_id: int, at: Circumstances) -> SignedIn:
    is_strong = _is_by_code(found)
    return begin_session(tx, house, member_id, at, how="enrolment", is_strong=is_strong)


def refs_of(keys: OrganizationKeys, applicant: Applicant) -> list[MemberRef]:
    """All by which the member will be found."""
    told = ((PHONE, applicant.phone), (EMAIL, applicant.email))
    refs = [keys.ref(kind, text) for kind, text in told if text is not None]
    if applicant.word is not None:
        refs.append(ref_of(applicant.word))
    return refs


def _proof(applicant: Applicant) -> bytes:
    """What shows the consents: what was proven when, and who agreed for a child."""
    return msgspec.json.encode(
        {"proven_at": applicant.proven_at, "guardian": applicant.guardian, "by": "code"}
    )
