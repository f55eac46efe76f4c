"""What members do with their own data: see all of it, correct it, consent, and be forgotten."""

from typing import Annotated

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.consents import ConsentsAnswer, Purpose, TextVersion, tell
from regulars.api.contract import declared, respond
from regulars.api.copies import CopyAnswer, Form, sent
from regulars.api.me import signed_in_member
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import ErasureAnswer, RestrictionAnswer, erased, restricted
from regulars.api.profiles import NOT_STORED, ProfileAnswer, in_full, set_birth_month, vault_of
from regulars.api.reading import IfMatch, Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.consents import Channel, Consent, How
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    NotProven,
    PersonalDataUnusable,
    SecondFactorNeeded,
    StaleMark,
    TooLarge,
)
from regulars.domain.ids import MemberRef
from regulars.domain.profiles import ProfileChange
from regulars.domain.programs.phrases import name_in
from regulars.domain.sign_in_refusals import GuardianNeeded
from regulars.domain.uses import action_words, actor_words, purpose_words
from regulars.services import consents, copies, profiles, uses
from regulars.services.consents import MAX_AT_ONCE
from regulars.services.profiles import Shown

router = APIRouter(prefix="/v1/me", tags=["me"])

OWN_WISH = "own wish"
"""The reason that stands on record where the member needs none."""


class OwnWordIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A yes or a no. `text_version`: which words were shown."""

    purpose: Purpose
    channel: Channel
    granted: bool
    text_version: TextVersion


class OwnConsentsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the member says now; what is left out stays as it was."""

    consents: Annotated[list[OwnWordIn], Meta(min_length=1, max_length=MAX_AT_ONCE)]


class UseAnswer(Struct, frozen=True):
    """One use of the member's data: when, by whom (not by name), what, and for what."""

    at: Instant
    who: str
    what: str
    fields: list[str]
    why: str | None


class UsesAnswer(Struct, frozen=True):
    """Who used the member's data, newest first."""

    items: list[UseAnswer]
    next: str | None


class OwnExportIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`json` to take elsewhere, `html` to read."""

    form: Form = Form.JSON


class OwnRestrictionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the use of one's data is restricted."""

    restricted: bool


class OwnErasureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """That the member means it: points that are left cannot be spent any more."""

    forget_me: bool


@router.get(
    "/profile",
    **declared(
        ProfileAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound, PersonalDataUnusable)
    ),
)
def get_own_profile(served: ServedBy, access: AccessBy) -> Response:
    """All that is known of the member, in full. Only for the member in person."""
    return in_full(profiles.own_profile(vault_of(served), signed_in_member(access)))


