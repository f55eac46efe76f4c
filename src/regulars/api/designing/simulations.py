"""Simulations over HTTP: what a draft would have done to what really happened."""

from datetime import datetime
from typing import Annotated, Literal

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Path, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import ACCEPTED, declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.programs import DRAFT, MAX_NOTE
from regulars.api.reading import MAX_DOCUMENT_BYTES, body_of, in_utc
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.designing.refusals import (
    DraftNotFound,
    SimulationNotFound,
    SimulationsBusy,
)
from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import (
    AS_DECIDED,
    DEFAULT_MONTHS,
    MOST_MONTHS,
    Asked,
    Simulation,
)
from regulars.domain.errors import (
    CrossSite,
    Fault,
    InvalidInput,
    Malformed,
    NoProgramInForce,
    ProgramInvalid,
    TooLarge,
    VersionNotFound,
)
from regulars.domain.ids import DRAFT as DRAFT_KIND
from regulars.domain.ids import SIMULATION, decode, encode
from regulars.domain.names import outside
from regulars.services.designing import simulations
from regulars.services.designing.simulations import IN_FORCE

router = APIRouter(prefix="/v1/simulations", tags=["simulations"])

RUNNER = "regulars.worker.simulating"
MOST = 2**31 - 1

Text = Annotated[str, Meta(min_length=1, max_length=1_000_000)]


class SimulationIn(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """What to replay: a `document`, or a `draft` (in a `revision`, else as it stands).

    The window ends at `to` (with the newest event when left out) and begins at `from`, or with the
    month that makes it `months` of them. `against`: the version to compare with, "decided" for
    those that really decided each event; the version in force now when left out.
    """

    document: Text | None = None
    draft: Annotated[str, Meta(max_length=20)] | None = None
    revision: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)] = DEFAULT_MONTHS
    from_: Annotated[datetime, Meta(tz=True)] | None = None
    to: Annotated[datetime, Meta(tz=True)] | None = None
    against: Annotated[int, Meta(ge=1, le=MOST)] | Literal["decided"] | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class SimulationHeadAnswer(Struct, frozen=True, rename={"from_": "from"}):
    """A simulation without its result. `state`: waiting, running, done, failed or cancelled.
    `done` of `total` events are replayed; `total` is null until it is known. `failure`: a code."""

    simulation: str
    state: str
    done: int
    total: int | None
    draft: str | None
    revision: int | None
    against: int | str
    from_: Instant | None
    to: Instant | None
    months: int
    note: str
    requested_by: str
    requested_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    failure: str | None


class SimulationAnswer(SimulationHeadAnswer, frozen=True, rename={"from_": "from"}):
    """A simulation; `result` once it is done. Names are by language."""

    result: SimulationResult | None


class SimulationsAnswer(Struct, frozen=True):
    """A page of simulations, newest first."""

    items: list[SimulationHeadAnswer]
    next: str | None


_result = msgspec.json.Decoder(SimulationResult)


def simulation_number(
    simulation: Annotated[
        str, Path(description="A simulation's id (sim_…)", examples=["sim_2v9c3n5x7k1qd"])
    ],
) -> int:
    """The row number of the simulation in the path; 0, which none has, for what is no such id."""
    return decode(SIMULATION, simulation) or 0


NumberIn = Annotated[int, Depends(simulation_number)]


def tell(found: Simulation) -> SimulationAnswer:
    """A simulation as it is now."""
    result = None if found.result is None else _result.decode(found.result)
    return SimulationAnswer(**msgspec.structs.asdict(_head(found)), result=result)


def _head(found: Simulation) -> SimulationHeadAnswer:
    asked = found.asked
    return SimulationHeadAnswer(
        simulation=encode(SIMULATION, found.id),
        state=found.state.value,
        done=found.done,
        total=found.total,
        draft=None if asked.draft_id is None else encode(DRAFT_KIND, asked.draft_id),
        revision=asked.draft_revision,
        against="decided" if asked.against == AS_DECIDED else asked.against,
        from_=asked.from_,
        to=asked.until,
        months=asked.months,
        note=asked.note,
        requested_by=outside(found.requested_by),
        requested_at=found.requested_at,
        started_at=found.started_at,
        ended_at=found.ended_at,
        failure=found.failure or None,
    )


@router.get("", **declared(SimulationsAnswer, scope=Scope.LEDGER_READ))
def list_simulations(served: ServedBy, page: Paged) -> Response:
    """Simulations without their results."""
    (before,) = page.start(tuple[int]) or (None,)
    found = simulations.listed(served.db, served.organization, before=before, limit=page.limit + 1)
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    items = [_head(one) for one in shown]
    return page.respond(SimulationsAnswer(items, following), following)


@router.post(
    "",
    **declared(
        SimulationAnswer,
        scope=Scope.PROGRAM_DRAFT,
        status=ACCEPTED,
        body=SimulationIn,
        example={**DRAFT, "months": 12, "note": "Double points on produce"},
        refusals=(
            Malformed, TooLarge, CrossSite, ProgramInvalid, DraftNotFound, VersionNotFound,
            NoProgramInForce, SimulationsBusy,
        ),
    ),
)  # fmt: skip
async def simulate(
    body: Annotated[SimulationIn, Depends(body_of(SimulationIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Replay what members did under a draft and under the version in force, and compare.

    Answered at once; ask for it again to see how far it is.
    """
    asked = _asked(body)

    def work() -> Simulation:
        now = served.runtime.clock()
        made = simulations.ask(served.db, served.organization, asked, by=by, now=now)
        _launch(served)
        return made

    answer = tell(await anyio.to_thread.run_sync(work))
    where = {"location": f"/v1/simulations/{answer.simulation}"}
    return respond(answer, ACCEPTED, where)


def _asked(body: SimulationIn) -> Asked:
    if (body.document is None) == (body.draft is None):
        raise InvalidInput(
            "Say what to simulate: a document, or a draft.",
            faults=[Fault("/document", "either this or a draft")],
        )
    against = AS_DECIDED if body.against == "decided" else body.against or IN_FORCE
    return Asked(
        document=body.document or "",
        draft_id=None if body.draft is None else decode(DRAFT_KIND, body.draft) or 0,
        draft_revision=body.revision if body.draft else None,
        against=against,
        from_=None if body.from_ is None else in_utc(body.from_, "/from"),
        until=None if body.to is None else in_utc(body.to, "/to"),
        months=body.months,
        note=body.note,
    )


def _launch(served: Served) -> None:
    served.runtime.launch(RUNNER, [str(served.organization)])


@router.get(
    "/{simulation}",
    **declared(SimulationAnswer, scope=Scope.LEDGER_READ, refusals=(SimulationNotFound,)),
)
def get_simulation(served: ServedBy, number: NumberIn) -> Response:
    """How far it is and, once it is done, what came of it."""
    now = served.runtime.clock()
    found = simulations.get(served.db, served.organization, number)
    if found.is_neglected(now) and simulations.look_after(served.db, served.organization, now):
        # Its process was lost, and whoever waits should not wait for the worker's next look.
        _launch(served)
    return respond(tell(found))


@router.post(
    "/{simulation}/cancel",
    **declared(
        SimulationHeadAnswer, scope=Scope.PROGRAM_DRAFT, refusals=(CrossSite, SimulationNotFound)
    ),
)
def cancel_simulation(served: ServedBy, number: NumberIn, by: ByIn) -> Response:
    """Let it go; one that has ended stays as it is."""
    now = served.runtime.clock()
    found = simulations.cancel(served.db, served.organization, number, by=by, now=now)
    return respond(_head(found))
