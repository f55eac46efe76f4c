"""WeChat's own dialect, spoken to a stand-in that answers as WeChat documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tests.gateways.far_sides import Asked, Says, far_side

from regulars.domain.errors import ClaimsRefused, FarSideFailed
from regulars.gateways.identity_providers.providers import Claims
from regulars.gateways.identity_providers.wechat import WeChatProvider
from regulars.gateways.safe_http import SafeHttp

NOW = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
BACK = "https://loyalty.example/back?to=wallet"
AWAY = {"state": "st4te", "nonce": "n", "code_verifier": "v" * 43, "redirect_uri": BACK}


@dataclass
class WeChat:
    codes: dict[str, str] = field(default_factory=lambda: {"c0de": "o-mei"})
    unionid: str | None = "u-mei"
    person: dict[str, Any] = field(default_factory=dict)
    instead: Says | None = None
    port: int = 0

    def answer(self, asked: Asked) -> Says:
        if self.instead is not None:
            return self.instead
        told = {"/sns/access_token": {}, "/sns/oauth2/access_token": self._token(asked.query),
                "/sns/userinfo": self._person(asked.query)}[asked.path]  # fmt: skip
        # WeChat calls its JSON text, and does not say that it is UTF-8.
        return Says(msgspec.json.encode(told), headers={"Content-Type": "text/plain"})

    def _token(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("appid") != "wx1" or query.get("secret") != "s3cret":
            return {"errcode": 40125, "errmsg": "invalid appsecret, secret s3cret rid: 1"}
        if query.get("grant_type") != "authorization_code" or query.get("code") not in self.codes:
            return {"errcode": 40029, "errmsg": "invalid code, rid: 2"}
        told = {"access_token": "acc3ss", "expires_in": 7200, "refresh_token": "r",
                "openid": self.codes.pop(query["code"]), "scope": "snsapi_login"}  # fmt: skip
        return told | ({"unionid": self.unionid} if self.unionid else {})

    def _person(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("access_token") != "acc3ss":
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"openid": query["openid"], "nickname": "梅子", "sex": 0} | self.person

    def provider(self, **rest: Any) -> WeChatProvider:
        settings = {"app_id": "wx1", "app_secret": "s3cret"} | rest
        return WeChatProvider(
            **settings,
            http=SafeHttp(allowed_hosts=["127.0.0.1"], most_seconds=5),
            api_url=f"http://127.0.0.1:{self.port}",
        )

    def finish(self, code: str = "c0de", **rest: Any) -> Claims:
        way = {"nonce": "n", "code_verifier": "v" * 43, "redirect_uri": BACK}
        return self.provider(**rest).finish(code=code, **way, now=NOW)


@pytest.fixture
def wechat() -> Iterator[WeChat]:
    wechat = WeChat()
    with far_side(wechat.answer) as server:
        wechat.port = server.server_port
        yield wechat


def test_a_browser_on_a_desk_is_shown_a_code_to_scan(wechat: WeChat) -> None:
    assert wechat.provider().begin(**AWAY) == (
        "https://open.weixin.qq.com/connect/qrconnect?appid=wx1"
        "&redirect_uri=https%3A%2F%2Floyalty.example%2Fback%3Fto%3Dwallet"
        "&response_type=code&scope=snsapi_login&state=st4te#wechat_redirect"
    )


def test_a_page_inside_wechat_asks_right_there(wechat: WeChat) -> None:
    url = wechat.provider(is_in_app=True, scope="snsapi_userinfo").begin(**AWAY)
    assert url.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&")
    assert "scope=snsapi_userinfo" in url


def test_the_person_is_known_by_the_unionid_and_has_a_name(wechat: WeChat) -> None:
    assert wechat.finish() == Claims(issuer="wechat", subject="u-mei", name="梅子")


def test_without_a_unionid_the_openid_names_the_person(wechat: WeChat) -> None:
    wechat.unionid = None
    assert wechat.finish().subject == "o-mei"
    wechat.codes, wechat.person = {"c2": "o-mei"}, {"unionid": "u-late"}
    assert wechat.finish("c2").subject == "u-late"


def test_who_is_asked_for_no_name_gives_none(wechat: WeChat) -> None:
    wechat.person = {"openid": "never asked"}
    assert wechat.finish(scope="snsapi_base", is_in_app=True) == Claims(
        issuer="wechat", subject="u-mei"
    )


def test_a_code_serves_once_and_an_unknown_one_never(wechat: WeChat) -> None:
    wechat.finish()
    for code in ("c0de", "other"):
        with pytest.raises(ClaimsRefused):
            wechat.finish(code)


def test_a_fault_of_ours_is_told_without_the_secret(wechat: WeChat) -> None:
    with pytest.raises(FarSideFailed, match="40125") as refusal:
        wechat.finish(app_secret="wr0ng")
    assert "cret" not in str(refusal.value)
    assert "wr0ng" not in str(refusal.value)


def test_what_speaks_of_somebody_else_is_refused(wechat: WeChat) -> None:
    wechat.person = {"openid": "o-owner"}
    with pytest.raises(ClaimsRefused, match="two people"):
        wechat.finish()


@pytest.mark.parametrize(
    "instead",
    [Says(b"<html>"), Says(b"{}"), Says(b'{"openid": 7}'), Says(b'{"openid": ""}'), Says(b"[]"),
     Says(b'{"errcode": [40029]}'), Says(b'{"errcode": "x"}'), Says(b"{}", 502),
     Says(b'{"openid": "%s"}' % (b"x" * 256))],
    ids=lambda says: f"{says.status} {says.body[:20]!r}",
)  # fmt: skip
def test_nonsense_is_told_as_a_failure(wechat: WeChat, instead: Says) -> None:
    wechat.instead = instead
    with pytest.raises(FarSideFailed):
        wechat.finish()
