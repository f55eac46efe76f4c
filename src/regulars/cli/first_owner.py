"""The first person of a try-out: invited as it is filled, with the link on the screen."""

from dataclasses import dataclass, field

from regulars.cli.session import by_operator
from regulars.domain.access import Access, Kind, Role, Scope
from regulars.domain.approvals import Policy
from regulars.domain.errors import StaffExists
from regulars.domain.organizations import OrganizationSettings
from regulars.gateways.messages.letters import Letter
from regulars.runtime import Runtime
from regulars.services import letters, organizations, staff
from regulars.services.staff import Desk

EMAIL = "owner@demo.example"
"""Under a name that no mail server has: the link is read off the screen."""

ALONE = OrganizationSettings(
    approvals=Policy(publication=False, personal_export=False, second_factor=False)
)
"""Whoever tries something out is alone, and has no second person to ask."""


@dataclass
class Reader:
    """A messenger who reads the letter instead of sending it."""

    text: str = field(default="", repr=False)

    def send(self, letter: Letter) -> None:
        """Read it."""
        self.text = letter.text


def settle(run: Runtime) -> None:
    """Let one person do alone what elsewhere needs two."""
    organizations.change_settings(
        run.db, run.organization, ALONE, by=by_operator(run), now=run.clock()
    )


def invitation(run: Runtime, url: str) -> str | None:
    """The link with which the first owner chooses a password; None once somebody has come.

    The link printed before no longer counts.
    """
    giver = Access(run.organization, Kind.COMMAND_LINE, 0, "command line", frozenset(Scope))
    desk = Desk(run.db, run.cabinet, giver, by_operator(run), run.clock(), url)
    known = staff.listed(run.db, run.cabinet, run.organization, limit=1)
    if known and known[0].staff.accepted_at is not None:
        return None
    try:
        made, is_new = staff.invite(desk, EMAIL, frozenset({Role.OWNER}), "en")
        if not is_new:
            made = staff.resend(desk, made.staff.id)
    except StaffExists:
        return None
    reader = Reader()
    letters.send(run.db, run.cabinet, run.organization, reader, now=run.clock(), only=made.letter)
    return next((word for word in reader.text.split() if word.startswith(url)), None)
