"""`regulars keys`: API keys are made, listed and revoked."""

from typing import Annotated

import typer

from regulars.cli.session import AsJson, by_operator, opened, out, print_json, print_table
from regulars.domain.access import MEANING, Scope, parse_scopes
from regulars.domain.applications import DEFAULT_RATE, MOST_RATE
from regulars.services import keys

app = typer.Typer(no_args_is_help=True, help="Keys for programs that call the API.")

SCOPES = " ".join(scope.value for scope in Scope)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who or what will use it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it may do, once for each: {SCOPES}."),
    ] = None,
    rate: Annotated[
        int, typer.Option(min=0, max=MOST_RATE, help="Requests a minute; 0 for no limit.")
    ] = DEFAULT_RATE,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its secret is shown this once and kept nowhere. Without --scope: admin."""
    scopes = parse_scopes(scope or [Scope.ADMIN.value])
    with opened() as run:
        made = keys.create(
            run.db,
            run.organization,
            name=name,
            scopes=scopes,
            now=run.clock(),
            by=by_operator(run),
            rate=rate,
        )
    if as_json:
        print_json({"id": made.id, "name": made.name, "secret": made.secret})
        return
    out.print(f"Key {made.id} for {made.name}. Keep its secret; it is not shown again:")
    typer.echo(made.secret)


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List every key, also those that were revoked."""
    with opened() as run:
        known = keys.listed(run.db, run.organization)
    if as_json:
        print_json(known)
        return
    print_table(
        "API keys",
        ["key", "name", "scopes", "a minute", "created", "revoked"],
        [
            (one.id, one.name, " ".join(one.scopes), one.rate, one.created_at, one.revoked_at)
            for one in known
        ],
    )


@app.command()
def revoke(number: Annotated[int, typer.Argument(metavar="KEY", min=1)]) -> None:
    """Make a key useless, within seconds."""
    with opened() as run:
        gone = keys.revoke(run.db, run.organization, number, now=run.clock(), by=by_operator(run))
    out.print(f"Key {gone.id} ({gone.name}) is revoked.")


@app.command()
def scopes() -> None:
    """Say what each scope allows."""
    print_table("Scopes", ["scope", "allows"], [(one.value, MEANING[one]) for one in Scope])
