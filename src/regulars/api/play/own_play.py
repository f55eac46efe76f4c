"""A member's own play: check-ins, missed days, challenges and badges, leaderboards."""

import re
from datetime import date
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.me import member_of, signed_in_member
from regulars.api.operations import take_in
from regulars.api.play.paths import BoardNumber
from regulars.api.play.shapes import (
    BadgeAnswer,
    BoardsAnswer,
    CalendarAnswer,
    CheckInAnswer,
    CheckInIn,
    MakeUpIn,
    PlayAmount,
    PlayAnswer,
    PlayNameAnswer,
    PlayNameIn,
    StandingsAnswer,
)
from regulars.api.play.telling import tell_board, tell_progress, tell_standing
from regulars.api.reading import Language, body_of
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.envelopes import arrive
from regulars.domain.errors import (
    CrossSite,
    EventConflict,
    InsufficientPoints,
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    Overloaded,
    RegularsError,
    TooLarge,
)
from regulars.domain.events import CheckIn, Event
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.operations import PREFIX, StreakMakeUp
from regulars.domain.periods import EPOCH_DAY
from regulars.domain.play.refusals import BoardNotFound, DayTaken, NoMakeUpLeft, PlayNameTaken
from regulars.domain.programs.phrases import name_in
from regulars.services.play import boards, looking
from regulars.storage.events import decode_explanation
from regulars.storage.play import check_ins

router = APIRouter(prefix="/v1/me", tags=["play"])

SOURCE = PREFIX + "check_in"
MOST_EARLIER = 24
WRITING = (Malformed, TooLarge, CrossSite, NoProgramInForce)

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

Month = Annotated[
    str | None,
    Query(
        description="Which month; the present one where left out",
        examples=["2026-11"],
        max_length=7,
    ),
]
Earlier = Annotated[
    int, Query(ge=0, le=MOST_EARLIER, description="So many stretches before the present one")
]


