"""`regulars vault`: the keys that protect personal data get successors."""

from typing import Annotated

import typer
from rich.markup import escape

from regulars.cli.progress import Bar
from regulars.cli.session import AsJson, by_operator, opened, out, print_json
from regulars.domain.audit import By
from regulars.gateways.key_services import file
from regulars.runtime import Runtime
from regulars.services import rotation

app = typer.Typer(no_args_is_help=True, help="The keys that protect personal data.")


@app.callback()
def vault() -> None:
    """The keys that protect personal data."""


@app.command()
def rotate(
    master: Annotated[
        bool,
        typer.Option(
            "--master", help="The key above all keys: of the key file, or of the key service."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new key, and seal anew under it. Safe to break off and to repeat; nothing stands still
    meanwhile. Without --master: the data key of the organization."""
    with opened() as run:
        told = _master(run) if master else _data(run)
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        out.print(f"{escape(name.replace('_', ' '))}: {escape(str(value))}")


def _data(run: Runtime) -> dict[str, object]:
    with Bar("sealing anew", 1) as bar:
        done = rotation.rotate(
            run.db,
            run.cabinet,
            run.organization,
            by=by_operator(run),
            now=run.clock(),
            told=lambda count, everything: bar.reach(count / max(everything, 1), said=f"{count:,}"),
        )
    return {
        "data_key": done.version,
        "sealed_anew": done.resealed,
        "old_keys_dropped": list(done.dropped),
        "old_keys_kept_for_now": list(done.kept),
    }


def _master(run: Runtime) -> dict[str, object]:
    """Of a key service the new key is made there, by its own means."""
    made = None
    if run.settings.kms_url is None:
        made = file.rotate(run.settings.keys_at, run.clock().date())
    actor = by_operator(run).actor
    count = rotation.rewrap_all(
        run.db, run.cabinet, by=lambda number: By(number, actor), now=run.clock()
    )
    return {"new_master_key": made or "the newest of the key service", "keys_sealed_anew": count}
