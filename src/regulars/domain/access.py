"""Who may do what: scopes, the roles of staff, and what a caller was recognised as."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from regulars.domain.errors import Fault, InvalidInput, MissingScope, NotYourRole

T = TypeVar("T", bound=StrEnum)


class Scope(StrEnum):
    """What a caller may do in its organization. ADMIN, which only the command line gives, is all
    of it; what is the deployment's or a member's own is never part of ADMIN."""

    EVENTS_WRITE = "events:write"
    IMPORTS_WRITE = "imports:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_MANAGE = "members:manage"
    PROFILES_READ = "profiles:read"
    PROFILES_UNMASK = "profiles:unmask"
    PROFILES_WRITE = "profiles:write"
    CONSENTS_WRITE = "consents:write"
    ENROLMENTS_DECIDE = "enrolments:decide"
    PRIVACY_MANAGE = "privacy:manage"
    LEDGER_READ = "ledger:read"
    LEDGER_WRITE = "ledger:write"
    LEDGER_VERIFY = "ledger:verify"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    OFFERS_READ = "offers:read"
    OFFERS_WRITE = "offers:write"
    DESK_USE = "desk:use"
    PARTNER_USE = "partner:use"
    PROGRAM_READ = "program:read"
    PROGRAM_DRAFT = "program:draft"
    PROGRAM_PUBLISH = "program:publish"
    APPROVALS_READ = "approvals:read"
    APPROVALS_DECIDE = "approvals:decide"
    EXPORTS_READ = "exports:read"
    STAFF_MANAGE = "staff:manage"
    CLIENTS_MANAGE = "clients:manage"
    ORGANIZATION_MANAGE = "organization:manage"
    AUDIT_READ = "audit:read"
    SYSTEM_READ = "system:read"
    TOKENS_INSPECT = "tokens:inspect"
    ADMIN = "admin"
    DEPLOYMENT_MANAGE = "deployment:manage"
    STAFF_SELF = "staff:self"
    SELF_READ = "self:read"
    SELF_WRITE = "self:write"


MEANING: dict[Scope, str] = {
    Scope.EVENTS_WRITE: "Send events, and preview what they would do.",
    Scope.IMPORTS_WRITE: "Import files of events, and correct what was rejected of them.",
    Scope.MEMBERS_READ: "Read members, their tiers, timelines and explanations.",
    Scope.MEMBERS_WRITE: "Enrol members, change their attributes and identities.",
    Scope.MEMBERS_MANAGE: "Freeze members, end their sessions, make one of two who are one.",
    Scope.PROFILES_READ: "Read members' personal data, masked.",
    Scope.PROFILES_UNMASK: "Read personal data in full, for a stated purpose.",
    Scope.PROFILES_WRITE: "Write and correct personal data.",
    Scope.CONSENTS_WRITE: "Record consents and their withdrawal.",
    Scope.ENROLMENTS_DECIDE: "Clear or refuse enrolments that are held.",
    Scope.PRIVACY_MANAGE: "Export, restrict and erase members; set how long data is kept.",
    Scope.LEDGER_READ: "Read balances, lots, transfers and the liability.",
    Scope.LEDGER_WRITE: "Adjust, redeem, transfer, convert and hold points.",
    Scope.LEDGER_VERIFY: "Start a verification of the ledger.",
    Scope.ORDERS_READ: "Read orders, what was applied to them and why.",
    Scope.ORDERS_WRITE: "Open, confirm, cancel and return orders; use coupons and benefits.",
    Scope.OFFERS_READ: "Read coupons, benefits, rewards, sales, draws, and who used them.",
    Scope.OFFERS_WRITE: "Make and change coupons, rewards, sales, draws; grant benefits.",
    Scope.DESK_USE: "Serve members at the counter: look up codes, redeem, hand out.",
    Scope.PARTNER_USE: "Use the benefits of one's partner by the codes that members show.",
    Scope.PROGRAM_READ: "Read program versions, compare them, check a draft.",
    Scope.PROGRAM_DRAFT: "Write drafts of the program, try and simulate them.",
    Scope.PROGRAM_PUBLISH: "Publish a program version.",
    Scope.APPROVALS_READ: "Follow what waits for a second person; take back what one asked for.",
    Scope.APPROVALS_DECIDE: "Approve or refuse what another person asked for.",
    Scope.EXPORTS_READ: "Export records under pseudonyms.",
    Scope.STAFF_MANAGE: "Invite staff, give them roles, end their sessions.",
    Scope.CLIENTS_MANAGE: "Register applications and their secrets.",
    Scope.ORGANIZATION_MANAGE: "Change the organization's own settings.",
    Scope.AUDIT_READ: "Search and verify the audit trail.",
    Scope.SYSTEM_READ: "Read how the system is: version, database, worker, what waits.",
    Scope.TOKENS_INSPECT: "Ask whether the access tokens of other applications hold.",
    Scope.ADMIN: "Everything in one organization; given by the command line alone.",
    Scope.DEPLOYMENT_MANAGE: "Add and suspend organizations of the deployment.",
    Scope.STAFF_SELF: "Look after one's own sign-in: every member of staff may.",
    Scope.SELF_READ: "Read what concerns the member who granted this.",
    Scope.SELF_WRITE: "Act for the member who granted this.",
}

OUTSIDE_ADMIN = frozenset(
    {Scope.DEPLOYMENT_MANAGE, Scope.STAFF_SELF, Scope.SELF_READ, Scope.SELF_WRITE}
)
"""What even ADMIN does not carry: it is another's."""

