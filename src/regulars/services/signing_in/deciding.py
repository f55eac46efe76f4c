"""Held enrolments: looked at by staff, masked, who admit or refuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.enrolments import Applicant
from regulars.domain.errors import Fault, IdentityTaken, InvalidInput
from regulars.domain.ids import EMAIL, ENROLMENT, PHONE, encode
from regulars.domain.leaks import looks_personal
from regulars.domain.masks import masked
from regulars.domain.risk import Reason
from regulars.domain.sign_in import welcome_letter
from regulars.domain.sign_in_refusals import EnrolmentDecided, EnrolmentNotFound
from regulars.services.signing_in.codes import put_letter, shop_name
from regulars.services.signing_in.enrolling import make_member, refs_of
from regulars.services.signing_in.entering import opened
from regulars.services.signing_in.house import Circumstances, House, address_of
from regulars.storage import audit, enrolments, failed_tries, login_states, members, outbox
from regulars.storage.database import RACES, Tx
from regulars.storage.enrolments import Enrolment

MAX_REASON = 500
LETTER_HOLDS = timedelta(days=7)
HELD, ADMITTED, REFUSED = "held", "admitted", "refused"


@dataclass(frozen=True, slots=True)
class Looked:
    """An enrolment as staff see it. `profile` is masked, and empty once it was decided."""

    enrolment: Enrolment
    profile: dict[str, str]
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of it. `letter`: waits in the outbox. `birth_month`: of a new member who told
    it."""

    state: str
    member_id: int | None = None
    letter: int | None = None
    birth_month: int | None = None


def page(
    house: House, state: str, *, after: int, limit: int, by: By, now: datetime
) -> list[Looked]:
    """Enrolments in a state, oldest first. That they were looked at is on record."""
    with house.db.transaction(house.organization) as tx:
        found = enrolments.page(tx, house.organization, state, after=after, limit=limit)
        looked = [_looked(tx, house, one) for one in found]
        if any(one.profile for one in looked):
            seen = [encode(ENROLMENT, one.enrolment.id) for one in looked]
            deed = Deed("enrolment.looked_at", "enrolments", after={"enrolments": seen})
            audit.record(tx, by, [deed], now)
    return looked


def admit(house: House, number: int, reason: str, *, by: By, at: Circumstances) -> Decided:
    """Make a member of somebody who was held, and write to them. Safe to repeat.

    Raises EnrolmentNotFound, EnrolmentDecided, IdentityTaken, InvalidInput.
    """
    _check(reason)

    def work(tx: Tx) -> Decided:
        found = _held(tx, house, number, ADMITTED)
        if found.state == ADMITTED:
            return Decided(ADMITTED, found.member_id)
        applicant = opened(tx, house, found)
        keys = house.cabinet.keys(tx, house.organization)
        if members.resolve(tx, house.organization, refs_of(keys, applicant)):
            raise IdentityTaken(
                "Somebody with this address became a member in another way. Refuse this enrolment."
            )
        member_id = make_member(tx, house, applicant, by=by, action="member.enrolled", at=at)
        _decide(tx, house, found, ADMITTED, reason, by=by, now=at.now, member_id=member_id)
        return Decided(
            ADMITTED, member_id, _welcome(tx, house, found, applicant, at), _month(applicant)
        )

    return house.db.retrying(house.organization, work, retry_on=RACES)


def refuse(house: House, number: int, reason: str, *, by: By, at: Circumstances) -> Decided:
    """Let somebody not become a member; what they told is forgotten. Safe to repeat.

    Raises EnrolmentNotFound, EnrolmentDecided, InvalidInput.
    """
    _check(reason)

    def work(tx: Tx) -> Decided:
        found = _held(tx, house, number, REFUSED)
        if found.state != REFUSED:
            _decide(tx, house, found, REFUSED, reason, by=by, now=at.now)
        return Decided(REFUSED)

    return house.db.retrying(house.organization, work)


def forget(house: House, now: datetime) -> None:
    """Let go of what serves no more: letters that are too late, sign-ins under way that nobody
    ended, tickets, counts. Safe to repeat."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        outbox.forget(tx, organization, now)
        login_states.forget(tx, organization, now)
        failed_tries.forget(tx, organization, now)
        enrolments.forget(tx, organization, now)


def _check(reason: str) -> None:
    """Reasons are kept with the record of who did what. Raises InvalidInput."""
    if looks_personal(reason):
        raise InvalidInput(
            "The reason holds a phone number or an e-mail address. Leave it out: reasons are kept.",
            faults=[Fault("/reason", "looks like personal data")],
        )


def _held(tx: Tx, house: House, number: int, wanted: str) -> Enrolment:
    """The enrolment to be decided, or one that was decided so already."""
    found = enrolments.lock(tx, house.organization, number)
    if found is None or found.state == "pending":
        raise EnrolmentNotFound
    if found.state not in {HELD, wanted}:
        raise EnrolmentDecided(f"This enrolment was {found.state} before.")
    return found


def _decide(
    tx: Tx,
    house: House,
    found: Enrolment,
    state: str,
    reason: str,
    *,
    by: By,
    now: datetime,
    member_id: int | None = None,
) -> None:
    enrolments.decide(
        tx,
        house.organization,
        found.id,
        state=state,
        by=by.actor,
        reason=reason,
        at=now,
        member_id=member_id,
    )
    deed = Deed(
        f"enrolment.{state}",
        f"enrolment:{found.id}",
        member_id,
        purpose=reason,
        before={"state": HELD, "score": found.score},
        after={"state": state},
    )
    audit.record(tx, by, [deed], now)


def _welcome(
    tx: Tx, house: House, found: Enrolment, applicant: Applicant, at: Circumstances
) -> int:
    kind = PHONE if applicant.phone is not None else EMAIL
    keys = house.cabinet.keys(tx, house.organization)
    address = address_of(keys, kind, applicant.phone or applicant.email or "")
    subject, words = welcome_letter(shop_name(tx, house), found.language)
    return put_letter(
        tx,
        house,
        address,
        subject,
        words,
        language=found.language,
        at=at.now,
        expires_at=at.now + LETTER_HOLDS,
    )


def _looked(tx: Tx, house: House, found: Enrolment) -> Looked:
    profile = {}
    if found.sealed is not None:
        told = opened(tx, house, found).profile
        profile = {} if told is None else masked(told)
    return Looked(found, profile, _reasons.decode(found.reasons))


def _month(applicant: Applicant) -> int | None:
    profile = applicant.profile
    return None if profile is None or profile.birthday is None else profile.birthday.month


_reasons = msgspec.json.Decoder(list[Reason])
