"""What helps to write a program: its schema and fields, its examples played, one event tried."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Raw, Struct
from msgspec.structs import replace

from regulars.api.answers import EXPLANATION, EventAnswer, Instant, answer_of, rule_answer
from regulars.api.contract import JSON, declared, respond
from regulars.api.examples import PURCHASE
from regulars.api.problems import encode
from regulars.api.programs import DRAFT, Document
from regulars.api.reading import MAX_DOCUMENT_BYTES, Language, body_of, in_utc, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.streams import Sender
from regulars.domain.access import Access, Scope
from regulars.domain.designing.naming import Named, fields_of, functions
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import (
    CrossSite,
    Fault,
    InvalidInput,
    Malformed,
    MemberNotFound,
    ProgramInvalid,
    RegularsError,
    TooLarge,
    UnknownEventType,
)
from regulars.domain.explanations import Given
from regulars.domain.ids import MemberRef
from regulars.domain.programs.document import read
from regulars.domain.programs.examples import Expectation, Start
from regulars.domain.programs.model import Program
from regulars.domain.programs.schema import document_schema
from regulars.domain.programs.source import open_document
from regulars.domain.trials import Outcome, Trial, earned
from regulars.services import programs
from regulars.services.designing import trying
from regulars.services.intake.batch import Receipt

router = APIRouter(prefix="/v1", tags=["programs"])

READING = (Malformed, TooLarge, CrossSite, ProgramInvalid)
FAR_AHEAD = timedelta(days=3660)
"""An event may be tried at an instant to come: next Saturday, or when a season begins."""

Attributes = dict[str, bool | int | str]


class TextIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A program document, in YAML or JSON, as text. It need not be published."""

    document: Document


class SomebodyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A member who does not exist, as an event finds them."""

    tier: Annotated[str, Meta(max_length=100)] | None = None
    attributes: Annotated[Attributes, Meta(max_length=100)] = {}
    enrolled_at: Annotated[datetime, Meta(tz=True)] | None = None
    purchases: Annotated[int, Meta(ge=0, le=10**9)] = 0


class TryIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An event to be tried under a draft. `member`: on this member, as they are now; `somebody`: on
    one who begins like this; with neither, on one who is new."""

    document: Document
    event: Raw
    member: Annotated[str, Meta(min_length=1, max_length=300)] | None = None
    somebody: SomebodyIn | None = None


class ProgramSchemaAnswer(Struct, frozen=True):
    """The JSON Schema (2020-12) of program documents, with descriptions."""


class ChoiceAnswer(Struct, frozen=True):
    """One of the values that a field can have."""

    value: str
    label: str


class FieldAnswer(Struct, frozen=True):
    """A field as a condition names it. `type`: bool, int, string, timestamp, duration, or a list of
    one. `optional`: it may be absent. `line`: only in lines.where. `money`: in minor units.
    `audience`: also in audience.where. `values` is empty where any value goes."""

    name: str
    type: str
    label: str
    optional: bool
    line: bool
    money: bool
    audience: bool
    values: list[ChoiceAnswer]


class EventFieldsAnswer(Struct, frozen=True):
    """An event type, and what a rule on it may look at."""

    type: str
    label: str
    custom: bool
    fields: list[FieldAnswer]


class FunctionAnswer(Struct, frozen=True):
    """One meaning of a function: target.name(arguments), or name(arguments)."""

    name: str
    target: str | None
    arguments: list[str]
    result: str


class FieldsAnswer(Struct, frozen=True):
    """What the conditions of a program may name, by event type, and what they can call."""

    money: str
    event_types: list[EventFieldsAnswer]
    functions: list[FunctionAnswer]


class ExpectedAnswer(Struct, frozen=True):
    """What an example says must come out; null where it says nothing."""

    earned: dict[str, int] | None
    rules: dict[str, int] | None
    reasons: dict[str, str] | None
    tier: str | None
    refused: str | None


class GotAnswer(Struct, frozen=True):
    """What came out. `tier`: held afterwards. `refused`: the code of a refusal."""

    earned: dict[str, int]
    tier: str | None
    refused: str | None
    explanation: Annotated[list[Raw], EXPLANATION]


class StepAnswer(Struct, frozen=True):
    """One event of an example. `words`: what came out otherwise, a sentence each."""

    id: str
    type: str
    time: Instant
    pointer: str
    line: int
    column: int
    passed: bool
    expected: ExpectedAnswer
    got: GotAnswer
    words: list[str]


class TrialAnswer(Struct, frozen=True):
    """One example, played."""

    name: str
    passed: bool
    steps: list[StepAnswer]


class TrialsAnswer(Struct, frozen=True):
    """Every example of a document, played. `passed`: all came out as expected."""

    passed: bool
    items: list[TrialAnswer]


@router.get("/programs/schema", **declared(ProgramSchemaAnswer, scope=Scope.PROGRAM_READ))
def get_program_schema() -> Response:
    """The JSON Schema of program documents, for editors and forms."""
    return Response(encode(document_schema()), media_type=JSON)


@router.post(
    "/programs:fields",
    **declared(
        FieldsAnswer, scope=Scope.PROGRAM_READ, body=TextIn, example=DRAFT, refusals=READING
    ),
)
async def list_program_fields(
    body: Annotated[TextIn, Depends(body_of(TextIn, MAX_DOCUMENT_BYTES))], language: Language
) -> Response:
    """What conditions may name in this document: by event type, with types, labels and values."""
    program = await anyio.to_thread.run_sync(read, body.document)
    return respond(_fields(program, language))


