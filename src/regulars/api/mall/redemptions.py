"""Redemptions over HTTP, for who packs, ships and hands out, and for the shop that takes money."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import ALWAYS, declared, demand, refused_with, respond, security
from regulars.api.mall.reading import RedemptionIdIn, counter_of
from regulars.api.mall.shapes import (
    Reason,
    RedemptionAnswer,
    RedemptionsAnswer,
    tell_redemption,
)
from regulars.api.paging import Paged, write_cursor
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import Language, body_of, instant, ref_in
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    PersonalDataUnusable,
    TooLarge,
)
from regulars.domain.ids import REDEMPTION, REWARD, SALE, decode, encode
from regulars.domain.limits.refusals import ReservationLost
from regulars.domain.mall.fulfilment import Delivery, RedemptionState
from regulars.domain.mall.pickup_codes import as_typed
from regulars.domain.mall.refusals import RedemptionNotFound, RedemptionStateWrong
from regulars.domain.uses import refuse_personal
from regulars.services import members
from regulars.services.mall import settling, showing
from regulars.services.mall.showing import Told
from regulars.storage.mall.redemptions import Asked

router = APIRouter(prefix="/v1/redemptions", tags=["redemptions"])

MOST_IN_FILE = 2_000
FINDING = (RedemptionNotFound,)
MOVING = (Malformed, TooLarge, RedemptionNotFound, RedemptionStateWrong)


class StepIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it stands now; `carrier` and `tracking` when it was shipped."""

    to: RedemptionState
    carrier: Annotated[str, Meta(max_length=60)] = ""
    tracking: Annotated[str, Meta(max_length=80)] = ""


class PaidIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`reference`: of the payment, such as the receipt's number. No personal data."""

    reference: Annotated[str, Meta(min_length=1, max_length=100)]


class RedemptionCancelIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is called off. No personal data."""

    reason: Reason


class DeliveryAnswer(Struct, frozen=True):
    """Where a redemption goes: personal data."""

    redemption: str
    name: str
    phone: str
    address: str


class RedemptionCountsAnswer(Struct, frozen=True):
    """How many there are to be seen to, by state."""

    counts: dict[str, int]


class _Search:
    """Which redemptions are asked for."""

    def __init__(
        self,
        served: ServedBy,
        *,
        state: Annotated[list[RedemptionState], Query(max_length=11)] = [],  # noqa: B006
        way: Annotated[str | None, Query(pattern="^(address|pick_up|none)$")] = None,
        place: Annotated[str | None, Query(max_length=60)] = None,
        reward: Annotated[str | None, Query(max_length=60)] = None,
        sale: Annotated[str | None, Query(max_length=60)] = None,
        member: Annotated[str | None, Query(max_length=300)] = None,
        code: Annotated[str | None, Query(max_length=40, description="As it is shown")] = None,
        since: Annotated[str | None, Query(json_schema_extra={"format": "date-time"})] = None,
        until: Annotated[str | None, Query(json_schema_extra={"format": "date-time"})] = None,
    ) -> None:
        self.asked = Asked(
            members=None if member is None else _numbers(served, member),
            states=[one.value for one in state] or None,
            way=way,
            place=place,
            reward=None if reward is None else decode(REWARD, reward) or 0,
            sale=None if sale is None else decode(SALE, sale) or 0,
            code=None if code is None else as_typed(code),
            since=None if since is None else instant(since, "/query/since"),
            until=None if until is None else instant(until, "/query/until"),
        )


def _numbers(served: Served, member: str) -> Sequence[int]:
    ref = ref_in(served, member, "/query/member")
    try:
        return [members.look(served.db, served.versions, ref, served.runtime.clock()).member.id]
    except MemberNotFound:
        return []


Search = Annotated[_Search, Depends()]


@router.get("", **declared(RedemptionsAnswer, scope=Scope.OFFERS_READ))
def list_redemptions(served: ServedBy, search: Search, page: Paged, language: Language) -> Response:
    """Redemptions, newest first. By `code`: the one whose member stands at the counter."""
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    found = showing.listed(
        served.db, served.organization, search.asked, before=before, limit=page.limit + 1, now=now
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.redemption.id)
    items = [tell_redemption(one, language, now) for one in shown]
    return page.respond(RedemptionsAnswer(items, following), following)


@router.get("/counts", **declared(RedemptionCountsAnswer, scope=Scope.OFFERS_READ))
def count_redemptions(served: ServedBy) -> Response:
    """How many there are to be packed, shipped, handed out."""
    return respond(
        RedemptionCountsAnswer(
            showing.counts(served.db, served.organization, served.runtime.clock())
        )
    )


@router.get(
    "/fulfilment.csv",
    dependencies=[Depends(demand(Scope.OFFERS_READ))],
    response_class=Response,
    openapi_extra={"security": security(Scope.OFFERS_READ)},
    responses={
        200: {"description": "A line for each redemption", "content": {"text/csv": {}}},
        **refused_with(*ALWAYS, PersonalDataUnusable),
    },
)
def download_fulfilment(
    served: ServedBy,
    search: Search,
    by: ByIn,
    access: AccessBy,
    *,
    language: Language,
    with_address: Annotated[
        bool, Query(description="With names and addresses; needs profiles:unmask, and is on record")
    ] = False,
) -> Response:
    """What is to be packed and sent, newest first, at most 2,000 lines."""
    if with_address:
        access.demand(Scope.PROFILES_UNMASK)
    now = served.runtime.clock()
    found = showing.listed(
        served.db, served.organization, search.asked, before=None, limit=MOST_IN_FILE, now=now
    )
    going: dict[int, Delivery] = {}
    if with_address:
        numbers = [one.redemption.id for one in found if one.redemption.has_address]
        going = showing.addresses(
            served.db, served.runtime.cabinet, served.organization, numbers, by=by, now=now
        )
    headers = {**NOT_STORED, "content-disposition": 'attachment; filename="fulfilment.csv"'}
    text = _written(found, going, language, now, with_address=with_address)
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _written(
    found: Sequence[Told], going: dict[int, Delivery], language: str, now: datetime, *,
    with_address: bool,
) -> bytes:  # fmt: skip
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    head = ["redemption", "placed_at", "state", "reward", "variant", "sku", "quantity", "way",
            "place", "carrier", "tracking"]  # fmt: skip
    writer.writerow([*head, *(["name", "phone", "address"] if with_address else [])])
    for told in found:
        one = tell_redemption(told, language, now)
        line = [
            one.redemption, one.placed_at.isoformat(), one.state.value, one.name, one.variant_name,
            told.variant.terms.sku, one.quantity, one.way.value, one.place_name or one.place,
            one.carrier, one.tracking,
        ]  # fmt: skip
        goes = going.get(told.redemption.id)
        if with_address:
            line += [goes.name, goes.phone, goes.address] if goes else ["", "", ""]
        writer.writerow([_tame(cell) for cell in line])
    return text.getvalue().encode()


def _tame(cell: object) -> object:
    """What a spreadsheet would take for a formula is no formula here."""
    is_formula = isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{cell}" if is_formula else cell


@router.get(
    "/{redemption}", **declared(RedemptionAnswer, scope=Scope.OFFERS_READ, refusals=FINDING)
)
def get_redemption(served: ServedBy, redemption: RedemptionIdIn, language: Language) -> Response:
    """A redemption with what became of it."""
    return tell(served, redemption, language)


@router.post(
    "/{redemption}/steps",
    **declared(
        RedemptionAnswer,
        scope=Scope.DESK_USE,
        body=StepIn,
        example={"to": "shipped", "carrier": "SF Express", "tracking": "SF1020304050"},
        refusals=MOVING,
    ),
)
async def move_redemption(
    served: ServedBy,
    by: ByIn,
    redemption: RedemptionIdIn,
    language: Language,
    body: Annotated[StepIn, Depends(body_of(StepIn))],
) -> Response:
    """Say where it stands: accepted, packed, shipped, ready, delivered, picked up. Steps may be
    left out, and none is gone back. Safe to repeat."""
    refuse_personal({"/carrier": body.carrier})

    def work() -> Response:
        settling.step(
            counter_of(served), redemption, body.to, carrier=body.carrier, tracking=body.tracking,
            by=by, now=served.runtime.clock(),
        )  # fmt: skip
        return tell(served, redemption, language)

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/{redemption}/payment",
    **declared(
        RedemptionAnswer,
        scope=Scope.ORDERS_WRITE,
        body=PaidIn,
        example={"reference": "receipt-20231"},
        refusals=(*MOVING, ReservationLost),
    ),
)
async def pay_redemption(
    served: ServedBy,
    by: ByIn,
    redemption: RedemptionIdIn,
    language: Language,
    body: Annotated[PaidIn, Depends(body_of(PaidIn))],
) -> Response:
    """The shop has the money for the cash part: the points that were held are spent now. Safe to
    repeat with the same reference."""
    refuse_personal({"/reference": body.reference})

    def work() -> Response:
        settling.pay(
            counter_of(served), redemption, reference=body.reference, by=by,
            now=served.runtime.clock(),
        )  # fmt: skip
        return tell(served, redemption, language)

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/{redemption}/cancellation",
    **declared(
        RedemptionAnswer,
        scope=Scope.DESK_USE,
        body=RedemptionCancelIn,
        example={"reason": "Broken in the store room"},
        refusals=MOVING,
    ),
)
async def cancel_redemption(
    served: ServedBy,
    by: ByIn,
    redemption: RedemptionIdIn,
    language: Language,
    body: Annotated[RedemptionCancelIn, Depends(body_of(RedemptionCancelIn))],
) -> Response:
    """Call it off, until it is in the member's hands: points and pieces come back. Safe to
    repeat."""
    refuse_personal({"/reason": body.reason})

    def work() -> Response:
        done = settling.cancel(
            counter_of(served), redemption, reason=body.reason, by=by, now=served.runtime.clock()
        )
        served.mall.look_again(done.sale_id)
        return tell(served, redemption, language)

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/{redemption}/address:open",
    **declared(
        DeliveryAnswer,
        scope=Scope.PROFILES_UNMASK,
        refusals=(RedemptionNotFound, PersonalDataUnusable),
    ),
)
def open_address(served: ServedBy, by: ByIn, redemption: RedemptionIdIn) -> Response:
    """Where it is to be sent, in full. The member sees who looked."""
    found = showing.addresses(
        served.db, served.runtime.cabinet, served.organization, [redemption],
        by=by, now=served.runtime.clock(),
    ).get(redemption)  # fmt: skip
    if found is None:
        raise RedemptionNotFound("It has no address, or it may not be looked at any more.")
    name = encode(REDEMPTION, redemption)
    answer = DeliveryAnswer(name, found.name, found.phone, found.address)
    return respond(answer, headers=NOT_STORED)


def tell(served: Served, number: int, language: str) -> Response:
    """A redemption as it is now."""
    now: Instant = served.runtime.clock()
    found = showing.one(served.db, served.organization, number)
    return respond(tell_redemption(found, language, now))
