"""Personal data over HTTP: masked, opened for a purpose, corrected, found by phone or e-mail."""

from collections.abc import Sequence
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.operations import change_attributes
from regulars.api.reading import IfMatch, RefIn, body_of, ref_in
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.audit import By
from regulars.domain.errors import (
    Fault,
    IdentityTaken,
    InvalidInput,
    Malformed,
    MemberNotFound,
    PersonalDataUnusable,
    Restricted,
    StaleMark,
    TooLarge,
)
from regulars.domain.ids import EMAIL, MEMBER, PHONE, VEILED, MemberRef, encode
from regulars.domain.personal import FIELDS, MAX_EMAIL, MAX_PHONE, Profile, normal_profile
from regulars.domain.profiles import ProfileChange
from regulars.domain.programs.schedules import BIRTH_MONTH
from regulars.domain.uses import PURPOSES, purpose_of
from regulars.services import profiles
from regulars.services.members import Personal
from regulars.services.profiles import Shown, Vault

router = APIRouter(prefix="/v1", tags=["personal data"])

NOT_STORED = {"cache-control": "no-store"}

FieldName = Annotated[str, Meta(max_length=40, extra_json_schema={"enum": [*FIELDS]})]


class MaskedAnswer(Struct, frozen=True):
    """What is known of a member, masked. `proven`: what a code was sent to and came back from."""

    member: str
    profile: dict[str, str]
    proven: list[str]
    restricted_at: Instant | None


class UnmaskIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Which fields are needed in full, and for what. `case`: a number such as T-4711."""

    purpose: Annotated[str, Meta(max_length=40, extra_json_schema={"enum": [*PURPOSES]})]
    fields: Annotated[list[FieldName], Meta(min_length=1, max_length=len(FIELDS))]
    case: Annotated[str, Meta(max_length=40)] = ""


class ProfileAnswer(Struct, frozen=True):
    """Personal data in full: the fields that were asked for and are filled."""

    member: str
    profile: Profile
    proven: list[str]
    restricted_at: Instant | None


class FindIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A phone number or an e-mail address, however it is written."""

    phone: Annotated[str, Meta(max_length=MAX_PHONE)] | None = None
    email: Annotated[str, Meta(max_length=MAX_EMAIL)] | None = None


class FoundAnswer(Struct, frozen=True):
    """The member, masked; null when there is none."""

    found: MaskedAnswer | None


@router.get(
    "/members/{ref}/profile",
    **declared(
        MaskedAnswer,
        scope=Scope.PROFILES_READ,
        refusals=(MemberNotFound, PersonalDataUnusable),
    ),
)
def get_profile(ref: RefIn, served: ServedBy, by: ByIn) -> Response:
    """The member's personal data, masked. The member can see that somebody looked."""
    now = served.runtime.clock()
    return _masked(profiles.masked_profile(vault_of(served), ref, by=by, at=now))


