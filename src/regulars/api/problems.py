"""Refusals as RFC 9457 problem documents: one table from error code to HTTP status."""

import logging
import secrets

import msgspec
from msgspec import Struct

from regulars.domain.errors import Fault, InternalFault, RegularsError, TooManyRequests
from regulars.gateways.log_lines import log_failure
from regulars.storage.database import is_unreachable

MEDIA_TYPE = "application/problem+json"
TYPE_PAGE = "/docs/problems"
"""Every problem's type is this page with the code as its fragment."""

STATUS: dict[str, int] = {
    "refused": 422,
    "malformed": 400,
    "not_authenticated": 401,
    "missing_scope": 403,
    "sign_in_refused": 401,
    "claims_refused": 403,
    "second_factor_needed": 403,
    "link_refused": 403,
    "same_person": 403,
    "not_your_role": 403,
    "cross_site": 403,
    "code_refused": 403,
    "ticket_refused": 403,
    "enrolment_refused": 403,
    "passkey_refused": 403,
    "organization_suspended": 403,
    "organization_not_found": 404,
    "member_not_found": 404,
    "event_not_found": 404,
    "key_not_found": 404,
    "hold_not_found": 404,
    "application_not_found": 404,
    "grant_not_found": 404,
    "enrolment_not_found": 404,
    "passkey_not_found": 404,
    "staff_not_found": 404,
    "session_not_found": 404,
    "provider_not_found": 404,
    "approval_not_found": 404,
    "version_not_found": 404,
    "draft_not_found": 404,
    "simulation_not_found": 404,
    "limit_reached": 409,
    "day_taken": 409,
    "no_make_up_left": 409,
    "draw_not_found": 404,
    "draw_closed": 409,
    "draw_fixed": 409,
    "no_chance_left": 409,
    "leaderboard_not_found": 404,
    "play_name_taken": 409,
    "nothing_to_hand_out": 409,
    "card_held": 409,
    "card_not_held": 409,
    "trial_used": 409,
    "family_refused": 409,
    "card_not_sold": 422,
    "payment_known": 409,
    "membership_not_found": 404,
    "membership_over": 409,
    "invitation_lost": 404,
    "benefit_not_held": 409,
    "benefit_not_now": 409,
    "benefit_grant_not_found": 404,
    "benefit_use_not_found": 404,
    "benefit_code_invalid": 404,
    "not_your_benefit": 403,
    "coupon_run_not_found": 404,
    "grant_run_not_found": 404,
    "slot_not_found": 404,
    "slot_not_open": 409,
    "booking_not_found": 404,
    "booking_not_open": 409,
    "already_booked": 409,
    "too_late_to_change": 409,
    "reservation_lost": 409,
    "order_not_found": 404,
    "order_closed": 409,
    "order_timed_out": 409,
    "offer_lost": 409,
    "quote_changed": 409,
    "cancel_too_late": 409,
    "transfer_not_found": 404,
    "run_not_found": 404,
    "import_not_found": 404,
    "reward_not_found": 404,
    "redemption_not_found": 404,
    "sale_not_found": 404,
    "coupon_template_not_found": 404,
    "coupon_batch_not_found": 404,
    "coupon_not_found": 404,
    "coupon_use_not_found": 404,
    "route_not_found": 404,
    "method_not_allowed": 405,
    "body_too_slow": 408,
    "event_conflict": 409,
    "insufficient_points": 409,
    "hold_not_open": 409,
    "hold_not_captured": 409,
    "already_returned": 409,
    "version_conflict": 409,
    "identity_taken": 409,
    "member_frozen": 409,
    "merge_refused": 409,
    "restricted": 409,
    "member_exists": 409,
    "enrolment_decided": 409,
    "passkey_exists": 409,
    "address_unproven": 409,
    "organization_exists": 409,
    "staff_exists": 409,
    "last_owner": 409,
    "approval_decided": 409,
    "import_state_wrong": 409,
    "too_many_imports": 409,
    "simulations_busy": 409,
    "runs_busy": 409,
    "file_not_ready": 409,
    "not_worked_out": 409,
    "reward_unavailable": 409,
    "sold_out": 409,
    "sale_not_open": 409,
    "redemption_state_wrong": 409,
    "coupon_template_exists": 409,
    "coupon_template_state_wrong": 409,
    "coupon_unusable": 409,
    "coupon_taken": 409,
    "coupon_state_wrong": 409,
    "coupon_not_claimable": 409,
    "coupon_gift_refused": 409,
    "stale_mark": 412,
    "too_large": 413,
    "uri_too_long": 414,
    "unsupported_media_type": 415,
    "host_not_served": 421,
    "invalid_input": 422,
    "coupon_code_mistyped": 422,
    "address_refused": 422,
    "unknown_event_type": 422,
    "file_refused": 422,
    "picture_refused": 422,
    "no_program_in_force": 422,
    "not_allowed": 422,
    "consent_needed": 422,
    "guardian_needed": 422,
    "program_invalid": 422,
    "condition_invalid": 422,
    "idempotency_key_reused": 422,
    "not_proven": 422,
    "mark_needed": 428,
    "too_many_requests": 429,
    "internal": 500,
    "far_side_failed": 502,
    "not_delivered": 502,
    "overloaded": 503,
    "unavailable": 503,
    "unready": 503,
    "personal_data_unusable": 503,
    "database_unusable": 503,
    "key_service_failed": 503,
}

