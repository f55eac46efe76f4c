"""What callers do to points: recorded as the product's own facts, once for each Idempotency-Key."""

import secrets
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api import approving
from regulars.api.approving import ApprovalAnswer
from regulars.api.callers import ByIn
from regulars.api.contract import declared, demand, respond
from regulars.api.reading import HoldIn, IdempotencyKey, RefIn, body_of, ref_in
from regulars.api.shapes import MovementAnswer
from regulars.api.state import Served, ServedBy
from regulars.api.telling import tell_movement
from regulars.domain.access import Access, Scope
from regulars.domain.approvals import is_exempt
from regulars.domain.audit import By
from regulars.domain.envelopes import arrive
from regulars.domain.errors import (
    EventConflict,
    HoldNotFound,
    HoldNotOpen,
    IdempotencyKeyReused,
    InsufficientPoints,
    Malformed,
    MemberExists,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    Overloaded,
    RegularsError,
    StaleMark,
    TooLarge,
)
from regulars.domain.events import Event, Word
from regulars.domain.free_texts import free_texts
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.members import mark_of
from regulars.domain.operations import (
    PREFIX,
    Adjustment,
    Amount,
    ConversionOrder,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    MemberChange,
    Operation,
    PointsTransfer,
    Redemption,
    type_of,
)
from regulars.domain.uses import refuse_personal
from regulars.services import points
from regulars.services.intake.batch import Receipt

router = APIRouter(prefix="/v1/members/{ref}", tags=["points"])

SOURCE = PREFIX + "api:"
"""With the caller: the Idempotency-Keys of two callers never meet."""

ENROLMENT = PREFIX + "enrolment"

CREATED = 201
REPLAYED = "idempotent-replayed"


class TransferIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Points for another member; they keep their expiry."""

    to: Word
    currency: Word
    amount: Amount


class CaptureIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the hold is spent; the rest is given back. Without an amount: all of it."""

    amount: Amount | None = None


class ReleaseIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said."""


def _operation(
    body: type[Struct],
    example: object,
    *refusals: type[RegularsError],
    waits: type[Struct] | None = None,
) -> dict[str, Any]:
    """The declaration of a route that records an operation."""
    return declared(
        MovementAnswer,
        scope=Scope.LEDGER_WRITE,
        status=CREATED,
        waits=waits,
        body=body,
        example=example,
        refusals=(
            Malformed,
            TooLarge,
            MemberNotFound,
            NoProgramInForce,
            IdempotencyKeyReused,
            Overloaded,
            *refusals,
        ),
    )


class _Call:
    """Who asks for what to be done to whom, under which key."""

    def __init__(
        self,
        served: ServedBy,
        access: Annotated[Access, Depends(demand(Scope.LEDGER_WRITE))],
        key: IdempotencyKey,
        ref: RefIn,
        by: ByIn,
    ) -> None:
        self.served = served
        self.member = ref
        self._access = access
        self._key = key
        self._by = by

    async def waiting(self, data: Adjustment) -> Response | None:
        """The answer that says that this waits for a second person; None: go ahead."""
        if is_exempt(self._access):
            return None
        refuse_personal(free_texts(data) | {"/header/idempotency-key": self._key})
        source = source_of(self._access)
        asked = approving.adjustment(data, self.member, key=self._key, source=source)
        return await approving.waiting(self.served, self._access, self._by, asked)

    async def record(self, data: Operation) -> Response:
        """Do it, or find that it was done: the first answer again."""
        source = source_of(self._access)
        try:
            receipt = await take_in(
                self.served, self.member, data, source=source, key=self._key, by=self._by
            )
        except EventConflict as conflict:
            raise IdempotencyKeyReused from conflict
        served = self.served
        moved = await anyio.to_thread.run_sync(
            points.movement, served.db, served.organization, receipt.event_id
        )
        headers = {REPLAYED: "true"} if receipt.is_repeat else None
        return respond(tell_movement(moved), CREATED, headers)


Call = Annotated[_Call, Depends()]


@router.post(
    "/adjustments",
    **_operation(
        Adjustment,
        {"currency": "stars", "amount": -5, "reason": "Credited twice by mistake"},
        InsufficientPoints,
        NotAllowed,
        *approving.REFUSALS,
        waits=ApprovalAnswer,
    ),
)
async def adjust_points(
    call: Call, body: Annotated[Adjustment, Depends(body_of(Adjustment))]
) -> Response:
    """Correct points by hand: more or, with a negative amount, fewer.

    Above the organization's limit staff show their second factor, and it waits for a second person
    (202).
    """
    return await call.waiting(body) or await call.record(body)


@router.post(
    "/redemptions",
    **_operation(
        Redemption,
        {"currency": "stars", "amount": 10, "reference": "order-881"},
        InsufficientPoints,
        NotAllowed,
    ),
)
async def redeem_points(
    call: Call, body: Annotated[Redemption, Depends(body_of(Redemption))]
) -> Response:
    """Spend points for good, soonest-expiring first."""
    return await call.record(body)


@router.post(
    "/transfers",
    **_operation(
        TransferIn,
        {"to": "card:4712", "currency": "stars", "amount": 3},
        InsufficientPoints,
        NotAllowed,
    ),
)
async def transfer_points(
    call: Call, body: Annotated[TransferIn, Depends(body_of(TransferIn))]
) -> Response:
    """Give points to another member, where the program lets them be given."""
    to = await anyio.to_thread.run_sync(ref_in, call.served, body.to, "/to")
    data = PointsTransfer(to=write_ref(to), currency=body.currency, amount=body.amount)
    return await call.record(data)


@router.post(
    "/conversions",
    **_operation(
        ConversionOrder,
        {"source": "points", "target": "miles", "amount": 1000},
        InsufficientPoints,
        NotAllowed,
    ),
)
async def convert_points(
    call: Call, body: Annotated[ConversionOrder, Depends(body_of(ConversionOrder))]
) -> Response:
    """Convert points of one currency into another, at the program's rate."""
    return await call.record(body)


