"""`regulars oauth`: the keys that sign access tokens."""

from typing import Annotated

import typer

from regulars.cli.session import opened, out
from regulars.services.authorization import signing

app = typer.Typer(no_args_is_help=True, help="The keys that sign access tokens.")


@app.command("rotate-keys")
def rotate_keys(
    drop: Annotated[
        bool,
        typer.Option("--drop", help="A key has leaked: all tokens that are out become useless."),
    ] = False,
) -> None:
    """Let the next key sign, and announce another one. Tokens that are out go on being good."""
    with opened() as run:
        published = signing.rotate(run.db, run.cabinet, run.clock(), drop=drop)
    out.print(f"Every process signs by the new key within a minute; {len(published)} are known.")
