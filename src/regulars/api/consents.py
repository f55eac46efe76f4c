"""Consents over HTTP: what members have said yes or no to, as staff and applications record it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import Language, RefIn, body_of, in_utc
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Kind, Scope
from regulars.domain.consents import PURPOSES, Channel, Consent, How
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    PersonalDataUnusable,
    TooLarge,
)
from regulars.domain.ids import MEMBER, encode
from regulars.domain.programs.phrases import name_in
from regulars.domain.sign_in_refusals import GuardianNeeded
from regulars.services import consents
from regulars.services.consents import MAX_AT_ONCE, Told

router = APIRouter(prefix="/v1/members/{ref}", tags=["personal data"])

MAX_PROOF = 4_000

Purpose = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["marketing"])]
TextVersion = Annotated[str, Meta(min_length=1, max_length=80, examples=["2026-03"])]


class WordIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A yes or a no. `text_version`: which words were shown. `said_at`: now when left out."""

    purpose: Purpose
    channel: Channel
    granted: bool
    text_version: TextVersion
    by_guardian: bool = False
    said_at: Annotated[datetime, Meta(tz=True)] | None = None


class ConsentsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the member said. `proof`: what shows it, such as the number of the paper form; it is
    sealed under the member's own key."""

    consents: Annotated[list[WordIn], Meta(min_length=1, max_length=MAX_AT_ONCE)]
    proof: Annotated[str, Meta(max_length=MAX_PROOF)] | None = None


class ConsentAnswer(Struct, frozen=True):
    """One word of the member. `how`: by what act; `recorded_by`: such as staff:12."""

    purpose: str
    name: str
    channel: str
    granted: bool
    said_at: Instant
    text_version: str
    how: str
    by_guardian: bool
    recorded_by: str
    proof: str | None = None


class ConsentsAnswer(Struct, frozen=True):
    """What counts now for each purpose and channel that was ever spoken of, and all that was said,
    oldest first. What was never spoken of is a no."""

    member: str
    standing: list[ConsentAnswer]
    history: list[ConsentAnswer]


@router.get(
    "/consents",
    **declared(
        ConsentsAnswer,
        scope=Scope.PROFILES_READ,
        refusals=(MemberNotFound, PersonalDataUnusable),
    ),
)
def get_consents(ref: RefIn, served: ServedBy, by: ByIn, language: Language) -> Response:
    """What the member has consented to, with history and proofs."""
    now = served.runtime.clock()
    found = consents.told(
        served.db, served.runtime.cabinet, served.organization, ref, by=by, at=now
    )
    return respond(tell(found, language), headers=NOT_STORED)


@router.post(
    "/consents",
    **declared(
        ConsentsAnswer,
        scope=Scope.CONSENTS_WRITE,
        body=ConsentsIn,
        example={
            "consents": [
                {
                    "purpose": "marketing",
                    "channel": "sms",
                    "granted": False,
                    "text_version": "2026-03",
                }
            ],
            "proof": "Form 4711, signed in the shop",
        },
        refusals=(Malformed, TooLarge, MemberNotFound, GuardianNeeded, PersonalDataUnusable),
    ),
)
def record_consents(
    *,
    ref: RefIn,
    body: Annotated[ConsentsIn, Depends(body_of(ConsentsIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Record what the member said. Withdrawing is the same call with `granted` false; nothing of
    what was said before is changed."""
    now = served.runtime.clock()
    how = How.STAFF if access.kind is Kind.STAFF else How.APPLICATION
    found = consents.record(
        served.db,
        served.runtime.cabinet,
        served.organization,
        ref,
        words_of(body.consents, how, now),
        proof=None if body.proof is None else body.proof.encode(),
        by=by,
        now=now,
    )
    return respond(tell(found, language), headers=NOT_STORED)


def words_of(words: Sequence[WordIn], how: How, now: datetime) -> list[Consent]:
    """What was sent, for the record. Raises InvalidInput."""
    return [
        Consent(
            purpose=one.purpose,
            channel=one.channel,
            granted=one.granted,
            at=now if one.said_at is None else in_utc(one.said_at, f"/consents/{place}/said_at"),
            text_version=one.text_version,
            how=how,
            by_guardian=one.by_guardian,
        )
        for place, one in enumerate(words)
    ]


def tell(found: Told, language: str) -> ConsentsAnswer:
    """All that a member has said."""
    counting = sorted(found.standing.items(), key=lambda one: one[0])
    return ConsentsAnswer(
        encode(MEMBER, found.member_id),
        [
            _answer(msgspec.structs.replace(word, purpose=purpose, channel=channel), language)
            for (purpose, channel), word in counting
        ],
        [_answer(one.consent, language, one.proof) for one in found.history],
    )


def _answer(word: Consent, language: str, proof: bytes | None = None) -> ConsentAnswer:
    name = PURPOSES.get(word.purpose)
    return ConsentAnswer(
        word.purpose,
        word.purpose if name is None else name_in(language, name),
        word.channel.value,
        word.granted,
        word.at,
        word.text_version,
        word.how.value,
        word.by_guardian,
        word.by,
        None if proof is None else proof.decode("utf-8", "replace"),
    )
