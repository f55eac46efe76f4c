"""Publishing versions of the program, looking at them, and trying drafts."""

from datetime import datetime
from hashlib import sha256

from regulars.domain import trials
from regulars.domain.audit import By, Deed, by_system
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    NoProgramInForce,
    ProgramInvalid,
    VersionConflict,
    VersionNotFound,
)
from regulars.domain.plans import plan
from regulars.domain.programs import diff as differences
from regulars.domain.programs.changes import Change
from regulars.domain.programs.document import read, read_examples
from regulars.domain.programs.findings import Finding, Severity
from regulars.domain.programs.lint import lint as look_over
from regulars.domain.programs.source import open_document
from regulars.domain.trials import Trial
from regulars.storage import audit, programs
from regulars.storage.coupons import templates
from regulars.storage.database import Database, Tx
from regulars.storage.designing import drafts
from regulars.storage.programs import Published

MAX_NOTE = 500


def publish(
    db: Database,
    organization: int,
    document: str,
    *,
    in_force_from: datetime,
    now: datetime,
    note: str = "",
    by: By | None = None,
    draft: int | None = None,
) -> Published:
    """Add a version, in force from `in_force_from` until the next one is.

    Raises ProgramInvalid for a document with errors or whose own examples come out otherwise;
    VersionConflict unless the instant is later than every version's before.
    """
    check(document, note)
    with db.transaction(organization) as tx:
        return publish_within(
            tx,
            organization,
            document,
            in_force_from=in_force_from,
            now=now,
            note=note,
            by=by or by_system(organization),
            draft=draft,
        )


def check(document: str, note: str) -> None:
    """Raises ProgramInvalid, InvalidInput where `publish` would, whatever else is published."""
    _check_note(note)
    _refuse_failing(document, run_examples(document))


def publish_within(
    tx: Tx,
    organization: int,
    document: str,
    *,
    in_force_from: datetime,
    now: datetime,
    note: str,
    by: By,
    draft: int | None = None,
) -> Published:
    """As `publish`, together with whatever else `tx` does; `check` has passed. `draft`: the one
    that the document comes from, where it is still there. Raises VersionConflict."""
    programs.serialize(tx, organization)
    before = programs.load(tx, organization)
    latest = before[-1] if before else None
    if latest is not None and in_force_from <= latest.in_force_from:
        raise VersionConflict(
            f"Version {latest.version} is in force from {latest.in_force_from.isoformat()}; "
            f"a new version must begin later than that, not at {in_force_from.isoformat()}. "
            "What was published is never changed, so that every decision stays explained."
        )
    fresh = Published(
        version=latest.version + 1 if latest else 1,
        document=document,
        in_force_from=in_force_from,
        published_at=now,
        note=note,
    )
    programs.publish(tx, organization, fresh)
    if draft is not None:
        drafts.published(tx, organization, draft, fresh.version)
    audit.record(tx, by, [_published(fresh, latest)], now)
    return fresh


def _published(fresh: Published, before: Published | None) -> Deed:
    """With the text's digest: the version itself is never changed."""
    return Deed(
        "program.published",
        f"program:{fresh.version}",
        before={} if before is None else {"version": before.version},
        after={
            "version": fresh.version,
            "in_force_from": fresh.in_force_from,
            "sha256": sha256(fresh.document.encode()).hexdigest(),
        },
    )


def versions(db: Database, organization: int) -> list[Published]:
    """Every version, in the order in which they were published."""
    with db.transaction(organization) as tx:
        return programs.load(tx, organization)


def version(db: Database, organization: int, number: int) -> Published:
    """One version. Raises VersionConflict when there is none of that number."""
    for known in versions(db, organization):
        if known.version == number:
            return known
    raise VersionConflict(f"There is no version {number} of the program.")


def document(db: Database, organization: int, number: int) -> str:
    """The text of one version, as it was published. Raises VersionConflict."""
    return version(db, organization, number).document


def lint(text: str) -> list[Finding]:
    """Everything wrong or doubtful about a document, in the order of its text."""
    return look_over(text)


def lint_here(db: Database, organization: int, text: str) -> list[Finding]:
    """The same, with what the organization's coupon templates have to say."""
    with db.transaction(organization) as tx:
        coupons = templates.states(tx, organization)
    return look_over(text, coupons)


def diff(old: str, new: str, lang: str = "en") -> list[str]:
    """What differs between two documents, a sentence each. Raises ProgramInvalid."""
    return differences.diff(read(old), read(new), lang)


def changes(
    db: Database,
    organization: int,
    document: str,
    *,
    against: int | None,
    lang: str,
    now: datetime,
) -> tuple[int, list[Change]]:
    """What a document changes in a version, and which that is; None: the one in force now.

    Raises ProgramInvalid, VersionNotFound, NoProgramInForce.
    """
    known = versions(db, organization)
    if against is None:
        begun = [one for one in known if one.in_force_from <= now]
        if not begun:
            raise NoProgramInForce("There is nothing to compare with: publish a first version.")
        older = max(begun, key=lambda one: one.in_force_from)
    else:
        found = next((one for one in known if one.version == against), None)
        if found is None:
            raise VersionNotFound(f"There is no version {against} of the program.")
        older = found
    return older.version, differences.changes(read(older.document), read(document), lang)


def run_examples(text: str, lang: str = "en") -> list[Trial]:
    """Play the document's own examples. Raises ProgramInvalid."""
    return trials.play(plan(read(text)), read_examples(text), lang)


def has_errors(findings: list[Finding]) -> bool:
    """Whether a document with these findings cannot be published."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _check_note(note: str) -> None:
    if len(note) > MAX_NOTE:
        raise InvalidInput(
            f"A note is at most {MAX_NOTE} characters.", faults=[Fault("/note", "too long")]
        )


def _refuse_failing(text: str, played: list[Trial]) -> None:
    """Raises ProgramInvalid with every step of the examples that came out otherwise."""
    faults: list[Fault] = []
    source = open_document(text)
    for trial in played:
        for outcome in trial.outcomes:
            if outcome.differences:
                place = source.place(outcome.step.pointer)
                faults.append(
                    Fault(
                        outcome.pointer,
                        f"{trial.name}: {'; '.join(outcome.differences)}.",
                        code="example_fails",
                        line=place.line,
                        column=place.column,
                    )
                )
    if faults:
        count = "One example step" if len(faults) == 1 else f"{len(faults)} example steps"
        raise ProgramInvalid(
            f"{count} of the document came out otherwise. Line {faults[0].line}: "
            f"{faults[0].detail}",
            faults=faults,
        )
