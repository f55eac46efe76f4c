"""What is held of people here, for what and how long; and what the schedule has taken away."""

from fastapi import APIRouter, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.reading import Language
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.programs.phrases import name_in
from regulars.domain.retention import CLASSES, span_of
from regulars.services import registers, retention

router = APIRouter(prefix="/v1/privacy", tags=["personal data"])


class EntryAnswer(Struct, frozen=True):
    """One line of the register. `where`: a table, a column, or a field of a profile. `nature`:
    none, pseudonymous or personal."""

    where: str
    nature: str
    purpose: str
    kept: str


class RegisterAnswer(Struct, frozen=True):
    """What is held of people, for what, and how long (GDPR, article 30)."""

    items: list[EntryAnswer]


class PeriodAnswer(Struct, frozen=True):
    """How long one kind of record is kept, and what the newest run took away. `by_schedule` false:
    the schedule leaves it."""

    what: str
    name: str
    kept_for: str
    counted_from: str
    by_schedule: bool
    last_run: Instant | None
    removed: int | None


class RetentionAnswer(Struct, frozen=True):
    """Every kind of record that ends."""

    items: list[PeriodAnswer]


@router.get("/register", **declared(RegisterAnswer, scope=Scope.PRIVACY_MANAGE))
def get_register(served: ServedBy) -> Response:
    """The register of processing, as the tables themselves say it."""
    found = registers.register(served.db, served.organization)
    items = [EntryAnswer(one.where, one.nature.value, one.purpose, one.kept) for one in found]
    return respond(RegisterAnswer(items))


@router.get("/retention", **declared(RetentionAnswer, scope=Scope.PRIVACY_MANAGE))
def get_retention(served: ServedBy, language: Language) -> Response:
    """How long what is kept here, and what went when the schedule was last executed."""
    known = retention.schedule(served.db, served.organization)
    runs = {run.what: run for run in known.runs}
    items = []
    for what, kept in CLASSES.items():
        run = runs.get(what)
        items.append(
            PeriodAnswer(
                what.value,
                name_in(language, kept.what),
                str(span_of(known.policy, what)),
                name_in(language, kept.counted_from),
                what not in known.left_out,
                None if run is None else run.run_at,
                None if run is None else run.removed,
            )
        )
    return respond(RetentionAnswer(items))
