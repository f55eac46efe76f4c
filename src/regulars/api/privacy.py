"""Members' rights, as staff carry them out: restriction and erasure."""

from collections.abc import Callable
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.approving import REFUSALS, ApprovalAnswer, waiting
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.copies import CopyAnswer, Form, sent
from regulars.api.endings import endings_of
from regulars.api.operations import source_of, take_in
from regulars.api.reading import Language, RefIn, body_of
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.approvals import Deed, is_exempt
from regulars.domain.audit import By
from regulars.domain.errors import (
    ApprovalDecided,
    ApprovalNotFound,
    Malformed,
    MemberNotFound,
    NotYourRole,
    PersonalDataUnusable,
    SecondFactorNeeded,
    TooLarge,
)
from regulars.domain.ids import APPROVAL, MEMBER, MemberRef, decode, encode
from regulars.domain.operations import Adjustment
from regulars.domain.staffing import demand_strong, person
from regulars.domain.uses import MAX_NOTE, refuse_personal
from regulars.services import approvals, copies, erasure, members, organizations, points
from regulars.services.approvals import Asked
from regulars.services.copies import Copy
from regulars.services.erasure import Erasure
from regulars.storage.database import Tx

router = APIRouter(prefix="/v1/members/{ref}", tags=["personal data"])

MIN_REASON = 3

_NOTHING: Callable[[Tx], object] = lambda _tx: None  # noqa: E731

Reason = Annotated[str, Meta(min_length=MIN_REASON, max_length=MAX_NOTE)]


class RestrictionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the use of the member's data is restricted, and why. No personal data."""

    restricted: bool
    reason: Reason


class RestrictionAnswer(Struct, frozen=True):
    """Since when the use of the member's data is restricted; null where it is not."""

    member: str
    restricted_at: Instant | None


class CopyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a copy is made, and how it is written. `approval`: the request that was approved, where
    one was needed."""

    reason: Reason
    form: Form = Form.JSON
    approval: Annotated[str, Meta(max_length=40, examples=["apr_2v9c3n5x7k1qd"])] | None = None


class ErasureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the member is erased. No personal data."""

    reason: Reason


class ErasureAnswer(Struct, frozen=True):
    """The member was erased. `removed`: rows by table; empty for one erased before."""

    member: str
    erased_at: Instant
    removed: dict[str, int]


