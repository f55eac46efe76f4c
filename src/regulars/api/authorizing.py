"""The page on which a person allows an application something, or does not."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from regulars.api.answers import language_in
from regulars.api.callers import refuse_cross_site, session_secrets, trace_of
from regulars.api.oauth import NO_STORE, address, form, pairs
from regulars.api.state import House, HouseBy
from regulars.domain.access import Access
from regulars.domain.applications import OF_A_MEMBER, origin_of
from regulars.domain.audit import by
from regulars.domain.errors import Malformed, NotAuthenticated
from regulars.domain.programs.phrases import language_of
from regulars.domain.scope_words import words
from regulars.services.authorization import answering
from regulars.services.authorization.answering import Asking
from regulars.services.authorization.models import read_scopes
from regulars.services.authorization.requests import Answered, Asked

router = APIRouter(include_in_schema=False)

STYLE = "/oauth/consent.css"
HTML = "text/html; charset=utf-8"
PER_MINUTE = 120
SEE_OTHER = 303
UNAUTHORIZED = 401
MEMBERS_DOOR = "/my/sign-in"
DECISION, ALLOW, DENY = "decision", "allow", "deny"

SAY: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Allow {name}?",
        "intro": "The application {name} asks you to allow it to:",
        "back": "You are sent back to {origin}.",
        "withdraw": "You can take this back at any time.",
        "allow": "Allow",
        "deny": "Do not allow",
        "refused": "This request cannot be answered",
        "refused_text": "The application that sent you here asked in a way that is not right. "
        "Nothing was allowed. Tell whoever runs it.",
        "sign_in": "Sign in first",
        "sign_in_text": "Sign in here as yourself, and then follow the application's link again.",
    },
    "zh-CN": {
        "title": "是否授权“{name}”？",
        "intro": "应用“{name}”请求您允许它：",
        "back": "授权后将返回 {origin}。",
        "withdraw": "您可以随时撤回授权。",
        "allow": "允许",
        "deny": "不允许",
        "refused": "无法处理此请求",
        "refused_text": "将您带到此处的应用发出的请求有误。没有授予任何权限，"
        "请联系该应用的运营者。",
        "sign_in": "请先登录",
        "sign_in_text": "请先登录您的账户，然后重新打开该应用的链接。",
    },
}

_pages = Environment(
    loader=PackageLoader("regulars.api", "templates"), autoescape=True, undefined=StrictUndefined
)
_style = (Path(__file__).parent / "templates" / "consent.css").read_bytes()


@router.get(STYLE)
async def style() -> Response:
    """How these pages look."""
    return Response(_style, media_type="text/css", headers={"cache-control": "max-age=3600"})


@router.get(answering.AUTHORIZE)
async def ask(request: Request, house: HouseBy) -> Response:
    """Ask the person who has signed in; nothing is granted by looking at the page."""
    runtime, language = house.runtime, _language(request)
    house.limits.take_of_address(request, runtime.settings, answering.AUTHORIZE, PER_MINUTE)
    asked = _asked(house, "GET", pairs(request.url.query))
    person = await _person(request, house, asked)
    told = await anyio.to_thread.run_sync(
        lambda: answering.consent(runtime.db, house.tokens, asked, person, now=runtime.clock())
    )
    if isinstance(told, Answered):
        return _sent(house, told, language)
    if told.scopes is None:
        return _sign_in_first(request, house, asked, language)
    return _consent_page(house, told, asked.pairs, language)


@router.post(answering.AUTHORIZE)
async def decide(request: Request, house: HouseBy) -> Response:
    """Take the person's word, from our own page alone. Raises CrossSite, NotAuthenticated."""
    runtime, language = house.runtime, _language(request)
    house.limits.take_of_address(request, runtime.settings, answering.AUTHORIZE, PER_MINUTE)
    refuse_cross_site(request, runtime.settings)
    sent = await form(request)
    decisions = [value for name, value in sent if name == DECISION]
    if decisions not in ([ALLOW], [DENY]):
        raise Malformed("The decision is missing.")
    asked = _asked(house, "POST", [pair for pair in sent if pair[0] != DECISION])
    person = await _person(request, house, asked)
    if person is None:
        raise NotAuthenticated
    recorded = by(person, trace_of(request))
    told = await anyio.to_thread.run_sync(
        lambda: answering.decide(
            runtime.db,
            house.tokens,
            asked,
            person,
            is_allowed=decisions == [ALLOW],
            by=recorded,
            now=runtime.clock(),
        )
    )
    return _sent(house, told, language)


