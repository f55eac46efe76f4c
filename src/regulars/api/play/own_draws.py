"""A member's own turns at lucky draws, and the draws there are."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response

from regulars.api.contract import declared, respond
from regulars.api.me import member_of, signed_in_member
from regulars.api.paging import Paged, write_cursor
from regulars.api.play.auditing import tell_audit
from regulars.api.play.paths import DrawNumber, house, turning_house
from regulars.api.play.shapes import (
    DrawAuditAnswer,
    LuckIn,
    OwnDrawAnswer,
    OwnDrawsAnswer,
    TurnAnswer,
    TurnsAnswer,
)
from regulars.api.play.telling import tell_own_draw, tell_turn
from regulars.api.reading import IdempotencyKey, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    CrossSite,
    IdempotencyKeyReused,
    InsufficientPoints,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    TooLarge,
)
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.play.refusals import DrawClosed, DrawNotFound, NoChanceLeft
from regulars.services.play import draws, turning
from regulars.services.play.turning import Wish

router = APIRouter(prefix="/v1/me", tags=["play"])

CREATED = 201


@router.get("/draws", **declared(OwnDrawsAnswer, scope=Scope.SELF_READ))
def list_my_draws(served: ServedBy, access: AccessBy) -> Response:
    """The draws that are on, or were until lately, with the turns that the member has left."""
    now = served.runtime.clock()
    found = draws.shown(house(served), member_of(access), now)
    return respond(OwnDrawsAnswer([tell_own_draw(one, now) for one in found]))


@router.get(
    "/draws/{draw}", **declared(OwnDrawAnswer, scope=Scope.SELF_READ, refusals=(DrawNotFound,))
)
def get_my_draw(draw: DrawNumber, served: ServedBy, access: AccessBy) -> Response:
    """A draw with its odds: `weight` of `out_of` for each prize."""
    now = served.runtime.clock()
    return respond(tell_own_draw(draws.own(house(served), member_of(access), draw, now), now))


@router.post(
    "/draws/{draw}/turns",
    **declared(
        TurnAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        again=200,
        body=LuckIn,
        example={"luck": "5f2d9c0b71ae4438"},
        refusals=(
            Malformed,
            TooLarge,
            CrossSite,
            DrawNotFound,
            DrawClosed,
            LimitReached,
            NoChanceLeft,
            InsufficientPoints,
            IdempotencyKeyReused,
            MemberNotFound,
            MemberFrozen,
            NoProgramInForce,
            NotAllowed,
        ),
    ),
)
async def take_turn(
    *,
    draw: DrawNumber,
    body: Annotated[LuckIn, Depends(body_of(LuckIn))],
    key: IdempotencyKey,
    served: ServedBy,
    access: AccessBy,
) -> Response:
    """Take a turn: its price or a chance is taken, and what is won is given, at once or not at all.
    A prize of which nothing is left gives way to the one that the draw names instead. Only for the
    member in person."""
    wish = Wish(draw, signed_in_member(access), body.luck, key)
    now = served.runtime.clock()
    turned = await anyio.to_thread.run_sync(
        lambda: turning.take_turn(turning_house(served), wish, now)
    )
    return respond(tell_turn(turned.turn), 200 if turned.is_repeat else CREATED)


@router.get(
    "/draws/{draw}/turns", **declared(TurnsAnswer, scope=Scope.SELF_READ, refusals=(DrawNotFound,))
)
def list_my_turns(draw: DrawNumber, served: ServedBy, access: AccessBy, page: Paged) -> Response:
    """The turns that the member took in a draw, newest first."""
    start = page.start(tuple[int])
    found = draws.turns_of(
        house(served),
        member_of(access),
        draw,
        before=None if start is None else start[0],
        limit=page.limit + 1,
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    return page.respond(TurnsAnswer([tell_turn(one) for one in shown], following), following)


@router.get(
    "/draws/{draw}/audit",
    **declared(DrawAuditAnswer, scope=Scope.SELF_READ, refusals=(DrawNotFound, NotAllowed)),
)
def get_my_draw_audit(
    draw: DrawNumber, served: ServedBy, access: AccessBy, page: Paged
) -> Response:
    """The seed and every turn of a draw that is over, so that any member can work it out anew.
    Players are told by names that stand for nobody."""
    member_of(access)
    return tell_audit(served, draw, page)
