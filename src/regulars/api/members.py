"""Members: enrolled, read, changed, given further identities; their tier and timeline."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.api import shapes
from regulars.api.callers import ByIn
from regulars.api.contract import declared, demand, respond
from regulars.api.operations import change_attributes, set_first_attributes
from regulars.api.paging import Page, Paged, write_cursor
from regulars.api.profiles import refs_of
from regulars.api.reading import IfMatch, Language, RefIn, body_of, in_utc
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.telling import tell_happening, tell_member, tell_record, tell_standing
from regulars.domain.access import Access, Scope
from regulars.domain.errors import (
    IdentityTaken,
    Malformed,
    MemberExists,
    MemberNotFound,
    NoProgramInForce,
    StaleMark,
    TooLarge,
)
from regulars.domain.ids import MEMBER, MemberRef, encode, parse_ref
from regulars.domain.members import mark_of
from regulars.services import members, timelines
from regulars.services.members import MAX_IDENTITIES, Card
from regulars.services.timelines import Told
from regulars.storage.events import Recorded

router = APIRouter(prefix="/v1/members", tags=["members"])

Ref = Annotated[str, Meta(min_length=1, max_length=250, examples=["card:4711"])]
Values = Annotated[dict[str, bool | int | str | None], Meta(max_length=50)]
OK, CREATED = 200, 201


class MemberIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A member to enrol, under ids of other systems. `enrolled_at`: now when left out."""

    refs: Annotated[list[Ref], Meta(min_length=1, max_length=MAX_IDENTITIES)]
    attributes: Values = {}
    enrolled_at: Annotated[datetime, Meta(tz=True)] | None = None


class AttributesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """New values of attributes that the program declares; null removes one."""

    attributes: Values


class IdentityIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A further id of the member in another system."""

    ref: Ref


Writer = Annotated[Access, Depends(demand(Scope.MEMBERS_WRITE))]


@router.post(
    "",
    **declared(
        shapes.MemberAnswer,
        scope=Scope.MEMBERS_WRITE,
        status=CREATED,
        again=OK,
        body=MemberIn,
        example={"refs": ["card:4711", "crm:C-88"], "attributes": {"birth_month": 5}},
        refusals=(Malformed, TooLarge, IdentityTaken, MemberExists, NoProgramInForce),
    ),
)
async def create_member(
    body: Annotated[MemberIn, Depends(body_of(MemberIn))],
    served: ServedBy,
    access: Writer,
    by: ByIn,
) -> Response:
    """Enrol a member. Safe to repeat: the same again answers 200 with the member.

    A phone: or email: among the references is put into the vault; that takes profiles:write too.
    """
    now = served.runtime.clock()
    since = now if body.enrolled_at is None else in_utc(body.enrolled_at, "/enrolled_at")

    def enrol() -> members.Enrolment:
        refs, personal = refs_of(served, access, body.refs)
        return members.enrol(
            served.db,
            served.versions,
            refs,
            attributes=body.attributes,
            enrolled_at=since,
            now=now,
            personal=personal,
            by=by,
        )

    enrolment = await anyio.to_thread.run_sync(enrol)
    card = enrolment.card
    if body.attributes:
        await set_first_attributes(served, card.member.id, body.attributes)
        card = await _look(served, MemberRef(card.member.id))
    return _member(card, access, CREATED if enrolment.is_new else OK)


@router.get(
    "/{ref}",
    **declared(shapes.MemberAnswer, scope=Scope.MEMBERS_READ, refusals=(MemberNotFound,)),
)
async def get_member(ref: RefIn, served: ServedBy, access: AccessBy) -> Response:
    """One member. The ETag stands for the attributes; send it with a change as If-Match."""
    return _member(await _look(served, ref), access)


@router.patch(
    "/{ref}",
    **declared(
        shapes.MemberAnswer,
        scope=Scope.MEMBERS_WRITE,
        body=AttributesIn,
        example={"attributes": {"birth_month": 5, "newsletter": None}},
        refusals=(Malformed, TooLarge, MemberNotFound, NoProgramInForce, StaleMark),
    ),
)
async def change_member(
    *,
    access: Writer,
    ref: RefIn,
    body: Annotated[AttributesIn, Depends(body_of(AttributesIn))],
    served: ServedBy,
    if_match: IfMatch,
    by: ByIn,
) -> Response:
    """Change declared attributes; those not named stay as they are."""
    await change_attributes(served, access, ref, attributes=body.attributes, mark=if_match, by=by)
    return _member(await _look(served, ref), access)


@router.post(
    "/{ref}/identities",
    **declared(
        shapes.MemberAnswer,
        scope=Scope.MEMBERS_WRITE,
        body=IdentityIn,
        example={"ref": "app:u-90210"},
        refusals=(Malformed, TooLarge, MemberNotFound, IdentityTaken),
    ),
)
async def add_identity(
    ref: RefIn,
    body: Annotated[IdentityIn, Depends(body_of(IdentityIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Give a member a further id. Safe to repeat."""
    further = parse_ref(body.ref, pointer="/ref")
    now = served.runtime.clock()
    card = await anyio.to_thread.run_sync(
        partial(members.identify, served.db, served.versions, ref, further, now, by=by)
    )
    return _member(card, access)


