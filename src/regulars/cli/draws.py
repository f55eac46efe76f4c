"""`regulars draws`: work a lucky draw out anew from its published record, without a database."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import Struct
from rich.markup import escape

from regulars.cli.session import AsJson, out, print_json
from regulars.domain.play.auditing import PublishedPrize, PublishedTurn, check_turns

app = typer.Typer(no_args_is_help=True, help="Lucky draws, checked by anybody.")

MOST_BYTES = 200_000_000


class Record(Struct, frozen=True):
    """A page of what `GET /v1/draws/{draw}/audit` answers."""

    draw: str
    commitment: str
    seed: str
    out_of: int
    instead: str
    prizes: list[PublishedPrize]
    turns: list[PublishedTurn]


@app.callback()
def draws() -> None:
    """Lucky draws, checked by anybody."""


@app.command()
def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, help="The pages of the record, as they were downloaded."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Work every turn of a draw out anew: its roll, its prize, and that no prize was given beyond
    its stock or held back. Fails where anything does not fit."""
    pages = [_read(file) for file in files]
    first = pages[0]
    if any(_promise(page) != _promise(first) for page in pages):
        raise typer.BadParameter("These pages are of different draws.")
    found = check_turns(
        draw=first.draw,
        seed=first.seed,
        commitment=first.commitment,
        out_of=first.out_of,
        prizes=first.prizes,
        instead=first.instead,
        turns=[turn for page in pages for turn in page.turns],
    )
    if as_json:
        print_json({"turns": found.turns, "count": found.count, "faults": list(found.faults)})
    else:
        for fault in found.faults:
            out.print(escape(fault))
        out.print(
            f"{found.turns:,} turns worked out anew; "
            + (f"{found.count:,} do not fit." if found.count else "every one is as it had to be.")
        )
    if found.count:
        raise typer.Exit(1)


def _read(file: Path) -> Record:
    if file.stat().st_size > MOST_BYTES:
        raise typer.BadParameter(f"{file} is too large.")
    try:
        return msgspec.json.decode(file.read_bytes(), type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"{file} is no record of a draw: {error}"
        raise typer.BadParameter(message) from error


def _promise(page: Record) -> tuple[object, ...]:
    return page.draw, page.commitment, page.seed, page.out_of, page.instead, page.prizes
