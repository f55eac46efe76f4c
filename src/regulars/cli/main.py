"""The command line: `regulars`.

A command's module is imported when the command is named: `regulars import` needs no web server,
and each process that helps it would import one too.
"""

from importlib import import_module
from importlib.metadata import version as installed_version
from typing import Any

import typer
from typer.main import get_command, get_group

from regulars.cli.session import Commands

PLACES = {
    "start": "quickstart:start",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "demo": "demo:demo",
    "program": "programs:app",
    "import": "imports:import_files",
    "sample": "samples:sample",
    "export": "exports:export",
    "member": "members:app",
    "explain": "members:explain",
    "verify": "reports:verify",
    "liability": "reports:liability",
    "organization": "organizations:app",
    "staff": "staff:app",
    "audit": "audit:app",
    "vault": "vault:app",
    "privacy": "privacy:app",
    "keys": "keys:app",
    "clients": "clients:app",
    "oauth": "oauth:app",
    "draws": "draws:app",
    "db": "database:app",
}
"""Where each command is: module of this package and name; `app` is a group of commands."""


class Regulars(Commands):
    """All commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order in which a newcomer meets them."""
        return [*PLACES, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name; None for a name that nobody knows."""
        place = PLACES.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        found = getattr(import_module(f"regulars.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            return _named(cmd_name, get_group(found))
        one = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
        one.command(cmd_name)(found)
        return _named(cmd_name, get_command(one))


def _named(name: str, command: Any) -> Any:
    command.name = name
    return command


app = typer.Typer(
    cls=Regulars,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Run and look after a loyalty program.",
)


@app.callback()
def main() -> None:
    """Run and look after a loyalty program."""


@app.command()
def version() -> None:
    """Print the version of this installation."""
    typer.echo(installed_version("regulars"))