NOT_FOR_APPLICATIONS = OUTSIDE_ADMIN | {
    Scope.ADMIN, Scope.STAFF_MANAGE, Scope.CLIENTS_MANAGE, Scope.APPROVALS_DECIDE,
    Scope.ORGANIZATION_MANAGE,
}  # fmt: skip
"""What staff cannot give to an application of the organization: it is for people."""


class Role(StrEnum):
    """What a member of staff is."""

    OWNER = "owner"
    PROGRAM_MANAGER = "program_manager"
    MARKETER = "marketer"
    SERVICE_AGENT = "service_agent"
    FINANCE = "finance"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    PARTNER = "partner"
    OPERATOR = "operator"


_LOOK = frozenset({Scope.MEMBERS_READ, Scope.PROGRAM_READ, Scope.ORDERS_READ, Scope.OFFERS_READ})

ROLES: dict[Role, frozenset[Scope]] = {
    # All of the organization, and nothing of the deployment or of a member's own.
    Role.OWNER: frozenset(Scope) - OUTSIDE_ADMIN - {Scope.ADMIN},
    Role.PROGRAM_MANAGER: _LOOK | {
        Scope.PROGRAM_DRAFT, Scope.PROGRAM_PUBLISH, Scope.APPROVALS_READ, Scope.APPROVALS_DECIDE,
        Scope.LEDGER_READ, Scope.EVENTS_WRITE, Scope.IMPORTS_WRITE, Scope.EXPORTS_READ,
        Scope.ORDERS_WRITE, Scope.OFFERS_WRITE, Scope.DESK_USE,
    },
    Role.MARKETER: _LOOK | {Scope.PROFILES_READ, Scope.EXPORTS_READ, Scope.OFFERS_WRITE},
    Role.SERVICE_AGENT: _LOOK | {
        Scope.MEMBERS_WRITE, Scope.MEMBERS_MANAGE, Scope.PROFILES_READ, Scope.PROFILES_UNMASK,
        Scope.PROFILES_WRITE,
        Scope.CONSENTS_WRITE, Scope.ENROLMENTS_DECIDE, Scope.LEDGER_READ, Scope.LEDGER_WRITE,
        Scope.APPROVALS_READ, Scope.ORDERS_WRITE, Scope.DESK_USE,
    },
    Role.FINANCE: _LOOK | {
        Scope.LEDGER_READ, Scope.LEDGER_WRITE, Scope.LEDGER_VERIFY, Scope.APPROVALS_READ,
        Scope.APPROVALS_DECIDE, Scope.EXPORTS_READ,
    },
    Role.ANALYST: _LOOK | {Scope.LEDGER_READ, Scope.EXPORTS_READ},
    Role.AUDITOR: _LOOK | {
        Scope.LEDGER_READ, Scope.LEDGER_VERIFY, Scope.AUDIT_READ, Scope.PROFILES_READ,
        Scope.APPROVALS_READ, Scope.SYSTEM_READ,
    },
    Role.PARTNER: frozenset({Scope.PROGRAM_READ, Scope.PARTNER_USE}),
    # Looks after the deployment, and into no organization's members.
    Role.OPERATOR: frozenset({Scope.DEPLOYMENT_MANAGE, Scope.SYSTEM_READ}),
}  # fmt: skip
"""The whole table: a role is what its scopes are."""