@router.post(
    "/holds",
    **_operation(
        HoldOpening,
        {"currency": "stars", "amount": 10, "seconds": 900, "reference": "basket-17"},
        InsufficientPoints,
        NotAllowed,
    ),
)
async def open_hold(
    call: Call, body: Annotated[HoldOpening, Depends(body_of(HoldOpening))]
) -> Response:
    """Reserve points for a while: to be captured or released, or else given back by themselves."""
    return await call.record(body)


@router.post(
    "/holds/{hold}/capture",
    **_operation(CaptureIn, {"amount": 8}, HoldNotFound, HoldNotOpen, InsufficientPoints),
)
async def capture_hold(
    call: Call, hold: HoldIn, body: Annotated[CaptureIn, Depends(body_of(CaptureIn))]
) -> Response:
    """Spend held points: all, or a part and give the rest back."""
    await _must_exist(call, hold)
    return await call.record(HoldCapture(hold=hold, amount=body.amount))


@router.post("/holds/{hold}/release", **_operation(ReleaseIn, {}, HoldNotFound, HoldNotOpen))
async def release_hold(
    call: Call, hold: HoldIn, _body: Annotated[ReleaseIn, Depends(body_of(ReleaseIn))]
) -> Response:
    """Give held points back."""
    await _must_exist(call, hold)
    return await call.record(HoldRelease(hold=hold))


async def _must_exist(call: _Call, hold: int) -> None:
    served = call.served
    await anyio.to_thread.run_sync(points.hold_of, served.db, served.versions, call.member, hold)


async def change_attributes(
    served: Served,
    access: Access,
    ref: MemberRef,
    *,
    attributes: dict[str, bool | int | str | None],
    mark: str | None,
    by: By | None = None,
) -> None:
    """Record new values; with a mark, only if the attributes are still those it stands for."""
    change = MemberChange(attributes=attributes, mark=mark)
    # Setting values twice changes nothing, so the caller need not name the change.
    key = "change:" + secrets.token_hex(16)
    await take_in(served, ref, change, source=source_of(access), key=key, by=by)


async def set_first_attributes(
    served: Served, member_id: int, attributes: dict[str, bool | int | str | None]
) -> None:
    """Record what a member was enrolled with. Safe to repeat. Raises MemberExists."""
    ref = MemberRef(member_id)
    change = MemberChange(attributes=attributes, mark=mark_of({}))
    try:
        await take_in(served, ref, change, source=ENROLMENT, key=f"enrol:{write_ref(ref)}")
    except (EventConflict, StaleMark) as refusal:
        raise MemberExists("The member is there already, with other attributes.") from refusal


async def take_in(
    served: Served,
    ref: MemberRef,
    data: Operation,
    *,
    source: str,
    key: str,
    by: By | None = None,
) -> Receipt:
    """Record one operation, now, and that `by` asked for it. What is recorded is kept for good, so
    free texts in it are looked through first. Raises RegularsErrors."""
    refuse_personal(free_texts(data) | {"/header/idempotency-key": key})
    now = served.runtime.clock()
    event = Event(key, source, type_of[type(data)], write_ref(ref), now, now, data)
    outcomes = await served.desk.submit([arrive(event, "" if by is None else by.actor, by)])
    if isinstance(outcomes[0], RegularsError):
        raise outcomes[0]
    return outcomes[0]


def source_of(access: Access) -> str:
    """The source of what this caller has done."""
    return f"{SOURCE}{access.actor}"
