"""What staff routes read and answer with."""

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.domain.access import Access, Role, Scope
from regulars.domain.ids import SESSION, STAFF, encode
from regulars.domain.passwords import MOST_LENGTH
from regulars.domain.personal import MAX_EMAIL
from regulars.domain.second_factors import MOST_CODE
from regulars.domain.staffing import MAX_NAME
from regulars.services.staff import Person
from regulars.storage.sessions import Session
from regulars.storage.staff_tokens import MOST_TOKEN

Email = Annotated[str, Meta(min_length=3, max_length=MAX_EMAIL)]
Password = Annotated[str, Meta(max_length=MOST_LENGTH)]
Code = Annotated[str, Meta(min_length=1, max_length=MOST_CODE)]
Token = Annotated[str, Meta(min_length=1, max_length=MOST_TOKEN)]
OrganizationCode = Annotated[str, Meta(max_length=40)]
Roles = Annotated[list[str], Meta(min_length=1, max_length=len(Role))]


class SignInIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants in. `organization`: its code; left out for the deployment's own. `totp`: the
    one-time code, or a recovery code, of whoever has set them up."""

    email: Email
    password: Password
    organization: OrganizationCode = ""
    totp: Code | None = None


class CodeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A one-time code, or where it is asked again, a recovery code."""

    code: Code


class PasswordIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One's password, once more. Empty for staff who have none."""

    password: Password = ""


class NewPasswordIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Another password."""

    old: Password
    new: Password


class ResetIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose password was forgotten."""

    email: Email
    organization: OrganizationCode = ""


class ResetFinishIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the letter brought, and the new password."""

    token: Token
    password: Password


class InvitationIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is invited, to be what. `language`: of letters to them."""

    email: Email
    roles: Roles
    language: str = "en"


class AcceptanceIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the invitation brought, and how its reader wants to be called."""

    token: Token
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    password: Password


class RolesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody is from now on, and nothing else."""

    roles: Roles


class StaffAnswer(Struct, frozen=True):
    """Somebody on the staff. `actor`: as records call them."""

    staff: str
    actor: str
    email: str
    name: str
    roles: list[str]
    language: str
    second_factor: bool
    invited_at: Instant
    accepted_at: Instant | None
    suspended_at: Instant | None


class StaffListAnswer(Struct, frozen=True):
    """A page of the staff. `next`: the cursor of the following page."""

    items: list[StaffAnswer]
    next: str | None


class MeAnswer(Struct, frozen=True):
    """The caller. `strong`: a second factor was shown of late."""

    staff: StaffAnswer
    session: str
    strong: bool
    scopes: list[str]


class SessionAnswer(Struct, frozen=True):
    """A session that goes on. `current`: the one that asks."""

    session: str
    device: str
    created_at: Instant
    seen_at: Instant
    expires_at: Instant
    strong_until: Instant | None
    current: bool


class SessionsAnswer(Struct, frozen=True):
    """Sessions that go on, newest first."""

    items: list[SessionAnswer]


class SeedAnswer(Struct, frozen=True):
    """The secret of one-time codes, told this once: as text, as an address, and as a picture."""

    secret: str
    otpauth: str
    qr_svg: str


class RecoveryCodesAnswer(Struct, frozen=True):
    """Codes for an emergency, told this once. Each stands in for a one-time code once."""

    recovery_codes: list[str]


class DoneAnswer(Struct, frozen=True):
    """It was taken in. Whether there was anything to do is not told."""

    done: bool = True


def tell_person(found: Person) -> StaffAnswer:
    """Somebody on the staff."""
    one = found.staff
    return StaffAnswer(
        encode(STAFF, one.id),
        one.name,
        found.profile.email,
        found.profile.name,
        sorted(role.value for role in one.roles),
        one.language,
        one.totp_at is not None,
        one.invited_at,
        one.accepted_at,
        one.suspended_at,
    )


def tell_me(
    found: Person, *, session_id: int, is_strong: bool, scopes: Iterable[Scope]
) -> MeAnswer:
    """The caller."""
    names = sorted(scope.value for scope in scopes)
    return MeAnswer(tell_person(found), encode(SESSION, session_id), is_strong, names)


def tell_sessions(found: Iterable[Session], access: Access) -> SessionsAnswer:
    """Sessions, among them perhaps that of the caller."""
    return SessionsAnswer(
        [
            SessionAnswer(
                encode(SESSION, one.id),
                one.device,
                one.created_at,
                one.seen_at,
                one.expires_at,
                one.strong_until,
                one.id == access.session_id,
            )
            for one in found
        ]
    )
