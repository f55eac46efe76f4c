"""Lucky draws as the staff runs them."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.play.auditing import tell_audit
from regulars.api.play.paths import DrawNumber, TurnNumber, house
from regulars.api.play.shapes import (
    ChanceAnswer,
    ChanceIn,
    DrawAnswer,
    DrawAuditAnswer,
    DrawCheckAnswer,
    DrawFiguresAnswer,
    DrawIn,
    DrawsAnswer,
    DrawStateIn,
    PlayAmount,
    PrizeFigures,
    TurnAnswer,
    TurnsAnswer,
)
from regulars.api.play.telling import tell_draw, tell_turn
from regulars.api.reading import IdempotencyKey, IfMatch, body_of, in_utc, ref_in
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    CrossSite,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    StaleMark,
    TooLarge,
)
from regulars.domain.ids import DRAW, encode
from regulars.domain.play.draws import PrizeKind
from regulars.domain.play.refusals import DrawFixed, DrawNotFound, NotAWinner
from regulars.domain.uses import refuse_personal
from regulars.services.play import draws
from regulars.services.play.draws import Figures, Looked

router = APIRouter(prefix="/v1/draws", tags=["play"])

CREATED = 201
WRITING = (Malformed, TooLarge, CrossSite, NoProgramInForce)

EXAMPLE = {
    "terms": {
        "name": {"en": "Spring draw", "zh-CN": "春季抽奖"},
        "price": {"currency": "points", "amount": 20},
        "limits": [{"most": 3, "per": "day"}],
        "out_of": 1000,
        "prizes": [
            {"code": "basket", "name": {"en": "Gift basket", "zh-CN": "礼篮"}, "kind": "goods",
             "weight": 5, "stock": 3},
            {"code": "hundred", "name": {"en": "100 points", "zh-CN": "100积分"},
             "kind": "points", "weight": 95, "currency": "points", "amount": 100},
            {"code": "none", "name": {"en": "Nothing", "zh-CN": "未中奖"}, "kind": "nothing",
             "weight": 900},
        ],
        "instead": "hundred",
    },
    "starts_at": "2026-12-01T00:00:00+08:00",
    "ends_at": "2026-12-08T00:00:00+08:00",
}  # fmt: skip

State = Annotated[
    str, Query(pattern="^(|draft|active|paused|ended)$", description="Only those in this state")
]


def _respond(looked: Looked, served: ServedBy, status: int = 200) -> Response:
    answer = tell_draw(looked, served.runtime.clock())
    return respond(answer, status, {"etag": f'"{answer.revision}"'})


@router.get("", **declared(DrawsAnswer, scope=Scope.OFFERS_READ))
def list_draws(served: ServedBy, page: Paged, state: State = "") -> Response:
    """Draws, newest first."""
    start, now = page.start(tuple[int]), served.runtime.clock()
    found = draws.listed(
        house(served),
        before=None if start is None else start[0],
        state=state,
        limit=page.limit + 1,
        now=now,
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.draw.id)
    return page.respond(DrawsAnswer([tell_draw(one, now) for one in shown], following), following)


@router.post(
    "",
    **declared(
        DrawAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        again=200,
        body=DrawIn,
        example=EXAMPLE,
        refusals=WRITING,
    ),
)
def make_draw(
    body: Annotated[DrawIn, Depends(body_of(DrawIn))],
    key: IdempotencyKey,
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Make a draw, as a draft. Its seed is fixed, and told by its SHA-256 from now on. The weights
    of its prizes add up to `out_of`, nothing left over."""
    span = in_utc(body.starts_at, "/starts_at"), in_utc(body.ends_at, "/ends_at")
    looked, is_new = draws.create(
        house(served), body.terms, span, by=by, key=key, now=served.runtime.clock()
    )
    return _respond(looked, served, CREATED if is_new else 200)


@router.get("/{draw}", **declared(DrawAnswer, scope=Scope.OFFERS_READ, refusals=(DrawNotFound,)))
def get_draw(draw: DrawNumber, served: ServedBy) -> Response:
    """A draw. The seed is told a minute after its end."""
    return _respond(draws.look(house(served), draw, served.runtime.clock()), served)


