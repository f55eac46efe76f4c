"""One of the invented members gets an address, so that whoever tries things out can sign in as
somebody with a history."""

from regulars.cli.session import by_operator
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MemberRef, parse_ref
from regulars.domain.profiles import ProfileChange
from regulars.runtime import Runtime
from regulars.services import members, profiles
from regulars.services.profiles import Vault
from regulars.settings import CONSOLE
from regulars.storage.programs import Versions

EMAIL = "member@demo.example"
CARD = MemberRef(None, "card", "00000001")
"""The invented members shop the more the lower their number is."""


def settle(run: Runtime) -> None:
    """Give the address to one of the busiest of the invented members. Only where letters are shown
    here: nobody reads them at this address."""
    if run.settings.mail_url != CONSOLE:
        return
    vault = Vault(run.db, run.cabinet, run.organization)
    versions, now = Versions(run.organization), run.clock()
    change = ProfileChange(name="Robin Example", email=EMAIL)
    try:
        profiles.change(vault, versions, CARD, change, mark=None, by=by_operator(run), now=now)
    except MemberNotFound:
        # Another program may take none of the invented events, and then nobody has a history.
        return


def hint(run: Runtime) -> str:
    """How to sign in to the member's pages; "" where letters go out for good."""
    if run.settings.mail_url != CONSOLE:
        return ""
    ref = parse_ref(run.veil(run.organization)(f"email:{EMAIL}"))
    try:
        members.look(run.db, Versions(run.organization), ref, run.clock())
    except MemberNotFound:
        return "   (sign in by any e-mail address; the code appears in this window)"
    return f"   (sign in as {EMAIL}; the code appears in this window)"
