"""`regulars import`: event files into the ledger, quickly, and as often as one likes."""

import os
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from regulars import runtime
from regulars.cli.progress import Bar
from regulars.cli.session import AsJson, by_operator, opened, out, print_json
from regulars.domain.errors import NoProgramInForce
from regulars.gateways.files.items import EventFile
from regulars.gateways.files.opening import open_events
from regulars.runtime import Runtime
from regulars.services import programs
from regulars.services.intake.importing import LANES, MAX_LANES, Tally, forget, import_file
from regulars.services.intake.taking import Intake
from regulars.settings import Settings

FOUND = 1
PERMILLE = 1000
WORTH_PROCESSES_BYTES = 2_000_000
"""A smaller file is done before further processes have begun."""


def import_files(
    files: Annotated[list[Path], typer.Argument(help="NDJSON, CSV or Parquet files.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", "-m", help="YAML: which columns become which fields."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Look at records that were done before once more.")
    ] = False,
    lanes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MAX_LANES,
            help="Processes that decide side by side; by default three, or one.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import files of events. Nothing is doubled, however often it is run or killed.

    An import that was stopped goes on where it was. Rejected records are written to
    FILE.rejected.ndjson or FILE.rejected.csv, with reasons; then the exit code is 1.
    """
    reports: list[dict[str, object]] = []
    sources = [open_events(path, mapping) for path in files]
    with opened() as run:
        if not programs.versions(run.db, run.organization):
            raise NoProgramInForce(
                "Nothing was published yet: regulars program publish FILE --from INSTANT comes "
                "first."
            )
        for file in sources:
            if again:
                forget(run.db, run.organization, file)
            reports.append(import_one(run, file, lanes=lanes, quiet=as_json))
    if as_json:
        print_json(reports)
    if any(report["refused"] for report in reports):
        raise typer.Exit(FOUND)


def import_one(
    run: Runtime,
    file: EventFile,
    *,
    lanes: int | None = None,
    rejects: Path | None = None,
    quiet: bool = False,
) -> dict[str, object]:
    """Import one file with a bar, and say what became of it. `rejects` is beside the file where it
    is not given."""
    if lanes is None:
        lanes = LANES if file.path.stat().st_size >= WORTH_PROCESSES_BYTES else 1
    if rejects is None:
        rejects = file.path.with_name(file.path.name + file.rejects_suffix)
    begun = time.monotonic()
    with Bar(f"Importing {file.path.name}", PERMILLE) as bar:

        def tell(tally: Tally, share: float) -> None:
            took = max(time.monotonic() - begun, 1e-9)
            refused = f", {tally.refused:,} rejected" if tally.refused else ""
            bar.reach(
                share * PERMILLE,
                said=f"{tally.taken:,} events, {tally.taken / took:,.0f}/s{refused}",
            )

        tally = import_file(
            run.db,
            run.organization,
            file,
            open_intake=partial(_open_intake, run.settings, run.organization),
            clock=run.clock,
            rejects=rejects,
            lanes=lanes,
            by=by_operator(run),
            tell=tell,
        )
    seconds = time.monotonic() - begun
    if not quiet:
        _print(file.path, tally, seconds, rejects)
    return {
        "file": os.fspath(file.path),
        "skipped": tally.skipped,
        "decided": tally.decided,
        "repeated": tally.repeated,
        "waiting": tally.waiting,
        "refused": tally.refused,
        "seconds": round(seconds, 3),
        "rejects": os.fspath(rejects) if rejects.exists() else None,
    }


def _open_intake(settings: Settings, organization: int) -> Intake:
    """An intake with connections of its own, for a lane that may be another process."""
    return Intake(runtime.start(settings).db, organization)


def _print(path: Path, tally: Tally, seconds: float, rejects: Path) -> None:
    name = escape(path.name)
    if not tally.taken:
        out.print(
            f"{name}: all {tally.skipped:,} records were imported before. "
            "--again looks at them once more."
        )
        return
    out.print(
        f"{name}: {tally.taken:,} events in {seconds:,.1f} s "
        f"({tally.taken / max(seconds, 1e-9):,.0f}/s)"
    )
    parts = {
        "decided": tally.decided,
        "recorded before": tally.repeated,
        "returns waiting for their purchase": tally.waiting,
        "rejected": tally.refused,
        "done in an earlier run": tally.skipped,
    }
    for what, count in parts.items():
        if count:
            out.print(f"  {count:>12,}  {what}")
    if rejects.exists():
        out.print(f"  [yellow]Rejected records, with reasons: {escape(str(rejects))}[/]")
