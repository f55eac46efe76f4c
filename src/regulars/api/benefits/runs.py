"""A benefit for many members at once, over HTTP: asked for, followed, stopped."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.benefits.reading import Code, RunIn, Uses
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.operations import REPLAYED
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import IdempotencyKey, body_of, in_utc
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.benefits.refusals import GrantRunNotFound
from regulars.domain.errors import (
    ConditionInvalid,
    IdempotencyKeyReused,
    Malformed,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.ids import GRANT_RUN, encode
from regulars.domain.rosters.asking import MAX_CONDITION
from regulars.domain.runs.runs import RunKind
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import campaigns
from regulars.services.benefits.granting import Gift
from regulars.services.runs import running
from regulars.services.runs.running import House
from regulars.storage.runs.runs import Run

router = APIRouter(prefix="/v1/grant-runs", tags=["benefits"])

ACCEPTED = 202


class GrantRunIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A benefit for all members of whom the condition holds now; an empty one holds of all."""

    benefit: Code
    reason: Reason
    condition: Annotated[str, Meta(max_length=MAX_CONDITION)] = ""
    uses: Uses | None = None
    valid_until: Instant | None = None


class GrantRunAnswer(Struct, frozen=True):
    """A run. `state`: waiting, done, stopped or failed; `refusal`: the code why it failed.
    `share`: how much of the members was looked at, 0 to 1. `granted`: how many got it."""

    run: str
    benefit: str
    condition: str
    uses: int | None
    valid_until: Instant | None
    reason: str
    asked_by: str
    asked_at: Instant
    state: str
    share: float
    granted: int
    ended_at: Instant | None
    refusal: str


class GrantRunPage(Struct, frozen=True):
    """Runs, the newest first."""

    items: list[GrantRunAnswer]
    next: str | None = None


@router.post(
    "",
    **declared(
        GrantRunAnswer,
        scope=Scope.OFFERS_WRITE,
        status=ACCEPTED,
        body=GrantRunIn,
        example={
            "benefit": "lounge", "condition": 'member.tier == "gold"', "uses": 1,
            "reason": "Ten years of the shop",
        },
        refusals=(
            Malformed, TooLarge, ConditionInvalid, IdempotencyKeyReused, NoProgramInForce,
        ),
    ),
)  # fmt: skip
def begin_grant_run(
    body: Annotated[GrantRunIn, Depends(body_of(GrantRunIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
) -> Response:
    """Give a benefit to all members of whom a condition holds. The worker does it, some hundreds at
    a time; who enrols meanwhile is not among them, nor who is frozen or restricted."""
    refuse_personal({"/reason": body.reason})
    ends = None if body.valid_until is None else in_utc(body.valid_until, "/valid_until")
    gift = Gift(benefit=body.benefit, reason=body.reason, uses=body.uses, valid_until=ends)
    now = served.runtime.clock()
    run, is_repeat = running.begin(
        _house(served),
        campaigns.wish_of(gift, body.condition),
        lambda _, plan: campaigns.check(plan, gift, by=by, now=now),
        key=key, by=by, now=now,
    )  # fmt: skip
    return respond(_told(run), ACCEPTED, {REPLAYED: "true"} if is_repeat else None)


@router.get("", **declared(GrantRunPage, scope=Scope.OFFERS_READ))
def list_grant_runs(served: ServedBy, page: Paged) -> Response:
    """Benefits for many members at once, the newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    found, last = page.cut(
        running.page(_house(served), RunKind.BENEFIT, before=before, limit=page.limit + 1)
    )
    following = None if last is None else write_cursor(last.id)
    return page.respond(GrantRunPage([_told(one) for one in found], following), following)


@router.get(
    "/{run}", **declared(GrantRunAnswer, scope=Scope.OFFERS_READ, refusals=(GrantRunNotFound,))
)
def get_grant_run(run: RunIn, served: ServedBy) -> Response:
    """How far a run is."""
    return respond(_told(running.get(_house(served), RunKind.BENEFIT, run)))


@router.post(
    "/{run}/stop",
    **declared(GrantRunAnswer, scope=Scope.OFFERS_WRITE, refusals=(GrantRunNotFound,)),
)
def stop_grant_run(run: RunIn, served: ServedBy, by: ByIn) -> Response:
    """Stop a run: who got the benefit keeps it. Safe to repeat."""
    now = served.runtime.clock()
    return respond(_told(running.stop(_house(served), RunKind.BENEFIT, run, by=by, now=now)))


def _house(served: Served) -> House:
    return House(served.db, served.versions)


def _told(run: Run) -> GrantRunAnswer:
    return GrantRunAnswer(
        run=encode(GRANT_RUN, run.id),
        benefit=run.benefit,
        condition=run.condition,
        uses=run.uses,
        valid_until=run.valid_until,
        reason=run.reason,
        asked_by=run.asked_by,
        asked_at=run.asked_at,
        state=run.state,
        share=run.share,
        granted=run.granted,
        ended_at=run.ended_at,
        refusal=run.refusal,
    )
