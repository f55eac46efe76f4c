"""The command line: `regulars`."""

from importlib.metadata import version as installed_version

import typer

from regulars.cli import imports, programs, samples
from regulars.cli.session import Commands

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Run and look after a loyalty program.",
)
app.add_typer(programs.app, name="program")
app.command("import")(imports.import_files)
app.command("sample")(samples.sample)


@app.command()
def version() -> None:
    """Print the version of this installation."""
    typer.echo(installed_version("regulars"))
