"""`regulars export`: what is stored, for warehouses and for moving elsewhere."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from regulars.cli.session import by_operator, err, opened
from regulars.gateways.files.writing import write
from regulars.services import exports


class What(StrEnum):
    """What can be exported."""

    MEMBERS = "members"
    EVENTS = "events"
    TRANSFERS = "transfers"
    LOTS = "lots"
    CLOUDEVENTS = "cloudevents"


class Format(StrEnum):
    """How it is written."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


def export(
    what: Annotated[
        What,
        typer.Argument(help="cloudevents: what senders reported, as `regulars import` takes it."),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; without it, standard output.")
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="By the end of the file's name where it is not given."),
    ] = None,
    identified: Annotated[
        bool,
        typer.Option(
            "--identified",
            help="With the numbers that senders gave to members, to move elsewhere; without it "
            "members go by pseudonyms.",
        ),
    ] = False,
) -> None:
    """Write all records, in the order in which they came, as of one instant. Members go by
    pseudonyms. Memory stays small."""
    kind = exports.kind_of(what, identified=identified)
    written = form or _format_of(output)
    with opened() as run:
        records = exports.export(
            run.db,
            run.cabinet,
            run.organization,
            what,
            by=by_operator(run),
            now=run.clock(),
            identified=identified,
        )
        if output is None:
            write(written, records, kind.columns, sys.stdout.buffer)
            return
        with output.open("wb") as file:
            count = write(written, records, kind.columns, file)
    err.print(f"{count:,} {what} written to {escape(str(output))}")


def _format_of(output: Path | None) -> Format:
    known = {form.value: form for form in Format}
    return known.get(output.suffix[1:] if output else "", Format.NDJSON)
