"""What the audit trail says: who did what to what, and why."""

from collections.abc import Mapping

from msgspec import Struct

from regulars.domain.access import Access, Kind


class By(Struct, frozen=True):
    """Who acts, for a record. `actor`: see Access. `trace`: the trace id of their request."""

    organization: int
    actor: str
    trace: str = ""


class Deed(Struct, frozen=True):
    """One deed. No personal data: `target` is "member:7" or "program:3", values are masked.

    `purpose`: why, where the deed is a use of personal data or somebody gave a reason.
    """

    action: str
    target: str
    member_id: int | None = None
    purpose: str = ""
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None


def by(access: Access, trace: str = "") -> By:
    """The caller, for a record."""
    return By(access.organization, access.actor, trace)


def by_system(organization: int) -> By:
    """The product by itself, for a record."""
    return By(organization, Kind.SYSTEM.value)
