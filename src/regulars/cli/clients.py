"""`regulars clients`: applications that get tokens by OAuth are registered, listed, shut out."""

from typing import Annotated

import typer

from regulars.cli.session import AsJson, by_operator, opened, out, print_json, print_table
from regulars.domain.access import parse_scopes
from regulars.domain.applications import (
    DEFAULT_RATE,
    MAY_HAVE,
    MOST_RATE,
    AuthMethod,
    GrantType,
    Registration,
)
from regulars.services import applications
from regulars.services.applications import Registered

app = typer.Typer(no_args_is_help=True, help="Applications that get tokens by OAuth 2.0.")

SCOPES = " ".join(sorted(MAY_HAVE))
ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="Its client_id: rgc_…")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people are shown who are asked to allow it.")],
    *,
    scope: Annotated[
        list[str], typer.Option(help=f"What it may ask for, once for each: {SCOPES}.")
    ],
    redirect_uri: Annotated[
        list[str] | None,
        typer.Option(help="Where people are sent back to, to the letter; https, or this machine."),
    ] = None,
    grant_type: Annotated[
        list[GrantType] | None,
        typer.Option(help="Its ways to tokens. Without a --redirect-uri: client_credentials."),
    ] = None,
    auth_method: Annotated[
        AuthMethod, typer.Option(help="How it proves itself; none for one that keeps no secret.")
    ] = AuthMethod.BASIC,
    rate: Annotated[
        int, typer.Option(min=0, max=MOST_RATE, help="Requests a minute; 0 for no limit.")
    ] = DEFAULT_RATE,
    as_json: AsJson = False,
) -> None:
    """Register an application. Its secret is shown this once and kept nowhere."""
    by_code = [GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN]
    usual = by_code if redirect_uri else [GrantType.CLIENT_CREDENTIALS]
    wanted = Registration(
        name,
        tuple(redirect_uri or ()),
        frozenset(grant_type or usual),
        parse_scopes(scope),
        auth_method,
        rate,
    )
    with opened() as run:
        made = applications.register(
            run.db, run.organization, wanted, giver=None, by=by_operator(run), now=run.clock()
        )
    _show(made, as_json=as_json)


@app.command("list")
def list_clients(as_json: AsJson = False) -> None:
    """List every application, also those that were shut out."""
    with opened() as run:
        known = applications.listed(run.db, run.organization)
    rows = [
        (
            one.client_id,
            one.name,
            " ".join(sorted(one.grant_types)),
            " ".join(sorted(one.scopes)),
            one.rate,
            one.created_at,
            one.disabled_at,
        )
        for one in known
    ]
    columns = ["client_id", "name", "grant_types", "scopes", "rate", "created_at", "disabled_at"]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    print_table(
        "Applications",
        ["client", "name", "ways", "scopes", "a minute", "created", "disabled"],
        rows,
    )


@app.command()
def disable(client: ClientId) -> None:
    """Shut an application out for good, within seconds. It stays in the list."""
    with opened() as run:
        gone = applications.disable(
            run.db, run.organization, client, by=by_operator(run), now=run.clock()
        )
    out.print(f"{gone.client_id} ({gone.name}) is shut out.", markup=False)


@app.command("rotate-secret")
def rotate_secret(
    client: ClientId,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The old secret has leaked: it holds no more.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Give an application a new secret. The one before holds for another day."""
    with opened() as run:
        renewed = applications.renew_secret(
            run.db,
            run.organization,
            client,
            by=by_operator(run),
            now=run.clock(),
            at_once=at_once,
        )
    _show(renewed, as_json=as_json)


def _show(made: Registered, *, as_json: bool) -> None:
    if as_json:
        told = {"client_id": made.client.client_id, "client_secret": made.secret}
        print_json({name: value for name, value in told.items() if value is not None})
        return
    out.print(f"client_id {made.client.client_id}", markup=False)
    if made.secret is not None:
        out.print("Keep its secret; it is not shown again:")
        typer.echo(made.secret)