@router.put(
    "/{draw}",
    **declared(
        DrawAnswer,
        scope=Scope.OFFERS_WRITE,
        body=DrawIn,
        example=EXAMPLE,
        refusals=(*WRITING, DrawNotFound, DrawFixed, StaleMark),
    ),
)
def change_draw(
    *,
    draw: DrawNumber,
    body: Annotated[DrawIn, Depends(body_of(DrawIn))],
    mark: IfMatch,
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Change a draft. Once it was begun, a draw stays what it promised."""
    span = in_utc(body.starts_at, "/starts_at"), in_utc(body.ends_at, "/ends_at")
    now = served.runtime.clock()
    return _respond(
        draws.change(house(served), draw, body.terms, span, mark=mark, by=by, now=now), served
    )


@router.post(
    "/{draw}/state",
    **declared(
        DrawAnswer,
        scope=Scope.OFFERS_WRITE,
        body=DrawStateIn,
        example={"state": "active"},
        refusals=(*WRITING, DrawNotFound, NotAllowed, StaleMark),
    ),
)
def move_draw(
    *,
    draw: DrawNumber,
    body: Annotated[DrawStateIn, Depends(body_of(DrawStateIn))],
    mark: IfMatch,
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Begin a draw, pause it, go on with it, or end it for good. Safe to repeat."""
    now = served.runtime.clock()
    return _respond(draws.move(house(served), draw, body.state, mark=mark, by=by, now=now), served)


@router.post(
    "/{draw}/chances",
    **declared(
        ChanceAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        again=200,
        body=ChanceIn,
        example={"member": "card:4711", "amount": 2, "reason": "Came to the opening"},
        refusals=(*WRITING, DrawNotFound, MemberNotFound, NotAllowed),
    ),
)
def give_chances(
    *,
    draw: DrawNumber,
    body: Annotated[ChanceIn, Depends(body_of(ChanceIn))],
    key: IdempotencyKey,
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Give a member turns in a draw whose turns are taken by chances."""
    refuse_personal({"/reason": body.reason, "/header/idempotency-key": key})
    left, is_new = draws.give_chances(
        house(served),
        draw,
        ref_in(served, body.member, "/member"),
        amount=body.amount,
        reason=body.reason,
        by=by,
        key=key,
        now=served.runtime.clock(),
    )
    return respond(ChanceAnswer(left, not is_new), CREATED if is_new else 200)


@router.get(
    "/{draw}/statistics",
    **declared(DrawFiguresAnswer, scope=Scope.OFFERS_READ, refusals=(DrawNotFound,)),
)
def get_draw_statistics(draw: DrawNumber, served: ServedBy) -> Response:
    """How a draw goes: turns, members, and each prize as often as it was rolled and given."""
    at = house(served)
    looked = draws.look(at, draw, served.runtime.clock())
    return respond(_figures(looked, draws.figures(at, draw)))


def _figures(looked: Looked, found: Figures) -> DrawFiguresAnswer:
    terms = looked.draw.terms
    rolled: dict[str, int] = {}
    given: dict[str, int] = {}
    for one, other, count, _ in found.prizes:
        rolled[one] = rolled.get(one, 0) + count
        given[other] = given.get(other, 0) + count
    points: dict[str, int] = {}
    for prize in terms.prizes:
        if prize.kind is PrizeKind.POINTS and prize.currency and prize.amount:
            won = given.get(prize.code, 0) * prize.amount
            points[prize.currency] = points.get(prize.currency, 0) + won
    return DrawFiguresAnswer(
        draw=encode(DRAW, looked.draw.id),
        turns=found.turns,
        members=found.members,
        paid_turns=found.paid,
        points_taken=found.paid * (terms.price.amount if terms.price else 0),
        points_given=[PlayAmount(currency, amount) for currency, amount in points.items()],
        prizes=[
            PrizeFigures(
                one.code, one.name, one.kind, one.weight, one.stock, looked.left.get(one.code),
                rolled.get(one.code, 0), given.get(one.code, 0),
            )
            for one in terms.prizes
        ],
    )  # fmt: skip


@router.get(
    "/{draw}/turns", **declared(TurnsAnswer, scope=Scope.OFFERS_READ, refusals=(DrawNotFound,))
)
def list_turns(
    *,
    draw: DrawNumber,
    served: ServedBy,
    page: Paged,
    prize: Annotated[str, Query(max_length=60, description="Only those that won this")] = "",
    waiting: Annotated[bool, Query(description="Only what is to be handed out")] = False,
) -> Response:
    """The turns of a draw, newest first: who won what."""
    start = page.start(tuple[int])
    found = draws.winners(
        house(served),
        draw,
        prize=prize,
        is_waiting=waiting,
        before=None if start is None else start[0],
        limit=page.limit + 1,
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    return page.respond(TurnsAnswer([tell_turn(one) for one in shown], following), following)


@router.post(
    "/{draw}/turns/{turn}/hand-out",
    **declared(TurnAnswer, scope=Scope.DESK_USE, refusals=(CrossSite, DrawNotFound, NotAWinner)),
)
def hand_out_prize(draw: DrawNumber, turn: TurnNumber, served: ServedBy, by: ByIn) -> Response:
    """Note that goods that somebody won were handed out. Once only."""
    now = served.runtime.clock()
    return respond(tell_turn(draws.hand_out(house(served), draw, turn, by=by, now=now)))


@router.get(
    "/{draw}/audit",
    **declared(DrawAuditAnswer, scope=Scope.OFFERS_READ, refusals=(DrawNotFound, NotAllowed)),
)
def get_draw_audit(draw: DrawNumber, served: ServedBy, page: Paged) -> Response:
    """The seed and every turn of a draw that is over, in their order: `regulars draws check` works
    them out anew from this alone."""
    return tell_audit(served, draw, page)


@router.get(
    "/{draw}/check",
    **declared(DrawCheckAnswer, scope=Scope.OFFERS_READ, refusals=(DrawNotFound, NotAllowed)),
)
async def check_draw(draw: DrawNumber, served: ServedBy) -> Response:
    """Work out every turn of a draw that is over anew."""
    now = served.runtime.clock()
    found = await anyio.to_thread.run_sync(lambda: draws.check(house(served), draw, now))
    return respond(
        DrawCheckAnswer(encode(DRAW, draw), found.turns, found.count, list(found.faults))
    )