class Kind(StrEnum):
    """What a caller is."""

    KEY = "key"
    CLIENT = "client"
    STAFF = "staff"
    MEMBER = "member"
    COMMAND_LINE = "cli"
    SYSTEM = "system"


class Access(Struct, frozen=True):
    """What a caller was recognised as, and may do.

    `number` is its row, of the kind's own table. `member_id`: the one member whom a MEMBER is, or
    who granted a CLIENT this access; None for access to all. `session_id`: of a person who signed
    in. `is_strong`: a second factor was shown in this session. `client_id`: the application
    through which a person acts. `rate`: requests it may make in a minute; 0 for no limit.
    """

    organization: int
    kind: Kind
    number: int
    name: str
    scopes: frozenset[Scope]
    member_id: int | None = None
    session_id: int | None = None
    is_strong: bool = False
    client_id: int | None = None
    rate: int = 0

    @property
    def actor(self) -> str:
        """Who it is, as every record says it: "key:3", "staff:12"; "client:4/member:7"."""
        own = f"{self.kind.value}:{self.number}"
        return own if self.client_id is None else f"client:{self.client_id}/{own}"

    def may(self, scope: Scope) -> bool:
        """Whether the caller may do this."""
        return scope in self.scopes or (Scope.ADMIN in self.scopes and scope not in OUTSIDE_ADMIN)

    def demand(self, scope: Scope) -> None:
        """Raises MissingScope unless the caller may do this."""
        if not self.may(scope):
            raise MissingScope(f"{self.name!r} lacks the scope {scope.value}.")


def scopes_of(roles: Iterable[Role]) -> frozenset[Scope]:
    """What staff with these roles may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def may_give(giver: Access, roles: Iterable[Role]) -> None:
    """Raises NotYourRole unless all that `roles` allow is the giver's already: nobody makes
    anybody, least of all oneself, mightier than oneself."""
    beyond = sorted(scope for scope in scopes_of(roles) if not giver.may(scope))
    if beyond:
        raise NotYourRole(
            f"You can give only what you may do yourself; this carries {', '.join(beyond)}."
        )


def parse_roles(names: Iterable[str]) -> frozenset[Role]:
    """Roles by their names. Raises InvalidInput, naming those that exist."""
    return frozenset(_parse(list(names), Role, "roles"))


def parse_scopes(names: list[str]) -> frozenset[Scope]:
    """Scopes by their names. Raises InvalidInput, naming those that exist."""
    return frozenset(_parse(names, Scope, "scopes"))


def _parse(names: list[str], kind: type[T], word: str) -> list[T]:
    known = {one.value: one for one in kind}
    faults = [
        Fault(f"/{word}/{place}", f"{name!r} is none of the {word}")
        for place, name in enumerate(names)
        if name not in known
    ]
    if faults or not names:
        raise InvalidInput(f"Choose {word} among: {', '.join(known)}.", faults=faults)
    return [known[name] for name in names]


class Credential(Struct, frozen=True):
    """What a secret or token was found to stand for.

    `names`: under any of these it may be revoked, such as "key:3" or "staff:12". `expires_at`:
    None for one that holds until it is revoked. `ask_again_at`: from then on it has to be looked up
    anew, because what it may do has changed by then, or to note that it is in use.
    """

    access: Access
    names: tuple[str, ...]
    expires_at: datetime | None = None
    ask_again_at: datetime | None = None


PARTS_OF_A_SECRET = 3
DIGITS_OF_AN_ORGANIZATION = 10
MAX_ORGANIZATION = 2**31 - 1

REVOKED_FOR = timedelta(hours=24)
"""How long a revocation is told of. What was recognised before is looked up anew by then, and no
token that is believed by its signature alone lives as long."""

SUSPENDED = "organization"
"""The name under which all credentials of an organization are revoked at once."""


def organization_in(secret: str) -> int | None:
    """The organization that a secret of ours names: rgl_7_… is of organization 7. None for text
    that is no such secret."""
    parts = secret.split("_", 2)
    if len(parts) < PARTS_OF_A_SECRET or not parts[1].isascii() or not parts[1].isdecimal():
        return None
    number = int(parts[1][:DIGITS_OF_AN_ORGANIZATION])
    return number if 0 < number <= MAX_ORGANIZATION else None
