"""`regulars organization`: the companies on this deployment."""

from typing import Annotated

import typer

from regulars.cli.session import AsJson, by_operator, opened, out, print_json, print_table
from regulars.services import organizations

app = typer.Typer(no_args_is_help=True, help="The companies on this deployment.")

Code = Annotated[str, typer.Argument(help="The organization's code.")]


@app.command("list")
def list_organizations(as_json: AsJson = False) -> None:
    """List every organization."""
    with opened() as run:
        known = organizations.listed(run.db)
    if as_json:
        print_json(known)
        return
    print_table(
        "Organizations",
        ["code", "name", "created", "suspended"],
        [(one.code, one.name, one.created_at, one.suspended_at) for one in known],
    )


@app.command()
def create(code: Code, name: Annotated[str, typer.Argument(help="What it is called.")]) -> None:
    """Add an organization. Work in it with REGULARS_ORGANIZATION=<code>."""
    with opened() as run:
        made = organizations.create(
            run.db, run.cabinet, code=code, name=name, by=by_operator(run), now=run.clock()
        )
    out.print(f"{made.code} ({made.name}) is there.")


@app.command()
def rename(code: Code, name: Annotated[str, typer.Argument(help="The new name.")]) -> None:
    """Call an organization otherwise; its code stays."""
    with opened() as run:
        number = organizations.by_code(run.db, code).id
        organizations.rename(run.db, number, name, by=by_operator(run), now=run.clock())
    out.print(f"{code} is called {name} now.")


@app.command()
def suspend(code: Code) -> None:
    """Keep everybody and everything of an organization out, within seconds. Nothing is lost."""
    with opened() as run:
        number = organizations.by_code(run.db, code).id
        organizations.suspend(run.db, number, by=by_operator(run), now=run.clock())
    out.print(f"{code} is suspended.")


@app.command()
def resume(code: Code) -> None:
    """Let them in again."""
    with opened() as run:
        number = organizations.by_code(run.db, code).id
        organizations.resume(run.db, number, by=by_operator(run), now=run.clock())
    out.print(f"{code} is let in again.")
