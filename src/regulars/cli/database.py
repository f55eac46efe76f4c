"""`regulars db`: the embedded PostgreSQL of the data folder."""

import os

import typer
from rich.markup import escape

from regulars.cli.session import AsJson, out, print_json
from regulars.domain.errors import NotAllowed
from regulars.settings import Settings, from_environment
from regulars.storage import embedded
from regulars.storage.database import Database

app = typer.Typer(no_args_is_help=True, help="The PostgreSQL that comes with the package.")


def _own() -> Settings:
    """The settings. Raises NotAllowed when the server is the operator's."""
    settings = from_environment(os.environ)
    if settings.database_url is not None:
        raise NotAllowed("REGULARS_DATABASE_URL is set: that server is yours to look after.")
    return settings


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether it runs. Exit code 1 when it does not."""
    settings = _own()
    found = embedded.status(settings.data)
    if as_json:
        print_json({"state": found.state, "pid": found.pid, "data": os.fspath(settings.data)})
    else:
        pid = f", process {found.pid}" if found.pid else ""
        out.print(f"PostgreSQL in {escape(str(settings.data))}: {found.state}{pid}")
    if found.state != "running":
        raise typer.Exit(1)


@app.command()
def start() -> None:
    """Start it, if it does not run."""
    settings = _own()
    embedded.ensure_running(settings.data)
    out.print(f"PostgreSQL in {escape(str(settings.data))} is running.")


@app.command()
def stop() -> None:
    """Stop it. Open transactions are rolled back; nothing that was confirmed is lost."""
    settings = _own()
    was_running = embedded.stop(settings.data)
    out.print("PostgreSQL is stopped." if was_running else "PostgreSQL was not running.")


@app.command("psql-url")
def psql_url() -> None:
    """Print what psql and other tools connect to. Starts the server when it does not run."""
    settings = from_environment(os.environ)
    typer.echo(settings.database_url or embedded.ensure_running(settings.data))


@app.command()
def migrate() -> None:
    """Bring the tables up to date. Safe to repeat; every start does it too."""
    settings = from_environment(os.environ)
    url, owner_url = settings.database_url, settings.owner_database_url
    if url is None:
        url = embedded.ensure_running(settings.data)
        owner_url = embedded.owner_url(url)
    db = Database(url, owner_url=owner_url, pool_size=1)
    try:
        applied = db.migrate()
    finally:
        db.close()
    out.print(f"Applied {', '.join(applied)}." if applied else "Everything is up to date.")
