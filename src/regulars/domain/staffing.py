"""People who work here: how long they stay signed in, and who may change whose roles."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from regulars.domain.access import Access, Kind, Role, may_give, scopes_of
from regulars.domain.errors import Fault, InvalidInput, LastOwner, NotYourRole, SecondFactorNeeded
from regulars.domain.programs.phrases import LANGUAGES

SESSION_LIFETIME = timedelta(hours=12)
"""However much the session is used."""

SESSION_IDLE = timedelta(minutes=60)
"""Without use, it is over."""

STRONG_FOR = timedelta(hours=1)
"""How long a second factor counts that was shown."""

NOTED_EVERY = timedelta(minutes=5)
"""How precisely it is noted that a session is in use, and how long it is believed unasked."""

INVITATION_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=1)
LOGIN_LIFETIME = timedelta(minutes=10)
"""For signing in at an identity provider, there and back."""

MAX_NAME = 100


def person(access: Access) -> int:
    """The number of the member of staff who calls. Raises NotYourRole for everything else: keys and
    applications, also those through which staff act, never stand for a person here."""
    if access.kind is not Kind.STAFF or access.client_id is not None:
        raise NotYourRole("Only people who are signed in themselves may do this.")
    return access.number


def managing(access: Access) -> None:
    """Raises NotYourRole unless a person or the command line manages staff."""
    if access.kind is not Kind.COMMAND_LINE:
        person(access)


def demand_strong(access: Access) -> None:
    """Raises SecondFactorNeeded for a person who has not shown a second factor of late."""
    if access.kind is Kind.STAFF and not access.is_strong:
        raise SecondFactorNeeded


def may_manage(giver: Access, target: int, roles: Iterable[Role], *, what: str) -> None:
    """Whether `giver` may change what staff `target` with these roles is and may do.

    Raises NotYourRole: nobody does that to themselves, nor to somebody who may do more.
    """
    managing(giver)
    if giver.kind is Kind.STAFF and giver.number == target:
        raise NotYourRole(f"Nobody {what} themselves. Ask somebody else who manages staff.")
    if not all(giver.may(scope) for scope in scopes_of(roles)):
        raise NotYourRole("This person may do more than you.")


def may_set_roles(
    giver: Access, target: int, *, before: Iterable[Role], after: Iterable[Role]
) -> None:
    """Whether `giver` may make staff `target` with roles `before` one with roles `after`.

    Raises NotYourRole.
    """
    may_manage(giver, target, before, what="changes the roles of")
    may_give(giver, after)


def keep_an_owner(owners: Iterable[int], target: int, after: Iterable[Role]) -> None:
    """Raises LastOwner if `target`, who will have only the roles `after`, was the last of `owners`.

    `owners`: numbers of those who can sign in now.
    """
    there = set(owners)
    if there == {target} and Role.OWNER not in set(after):
        raise LastOwner


def checked_name(name: str) -> str:
    """A person's name without blanks around it. Raises InvalidInput."""
    plain = name.strip()
    if not 0 < len(plain) <= MAX_NAME or not plain.isprintable():
        raise InvalidInput(
            f"A name has 1 to {MAX_NAME} visible characters.",
            faults=[Fault("/name", "empty, too long, or not visible")],
        )
    return plain


def checked_language(language: str) -> str:
    """One of the languages in which we write letters. Raises InvalidInput."""
    if language not in LANGUAGES:
        raise InvalidInput(
            f"Choose a language among: {', '.join(LANGUAGES)}.",
            faults=[Fault("/language", "none of ours")],
        )
    return language


def ask_again_at(now: datetime, *ends: datetime | None) -> datetime:
    """When what is known of a session has to be looked up anew: soon, or when something ends."""
    return min([now + NOTED_EVERY, *(end for end in ends if end is not None and end > now)])