@router.patch(
    "/profile",
    **declared(
        ProfileAnswer,
        scope=Scope.SELF_WRITE,
        body=ProfileChange,
        example={"address": "88 Century Avenue, Shanghai", "gender": None},
        refusals=(
            Malformed,
            TooLarge,
            MemberNotFound,
            StaleMark,
            NotProven,
            PersonalDataUnusable,
        ),
    ),
)
async def change_own_profile(
    *,
    body: Annotated[ProfileChange, Depends(body_of(ProfileChange))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    if_match: IfMatch,
) -> Response:
    """Correct one's own data. A new phone or e-mail address is proven first: /v1/me/addresses."""
    number = signed_in_member(access)

    def change() -> Shown:
        return profiles.change(
            vault_of(served),
            served.versions,
            MemberRef(number),
            body,
            mark=if_match,
            by=by,
            now=served.runtime.clock(),
            is_own=True,
        )

    shown = await anyio.to_thread.run_sync(change)
    await set_birth_month(served, access, shown, by)
    return in_full(shown)


@router.get(
    "/consents",
    **declared(
        ConsentsAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound, PersonalDataUnusable)
    ),
)
def get_own_consents(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """What the member has said yes and no to, and when."""
    found = consents.told(
        served.db,
        served.runtime.cabinet,
        served.organization,
        MemberRef(signed_in_member(access)),
        by=None,
        at=served.runtime.clock(),
    )
    return respond(tell(found, language), headers=NOT_STORED)


@router.put(
    "/consents",
    **declared(
        ConsentsAnswer,
        scope=Scope.SELF_WRITE,
        body=OwnConsentsIn,
        example={
            "consents": [
                {
                    "purpose": "marketing",
                    "channel": "sms",
                    "granted": False,
                    "text_version": "2026-03",
                }
            ]
        },
        refusals=(Malformed, TooLarge, MemberNotFound, GuardianNeeded, PersonalDataUnusable),
    ),
)
def change_own_consents(
    *,
    body: Annotated[OwnConsentsIn, Depends(body_of(OwnConsentsIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Say yes or no, as often as one likes: taking back is as easy as giving."""
    number = signed_in_member(access)
    now = served.runtime.clock()
    words = [
        Consent(
            purpose=one.purpose,
            channel=one.channel,
            granted=one.granted,
            at=now,
            text_version=one.text_version,
            how=How.SELF,
        )
        for one in body.consents
    ]
    found = consents.record(
        served.db,
        served.runtime.cabinet,
        served.organization,
        MemberRef(number),
        words,
        proof=msgspec.json.encode(
            {"sent": body, "language": language, "session": access.session_id, "trace": by.trace}
        ),
        by=by,
        now=now,
    )
    return respond(tell(found, language), headers=NOT_STORED)


@router.get("/uses", **declared(UsesAnswer, scope=Scope.SELF_READ))
def get_uses(served: ServedBy, access: AccessBy, page: Paged, language: Language) -> Response:
    """Who used the member's data: when, what of it, and for what."""
    (before,) = page.start(tuple[int]) or (None,)
    rows = uses.of_member(
        served.db,
        served.organization,
        signed_in_member(access),
        before=before,
        limit=page.limit + 1,
    )
    found, last = page.cut(rows)
    following = None if last is None else write_cursor(last.id)
    return page.respond(
        UsesAnswer([tell_use(one, language) for one in found], following), following
    )


def tell_use(use: uses.Use, language: str) -> UseAnswer:
    """One use, in words."""
    why = purpose_words(use.purpose)
    return UseAnswer(
        use.at,
        name_in(language, actor_words(use.actor)),
        name_in(language, action_words(use.action)),
        list(use.fields),
        None if why is None else name_in(language, why),
    )


@router.post(
    "/export",
    **declared(
        CopyAnswer,
        scope=Scope.SELF_READ,
        is_page_too=True,
        body=OwnExportIn,
        example={"form": "html"},
        refusals=(Malformed, TooLarge, MemberNotFound, PersonalDataUnusable),
    ),
)
def export_own_data(
    *,
    body: Annotated[OwnExportIn, Depends(body_of(OwnExportIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """A copy of all that is kept about the member, as a file: to read, or to take elsewhere."""
    copy = copies.begin(
        served.db,
        served.runtime.cabinet,
        served.organization,
        MemberRef(signed_in_member(access)),
        language=language,
        reason=OWN_WISH,
        by=by,
        now=served.runtime.clock(),
    )
    return sent(copy, body.form)


@router.post(
    "/restriction",
    **declared(
        RestrictionAnswer,
        scope=Scope.SELF_WRITE,
        body=OwnRestrictionIn,
        example={"restricted": True},
        refusals=(Malformed, TooLarge, MemberNotFound),
    ),
)
def restrict_own_data(
    body: Annotated[OwnRestrictionIn, Depends(body_of(OwnRestrictionIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Begin or end a restriction: until it ends nobody opens one's personal data, and nothing is
    sent that was not asked for. Points and orders go on."""
    ref = MemberRef(signed_in_member(access))
    return restricted(served, ref, is_on=body.restricted, reason=OWN_WISH, by=by)


@router.post(
    "/erasure",
    **declared(
        ErasureAnswer,
        scope=Scope.SELF_WRITE,
        body=OwnErasureIn,
        example={"forget_me": True},
        refusals=(Malformed, TooLarge, MemberNotFound, SecondFactorNeeded),
    ),
)
async def erase_oneself(
    body: Annotated[OwnErasureIn, Depends(body_of(OwnErasureIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Be forgotten, for good. It takes a code or a passkey that was shown just now."""
    number = signed_in_member(access)
    if not access.is_strong:
        raise SecondFactorNeeded("Show first that it is you: by a code or a passkey, just now.")
    if not body.forget_me:
        raise Malformed('Say that you mean it: {"forget_me": true}.')
    return await erased(served, access, MemberRef(number), reason=OWN_WISH, by=by)
