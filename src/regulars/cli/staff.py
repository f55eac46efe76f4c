"""`regulars staff`: people are invited, looked up, given roles, kept out and let in again."""

import sys
from typing import Annotated

import typer

from regulars.cli.session import AsJson, by_operator, opened, out, print_json, print_table
from regulars.domain.access import Access, Kind, Role, Scope, parse_roles
from regulars.domain.ids import STAFF, decode, encode
from regulars.gateways.messages.choosing import messenger
from regulars.runtime import Runtime
from regulars.services import letters, password_resets, staff
from regulars.services.staff import Desk, Person

app = typer.Typer(no_args_is_help=True, help="People who work here.")

NAMES = " ".join(role.value for role in Role)
MOST_LISTED = 10_000

Who = Annotated[str, typer.Argument(help="An e-mail address, or stf_…")]
Roles = Annotated[list[str], typer.Option("--role", help=f"What they are, once for each: {NAMES}.")]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    role: Roles,
    language: Annotated[str, typer.Option(help="Of letters to them: en or zh-CN.")] = "en",
) -> None:
    """Put somebody on the staff, and send them an invitation."""
    roles = parse_roles(role)
    with opened() as run:
        desk = _desk(run)
        made, is_new = staff.invite(desk, email, roles, language)
        if not is_new:
            made = staff.resend(desk, made.staff.id)
        _send(run, made.letter)
    out.print(f"{encode(STAFF, made.staff.id)} is invited as {', '.join(sorted(roles))}.")


@app.command("list")
def list_staff(as_json: AsJson = False) -> None:
    """List everybody on the staff, with what they are."""
    with opened() as run:
        found = staff.listed(run.db, run.cabinet, run.organization, limit=MOST_LISTED)
    if as_json:
        print_json([_told(one) for one in found])
        return
    print_table(
        "Staff",
        ["id", "name", "e-mail", "roles", "second factor", "state"],
        [
            (
                encode(STAFF, one.staff.id),
                one.profile.name,
                one.profile.email,
                " ".join(sorted(one.staff.roles)),
                "yes" if one.staff.totp_at else "no",
                _state(one),
            )
            for one in found
        ],
    )


@app.command()
def roles(who: Who, role: Roles) -> None:
    """Make somebody these, and nothing else. Their sessions end."""
    wanted = parse_roles(role)
    with opened() as run:
        made = staff.set_roles(_desk(run), _number(run, who), wanted)
    out.print(f"{encode(STAFF, made.staff.id)} is {', '.join(sorted(made.staff.roles))} now.")


@app.command()
def suspend(who: Who) -> None:
    """Keep somebody out, within seconds and everywhere."""
    with opened() as run:
        made = staff.suspend(_desk(run), _number(run, who))
    out.print(f"{encode(STAFF, made.staff.id)} is suspended.")


@app.command()
def resume(who: Who) -> None:
    """Let somebody in again."""
    with opened() as run:
        made = staff.resume(_desk(run), _number(run, who))
    out.print(f"{encode(STAFF, made.staff.id)} is let in again.")


@app.command("reset-password")
def reset_password(who: Who) -> None:
    """Send somebody the way to a new password."""
    with opened() as run:
        found = staff.get(run.db, run.cabinet, run.organization, _number(run, who))
        letter = password_resets.request(
            run.db,
            run.cabinet,
            run.organization,
            found.profile.email,
            by=by_operator(run),
            public_url=run.settings.public_url,
            now=run.clock(),
        )
        _send(run, letter)
    if letter is None:
        out.print("No letter: they are suspended, or have not accepted their invitation yet.")


def _desk(run: Runtime) -> Desk:
    """The command line acts with the deployment's authority."""
    giver = Access(run.organization, Kind.COMMAND_LINE, 0, "command line", frozenset(Scope))
    by = by_operator(run)
    return Desk(run.db, run.cabinet, giver, by, run.clock(), run.settings.public_url)


def _number(run: Runtime, who: str) -> int:
    """Raises StaffNotFound, InvalidInput."""
    if "@" not in who:
        return decode(STAFF, who) or 0
    return staff.by_email(run.db, run.cabinet, run.organization, who).staff.id


def _send(run: Runtime, letter: int | None) -> None:
    """Hand a letter over now; where that fails, the worker tries again."""
    if letter is None:
        return
    post = messenger(run.settings, run.clock, sys.stdout)
    sent = letters.send(run.db, run.cabinet, run.organization, post, now=run.clock(), only=letter)
    if not sent:
        out.print("The letter could not be sent yet; the worker goes on trying.")


def _state(one: Person) -> str:
    if one.staff.suspended_at is not None:
        return "suspended"
    return "invited" if one.staff.accepted_at is None else "active"


def _told(one: Person) -> dict[str, object]:
    return {
        "staff": encode(STAFF, one.staff.id),
        "name": one.profile.name,
        "email": one.profile.email,
        "roles": sorted(one.staff.roles),
        "second_factor": one.staff.totp_at is not None,
        "state": _state(one),
        "invited_at": one.staff.invited_at,
        "accepted_at": one.staff.accepted_at,
    }
