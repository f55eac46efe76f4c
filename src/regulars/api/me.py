"""What a member sees of their own: for themselves, or for an application that they allowed it."""

from datetime import datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Response
from msgspec import Struct
from msgspec.structs import replace

from regulars.api import shapes
from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import AsOf, Language
from regulars.api.state import AccessBy, ServedBy
from regulars.api.telling import tell_balance, tell_happening, tell_member, tell_standing
from regulars.domain.access import Access, Scope
from regulars.domain.errors import GrantNotFound, MissingScope, NoProgramInForce
from regulars.domain.ids import MEMBER, MemberRef, encode
from regulars.domain.scope_words import words
from regulars.services import grants, members, points, timelines

router = APIRouter(prefix="/v1/me", tags=["me"])


class GrantAnswer(Struct, frozen=True):
    """What the member has allowed an application. `allows` says it in words."""

    grant: str
    client_id: str
    client_name: str
    scopes: list[str]
    allows: list[str]
    granted_at: Instant


class GrantsAnswer(Struct, frozen=True):
    """Every application that the member has allowed something, the latest first."""

    items: list[GrantAnswer]


class WithdrawnAnswer(Struct, frozen=True):
    """A grant that was taken back: nothing that came of it is believed any more."""

    grant: str


def member_of(access: Access) -> int:
    """The member who calls, or for whom an application does. Raises MissingScope for others."""
    if access.member_id is None:
        raise MissingScope("Only a member, or an application that one allowed it, has this.")
    return access.member_id


def signed_in_member(access: Access) -> int:
    """The member who has signed in; no application in their name. Raises MissingScope."""
    if access.session_id is None or access.client_id is not None:
        raise MissingScope("Only the member in person may do this: sign in.")
    return member_of(access)


@router.get("", **declared(shapes.MemberAnswer, scope=Scope.SELF_READ))
def get_own_member(served: ServedBy, access: AccessBy) -> Response:
    """The member: their tier and attributes. An application is not told their references."""
    ref = MemberRef(member_of(access))
    card = members.look(served.db, served.versions, ref, served.runtime.clock())
    # What the staff wrote to one another is theirs.
    told = replace(tell_member(card), frozen_reason="", merged=[])
    return respond(told if access.client_id is None else replace(told, identities=[]))


@router.get(
    "/balances",
    **declared(shapes.BalancesAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)),
)
def get_my_balances(served: ServedBy, access: AccessBy, at: AsOf) -> Response:
    """What the member has of each currency, at any instant."""
    ref = MemberRef(member_of(access))
    purse = points.purse(served.db, served.versions, ref, at=at, now=served.runtime.clock())
    balances = [tell_balance(found) for found in purse.currencies]
    return respond(shapes.BalancesAnswer(encode(MEMBER, purse.member_id), at, balances))


@router.get(
    "/tier",
    **declared(shapes.StandingAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)),
)
def get_my_tier(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """The member's tier, what is missing to the next and to keep this one, and its history."""
    ref = MemberRef(member_of(access))
    standing = members.standing(served.db, served.versions, ref, served.runtime.clock())
    return respond(tell_standing(standing, language))


@router.get("/timeline", **declared(shapes.TimelineAnswer, scope=Scope.SELF_READ))
def get_my_timeline(
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    type: Annotated[  # noqa: A002  # the query parameter's name
        list[Annotated[str, Query(min_length=1, max_length=200)]],
        Query(max_length=50, description="Only events of these types", examples=[["purchase"]]),
    ] = [],  # noqa: B006  # never changed
) -> Response:
    """The member's events, newest first."""
    told = timelines.timeline(
        served.db,
        served.versions,
        MemberRef(member_of(access)),
        before=page.start(tuple[datetime, int]),
        types=type,
        limit=page.limit + 1,
    )
    found, last = page.cut(told.events)
    following = None if last is None else write_cursor(last.occurred_at, last.id)
    items = [tell_happening(event) for event in found]
    answer = shapes.TimelineAnswer(encode(MEMBER, told.member_id), items, following)
    return page.respond(answer, following)


@router.get("/grants", **declared(GrantsAnswer, scope=Scope.SELF_READ))
def get_my_grants(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """Which applications the member has allowed what. Only for the member in person."""
    found = grants.listed(served.db, served.organization, signed_in_member(access))
    items = [
        GrantAnswer(
            str(one.id),
            one.client_id,
            one.client_name,
            sorted(one.scopes),
            words(one.scopes, language),
            one.granted_at,
        )
        for one in found
    ]
    return respond(GrantsAnswer(items))


@router.delete(
    "/grants/{grant}",
    **declared(WithdrawnAnswer, scope=Scope.SELF_WRITE, refusals=(GrantNotFound,)),
)
async def withdraw_my_grant(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    grant: Annotated[str, Path(description="As it was listed", pattern=r"^[0-9]{1,18}$")],
) -> Response:
    """Take back what an application was allowed: its tokens are useless within two seconds. Only
    for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    await anyio.to_thread.run_sync(
        lambda: grants.withdraw(
            served.db, served.organization, member_id, int(grant), by=by, now=now
        )
    )
    return respond(WithdrawnAnswer(grant))
