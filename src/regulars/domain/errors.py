"""Every refusal of the business, named. Faces turn `code` into a status or an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: `pointer` is a JSON pointer into what was sent.

    `code` names the kind of fault; `line` and `column` count from 1 where a text was sent.
    """

    pointer: str
    detail: str
    code: str = ""
    line: int | None = None
    column: int | None = None


class RegularsError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str = "", *, faults: Sequence[Fault] = ()) -> None:
        self.detail = detail or (type(self).__doc__ or "")
        self.faults = tuple(faults)
        super().__init__(self.detail)


class InvalidInput(RegularsError):
    """What was sent is understood but not valid."""

    code = "invalid_input"


class Malformed(RegularsError):
    """What was sent cannot be read."""

    code = "malformed"


class TooLarge(RegularsError):
    """What was sent is larger than the documented limit."""

    code = "too_large"


class MemberNotFound(RegularsError):
    """There is no such member."""

    code = "member_not_found"


class EventNotFound(RegularsError):
    """There is no such event."""

    code = "event_not_found"


class EventConflict(RegularsError):
    """An event with this source and id but other content was accepted before."""

    code = "event_conflict"


class UnknownEventType(RegularsError):
    """The program in force does not know this event type."""

    code = "unknown_event_type"


class NoProgramInForce(RegularsError):
    """No program version was in force at the time of the event."""

    code = "no_program_in_force"


class InsufficientPoints(RegularsError):
    """The account does not hold enough points."""

    code = "insufficient_points"


class NotAllowed(RegularsError):
    """The program does not allow this."""

    code = "not_allowed"


class HoldNotOpen(RegularsError):
    """The hold was captured, released or has timed out."""

    code = "hold_not_open"


class AlreadyReturned(RegularsError):
    """More would come back than was bought."""

    code = "already_returned"


class ProgramInvalid(RegularsError):
    """The program document has errors."""

    code = "program_invalid"


class VersionConflict(RegularsError):
    """The version cannot take force at this instant."""

    code = "version_conflict"


class ConditionInvalid(RegularsError):
    """The condition cannot be used; `offset` counts characters from the start of its text."""

    code = "condition_invalid"

    def __init__(self, detail: str, *, offset: int = 0) -> None:
        super().__init__(detail)
        self.offset = offset


class DatabaseUnusable(RegularsError):
    """The database cannot be used as it is."""

    code = "database_unusable"


class InternalFault(RegularsError):
    """Something went wrong on our side; nothing of this request was recorded. Send it again."""

    code = "internal"


class Overloaded(RegularsError):
    """More is waiting than can be taken in; come back in a second."""

    code = "overloaded"


class NotAuthenticated(RegularsError):
    """A valid credential is needed: send `Authorization: Bearer …`, or sign in."""

    code = "not_authenticated"


class MissingScope(RegularsError):
    """The caller lacks the scope that this needs."""

    code = "missing_scope"


class NotYourRole(RegularsError):
    """This would give more than the giver may do."""

    code = "not_your_role"


class OrganizationNotFound(RegularsError):
    """There is no such organization."""

    code = "organization_not_found"


class OrganizationExists(RegularsError):
    """An organization with this code is there already."""

    code = "organization_exists"


class OrganizationSuspended(RegularsError):
    """The organization is suspended; its operator can tell why."""

    code = "organization_suspended"


class KeyNotFound(RegularsError):
    """There is no such API key."""

    code = "key_not_found"


class ApplicationNotFound(RegularsError):
    """There is no such application."""

    code = "application_not_found"


class GrantNotFound(RegularsError):
    """There is no such grant; perhaps it was taken back before."""

    code = "grant_not_found"


class CrossSite(RegularsError):
    """Another site's page asked for this with your cookie; only our own pages may."""

    code = "cross_site"


class TooManyRequests(RegularsError):
    """More requests came than the limit allows; wait as Retry-After says."""

    code = "too_many_requests"

    def __init__(self, detail: str = "", *, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class SignInRefused(RegularsError):
    """E-mail address, password or code are not right."""

    code = "sign_in_refused"


class SecondFactorNeeded(RegularsError):
    """This needs your second factor: the one-time code of your app, or a recovery code."""

    code = "second_factor_needed"


class LinkRefused(RegularsError):
    """This link was used before, has expired or was never sent. Ask for a new one."""

    code = "link_refused"


class StaffNotFound(RegularsError):
    """There is nobody like that among the staff."""

    code = "staff_not_found"


class StaffExists(RegularsError):
    """Somebody with this e-mail address is on the staff already."""

    code = "staff_exists"


class LastOwner(RegularsError):
    """An organization keeps at least one owner who can sign in. Make another one first."""

    code = "last_owner"


class SessionNotFound(RegularsError):
    """There is no such session, or it is over."""

    code = "session_not_found"


class ProviderNotFound(RegularsError):
    """There is no such identity provider."""

    code = "provider_not_found"


class ApprovalNotFound(RegularsError):
    """There is no such request for approval."""

    code = "approval_not_found"


class ApprovalDecided(RegularsError):
    """This request for approval is no longer waiting."""

    code = "approval_decided"


class SamePerson(RegularsError):
    """A second person has to decide this: whoever asked for it cannot."""

    code = "same_person"


class Unready(RegularsError):
    """Who is calling cannot be made sure of at the moment. Try again shortly."""

    code = "unready"


class PersonalDataUnusable(RegularsError):
    """Personal data cannot be opened: its key is missing or does not fit."""

    code = "personal_data_unusable"


class Restricted(RegularsError):
    """The use of this member's personal data is restricted; it is kept, and not looked at."""

    code = "restricted"


class NotProven(RegularsError):
    """A new phone or e-mail address is proven first, by a code that is sent there."""

    code = "not_proven"


class IdentityTaken(RegularsError):
    """Another member has this identity."""

    code = "identity_taken"


class MemberExists(RegularsError):
    """The member is there already, and was created with other content."""

    code = "member_exists"


class IdempotencyKeyReused(RegularsError):
    """This Idempotency-Key was used before for another request."""

    code = "idempotency_key_reused"


class StaleMark(RegularsError):
    """The attributes have changed since they were read. Read them again and decide anew."""

    code = "stale_mark"


class VersionNotFound(RegularsError):
    """There is no such program version."""

    code = "version_not_found"


class ImportNotFound(RegularsError):
    """There is no such import."""

    code = "import_not_found"


class ImportStateWrong(RegularsError):
    """This cannot be done with the import as it stands. Look at it again."""

    code = "import_state_wrong"


class TooManyImports(RegularsError):
    """Too many imports wait already: finish or cancel some of them first."""

    code = "too_many_imports"


class FileRefused(RegularsError):
    """The file is not one that can be imported: send CSV, NDJSON or Parquet."""

    code = "file_refused"


class HoldNotFound(RegularsError):
    """The member has no such hold."""

    code = "hold_not_found"


class AddressRefused(RegularsError):
    """We do not call this address. Give a public one, with https."""

    code = "address_refused"


class FarSideFailed(RegularsError):
    """A server that we asked did not answer as it should."""

    code = "far_side_failed"


class ClaimsRefused(RegularsError):
    """The identity provider's word cannot be taken. Sign in again."""

    code = "claims_refused"


class KeyServiceFailed(RegularsError):
    """The keys that protect personal data cannot be used."""

    code = "key_service_failed"


class NotDelivered(RegularsError):
    """The message could not be handed over; when `is_final`, trying again is of no use."""

    code = "not_delivered"

    def __init__(self, detail: str = "", *, is_final: bool) -> None:
        super().__init__(detail)
        self.is_final = is_final
