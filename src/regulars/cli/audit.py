"""`regulars audit`: who did what, and whether the record of it is whole."""

import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from msgspec import Raw
from rich.markup import escape

from regulars.cli.progress import Bar
from regulars.cli.session import (
    AsJson,
    by_operator,
    cell_text,
    err,
    instant,
    opened,
    out,
    print_json,
)
from regulars.domain.chains import Entry, write_head
from regulars.domain.ids import MEMBER, encode, parse_ref
from regulars.gateways.files.writing import write
from regulars.gateways.log_lines import flat
from regulars.runtime import Runtime
from regulars.services import auditing
from regulars.services.auditing import Verdict
from regulars.storage.audit_search import Wanted

app = typer.Typer(no_args_is_help=True, help="The record of who did what, and why.")

FOUND = 1
MAX_LISTED = 10_000
UTC_ZONE = ZoneInfo("UTC")
NOTHING = "{}"
COLUMNS = {
    "entry": "int", "at": "time", "actor": "text", "action": "text", "target": "text",
    "member": "text", "purpose": "text", "before": "json", "after": "json", "trace": "text",
}  # fmt: skip


NESTED = frozenset(name for name, kind in COLUMNS.items() if kind == "json")


class Format(StrEnum):
    """How an export is written."""

    NDJSON = "ndjson"
    CSV = "csv"


Actor = Annotated[str | None, typer.Option(help="Who did it, such as staff:12 or cli:ann.")]
Action = Annotated[str | None, typer.Option(help="How the action begins, such as key.")]
Target = Annotated[str | None, typer.Option(help="To what it was done, such as key:3.")]
Member = Annotated[str | None, typer.Option(help="A member: mem_… or system:id.")]
Trace = Annotated[str | None, typer.Option(help="The trace id of a request.")]
Since = Annotated[str | None, typer.Option("--from", help="Not before this instant.")]
Until = Annotated[str | None, typer.Option("--to", help="Before this instant.")]


@app.command("list")
def list_entries(
    *,
    actor: Actor = None,
    action: Action = None,
    target: Target = None,
    member: Member = None,
    trace: Trace = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=MAX_LISTED, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List deeds, newest first."""
    with opened() as run:
        named = {"actor": actor, "action": action, "target": target, "trace": trace}
        wanted = _wanted(run, named, since, until)
        about = None if member is None else parse_ref(member)
        found = auditing.search(run.db, run.organization, wanted, about=about, limit=limit)
    if as_json:
        raw = [
            {name: Raw(value.encode()) for name, value in _record(entry).items() if name in NESTED}
            for entry in found
        ]
        print_json([_record(entry) | more for entry, more in zip(found, raw, strict=True)])
        return
    for entry in found:
        typer.echo(_line(entry))


@app.command()
def export(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; without it, standard output.")
    ] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.NDJSON,
    actor: Actor = None,
    action: Action = None,
    target: Target = None,
    trace: Trace = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write deeds, oldest first, as of one instant. That it was done is put on record."""
    with opened() as run:
        named = {"actor": actor, "action": action, "target": target, "trace": trace}
        wanted = _wanted(run, named, since, until)
        rows = auditing.export(
            run.db, run.organization, wanted, by=by_operator(run), now=run.clock()
        )
        where = nullcontext(sys.stdout.buffer) if output is None else output.open("wb")
        with where as file:
            count = write(form, (_record(entry) for entry in rows), COLUMNS, file)
    if output is not None:
        err.print(f"{count:,} deeds written to {escape(str(output))}")


@app.command()
def head(as_json: AsJson = False) -> None:
    """Print the last link of the chain. Note it where nobody can change it: with it, verify finds
    even what the owner of the database has rewritten or cut off."""
    with opened() as run:
        found = auditing.head(run.db, run.organization)
    if as_json:
        print_json({"head": None if found is None else write_head(found)})
    else:
        typer.echo("" if found is None else write_head(found))


@app.command()
def verify(
    noted: Annotated[
        str | None, typer.Option("--head", help="A head that was noted, of `regulars audit head`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute the chain over the whole trail again. Exit code 1 when something is wrong."""
    with opened() as run, Bar("Verifying the audit trail", 1.0) as bar:
        found = auditing.verify(
            run.db,
            run.organization,
            noted=noted,
            told=lambda done, of: bar.reach(done / max(of, 1), said=f"{done:,} links"),
        )
    if as_json:
        print_json(_verdict(found))
    else:
        _print(found)
    if not found.is_clean:
        raise typer.Exit(FOUND)


def _print(found: Verdict) -> None:
    for flaw in found.flaws:
        out.print(f"[red]BROKEN[/]  {escape(flaw.detail)} [dim]({flaw.wrong})[/]")
    links = 0 if found.head is None else found.head.seq
    waiting = f" {found.unsealed:,} further rows wait to be sealed." if found.unsealed else ""
    state = "whole" if found.is_clean else "NOT whole"
    out.print(f"The audit trail is {state}: {links:,} links.{waiting}")
    if found.head is not None:
        out.print(f"Its head: {write_head(found.head)}")


def _verdict(found: Verdict) -> dict[str, object]:
    return {
        "clean": found.is_clean,
        "head": None if found.head is None else write_head(found.head),
        "unsealed": found.unsealed,
        "flaws": found.flaws,
    }


def _wanted(
    run: Runtime, named: dict[str, str | None], since: str | None, until: str | None
) -> Wanted:
    now = run.clock()
    return Wanted(
        actor=named["actor"],
        action=named["action"],
        target=named["target"],
        trace=named["trace"],
        since=None if since is None else instant(since, UTC_ZONE, now),
        until=None if until is None else instant(until, UTC_ZONE, now),
    )


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.id, "at": entry.at, "actor": entry.actor, "action": entry.action,
        "target": entry.target, "member": _member(entry), "purpose": entry.purpose,
        "before": entry.before, "after": entry.after, "trace": entry.trace,
    }  # fmt: skip


def _line(entry: Entry) -> str:
    """A deed in one line, for people and for grep."""
    told = [cell_text(entry.at), entry.actor, entry.action, entry.target]
    if entry.before != NOTHING:
        told.append(f"before {entry.before}")
    if entry.after != NOTHING:
        told.append(f"after {entry.after}")
    if entry.purpose:
        told.append(f"({flat(entry.purpose)})")
    return "  ".join(told)


def _member(entry: Entry) -> str | None:
    return None if entry.member_id is None else encode(MEMBER, entry.member_id)
