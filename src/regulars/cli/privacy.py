"""`regulars privacy`: the register of processing, and what is kept no longer."""

from typing import Annotated

import typer

from regulars.cli.session import AsJson, opened, out, print_json, print_table
from regulars.services import registers, retention

app = typer.Typer(no_args_is_help=True, help="What is held of people, and for how long.")


@app.command()
def register(as_json: AsJson = False) -> None:
    """Say what is held of people, for what, and how long: every table, column and field."""
    with opened() as run:
        found = registers.register(run.db, run.organization)
    if as_json:
        print_json(found)
        return
    print_table(
        "Register of processing",
        ["where", "of people", "for", "kept"],
        [(one.where, one.nature.value, one.purpose, one.kept) for one in found],
    )


@app.command("retention")
def execute_retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go; nothing is taken away.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what has been kept long enough. The worker does the same once a day."""
    with opened() as run:
        found = list(retention.sweep(run.db, run.organization, run.clock(), dry_run=dry_run))
    if as_json:
        print_json(found)
        return
    print_table(
        "Would go" if dry_run else "Gone",
        ["what", "kept for", "older than", "rows"],
        [(one.what.value, one.kept_for, one.older_than, one.removed) for one in found],
    )
    if dry_run:
        out.print("Nothing was taken away.")
