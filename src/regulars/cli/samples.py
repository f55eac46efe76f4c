"""`regulars sample`: invented events in any number, for trying things out."""

import csv
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from regulars.cli.progress import Bar
from regulars.cli.session import instant
from regulars.domain.amounts import exponent
from regulars.domain.errors import InvalidInput
from regulars.insight.samples.stream import Wish, stream
from regulars.insight.samples.tables import HEADERS, table
from regulars.runtime import system_clock

FORMS = ("ndjson", "csv")


def sample(  # noqa: PLR0917  # options, each given by name
    events: Annotated[int, typer.Option(min=1, help="How many events.")] = 10_000,
    members: Annotated[int, typer.Option(min=1, help="How many members, at most.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Another seed gives other events.")] = 1,
    since: Annotated[str, typer.Option("--from", help="The first day.")] = "2025-01-01",
    until: Annotated[str, typer.Option(help="The first day after it.")] = "2026-01-01",
    zone: Annotated[str, typer.Option(help="Where the shops are.")] = "America/New_York",
    money: Annotated[str, typer.Option(help="ISO 4217 code.")] = "USD",
    form: Annotated[
        str, typer.Option("--format", help="ndjson, or csv: receipts, with a row for each line.")
    ] = "ndjson",
    language: Annotated[str, typer.Option(help="Of the columns of a CSV file: en or zh-CN.")] = (
        "en"
    ),
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; without it, standard output.")
    ] = None,
) -> None:
    """Write invented purchases, returns, visits and reviews of a supermarket's members.

    CloudEvents in the order of time, one JSON text a line, for examples/grocery.yaml. The same
    options give the same file, byte for byte.
    """
    if form not in FORMS or language not in HEADERS:
        raise InvalidInput("--format is ndjson or csv, --language is en or zh-CN.")
    wish = _wish(
        members=members, events=events, seed=seed, since=since, until=until, zone=zone, money=money
    )
    with ExitStack() as stack:
        target: TextIO = sys.stdout
        if output is not None:
            target = stack.enter_context(output.open("w", encoding="utf-8", newline="\n"))
        if form == "csv":
            # Spreadsheets take a file for UTF-8 when it begins with this mark.
            target.write("\ufeff")
            csv.writer(target).writerows(table(wish, language, exponent(money)))
            return
        bar = stack.enter_context(Bar("Inventing", events))
        done = 0
        for texts in stream(wish):
            target.write("\n".join(texts))
            target.write("\n")
            done += len(texts)
            bar.reach(done, said=f"{done:,} events")


def _wish(
    *, members: int, events: int, seed: int, since: str, until: str, zone: str, money: str
) -> Wish:
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(f"There is no time zone {zone!r}.") from error
    now = system_clock()
    begin, end = instant(since, place, now), instant(until, place, now)
    if end <= begin:
        raise InvalidInput("--until must be later than --from.")
    return Wish(members, events, seed, begin, end, place, money)
