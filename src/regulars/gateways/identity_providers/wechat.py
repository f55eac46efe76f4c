"""Sign-in by WeChat, whose OAuth has names, errors and an order of its own.

https://developers.weixin.qq.com/doc/oplatform/en/Website_App/WeChat_Login/Wechat_Login.html
"""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from regulars.domain.errors import ClaimsRefused, FarSideFailed
from regulars.gateways.identity_providers.providers import MOST_SUBJECT, Claims
from regulars.gateways.safe_http import SafeHttp

ISSUER = "wechat"
PAGES = "https://open.weixin.qq.com"
API = "https://api.weixin.qq.com"
QR_CODE = "/connect/qrconnect"
"""A page with a code to scan, for browsers on a desk."""
IN_APP = "/connect/oauth2/authorize"
"""For pages that are opened inside WeChat."""
SPENT = frozenset({40029, 40163, 41008, 42003})
"""The code is unknown, used, missing or too old."""
MOST_NAME = 320
OK = 200

Scope = Literal["snsapi_login", "snsapi_userinfo", "snsapi_base"]


class WeChatProvider:
    """An app of WeChat's open platform. WeChat knows neither nonce nor PKCE: it is the state that
    ties the way back to the browser that went away."""

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        http: SafeHttp,
        is_in_app: bool = False,
        scope: Scope = "snsapi_login",
        pages_url: str = PAGES,
        api_url: str = API,
    ) -> None:
        """The name of the person is asked for unless the scope is `snsapi_base`."""
        self._app_id = app_id
        self._app_secret = app_secret
        self._http = http
        self._scope = scope
        self._page = pages_url.rstrip("/") + (IN_APP if is_in_app else QR_CODE)
        self._api_url = api_url.rstrip("/")

    def begin(
        self,
        *,
        state: str,
        nonce: str,  # noqa: ARG002 - see the class
        code_verifier: str,  # noqa: ARG002
        redirect_uri: str,
    ) -> str:
        """WeChat's page; its parameters must stand in this order, and the fragment at the end."""
        query = urlencode(
            {
                "appid": self._app_id,
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": self._scope,
                "state": state,
            }
        )
        return f"{self._page}?{query}#wechat_redirect"

    def finish(
        self,
        *,
        code: str,
        nonce: str,  # noqa: ARG002 - see the class
        code_verifier: str,  # noqa: ARG002
        redirect_uri: str,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Claims:
        """Exchange the code. The subject is the unionid, the same in all apps of one company, or
        where there is none the openid, which is of this app alone."""
        told = self._told(
            "/sns/oauth2/access_token",
            {
                "appid": self._app_id,
                "secret": self._app_secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
        openid = _id(told, "openid")
        if openid is None:
            raise FarSideFailed("WeChat did not say who it is.")
        name, unionid = None, _id(told, "unionid")
        if self._scope != "snsapi_base":
            person = self._person(str(told.get("access_token")), openid)
            name, unionid = _name(person), unionid or _id(person, "unionid")
        return Claims(issuer=ISSUER, subject=unionid or openid, name=name)

    def _person(self, access_token: str, openid: str) -> dict[str, Any]:
        told = self._told(
            "/sns/userinfo", {"access_token": access_token, "openid": openid, "lang": "zh_CN"}
        )
        if told.get("openid") != openid:
            raise ClaimsRefused("WeChat speaks of two people. Sign in again.")
        return told

    def _told(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """WeChat answers 200 for errors too, and calls JSON text/plain."""
        answer = self._http.get(f"{self._api_url}{path}?{urlencode(query)}")
        if answer.status != OK:
            raise FarSideFailed(f"WeChat answered {answer.status}.")
        told = answer.json()
        code = told.get("errcode", 0)
        if not isinstance(code, int):
            raise FarSideFailed("WeChat answered with an error that is no number.")
        if code in SPENT:
            raise ClaimsRefused("WeChat does not take the code. Sign in again.")
        if code != 0:
            raise FarSideFailed(f"WeChat answered with error {code}.")
        return told


def _id(told: dict[str, Any], field: str) -> str | None:
    value = told.get(field)
    return value if isinstance(value, str) and 0 < len(value) <= MOST_SUBJECT else None


def _name(told: dict[str, Any]) -> str | None:
    value = told.get("nickname")
    return value if isinstance(value, str) and 0 < len(value) <= MOST_NAME else None
