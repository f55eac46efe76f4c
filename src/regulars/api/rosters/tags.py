"""Tags that staff and applications set on a member by hand, and take away again."""

import secrets
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.operations import source_of, take_in
from regulars.api.reading import RefIn, body_of, in_utc
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.audit import By
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    Overloaded,
    TooLarge,
)
from regulars.domain.ids import MEMBER, MemberRef, encode
from regulars.domain.members import Member, Tag
from regulars.domain.operations import TagChange
from regulars.domain.programs.schema_values import ID_PATTERN
from regulars.services import members

router = APIRouter(prefix="/v1/members/{ref}/tags", tags=["members"])

TagIn = Annotated[
    str, Path(description="A tag", pattern=ID_PATTERN, max_length=63, examples=["vip_guest"])
]


class TagTermsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How long the tag stays; without an end until it is taken away."""

    until: Instant | None = None


class MemberTagAnswer(Struct, frozen=True):
    """A tag of a member. `rule`: the rule that has set it; null by hand. `until` null: no end."""

    tag: str
    since: Instant
    until: Instant | None
    rule: str | None


class MemberTagsAnswer(Struct, frozen=True):
    """The tags that a member has now, by name."""

    member: str
    tags: list[MemberTagAnswer]


@router.get("", **declared(MemberTagsAnswer, scope=Scope.MEMBERS_READ, refusals=(MemberNotFound,)))
def get_member_tags(ref: RefIn, served: ServedBy) -> Response:
    """The tags that the member has now: those that rules have set, and those set by hand."""
    return _told(served, _member(served, ref))


@router.put(
    "/{tag}",
    **declared(
        MemberTagsAnswer,
        scope=Scope.MEMBERS_WRITE,
        body=TagTermsIn,
        example={"until": "2026-12-31T16:00:00Z"},
        refusals=(Malformed, TooLarge, MemberNotFound, NoProgramInForce, Overloaded),
    ),
)
async def set_member_tag(
    *,
    ref: RefIn,
    tag: TagIn,
    body: Annotated[TagTermsIn, Depends(body_of(TagTermsIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Set a tag on the member, or another end of it. Benefits for this tag are theirs at once. Safe
    to repeat."""
    until = None if body.until is None else in_utc(body.until, "/until")
    if until is not None and until <= served.runtime.clock():
        raise InvalidInput("A tag ends in the future.", faults=[Fault("/until", "over already")])
    member = await anyio.to_thread.run_sync(_member, served, ref)
    own = _now(served, member).get(tag)
    if own is None or own.until != until:
        change = TagChange(add={tag: until}, remove=(tag,))
        member = await _changed(served, access, member, change, by)
    return await anyio.to_thread.run_sync(_told, served, member)


@router.delete(
    "/{tag}",
    **declared(
        MemberTagsAnswer,
        scope=Scope.MEMBERS_WRITE,
        refusals=(MemberNotFound, NoProgramInForce, Overloaded),
    ),
)
async def remove_member_tag(
    *, ref: RefIn, tag: TagIn, served: ServedBy, access: AccessBy, by: ByIn
) -> Response:
    """Take a tag away, whoever has set it; a rule may set it again. Safe to repeat."""
    member = await anyio.to_thread.run_sync(_member, served, ref)
    if tag in _now(served, member):
        member = await _changed(served, access, member, TagChange(remove=(tag,)), by)
    return await anyio.to_thread.run_sync(_told, served, member)


async def _changed(
    served: Served, access: Access, member: Member, change: TagChange, by: By
) -> Member:
    ref = MemberRef(member.id)
    # Setting a tag twice changes nothing, so the caller need not name the change.
    await take_in(
        served, ref, change, source=source_of(access), key="tags:" + secrets.token_hex(16), by=by
    )
    return await anyio.to_thread.run_sync(_member, served, ref)


def _member(served: Served, ref: MemberRef) -> Member:
    now = served.runtime.clock()
    return members.look(served.db, served.versions, ref, now).member


def _now(served: Served, member: Member) -> dict[str, Tag]:
    now = served.runtime.clock()
    return {
        code: tag for code, tag in member.state.tags.items() if tag.until is None or tag.until > now
    }


def _told(served: Served, member: Member) -> Response:
    tags = [
        MemberTagAnswer(code, tag.since, tag.until, tag.rule or None)
        for code, tag in sorted(_now(served, member).items())
    ]
    return respond(MemberTagsAnswer(encode(MEMBER, member.id), tags))
