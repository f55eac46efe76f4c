"""What every command needs: a runtime that is closed again, refusals in one line, two outputs."""

import getpass
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from regulars import runtime
from regulars.domain.access import Kind
from regulars.domain.audit import By
from regulars.domain.errors import InvalidInput, RegularsError
from regulars.runtime import Runtime

REFUSED = 2
"""The exit code of a refusal; 1 is for a check that found something."""

MAX_FAULTS = 20

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs to read.")]


class Commands(TyperGroup):
    """A group of commands that answers a refusal by one line and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that `ctx` names."""
        try:
            return super().invoke(ctx)
        except RegularsError as refusal:
            err.print(f"[bold red]regulars:[/] {escape(refusal.detail)} [dim]({refusal.code})[/]")
            raise typer.Exit(REFUSED) from refusal


@contextmanager
def opened() -> Iterator[Runtime]:
    """The runtime of the environment's settings; its connections are closed at the end."""
    run = runtime.start()
    try:
        yield run
    finally:
        run.close()


def by_operator(run: Runtime) -> By:
    """Whoever sits at this machine, for a record: the account of the operating system."""
    return By(run.organization, f"{Kind.COMMAND_LINE.value}:{getpass.getuser()}")


def print_json(value: object) -> None:
    """One JSON document on standard output; instants in RFC 3339."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table whose numbers stand on the right, with thousands apart."""
    table = Table(title=title, title_justify="left", header_style="bold", title_style="bold")
    cells = [tuple(row) for row in rows]
    for place, name in enumerate(columns):
        numeric = any(type(row[place]) is int for row in cells)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*(cell_text(cell) for cell in row))
    out.print(table)


def cell_text(cell: object) -> str:
    """A value as a person reads it."""
    if type(cell) is int:
        return f"{cell:,}"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return "" if cell is None else escape(str(cell))


def instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """An instant as typed: "now", RFC 3339, or a local date (and time) in `zone`.

    Raises InvalidInput.
    """
    if text == "now":
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{text!r} is no instant. Write one such as 2026-03-01T09:30:00Z, or 2026-03-01 for "
            f"the beginning of that day in {zone.key}."
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
