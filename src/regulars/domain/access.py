"""Who may do what through the API: scopes, and what an API key carries."""

from enum import StrEnum

from msgspec import Struct

from regulars.domain.errors import Fault, InvalidInput, MissingScope


class Scope(StrEnum):
    """What a caller may do. Whoever has ADMIN may do everything."""

    EVENTS_WRITE = "events:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    LEDGER_READ = "ledger:read"
    LEDGER_WRITE = "ledger:write"
    PROGRAM_READ = "program:read"
    PROGRAM_PUBLISH = "program:publish"
    ADMIN = "admin"


MEANING: dict[Scope, str] = {
    Scope.EVENTS_WRITE: "Send events, and preview what they would do.",
    Scope.MEMBERS_READ: "Read members, their tiers, timelines and explanations.",
    Scope.MEMBERS_WRITE: "Enrol members, change their attributes and identities.",
    Scope.LEDGER_READ: "Read balances, lots, transfers and the liability.",
    Scope.LEDGER_WRITE: "Adjust, redeem, transfer, convert and hold points.",
    Scope.PROGRAM_READ: "Read program versions, compare them, check a draft.",
    Scope.PROGRAM_PUBLISH: "Publish a program version.",
    Scope.ADMIN: "Everything.",
}


class Access(Struct, frozen=True):
    """What one API key is and may do. `key_id` is its row number."""

    key_id: int
    name: str
    scopes: frozenset[Scope]

    def demand(self, scope: Scope) -> None:
        """Raises MissingScope unless the key may do this."""
        if scope not in self.scopes and Scope.ADMIN not in self.scopes:
            raise MissingScope(f"The API key {self.name!r} lacks the scope {scope.value}.")


def parse_scopes(names: list[str]) -> frozenset[Scope]:
    """Scopes by their names. Raises InvalidInput, naming those that exist."""
    known = {scope.value: scope for scope in Scope}
    faults = [
        Fault(f"/scopes/{place}", f"{name!r} is no scope")
        for place, name in enumerate(names)
        if name not in known
    ]
    if faults or not names:
        raise InvalidInput(f"Choose scopes among: {', '.join(known)}.", faults=faults)
    return frozenset(known[name] for name in names)