@router.post(
    "/members/{ref}/profile:unmask",
    **declared(
        ProfileAnswer,
        scope=Scope.PROFILES_UNMASK,
        body=UnmaskIn,
        example={"purpose": "delivery", "fields": ["name", "address"], "case": "T-4711"},
        refusals=(Malformed, TooLarge, MemberNotFound, Restricted, PersonalDataUnusable),
    ),
)
def unmask_profile(
    ref: RefIn,
    body: Annotated[UnmaskIn, Depends(body_of(UnmaskIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Some of the member's personal data in full. The member sees who asked, and for what."""
    purpose = purpose_of(body.purpose, body.case)
    shown = profiles.unmasked_profile(
        vault_of(served), ref, body.fields, purpose=purpose, by=by, at=served.runtime.clock()
    )
    return in_full(shown)


@router.patch(
    "/members/{ref}/profile",
    **declared(
        MaskedAnswer,
        scope=Scope.PROFILES_WRITE,
        body=ProfileChange,
        example={"name": "Mei Lin", "phone": "138 0013 8000", "address": None},
        refusals=(
            Malformed,
            TooLarge,
            MemberNotFound,
            IdentityTaken,
            StaleMark,
            PersonalDataUnusable,
        ),
    ),
)
async def change_profile(
    *,
    ref: RefIn,
    body: Annotated[ProfileChange, Depends(body_of(ProfileChange))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    if_match: IfMatch,
) -> Response:
    """Correct personal data. Fields left out stay as they are; null takes one away. The phone and
    the e-mail address are what the member is found by from then on."""

    def change() -> Shown:
        return profiles.change(
            vault_of(served),
            served.versions,
            ref,
            body,
            mark=if_match,
            by=by,
            now=served.runtime.clock(),
        )

    shown = await anyio.to_thread.run_sync(change)
    await set_birth_month(served, access, shown, by)
    return _masked(shown)


@router.post(
    "/members:find",
    **declared(
        FoundAnswer,
        scope=Scope.PROFILES_READ,
        body=FindIn,
        example={"phone": "138 0013 8000"},
        refusals=(Malformed, TooLarge, PersonalDataUnusable),
    ),
)
def find_member(
    body: Annotated[FindIn, Depends(body_of(FindIn))], served: ServedBy, by: ByIn
) -> Response:
    """The member with this phone or e-mail address. It is sent in the body, because addresses of
    pages stand in the logs of every proxy between us."""
    found = profiles.find(
        vault_of(served), phone=body.phone, email=body.email, by=by, at=served.runtime.clock()
    )
    return respond(FoundAnswer(None if found is None else _told(found)), headers=NOT_STORED)


def refs_of(
    served: Served, access: Access, texts: Sequence[str]
) -> tuple[list[MemberRef], Personal | None]:
    """The references in /refs of a body, phones and e-mails veiled, and these in full for the
    vault. Raises InvalidInput, MissingScope."""
    refs: list[MemberRef] = []
    plain: dict[str, str] = {}
    for place, text in enumerate(texts):
        system, _, value = text.partition(":")
        refs.append(ref_in(served, text, f"/refs/{place}"))
        if not text.startswith(VEILED):
            continue
        access.demand(Scope.PROFILES_WRITE)
        if system in plain or refs[-1].external_id == value:
            raise InvalidInput(
                "Give one phone and one e-mail address at most, as they are written.",
                faults=[Fault(f"/refs/{place}", "a second one, or no number or address")],
            )
        plain[system] = value
    if not plain:
        return refs, None
    today = served.runtime.clock().date()
    told = Profile(phone=plain.get(PHONE), email=plain.get(EMAIL))
    profile = normal_profile(told, today=today)
    return refs, Personal(served.runtime.cabinet, profile)


def vault_of(served: Served) -> Vault:
    """Where this organization's profiles are."""
    return Vault(served.db, served.runtime.cabinet, served.organization)


async def set_birth_month(served: Served, access: Access, shown: Shown, by: By) -> None:
    """Let the program know the month of birth, where it asks for it: nothing more of the day."""
    if shown.birth_month is not None:
        await change_attributes(
            served,
            access,
            MemberRef(shown.member_id),
            attributes={BIRTH_MONTH: shown.birth_month[0]},
            mark=None,
            by=by,
        )


def in_full(shown: Shown) -> Response:
    """An answer with values that nobody keeps on the way."""
    answer = ProfileAnswer(
        encode(MEMBER, shown.member_id),
        Profile(**shown.values),  # type: ignore[arg-type]  # the values of a profile
        list(shown.proven),
        shown.restricted_at,
    )
    return respond(answer, headers=_headers(shown))


def _masked(shown: Shown) -> Response:
    return respond(_told(shown), headers=_headers(shown))


def _told(shown: Shown) -> MaskedAnswer:
    values = {name: str(value) for name, value in shown.values.items()}
    return MaskedAnswer(
        encode(MEMBER, shown.member_id), values, list(shown.proven), shown.restricted_at
    )


def _headers(shown: Shown) -> dict[str, str]:
    return {**NOT_STORED, "etag": f'"{shown.mark}"'}