def _fields(program: Program, language: str) -> FieldsAnswer:
    return FieldsAnswer(
        program.money,
        [
            EventFieldsAnswer(
                one.type, one.label, one.is_custom, [_field(field) for field in one.fields]
            )
            for one in fields_of(program, language)
        ],
        [
            FunctionAnswer(one.name, one.target, list(one.arguments), one.result)
            for one in functions()
        ],
    )


def _field(field: Named) -> FieldAnswer:
    return FieldAnswer(
        name=field.name,
        type=field.type,
        label=field.label,
        optional=field.is_optional,
        line=field.is_line,
        money=field.is_money,
        audience=field.name.startswith("member.") or field.name == "now",
        values=[ChoiceAnswer(choice.value, choice.label) for choice in field.choices],
    )


@router.post(
    "/programs:test",
    **declared(
        TrialsAnswer, scope=Scope.PROGRAM_READ, body=TextIn, example=DRAFT, refusals=READING
    ),
)
async def test_program(
    body: Annotated[TextIn, Depends(body_of(TextIn, MAX_DOCUMENT_BYTES))], language: Language
) -> Response:
    """Play the examples that the document brings."""

    def work() -> TrialsAnswer:
        played = programs.run_examples(body.document, language)
        source = open_document(body.document)
        told = []
        for trial in played:
            places = [source.place(outcome.step.pointer) for outcome in trial.outcomes]
            steps = [
                _step(outcome, place.line, place.column, language)
                for outcome, place in zip(trial.outcomes, places, strict=True)
            ]
            told.append(TrialAnswer(trial.name, trial.is_passed, steps))
        return TrialsAnswer(_all_passed(played), told)

    return respond(await anyio.to_thread.run_sync(work))


def _all_passed(played: list[Trial]) -> bool:
    return all(trial.is_passed for trial in played)


def _step(outcome: Outcome, line: int, column: int, language: str) -> StepAnswer:
    step, told = outcome.step, outcome.explanation
    return StepAnswer(
        id=step.id,
        type=step.type,
        time=step.time,
        pointer=outcome.pointer,
        line=line,
        column=column,
        passed=not outcome.differences,
        expected=_expected(step.expect),
        got=GotAnswer(
            {} if told is None else earned(told),
            outcome.tier or None,
            outcome.refused or None,
            [] if told is None else _reasons(told.rules, language),
        ),
        words=list(outcome.differences),
    )


def _expected(expect: Expectation) -> ExpectedAnswer:
    def plain(values: Mapping[str, int] | None) -> dict[str, int] | None:
        return None if values is None else dict(values)

    return ExpectedAnswer(
        plain(expect.earn),
        plain(expect.rules),
        None if expect.reasons is None else dict(expect.reasons),
        expect.tier,
        expect.refused,
    )


def _reasons(rules: list[Given], language: str) -> list[Raw]:
    return [rule_answer(rule, points, reason, language) for rule, points, reason in rules]


@router.post(
    "/programs:try",
    **declared(
        EventAnswer,
        scope=Scope.PROGRAM_DRAFT,
        body=TryIn,
        example={**DRAFT, "event": PURCHASE, "somebody": {"tier": "gold"}},
        refusals=(*READING, MemberNotFound, UnknownEventType),
    ),
)
async def try_program(
    body: Annotated[TryIn, Depends(body_of(TryIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    access: AccessBy,
    language: Language,
) -> Response:
    """What one event would come to under a draft, and why. Nothing is written.

    The event may lie at an instant to come. `event` and `member` in the answer are null.
    """
    if body.member is not None and body.somebody is not None:
        raise InvalidInput(
            "Name a member or describe somebody, not both.",
            faults=[Fault("/somebody", "there is a member too")],
        )
    ref = _named(served, access, body.member)
    start = None if body.somebody is None else _start(body.somebody)
    arrival = _arrival(served, access, body.event)

    def work() -> trying.Tried:
        return trying.try_event(
            served.db, served.versions, body.document, arrival, ref=ref, start=start
        )

    tried = await anyio.to_thread.run_sync(work)
    receipt = Receipt(0, 0, tried.status, 0, tried.explanation)
    answer = answer_of(receipt, arrival, language)
    return respond(replace(answer, event=None, member=None, hold=None))


def _arrival(served: Served, access: Access, event: Raw) -> Arrival:
    """The event that is tried. Raises what refuses its envelope, with pointers into the body."""
    sender = Sender(access, served.runtime.veil(served.organization))
    try:
        return sender.read(event, served.runtime.clock() + FAR_AHEAD)
    except RegularsError as refusal:
        raise trying.within_event(refusal) from refusal


def _named(served: Served, access: Access, member: str | None) -> MemberRef | None:
    """The member whose state is looked at. Raises MissingScope, InvalidInput."""
    if member is None:
        return None
    access.demand(Scope.MEMBERS_READ)
    return named(served, access, member, "/member")


def _start(somebody: SomebodyIn) -> Start:
    since = somebody.enrolled_at
    return Start(
        tier=somebody.tier,
        attributes=somebody.attributes,
        enrolled_at=None if since is None else in_utc(since, "/somebody/enrolled_at"),
        purchases=somebody.purchases,
    )
