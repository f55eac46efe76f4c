"""Four eyes: which deeds need a second person, who may ask for them, and who may decide."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.access import Access, Kind, Scope
from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.errors import ApprovalDecided, MissingScope, SamePerson
from regulars.domain.staffing import demand_strong, person

LIFETIME = timedelta(days=7)
"""After so long nobody can decide any more; it has to be asked for again."""

CLAIMED_WITHIN = timedelta(days=1)
"""How long what was approved may be fetched by whoever asked for it."""

DEFAULT_ADJUSTMENT_LIMIT = 10_000

COUNTED_FOR = timedelta(hours=24)
"""What one caller adjusted of one member within so long counts together: nobody passes below the
limit in slices."""

MAX_NOTE = 500


class Deed(StrEnum):
    """What may need a second person."""

    ADJUSTMENT = "adjustment"
    PUBLICATION = "publication"
    PERSONAL_EXPORT = "personal_export"


SCOPES: Mapping[Deed, Scope] = {
    Deed.ADJUSTMENT: Scope.LEDGER_WRITE,
    Deed.PUBLICATION: Scope.PROGRAM_PUBLISH,
    Deed.PERSONAL_EXPORT: Scope.PRIVACY_MANAGE,
}
"""What whoever asks and whoever decides has to be allowed."""


class State(StrEnum):
    """Where a request stands. `approved` is one whose deed is still to be fetched."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DONE = "done"


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When this organization wants a second person. `adjustment_limit`: in points, of whatever
    currency; what is above it needs one. `second_factor`: whether staff show theirs before a deed
    of such weight; only a try-out goes without."""

    adjustment_limit: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] = DEFAULT_ADJUSTMENT_LIMIT
    publication: bool = True
    personal_export: bool = True
    second_factor: bool = True


def is_exempt(access: Access) -> bool:
    """Whether the caller acts with the deployment's own authority: the command line, and keys that
    only it makes."""
    if access.kind is Kind.KEY:
        return Scope.ADMIN in access.scopes
    return access.kind in {Kind.COMMAND_LINE, Kind.SYSTEM}


def is_weighty(policy: Policy, deed: Deed, points: int = 0) -> bool:
    """Whether the deed is one for which staff show a second factor. `points`: of an adjustment."""
    return deed is not Deed.ADJUSTMENT or abs(points) > policy.adjustment_limit


def needs_second(policy: Policy, access: Access, deed: Deed, *, points: int = 0) -> bool:
    """Whether the deed has to wait for a second person.

    Raises SecondFactorNeeded for staff who have to show theirs first.
    """
    if is_exempt(access) or not is_weighty(policy, deed, points):
        return False
    if policy.second_factor:
        demand_strong(access)
    if deed is Deed.PUBLICATION:
        return policy.publication
    if deed is Deed.PERSONAL_EXPORT:
        return policy.personal_export
    return True


def demand_factor(policy: Policy, access: Access) -> None:
    """A deed that weighs and waits for nobody. Raises SecondFactorNeeded for staff who have to show
    theirs first."""
    if policy.second_factor and not is_exempt(access):
        demand_strong(access)


def may_decide(access: Access, deed: Deed, *, requested_by: str, maker: str = "") -> None:
    """Whether the caller may approve or refuse what `requested_by` asked for. `maker`: who made the
    key or registered the application that did.

    Raises NotYourRole, MissingScope, SamePerson, SecondFactorNeeded.
    """
    number = person(access)
    if not access.may(SCOPES[deed]):
        raise MissingScope(f"To decide this you need the scope {SCOPES[deed].value} yourself.")
    if f"{Kind.STAFF.value}:{number}" in {person_in(requested_by), person_in(maker)}:
        raise SamePerson
    demand_strong(access)


def person_in(actor: str) -> str:
    """Who is behind an actor: the person who acts through an application, else the actor."""
    return actor.rpartition("/")[2]


def standing(state: State, *, expires_at: datetime, now: datetime) -> State:
    """Where a request stands now: nobody has to look for it to expire."""
    is_open = state in {State.WAITING, State.APPROVED}
    return State.EXPIRED if is_open and expires_at <= now else state


def demand_waiting(state: State) -> None:
    """Raises ApprovalDecided unless the request still waits."""
    if state is not State.WAITING:
        raise ApprovalDecided(f"This request is {state.value}; it can no longer be decided.")
