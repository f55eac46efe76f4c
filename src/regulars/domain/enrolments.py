"""Enrolling: what somebody tells who wants to become a member, and what is asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from regulars.domain.consents import (
    GUARDED_UNTIL,
    PURPOSES,
    TERMS,
    Channel,
    Consent,
    How,
    check_purpose,
    needs_guardian,
)
from regulars.domain.contacts import NEAR
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import EMAIL, PHONE
from regulars.domain.personal import Gender, Profile, normal_profile
from regulars.domain.profiles import PROVEN_AT, KeptProfile
from regulars.domain.programs.pieces import Text
from regulars.domain.risk import RiskPolicy
from regulars.domain.sign_in_refusals import ConsentNeeded, GuardianNeeded

MAX_CONSENTS = 40
MAX_DEVICE = 200


class ConsentGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """One yes or no. `text_version`: which words were shown."""

    purpose: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["terms"])]
    granted: bool
    text_version: Annotated[str, Meta(min_length=1, max_length=80, examples=["2026-03"])]
    channel: Channel = Channel.ANY


class AboutMe(Struct, frozen=True, forbid_unknown_fields=True):
    """What an applicant may tell beside the address that was proven."""

    name: str | None = None
    birthday: date | None = None
    gender: Gender | None = None
    address: str | None = None
    language: str | None = None


class Guardian(Struct, frozen=True, forbid_unknown_fields=True):
    """A parent or guardian, by the code that was sent to them."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]
    phone: Annotated[str, Meta(max_length=60)] | None = None
    email: Annotated[str, Meta(max_length=300)] | None = None


class Form(Struct, frozen=True, kw_only=True):
    """What an applicant sends. `device`: a token that the app or page keeps on the device.
    `referrer`: the member who recommended us."""

    consents: Sequence[ConsentGiven]
    profile: AboutMe | None = None
    referrer: str | None = None
    device: str | None = None
    guardian: Guardian | None = None


class ProviderWord(Struct, frozen=True, kw_only=True):
    """Somebody as a third party knows them. `subject_hash`: keyed, of issuer and subject."""

    provider: str
    subject_hash: str


class Applicant(Struct, frozen=True, kw_only=True):
    """What is kept, sealed, until an enrolment is decided. Phone and e-mail were proven at
    `proven_at`. `guardian`: the keyed hash of whoever agreed for a child."""

    proven_at: datetime
    phone: str | None = None
    email: str | None = None
    word: ProviderWord | None = None
    profile: Profile | None = None
    consents: tuple[Consent, ...] = ()
    guardian: str | None = None

    def __repr__(self) -> str:
        return "Applicant"


class EnrolmentPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organization's own: `enrolment` in its settings. `guarded_until`: years of age.

    `purposes` are asked for beside those that every organization has.
    """

    risk: RiskPolicy = RiskPolicy()
    guarded_until: Annotated[int, Meta(ge=0, le=21)] = GUARDED_UNTIL
    purposes: tuple[str, ...] = ()


def write(applicant: Applicant) -> bytes:
    """What is sealed."""
    return msgspec.json.encode(applicant)


def read(raw: bytes) -> Applicant:
    """What `write` has written."""
    return _applicant.decode(raw)


_applicant = msgspec.json.Decoder(Applicant)


def about(applicant: Applicant, told: AboutMe | None, language: str, today: date) -> Profile:
    """The profile of an applicant in its normal form. Raises InvalidInput."""
    told = told or AboutMe()
    profile = Profile(
        name=told.name,
        phone=applicant.phone,
        email=applicant.email,
        birthday=told.birthday,
        address=told.address,
        gender=told.gender,
        language=told.language or language,
    )
    try:
        return normal_profile(profile, today=today)
    except InvalidInput as refusal:
        faults = [Fault(f"/profile{one.pointer}", one.detail, one.code) for one in refusal.faults]
        raise InvalidInput(refusal.detail, faults=faults) from refusal


def kept(applicant: Applicant) -> KeptProfile:
    """The profile as the vault keeps it, with what was proven of it."""
    assert applicant.profile is not None
    values: dict[str, Any] = msgspec.structs.asdict(applicant.profile)
    for kind in (PHONE, EMAIL):
        if getattr(applicant, kind) is not None:
            values[PROVEN_AT[kind]] = applicant.proven_at
    return KeptProfile(**values)


def consents_of(
    given: Sequence[ConsentGiven], policy: EnrolmentPolicy, *, at: datetime, by_guardian: bool
) -> tuple[Consent, ...]:
    """What was said, for the record. Raises InvalidInput; ConsentNeeded without the terms."""
    for one in given:
        check_purpose(one.purpose, policy.purposes)
    if not any(one.purpose == TERMS and one.granted for one in given):
        raise ConsentNeeded(
            "Agree to the terms: send a consent with the purpose terms and granted true.",
            faults=[Fault("/consents", "the terms are missing")],
        )
    return tuple(
        Consent(
            purpose=one.purpose,
            channel=one.channel,
            granted=one.granted,
            at=at,
            text_version=one.text_version,
            how=How.ENROLMENT,
            by_guardian=by_guardian,
        )
        for one in given
    )


def demand_guardian(
    birthday: date | None, today: date, policy: EnrolmentPolicy, *, is_there: bool
) -> bool:
    """Whether a guardian speaks for this applicant. Raises GuardianNeeded where one is missing."""
    if not needs_guardian(birthday, today, policy.guarded_until):
        return False
    if not is_there:
        raise GuardianNeeded(
            "A parent or guardian has to agree. Have a code sent to them (POST /v1/sign-in/codes "
            "with the purpose guardian), and send their address and the code as guardian.",
            faults=[Fault("/guardian", "missing")],
        )
    return True


def asked(policy: EnrolmentPolicy) -> dict[str, Text]:
    """The purposes that an applicant is asked about, in words."""
    return dict(PURPOSES) | {code: {"en": code} for code in policy.purposes}


def neighbours(phone: str) -> list[str]:
    """The numbers right beside one, in E.164, whether or not they exist."""
    number = int(phone.removeprefix("+"))
    return [f"+{number + step}" for step in range(-NEAR, NEAR + 1) if step]
