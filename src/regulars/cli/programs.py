"""`regulars program`: lint, test, publish and compare program documents."""

import re
from typing import Annotated

import typer
from rich.markup import escape

from regulars.cli import simulating
from regulars.cli.documents import File, read_text
from regulars.cli.session import AsJson, by_operator, instant, opened, out, print_json, print_table
from regulars.domain.errors import Fault, ProgramInvalid
from regulars.domain.programs.document import read
from regulars.domain.programs.findings import Finding, Severity
from regulars.domain.programs.schema import document_schema
from regulars.domain.trials import Outcome, Trial
from regulars.services import programs

app = typer.Typer(no_args_is_help=True, help="The document that says what acts earn.")

FOUND = 1

app.command("simulate")(simulating.simulate)


@app.command()
def lint(file: File, as_json: AsJson = False) -> None:
    """Look a document over: errors keep it from being published, warnings are worth a thought.

    Exit code 1 when there are errors.
    """
    findings = _findings(read_text(file))
    if as_json:
        print_json(findings)
    else:
        _print_findings(file, findings)
    if programs.has_errors(findings):
        raise typer.Exit(FOUND)


def _findings(text: str) -> list[Finding]:
    """What lint says; a text that is no document at all is one more finding."""
    try:
        return programs.lint(text)
    except ProgramInvalid as refusal:
        return [_as_finding(fault) for fault in refusal.faults]


def _as_finding(fault: Fault) -> Finding:
    return Finding(
        Severity.ERROR, fault.code, fault.pointer, fault.line or 1, fault.column or 1, fault.detail
    )


def _print_findings(file: str, findings: list[Finding]) -> None:
    for found in findings:
        colour = "red" if found.severity is Severity.ERROR else "yellow"
        out.print(
            f"{escape(file)}:{found.line}:{found.column}: [{colour}]{found.severity}[/] "
            f"{escape(found.message)} [dim]\\[{found.code}][/]"
        )
    errors = sum(found.severity is Severity.ERROR for found in findings)
    out.print(f"{_counted(errors, 'error')}, {_counted(len(findings) - errors, 'warning')}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


@app.command("test")
def run_examples(file: File, as_json: AsJson = False) -> None:
    """Play the examples that the document brings. Exit code 1 when one comes out otherwise."""
    text = read_text(file)
    try:
        trials = programs.run_examples(text)
    except ProgramInvalid as refusal:
        _print_findings(file, [_as_finding(fault) for fault in refusal.faults])
        raise typer.Exit(FOUND) from refusal
    if as_json:
        print_json([_trial_record(trial) for trial in trials])
    else:
        _print_trials(trials)
    if not all(trial.is_passed for trial in trials):
        raise typer.Exit(FOUND)


def _print_trials(trials: list[Trial]) -> None:
    for trial in trials:
        mark = "[green]passed[/]" if trial.is_passed else "[red]failed[/]"
        out.print(f"{mark}  {escape(trial.name)}")
        for outcome in trial.outcomes:
            for wrong in outcome.differences:
                out.print(f"        {outcome.pointer}: {escape(wrong)}")
    failed = sum(not trial.is_passed for trial in trials)
    out.print(f"{len(trials) - failed} passed, {failed} failed")


def _trial_record(trial: Trial) -> dict[str, object]:
    return {
        "name": trial.name,
        "passed": trial.is_passed,
        "events": [_outcome_record(outcome) for outcome in trial.outcomes],
    }


def _outcome_record(outcome: Outcome) -> dict[str, object]:
    return {
        "pointer": outcome.pointer,
        "id": outcome.step.id,
        "differences": outcome.differences,
        "refused": outcome.refused or None,
        "tier": outcome.tier,
        "explanation": outcome.explanation,
    }


@app.command()
def publish(
    file: File,
    in_force_from: Annotated[
        str,
        typer.Option(
            "--from",
            help="When it takes force: now, 2026-03-01T00:00:00Z, or a date in its time zone.",
        ),
    ] = "now",
    note: Annotated[str, typer.Option(help="What changed and why.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a version of the program. Published versions are never changed."""
    text = read_text(file)
    try:
        program = read(text)
        with opened() as run:
            now = run.clock()
            published = programs.publish(
                run.db,
                run.organization,
                text,
                in_force_from=instant(in_force_from, program.zone, now),
                now=now,
                note=note,
                by=by_operator(run),
            )
    except ProgramInvalid as refusal:
        _print_findings(file, [_as_finding(fault) for fault in refusal.faults])
        raise typer.Exit(FOUND) from refusal
    if as_json:
        print_json(
            {"version": published.version, "in_force_from": published.in_force_from, "note": note}
        )
    else:
        out.print(
            f"Version {published.version} of {program.code} is in force from "
            f"{published.in_force_from.isoformat()}."
        )


@app.command()
def versions(as_json: AsJson = False) -> None:
    """List what was published."""
    with opened() as run:
        known = programs.versions(run.db, run.organization)
    if as_json:
        print_json(
            [
                {
                    "version": one.version,
                    "in_force_from": one.in_force_from,
                    "published_at": one.published_at,
                    "note": one.note,
                }
                for one in known
            ]
        )
        return
    print_table(
        "Program versions",
        ["version", "in force from", "published", "note"],
        [(one.version, one.in_force_from, one.published_at, one.note) for one in known],
    )


@app.command()
def show(number: Annotated[int, typer.Argument(metavar="VERSION", min=1)]) -> None:
    """Print the document of a version, as it was published."""
    with opened() as run:
        text = programs.document(run.db, run.organization, number)
    typer.echo(text, nl=not text.endswith("\n"))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A version number or a file.")],
    new: Annotated[str, typer.Argument(help="A version number or a file.")],
    as_json: AsJson = False,
) -> None:
    """Tell in words what differs between two documents."""
    sentences = programs.diff(_text_of(old), _text_of(new))
    if as_json:
        print_json(sentences)
        return
    for sentence in sentences:
        typer.echo(f"- {sentence}")
    if not sentences:
        typer.echo("The two say the same.")


def _text_of(named: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", named):
        return read_text(named)
    with opened() as run:
        return programs.document(run.db, run.organization, int(named))


@app.command()
def schema() -> None:
    """Print the JSON Schema of program documents, for editors."""
    print_json(document_schema())
