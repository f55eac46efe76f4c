"""`regulars start`: from nothing to a running system with something in it, in one command."""

import json
import os
import shlex
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from regulars.cli import first_member, first_offers, first_owner
from regulars.cli.imports import import_one
from regulars.cli.serving import serve_until_stopped
from regulars.cli.session import by_operator, opened, out
from regulars.domain.access import Scope, organization_in
from regulars.domain.programs.document import read
from regulars.gateways.files.ndjson import NdjsonFile
from regulars.insight.samples.stream import Wish, stream
from regulars.runtime import Runtime
from regulars.services import keys, organizations, programs
from regulars.settings import Settings, from_environment
from regulars.worker import loop, summing

SAMPLE_EVENTS = 9_000
SAMPLE_MEMBERS = 400
SAMPLE_DAYS = 420
SAMPLE_LEAVERS = 6
"""One in so many stops coming, so that there is somebody to win back."""

KEY_FILE = "demo-api-key"
PROGRAM_FROM = datetime(2017, 1, 1, 5, tzinfo=UTC)


def start(
    program: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Published on the first start.")
    ] = Path("examples/grocery.yaml"),
) -> None:
    """Start everything. The first time, publish a program and import some invented events."""
    settings = from_environment(os.environ)
    with opened() as run:
        if not programs.versions(run.db, run.organization):
            _fill(run, program)
        secret = _key(run)
        link = first_owner.invitation(run, _url(settings))
        hint = first_member.hint(run)
    _say_hello(settings, secret, link, hint, run.clock())
    serve_until_stopped(settings)


def _fill(run: Runtime, program: Path) -> None:
    now = run.clock()
    document = program.read_text(encoding="utf-8")
    programs.publish(
        run.db,
        run.organization,
        document,
        in_force_from=PROGRAM_FROM,
        now=now,
        note="The example that comes with Regulars",
        by=by_operator(run),
    )
    out.print(f"Published {program}.")
    # Letters and pages for people say who writes; until somebody says otherwise, the program.
    known = read(document)
    name = known.name["en"]
    organizations.rename(run.db, run.organization, name, by=by_operator(run), now=now)
    first_owner.settle(run)
    end = now.replace(minute=0, second=0, microsecond=0)
    wish = Wish(
        SAMPLE_MEMBERS,
        SAMPLE_EVENTS,
        1,
        end - timedelta(days=SAMPLE_DAYS),
        end,
        ZoneInfo("America/New_York"),
        leavers=SAMPLE_LEAVERS,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.ndjson"
        with path.open("w", encoding="utf-8") as file:
            for texts in stream(wish):
                file.write("\n".join(texts) + "\n")
        import_one(run, NdjsonFile(path), lanes=1)
    first_member.settle(run)
    first_offers.settle(run, known)
    # What the worker would come to in its first minute, so that the first look finds it done.
    loop.once(run)
    summing.once(run)


def _key(run: Runtime) -> str:
    """The secret of the demonstration's key, made on the first start and kept in the data folder,
    where only its owner reads it."""
    path = run.settings.data / KEY_FILE
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if organization_in(known) is not None:
        return known
    made = keys.create(
        run.db,
        run.organization,
        name="demonstration",
        scopes=frozenset({Scope.ADMIN}),
        now=run.clock(),
        by=by_operator(run),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(made.secret + "\n")
    return made.secret


def _url(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _say_hello(settings: Settings, secret: str, link: str | None, hint: str, now: datetime) -> None:
    """What to open and to type. The receipt is the same all day, so that sending it again shows
    that nothing is doubled. `link`: the first owner's, until they have come. `hint`: how to sign in
    as a member."""
    url = _url(settings)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    event = {
        "specversion": "1.0",
        "id": f"receipt-{today:%Y%m%d}",
        "source": "till-1",
        "type": "purchase",
        "subject": "card:4711",
        "time": f"{today:%Y-%m-%dT%H:%M:%SZ}",
        "data": {
            "currency": "USD",
            "lines": [{"amount": 1250, "category": "PRODUCE", "brand": "National"}],
        },
    }
    out.print("\n[bold]Open[/]")
    typer.echo(f"  the console            {link or f'{url}/console/'}")
    typer.echo(f"  the member's pages     {url}/my/{hint}")
    typer.echo(f"  the API's documents    {url}/docs   (the key is {secret})")
    out.print("\n[bold]Or type[/]")
    typer.echo(
        f"  curl -s {url}/v1/events -H 'Authorization: Bearer {secret}' "
        f"-H 'Content-Type: application/cloudevents+json' -d {shlex.quote(json.dumps(event))}"
    )
    typer.echo(f"  curl -s {url}/v1/members/card:4711/balances -H 'Authorization: Bearer {secret}'")
    typer.echo("  regulars member show card:4711\n")