@router.get(
    "/{ref}/tier",
    **declared(
        shapes.StandingAnswer,
        scope=Scope.MEMBERS_READ,
        refusals=(MemberNotFound, NoProgramInForce),
    ),
)
def get_tier(ref: RefIn, served: ServedBy, language: Language) -> Response:
    """The member's tier now, what is missing to the next and to keep this one, and its history."""
    now = served.runtime.clock()
    return respond(tell_standing(members.standing(served.db, served.versions, ref, now), language))


Types = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=200)]],
    Query(max_length=50, description="Only events of these types", examples=[["purchase"]]),
]


@router.get(
    "/{ref}/timeline",
    **declared(shapes.TimelineAnswer, scope=Scope.MEMBERS_READ, refusals=(MemberNotFound,)),
)
def get_timeline(
    ref: RefIn,
    served: ServedBy,
    page: Paged,
    type: Types = [],  # noqa: A002, B006 - the query parameter's name; never changed
) -> Response:
    """The member's events, newest first."""
    told, found, following = _happened(served, ref, type, page)
    items = [tell_happening(event) for event in found]
    answer = shapes.TimelineAnswer(encode(MEMBER, told.member_id), items, following)
    return page.respond(answer, following)


@router.get(
    "/{ref}/explanations",
    **declared(shapes.RecordPage, scope=Scope.MEMBERS_READ, refusals=(MemberNotFound,)),
)
def get_explanations(
    ref: RefIn,
    served: ServedBy,
    language: Language,
    page: Paged,
    type: Types = [],  # noqa: A002, B006
) -> Response:
    """The same events with everything that was decided, and why, in words."""
    told, found, following = _happened(served, ref, type, page)
    items = [tell_record(event, told.table, served.book, language=language) for event in found]
    answer = shapes.RecordPage(encode(MEMBER, told.member_id), items, following)
    return page.respond(answer, following)


def _happened(
    served: Served, ref: MemberRef, types: list[str], page: Page
) -> tuple[Told, Sequence[Recorded], str | None]:
    """A page of events, and where the next one begins."""
    told = timelines.timeline(
        served.db,
        served.versions,
        ref,
        before=page.start(tuple[datetime, int]),
        types=types,
        limit=page.limit + 1,
    )
    found, last = page.cut(told.events)
    return told, found, None if last is None else write_cursor(last.occurred_at, last.id)


async def _look(served: Served, ref: MemberRef) -> Card:
    now = served.runtime.clock()
    return await anyio.to_thread.run_sync(members.look, served.db, served.versions, ref, now)


def _member(card: Card, access: Access, status: int = OK) -> Response:
    etag = f'"{mark_of(card.member.attributes)}"'
    return respond(_told(card, access), status, {"etag": etag})


def _told(card: Card, access: Access) -> shapes.MemberAnswer:
    """Numbers on cards lead to people: who only analyses sees members by our ids."""
    told = tell_member(card)
    if access.may(Scope.MEMBERS_WRITE) or access.may(Scope.PROFILES_READ):
        return told
    return replace(told, identities=[], frozen_reason="")