RETRY_AFTER_S = 1
UNFORESEEN = frozenset({"internal", "unavailable"})
_FAILURE = "urn:regulars:failure:"

log = logging.getLogger("regulars.api")


class UnsupportedMediaType(RegularsError):
    """The content type is not one of those that this route takes."""

    code = "unsupported_media_type"


class RouteNotFound(RegularsError):
    """There is nothing at this address."""

    code = "route_not_found"


class MethodNotAllowed(RegularsError):
    """This address does not take this method."""

    code = "method_not_allowed"


class BodyTooSlow(RegularsError):
    """The body of the request did not come in time; nothing of it was recorded."""

    code = "body_too_slow"


class UriTooLong(RegularsError):
    """The address is too long; send less in the query."""

    code = "uri_too_long"


class HostNotServed(RegularsError):
    """This server does not go by that name. The operator adds names by REGULARS_SERVED_HOSTS."""

    code = "host_not_served"


class Unavailable(RegularsError):
    """The database cannot be reached; nothing of this request was recorded. Send it again."""

    code = "unavailable"


class ProblemFault(Struct, frozen=True, omit_defaults=True):
    """One thing wrong with the input. `line` and `column` count from 1 in a text that was sent."""

    pointer: str
    detail: str
    code: str = ""
    line: int | None = None
    column: int | None = None


class Problem(Struct, frozen=True, omit_defaults=True):
    """A problem document. `instance` names one unforeseen failure, and is in the log."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemFault] = []
    instance: str = ""


encode = msgspec.json.Encoder().encode


def problem_of(error: RegularsError) -> Problem:
    """The document that tells of `error`; an unforeseen one is logged under the id it gets."""
    told = _seen(error)
    instance = _logged(told) if told.code in UNFORESEEN else ""
    return Problem(
        type=f"{TYPE_PAGE}#{told.code}",
        title=title_of(type(told)),
        status=STATUS[told.code],
        code=told.code,
        detail=told.detail,
        errors=[_fault(fault) for fault in told.faults],
        instance=instance,
    )


def failure(error: Exception) -> RegularsError:
    """An unforeseen exception as a refusal."""
    fault = InternalFault()
    fault.__cause__ = error
    return fault


def title_of(kind: type[RegularsError]) -> str:
    """The first line of the error's own words."""
    return (kind.__doc__ or "").strip().splitlines()[0]


def extra_headers(status: int, error: Exception | None = None) -> list[tuple[bytes, bytes]]:
    """What belongs to a status, and to the refusal that it comes from, beside its body."""
    if isinstance(error, TooManyRequests):
        return [(b"retry-after", b"%d" % error.retry_after_s)]
    if status == STATUS["overloaded"]:
        return [(b"retry-after", str(RETRY_AFTER_S).encode())]
    if status == STATUS["not_authenticated"]:
        return [(b"www-authenticate", b"Bearer")]
    return []


def _seen(error: RegularsError) -> RegularsError:
    """A failure that comes from the database being away is told as such: it passes."""
    cause = error.__cause__
    if isinstance(error, InternalFault) and cause is not None and is_unreachable(cause):
        away = Unavailable()
        away.__cause__ = cause
        return away
    return error


def _logged(error: RegularsError) -> str:
    """The name of this failure. A failure that met many events at once is logged once."""
    cause = error.__cause__ or error
    for note in getattr(cause, "__notes__", ()):
        if note.startswith(_FAILURE):
            return str(note)
    name = _FAILURE + secrets.token_hex(8)
    cause.add_note(name)
    log_failure(log, name, cause)
    return name


def _fault(fault: Fault) -> ProblemFault:
    return ProblemFault(fault.pointer, fault.detail, fault.code, fault.line, fault.column)