def _asked(house: House, method: str, sent: Sequence[tuple[str, str]]) -> Asked:
    """No Authorization header counts here: a browser sends none of its own accord."""
    return Asked(method, address(house.runtime.settings, answering.AUTHORIZE), sent)


async def _person(request: Request, house: House, asked: Asked) -> Access | None:
    """Who has signed in with this browser; None for nobody. Of a member and somebody of the staff
    the one who can grant what is wished."""
    settings = house.runtime.settings
    for secret in session_secrets(request, settings, members_first=_is_for_members(asked)):
        try:
            return await house.ring.known(secret.encode("latin-1", "replace"))
        except NotAuthenticated:
            continue
    return None


def _is_for_members(asked: Asked) -> bool:
    """Whether the application wishes for something that members grant."""
    wished = read_scopes(dict(asked.pairs).get("scope", "")) or frozenset()
    return bool(wished & OF_A_MEMBER)


def _sign_in_first(request: Request, house: House, asked: Asked, language: str) -> Response:
    """Members come to their own door, and from there back to this very question; staff sign in to
    the console and follow the application's link again."""
    if not _is_for_members(asked):
        return _notice(house, language, "sign_in", "", UNAUTHORIZED)
    back = urlencode({"next": f"{answering.AUTHORIZE}?{request.url.query}"})
    location = f"{address(house.runtime.settings, MEMBERS_DOOR)}?{back}"
    return Response(status_code=SEE_OTHER, headers=NO_STORE | {"location": location})


def _consent_page(
    house: House, told: Asking, sent: Sequence[tuple[str, str]], language: str
) -> Response:
    origin = origin_of(told.redirect_uri)
    scopes = told.scopes
    assert scopes is not None, "only who can grant something is asked"
    return _page(
        house,
        "consent.html",
        language,
        origin=origin,
        name=told.client.name,
        organization=told.client.organization_name,
        wishes=words(scopes, language),
        fields=sent,
        action=address(house.runtime.settings, answering.AUTHORIZE),
        say=SAY[language],
    )


def _sent(house: House, told: Answered, language: str) -> Response:
    """Go on to the application; or stay here, where it is not known where to go."""
    if told.location is None:
        detail = str(told.body.get("error", ""))
        return _notice(house, language, "refused", detail, told.status)
    headers = NO_STORE | {"location": told.location, "referrer-policy": "no-referrer"}
    return Response(status_code=SEE_OTHER, headers=headers)


def _notice(house: House, language: str, what: str, detail: str, status: int) -> Response:
    say = SAY[language]
    return _page(
        house,
        "notice.html",
        language,
        status,
        title=say[what],
        text=say[f"{what}_text"],
        detail=detail,
    )


def _page(
    house: House,
    template: str,
    language: str,
    status: int = 200,
    *,
    origin: str = "",
    **values: Any,
) -> Response:
    """A page that runs no script, is shown in no frame, and sends its form to us alone; browsers
    hold what follows the form to the same policy, so the application's origin stands in it."""
    policy = (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self' {origin}".strip()
    )
    headers = NO_STORE | {
        "content-security-policy": policy,
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    html = _pages.get_template(template).render(
        language=language,
        style=address(house.runtime.settings, STYLE),
        origin=origin,
        **values,
    )
    return Response(html, status, headers, media_type=HTML)


def _language(request: Request) -> str:
    """As the application wishes (ui_locales), or else the browser."""
    wished = request.query_params.get("ui_locales", "").partition(" ")[0]
    if wished:
        return language_of(wished)
    return language_in(request.headers.get("accept-language", ""))
