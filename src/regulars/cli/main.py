"""The command line: `regulars`."""

from importlib.metadata import version as installed_version

import typer

from regulars.cli import (
    database,
    demo,
    exports,
    imports,
    keys,
    members,
    programs,
    quickstart,
    reports,
    samples,
    serving,
)
from regulars.cli.session import Commands

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Run and look after a loyalty program.",
)
app.command("start")(quickstart.start)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("demo")(demo.demo)
app.add_typer(programs.app, name="program")
app.command("import")(imports.import_files)
app.command("sample")(samples.sample)
app.command("export")(exports.export)
app.add_typer(members.app, name="member")
app.command("explain")(members.explain)
app.command("verify")(reports.verify)
app.command("liability")(reports.liability)
app.add_typer(keys.app, name="keys")
app.add_typer(database.app, name="db")


@app.command()
def version() -> None:
    """Print the version of this installation."""
    typer.echo(installed_version("regulars"))