@router.get("/play", **declared(PlayAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound,)))
def get_my_play(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """Challenges and streaks with the member's progress, and the badges there are to win."""
    now = served.runtime.clock()
    found = looking.play(served.db, served.versions, member_of(access), now)
    badges = [
        BadgeAnswer(
            one.badge.code,
            name_in(language, one.badge.name),
            name_in(language, one.badge.about) if one.badge.about else "",
            one.badge.picture,
            one.since,
        )
        for one in found.badges
    ]
    progress = [tell_progress(one, found.plan, language) for one in found.progress]
    return respond(PlayAnswer(found.today, progress, badges))


@router.get(
    "/check-ins", **declared(CalendarAnswer, scope=Scope.SELF_READ, refusals=(MemberNotFound,))
)
def get_my_check_ins(
    served: ServedBy, access: AccessBy, language: Language, month: Month = None
) -> Response:
    """The days of a month on which the member checked in, by the program's clocks."""
    now, first = served.runtime.clock(), None
    if month is not None:
        if not _MONTH.fullmatch(month) or not "1971" <= month < "8999":
            raise InvalidInput("A month is written as 2026-11.")
        first = date.fromisoformat(f"{month}-01")
    found = looking.calendar(
        served.db, served.versions, member_of(access), month=first, now=now
    )  # fmt: skip
    streaks = [tell_progress(one, found.plan, language) for one in found.progress]
    return respond(
        CalendarAnswer(
            found.month.isoformat()[:7],
            found.today,
            list(found.days),
            list(found.made_up),
            streaks,
        )
    )


@router.post(
    "/check-ins",
    **declared(
        CheckInAnswer,
        scope=Scope.SELF_WRITE,
        body=CheckInIn,
        example={},
        refusals=(*WRITING, MemberNotFound, Overloaded),
    ),
)
async def check_in(
    body: Annotated[CheckInIn, Depends(body_of(CheckInIn))],  # noqa: ARG001  # its shape is read
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Check in, once a day by the program's clocks: whoever does so again is told what it earned
    the first time. Only for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    ref = write_ref(MemberRef(member_id))
    before = await _look(served, member_id)
    key = f"{ref}:{before.today.isoformat()}"
    event = Event(key, SOURCE, "check_in", ref, now, now, CheckIn(channel="app"))
    outcome = (await served.desk.submit([arrive(event, by.actor)]))[0]
    is_repeat = isinstance(outcome, EventConflict)
    if isinstance(outcome, RegularsError) and not is_repeat:
        raise outcome
    if isinstance(outcome, RegularsError):
        told = await anyio.to_thread.run_sync(lambda: _decided(served, key))
    else:
        told, is_repeat = outcome.explanation, outcome.is_repeat
    answer = await _tell(served, member_id, before.today, told, language, is_repeat=is_repeat)
    return respond(answer)


@router.post(
    "/check-ins/make-ups",
    **declared(
        CheckInAnswer,
        scope=Scope.SELF_WRITE,
        body=MakeUpIn,
        example={"rule": "seven_days", "day": "2026-11-20"},
        refusals=(
            *WRITING,
            MemberNotFound,
            Overloaded,
            DayTaken,
            NoMakeUpLeft,
            InsufficientPoints,
            NotAllowed,
            MemberFrozen,
        ),
    ),
)
async def make_up(
    body: Annotated[MakeUpIn, Depends(body_of(MakeUpIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Make up for a missed day of a streak, at the price that the rule says. Safe to repeat: a day
    is paid for once. Only for the member in person."""
    member_id = signed_in_member(access)
    ref = MemberRef(member_id)
    data = StreakMakeUp(rule=body.rule, day=max(body.day.toordinal() - EPOCH_DAY, 0))
    key = f"{write_ref(ref)}:{body.rule}:{body.day.isoformat()}"
    try:
        receipt = await take_in(served, ref, data, source=PREFIX + "make_up", key=key)
    except EventConflict:
        raise DayTaken from None
    del by  # The member's own points, in their own history.
    told = receipt.explanation
    return respond(
        await _tell(served, member_id, body.day, told, language, is_repeat=receipt.is_repeat)
    )


async def _look(served: Served, member_id: int) -> looking.Play:
    now = served.runtime.clock()
    return await anyio.to_thread.run_sync(
        lambda: looking.play(served.db, served.versions, member_id, now)
    )


async def _tell(
    served: Served, member_id: int, day: date, told: Explanation, language: str, *, is_repeat: bool
) -> CheckInAnswer:
    after = await _look(served, member_id)
    earned = [PlayAmount(currency, amount) for currency, amount in told.earned.items()]
    progress = [tell_progress(one, after.plan, language) for one in after.progress]
    return CheckInAnswer(day, is_repeat, earned, list(told.badges), progress)


def _decided(served: Served, key: str) -> Explanation:
    with served.db.snapshot(served.organization) as tx:
        text = check_ins.decision(tx, served.organization, SOURCE, key)
    assert text is not None
    return decode_explanation(text)


@router.get("/play-name", **declared(PlayNameAnswer, scope=Scope.SELF_READ))
def get_my_play_name(served: ServedBy, access: AccessBy) -> Response:
    """The name that the member plays under; null for one who is on no leaderboard."""
    name = boards.own_name(served.db, served.organization, signed_in_member(access))
    return respond(PlayNameAnswer(name))


@router.put(
    "/play-name",
    **declared(
        PlayNameAnswer,
        scope=Scope.SELF_WRITE,
        body=PlayNameIn,
        example={"name": "Blue Heron"},
        refusals=(Malformed, TooLarge, CrossSite, MemberNotFound, PlayNameTaken),
    ),
)
def set_my_play_name(
    body: Annotated[PlayNameIn, Depends(body_of(PlayNameIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Play under a name of one's own choice: from then on the member stands on leaderboards, and
    others see this name and nothing else. Only for the member in person."""
    name = boards.join(
        served.db,
        served.organization,
        signed_in_member(access),
        body.name,
        by=by,
        now=served.runtime.clock(),
    )
    return respond(PlayNameAnswer(name))


@router.delete(
    "/play-name", **declared(PlayNameAnswer, scope=Scope.SELF_WRITE, refusals=(CrossSite,))
)
def leave_play(served: ServedBy, access: AccessBy, by: ByIn) -> Response:
    """Leave all leaderboards, at once. Only for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    boards.leave(served.db, served.organization, member_id, by=by, now=now)
    return respond(PlayNameAnswer(None))


@router.get("/leaderboards", **declared(BoardsAnswer, scope=Scope.SELF_READ))
def list_my_leaderboards(served: ServedBy, access: AccessBy) -> Response:
    """The leaderboards there are."""
    member_of(access)
    found, players = boards.listed(served.db, served.organization, with_ended=False)
    return respond(BoardsAnswer([tell_board(one) for one in found], players))


@router.get(
    "/leaderboards/{board}",
    **declared(StandingsAnswer, scope=Scope.SELF_READ, refusals=(BoardNotFound,)),
)
def get_my_leaderboard(
    board: BoardNumber, served: ServedBy, access: AccessBy, earlier: Earlier = 0
) -> Response:
    """The first hundred places of a leaderboard, by the names that members chose, and the member's
    own."""
    found = boards.standing(
        served.db,
        served.versions,
        board,
        member_id=signed_in_member(access),
        earlier=earlier,
        now=served.runtime.clock(),
    )
    return respond(tell_standing(found))