@router.post(
    "/restriction",
    **declared(
        RestrictionAnswer,
        scope=Scope.PRIVACY_MANAGE,
        body=RestrictionIn,
        example={"restricted": True, "reason": "The member disputes the address"},
        refusals=(Malformed, TooLarge, MemberNotFound),
    ),
)
def restrict_member(
    ref: RefIn,
    body: Annotated[RestrictionIn, Depends(body_of(RestrictionIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Begin or end a restriction: nobody opens the member's personal data and nothing is sent to
    them unasked, while points and orders go on. Safe to repeat."""
    refuse_personal({"/reason": body.reason})
    return restricted(served, ref, is_on=body.restricted, reason=body.reason, by=by)


@router.post(
    "/export",
    **declared(
        CopyAnswer,
        scope=Scope.PRIVACY_MANAGE,
        is_page_too=True,
        waits=ApprovalAnswer,
        body=CopyIn,
        example={"reason": "Asked for it by letter", "form": "json"},
        refusals=(
            Malformed,
            TooLarge,
            MemberNotFound,
            ApprovalNotFound,
            ApprovalDecided,
            NotYourRole,
            PersonalDataUnusable,
            *REFUSALS,
        ),
    ),
)
async def export_member(
    *,
    ref: RefIn,
    body: Annotated[CopyIn, Depends(body_of(CopyIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """A copy of all that is kept about a member, as a file to give to them. Where a second person
    has to agree, the answer is 202 with a request; once it is approved, send its id along."""
    refuse_personal({"/reason": body.reason})
    now = served.runtime.clock()
    card = await anyio.to_thread.run_sync(members.look, served.db, served.versions, ref, now)
    number = card.member.id
    beside = _NOTHING
    if body.approval is None:
        asked = Asked(
            deed=Deed.PERSONAL_EXPORT,
            payload={"member": encode(MEMBER, number)},
            reason=body.reason,
            member=MemberRef(number),
        )
        answer = await waiting(served, access, by, asked)
        if answer is not None:
            return answer
    else:
        approval = decode(APPROVAL, body.approval) or 0
        beside = lambda tx: approvals.claim(  # noqa: E731
            tx,
            access,
            approval,
            deed=Deed.PERSONAL_EXPORT,
            member_id=number,
            by=by,
            now=now,
        )

    def begin() -> Copy:
        return copies.begin(
            served.db,
            served.runtime.cabinet,
            served.organization,
            MemberRef(number),
            language=language,
            reason=body.reason,
            by=by,
            now=now,
            beside=beside,
        )

    return sent(await anyio.to_thread.run_sync(begin), body.form)


@router.delete(
    "",
    **declared(
        ErasureAnswer,
        scope=Scope.PRIVACY_MANAGE,
        body=ErasureIn,
        example={"reason": "Asked for it by letter"},
        refusals=(Malformed, TooLarge, MemberNotFound, NotYourRole, SecondFactorNeeded),
    ),
)
async def erase_member(
    *,
    ref: RefIn,
    body: Annotated[ErasureIn, Depends(body_of(ErasureIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Forget all that is personal of a member, for good, and end what they have open: paid cards,
    appointments ahead, orders and redemptions that are not paid yet. The books stay as they are.
    Safe to repeat, by the member's id of ours: the other references lead nowhere any more."""
    if not is_exempt(access):
        # It cannot be undone, so it takes a person, and one who is surely themselves.
        person(access)
        demand_strong(access)
    refuse_personal({"/reason": body.reason})
    return await erased(served, access, ref, reason=body.reason, by=by)


def restricted(served: Served, ref: MemberRef, *, is_on: bool, reason: str, by: By) -> Response:
    """Begin or end a restriction."""
    number, since = erasure.restrict(
        served.db,
        served.organization,
        ref,
        is_on=is_on,
        reason=reason,
        by=by,
        now=served.runtime.clock(),
    )
    return respond(RestrictionAnswer(encode(MEMBER, number), since))


async def erased(
    served: Served, access: Access, ref: MemberRef, *, reason: str, by: By
) -> Response:
    """Erase a member, and first what they could still spend, where the organization has it so."""
    await _forfeit(served, access, ref, by)

    def erase() -> Erasure:
        now = served.runtime.clock()
        return erasure.erase(
            served.db,
            served.versions,
            ref,
            reason=reason,
            by=by,
            now=now,
            endings=endings_of(served),
        )

    done = await anyio.to_thread.run_sync(erase)
    return respond(ErasureAnswer(encode(MEMBER, done.member_id), done.erased_at, done.removed))


async def _forfeit(served: Served, access: Access, ref: MemberRef, by: By) -> None:
    """Write off what can be spent. Each currency once, whatever is repeated."""

    def spendable() -> tuple[int, list[tuple[str, int]]]:
        settings = organizations.settings(served.db, served.organization)
        if settings.privacy.erased_points != "forfeit":
            return 0, []
        now = served.runtime.clock()
        purse = points.purse(served.db, served.versions, ref, at=now, now=now)
        return purse.member_id, [
            (one.currency, one.balance.available)
            for one in purse.currencies
            if one.kind == "spendable" and one.balance.available > 0
        ]

    number, found = await anyio.to_thread.run_sync(spendable)
    for currency, amount in found:
        data = Adjustment(currency=currency, amount=-amount, reason="The member is erased")
        key = f"erase:{encode(MEMBER, number)}:{currency}"
        source = source_of(access)
        await take_in(served, MemberRef(number), data, source=source, key=key, by=by)
