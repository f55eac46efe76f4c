"""The cookies by which browsers are known again: never seen by scripts, never sent by other sites'
forms, and by https only where there is https."""

from datetime import datetime, timedelta

from fastapi import Response

from regulars.api.callers import cookie_name, member_cookie_name
from regulars.settings import Settings

LOGIN_COOKIE = "regulars_login"
SECURE_LOGIN_COOKIE = "__Host-regulars_login"
"""For the way to an identity provider and back: it ties the way back to the browser that left."""

TICKET_COOKIE = "regulars_ticket"
SECURE_TICKET_COOKIE = "__Host-regulars_ticket"
"""The way to an enrolment, for whom an identity provider has vouched."""


def set_session(
    response: Response, settings: Settings, secret: str, *, now: datetime, expires_at: datetime
) -> None:
    """Give the browser a session. It does not outlive `expires_at`."""
    _set(response, settings, cookie_name(settings), secret, expires_at - now)


def clear_session(response: Response, settings: Settings) -> None:
    """Take the session from the browser."""
    _clear(response, settings, cookie_name(settings))


def set_member_session(
    response: Response, settings: Settings, secret: str, *, now: datetime, expires_at: datetime
) -> None:
    """Give the browser a member's session, beside one of staff that it may have."""
    _set(response, settings, member_cookie_name(settings), secret, expires_at - now)


def clear_member_session(response: Response, settings: Settings) -> None:
    """Take the member's session from the browser."""
    _clear(response, settings, member_cookie_name(settings))


def login_cookie_name(settings: Settings) -> str:
    """What the cookie of a sign-in under way is called here."""
    return SECURE_LOGIN_COOKIE if settings.is_public_by_tls else LOGIN_COOKIE


def set_login(response: Response, settings: Settings, secret: str, *, lifetime: timedelta) -> None:
    """Give the browser what it has to bring back from the identity provider."""
    _set(response, settings, login_cookie_name(settings), secret, lifetime)


def clear_login(response: Response, settings: Settings) -> None:
    """Take it away again: it serves once."""
    _clear(response, settings, login_cookie_name(settings))


def ticket_cookie_name(settings: Settings) -> str:
    """What the cookie with an enrolment's ticket is called here."""
    return SECURE_TICKET_COOKIE if settings.is_public_by_tls else TICKET_COOKIE


def set_ticket(
    response: Response, settings: Settings, secret: str, *, now: datetime, expires_at: datetime
) -> None:
    """Give the browser a ticket to enrol with."""
    _set(response, settings, ticket_cookie_name(settings), secret, expires_at - now)


def clear_ticket(response: Response, settings: Settings) -> None:
    """Take it away again."""
    _clear(response, settings, ticket_cookie_name(settings))


def _set(
    response: Response, settings: Settings, name: str, value: str, lifetime: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=settings.is_public_by_tls,
        httponly=True,
        # "strict" would keep the cookie from the page to which an identity provider sends people
        # back. What changes something asks for the page's origin besides.
        samesite="lax",
    )


def _clear(response: Response, settings: Settings, name: str) -> None:
    response.delete_cookie(
        name, path="/", secure=settings.is_public_by_tls, httponly=True, samesite="lax"
    )
