"""What is told of imports."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars.api.answers import EventAnswer, Instant
from regulars.api.problems import Problem
from regulars.domain.ids import IMPORT, decode, encode
from regulars.domain.imports.targets import Field
from regulars.services.importing.uploads import Opened
from regulars.storage.importing.jobs import Job

WHOLE = 1000
Mapping = Annotated[
    dict[str, Any], Meta(description="As in a mapping file of `regulars import`, written in JSON")
]


class ImportAnswer(Struct, frozen=True):
    """A file that is or was imported.

    `state`: uploaded, waiting, running, paused, done, failed or cancelled. Records are events, or
    groups of rows that are one. `repeated`: recorded before; `waiting`: returns whose purchase has
    not come; `corrected`: rejected, and taken in after all. `share`: of the file that has been
    read. `failure` is a code; `failure_line` the line at which reading ended.
    """

    id: str
    state: str
    name: str
    format: str
    size_bytes: int
    corrects: str | None
    made_by: str
    started_by: str
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    updated_at: Instant
    records_done: int
    decided: int
    repeated: int
    waiting: int
    rejected: int
    corrected: int
    share: float
    failure: str
    failure_line: int | None
    has_file: bool


class ImportPage(Struct, frozen=True):
    """Imports, newest first."""

    items: list[ImportAnswer]
    next: str | None


class TargetAnswer(Struct, frozen=True):
    """A field to which a column can be mapped. `kind`: text, integer, boolean or money."""

    name: str
    kind: str
    needed: bool
    of_line: bool


class OpenedImportAnswer(Struct, frozen=True):
    """An import with the first rows of its file. `mapping`: the one that is stored, or a guess, in
    which `doubts` name what to look at; null for a file of events. `fields`: what columns can be
    mapped to, by event type."""

    file: ImportAnswer
    columns: list[str]
    rows: list[list[str]]
    mapping: Mapping | None
    doubts: list[str]
    fields: dict[str, list[TargetAnswer]]
    currency: str | None
    time_zone: str | None


class MappingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How the columns become fields. Null: as before, or no table."""

    mapping: Mapping | None = None


class ImportTryIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping to try out on the first `records`; of the first `decide` events it is told what
    they would earn."""

    mapping: Mapping | None = None
    records: Annotated[int, Meta(ge=1, le=100)] = 20
    decide: Annotated[int, Meta(ge=0, le=10)] = 3


class TriedEventAnswer(Struct, frozen=True):
    """An event as it was understood."""

    id: str
    source: str
    type: str
    subject: str
    time: Instant
    data: dict[str, Any]


class TriedAnswer(Struct, frozen=True):
    """A record of the file. `row`: its first row, as a spreadsheet counts. Either the event, or the
    problem; `decision`: what it would do today, of the first few."""

    row: int
    rows: int
    event: TriedEventAnswer | None
    problem: Problem | None
    decision: EventAnswer | None


class TriedPage(Struct, frozen=True):
    """The first records of a file as events, or why they are none."""

    items: list[TriedAnswer]
    fine: int
    wrong: int


class RejectFaultAnswer(Struct, frozen=True):
    """What is wrong: `pointer` into the event, `code` for what has one, `column` of the file where
    that is known."""

    pointer: str
    detail: str
    code: str
    column: str | None


class RejectedAnswer(Struct, frozen=True):
    """A rejected record. `row`: its first row, as a spreadsheet counts; `rows`: its cells, or one
    line of a file of events; empty where it was too long to be kept."""

    id: str
    row: int
    code: str
    reason: str
    faults: list[RejectFaultAnswer]
    rows: list[list[Any]]


class RejectedPage(Struct, frozen=True):
    """Rejected records in the order of the file, under the columns of the file."""

    columns: list[str]
    items: list[RejectedAnswer]
    next: str | None


Cell = Annotated[str, Meta(max_length=20_000)]


class CorrectionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A rejected record to try again. `rows`: its cells as they are meant; none: as they are."""

    id: Annotated[str, Meta(min_length=1, max_length=40)]
    rows: Annotated[
        list[Annotated[list[Cell | int | float | bool | None], Meta(max_length=200)]],
        Meta(max_length=1_000),
    ] = []


class CorrectionsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Rejected records to try again."""

    records: Annotated[list[CorrectionIn], Meta(min_length=1, max_length=200)]


class CorrectedAnswer(Struct, frozen=True):
    """What became of one: decided, repeated, waiting, rejected; or gone: not rejected any more."""

    id: str
    result: str
    problem: Problem | None


class CorrectedPage(Struct, frozen=True):
    """What became of records that were tried again, in the order in which they were sent."""

    items: list[CorrectedAnswer]
    file: ImportAnswer


def tell_import(job: Job) -> ImportAnswer:
    """An import as the outside sees it."""
    return ImportAnswer(
        encode(IMPORT, job.id),
        job.state.value,
        job.name,
        job.format,
        job.size_bytes,
        None if job.corrects is None else encode(IMPORT, job.corrects),
        job.made_by,
        job.started_by,
        job.created_at,
        job.started_at,
        job.finished_at,
        job.updated_at,
        job.records_done,
        job.decided,
        job.repeated,
        job.waiting,
        job.rejected,
        job.corrected,
        job.permille / WHOLE,
        job.failure,
        job.failure_line,
        job.is_file_there,
    )


def tell_opened(
    opened: Opened,
    stored: dict[str, Any] | None,
    fields: dict[str, list[Field]],
    money: tuple[str, str] | None,
) -> OpenedImportAnswer:
    """An import with the top of its file. `money`: the program's currency and its time zone."""
    guess = opened.guess
    mapping = stored if stored is not None else None if guess is None else guess.mapping
    doubts = [] if stored is not None or guess is None else [one.value for one in guess.doubts]
    return OpenedImportAnswer(
        tell_import(opened.job),
        list(opened.top.columns),
        [list(row) for row in opened.top.rows],
        mapping,
        doubts,
        {
            code: [TargetAnswer(one.name, one.kind, one.is_needed, one.is_of_line) for one in known]
            for code, known in fields.items()
        },
        None if money is None else money[0],
        None if money is None else money[1],
    )


def number_of(text: str) -> int:
    """The row number of an import's id; 0, which none has, for what is none."""
    return decode(IMPORT, text) or 0
