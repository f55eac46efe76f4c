"""Third parties sign members in: by a real provider of OpenID Connect, and by WeChat's dialect."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.api.conftest import Shop
from tests.api.guests import EMAIL, HERE, PHONE, Guest, rows
from tests.gateways.far_sides import far_side, flat
from tests.gateways.test_wechat import WeChat

MEI = {"email": EMAIL, "email_verified": True, "name": "王梅"}
AT = "/v1/sign-in/providers"


@pytest.fixture
def manager(shop: Shop) -> Any:
    """Sets a provider of the shop."""

    def put(code: str, **told: Any) -> httpx.Response:
        return shop.client.request("PUT", f"/v1/member-providers/{code}", json=told)

    return put


@pytest.fixture
def company(shop: Shop, manager: Any) -> Iterator[Any]:
    """A real provider, which knows Mei, Lan whose address it has not verified, and Bo."""
    from oidc_provider_mock import User, run_server_in_thread

    shop.clock.now = datetime.now(UTC)  # noqa: TID251 - the provider looks at the wall clock
    people = [
        User(sub="mei-1", claims=MEI),
        User(sub="lan-1", claims=MEI | {"email_verified": False}),
        User(sub="bo-1", claims={"name": "Bo"}),
    ]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        answer = manager(
            "company", kind="oidc", name="Company", issuer=issuer, client_id="rgl",
            client_secret="s3cret", options={"wants_userinfo": True},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        yield server


def away(guest: Guest, code: str = "company", **params: Any) -> str:
    """The provider's page to which the browser is sent."""
    answer = guest.get(f"{AT}/{code}/start", params=params)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def consent(page: str, who: str) -> str:
    """The address to which the provider sends whoever signs in there as `who`."""
    return httpx.post(page, data={"sub": who}).headers["location"].removeprefix(HERE)


def come(guest: Guest, who: str = "mei-1", **params: Any) -> httpx.Response:
    return guest.get(consent(away(guest, **params), who))


def found(answer: httpx.Response, where: str) -> None:
    assert (answer.status_code, answer.headers.get("location")) == (303, where), answer.text


@pytest.mark.filterwarnings("ignore")
def test_who_is_new_enrols_with_the_address_that_the_provider_verified(
    shop: Shop, company: Any
) -> None:
    guest = Guest(shop)

    found(come(guest, return_to="/hello?a=1#top"), "/hello?a=1&sign_in=enrol#top")
    made = guest.enrol(ticket="-")

    assert made.status_code == 201, made.text
    assert guest.get("/v1/me").json()["member"] == made.json()["member"]
    systems = "select system from identity order by system"
    assert rows(shop, systems) == [("card",), ("email",), ("idp.company",)]
    again = Guest(shop)
    found(come(again), "/?sign_in=done")
    assert again.get("/v1/me").json()["member"] == made.json()["member"]
    assert "mei-1" not in str(rows(shop, "select * from identity"))


@pytest.mark.filterwarnings("ignore")
def test_an_address_that_the_provider_verified_does_not_take_a_member_over(
    shop: Shop, company: Any
) -> None:
    mei = Guest(shop).member(email=EMAIL)
    thief = Guest(shop, ip="198.51.100.9")

    found(come(thief), "/?sign_in=enrol")
    tried = thief.enrol(ticket="-")

    assert (tried.status_code, tried.json()["code"]) == (409, "address_unproven")
    assert thief.get("/v1/me").status_code == 401
    code = thief.code(email=EMAIL)
    joined = thief.post(
        "/v1/sign-in/codes/verify", {"email": EMAIL, "code": code, "join_provider": True}
    )
    assert joined.json()["member"] == mei
    later = Guest(shop)
    found(come(later), "/?sign_in=done")
    assert later.get("/v1/me").json()["member"] == mei


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("who", ["lan-1", "bo-1"])
def test_who_has_no_verified_address_proves_one_by_a_code(
    shop: Shop, company: Any, who: str
) -> None:
    guest = Guest(shop)
    found(come(guest, who), "/?sign_in=enrol")
    assert guest.enrol(ticket="-").json()["code"] == "address_unproven"
    code = guest.code(phone=PHONE)
    shop.clock.pass_(seconds=20)

    proven = guest.post(
        "/v1/sign-in/codes/verify", {"phone": PHONE, "code": code, "join_provider": True}
    ).json()
    made = guest.enrol(ticket=proven["ticket"])

    assert made.status_code == 201, made.text
    again = Guest(shop)
    found(come(again, who), "/?sign_in=done")
    assert rows(shop, "select count(*) from identity where system = 'email'") == [(0,)]


@pytest.mark.filterwarnings("ignore")
def test_a_word_left_in_a_browser_is_not_joined_with_the_next_person(
    shop: Shop, company: Any
) -> None:
    kiosk = Guest(shop)
    found(come(kiosk, "bo-1"), "/?sign_in=enrol")

    kiosk.member()

    assert rows(shop, "select system from identity order by system") == [("card",), ("phone",)]
    assert "regulars_ticket" not in kiosk.cookies
    alone = Guest(shop)
    code = alone.code(phone="+8613912345671")
    body = {"phone": "+8613912345671", "code": code, "join_provider": True}
    assert alone.post("/v1/sign-in/codes/verify", body).json()["code"] == "ticket_refused"


@pytest.mark.filterwarnings("ignore")
def test_one_account_of_a_provider_is_one_member(shop: Shop, company: Any) -> None:
    guest = Guest(shop)
    come(guest, "bo-1")
    other = Guest(shop, ip="198.51.100.9")
    come(other, "bo-1")
    for browser, phone in ((guest, PHONE), (other, "+8613912345671")):
        code = browser.code(phone=phone)
        shop.clock.pass_(seconds=20)
        body = {"phone": phone, "code": code, "join_provider": True}
        proven = browser.post("/v1/sign-in/codes/verify", body).json()
        made = browser.enrol(ticket=proven["ticket"])
        assert made.status_code == 201, made.text
    assert rows(shop, "select count(*) from member") == [(1,)]
    assert guest.get("/v1/me").json()["member"] == other.get("/v1/me").json()["member"]
    assert rows(shop, "select count(*) from identity where system = 'phone'") == [(1,)]


@pytest.mark.filterwarnings("ignore")
def test_the_way_back_is_open_once_and_for_the_browser_that_left(shop: Shop, company: Any) -> None:
    mei, thief = Guest(shop), Guest(shop)
    back = consent(away(mei), "mei-1")
    away(thief)

    stolen = thief.get(back)
    late = mei.get(back)

    for answer in (stolen, late, Guest(shop).get(back), mei.get(f"{AT}/company/callback")):
        assert (answer.status_code, answer.json()["code"]) == (403, "claims_refused")
        assert "_session" not in str(answer.headers.get("set-cookie", ""))


@pytest.mark.filterwarnings("ignore")
def test_the_way_back_closes_after_ten_minutes(shop: Shop, company: Any) -> None:
    guest = Guest(shop)
    back = consent(away(guest), "mei-1")
    shop.clock.pass_(minutes=10)
    assert guest.get(back).json()["code"] == "claims_refused"


@pytest.mark.filterwarnings("ignore")
def test_who_says_no_at_the_provider_comes_back_and_is_told(shop: Shop, company: Any) -> None:
    guest = Guest(shop)
    state = flat(away(guest, return_to="/hello").partition("?")[2])["state"]

    answer = guest.get(f"{AT}/company/callback?error=access_denied&state={state}")

    found(answer, "/hello?sign_in=refused")
    assert guest.get("/v1/me").status_code == 401


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "evil",
     "/\t/evil.example", "javascript:alert(1)", "/ok\nLocation: https://evil.example",
     "/" + "a" * 500],
)  # fmt: skip
def test_the_way_back_never_leads_to_another_site(shop: Shop, manager: Any, path: str) -> None:
    manager("wx", kind="wechat", name="微信", client_id="wx1", client_secret="s3cret")
    answer = Guest(shop).get(f"{AT}/wx/start", params={"return_to": path})
    assert answer.status_code == 422


def test_wechat_signs_members_in(shop: Shop, manager: Any) -> None:
    wechat = WeChat()
    with far_side(wechat.answer) as server:
        answer = manager(
            "wechat", kind="wechat", name="微信", client_id="wx1", client_secret="s3cret",
            options={"api_url": f"http://127.0.0.1:{server.server_port}",
                     "pages_url": f"http://127.0.0.1:{server.server_port}"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        guest = Guest(shop)
        query = flat(away(guest, "wechat").partition("?")[2].partition("#")[0])
        assert (query["appid"], query["scope"]) == ("wx1", "snsapi_login")
        back = f"{AT}/wechat/callback?code=c0de&state={query['state']}"

        found(guest.get(back), "/?sign_in=enrol")
        code = guest.code(phone=PHONE)
        shop.clock.pass_(seconds=20)
        body = {"phone": PHONE, "code": code, "join_provider": True}
        ticket = guest.post("/v1/sign-in/codes/verify", body).json()["ticket"]
        member = guest.enrol(ticket=ticket).json()["member"]

        wechat.codes["c1"] = "o-mei"
        later = Guest(shop)
        query = flat(away(later, "wechat").partition("?")[2].partition("#")[0])
        found(later.get(f"{AT}/wechat/callback?code=c1&state={query['state']}"), "/?sign_in=done")
        assert later.get("/v1/me").json()["member"] == member
        assert later.get("/v1/me/providers").json() == {"items": ["wechat"]}
        assert later.ask("DELETE", "/v1/me/providers/wechat").status_code == 200
        assert later.ask("DELETE", "/v1/me/providers/wechat").status_code == 404
        wechat.codes["c2"] = "o-mei"
        gone = Guest(shop)
        query = flat(away(gone, "wechat").partition("?")[2].partition("#")[0])
        found(gone.get(f"{AT}/wechat/callback?code=c2&state={query['state']}"), "/?sign_in=enrol")
        assert "u-mei" not in str(rows(shop, "select * from identity"))


def test_providers_are_listed_for_members_and_set_by_the_organization(
    shop: Shop, manager: Any
) -> None:
    manager("wx", kind="wechat", name="微信", client_id="wx1", client_secret="s3cret")

    shown = Guest(shop).get(AT).json()
    listed = shop.get("/v1/member-providers")

    assert shown == {"items": [{"code": "wx", "kind": "wechat", "name": "微信"}]}
    (one,) = listed.json()["items"]
    assert one["redirect_uri"] == f"{HERE}{AT}/wx/callback"
    assert "s3cret" not in listed.text
    assert "s3cret" not in str(rows(shop, "select * from member_identity_provider"))
    assert "s3cret" not in str(rows(shop, "select * from audit"))
    assert shop.client.request("DELETE", "/v1/member-providers/wx").status_code == 200
    assert Guest(shop).get(f"{AT}/wx/start").json()["code"] == "provider_not_found"


@pytest.mark.parametrize(
    "issuer", ["http://169.254.169.254", "https://10.0.0.1", "ftp://x.example", "", "x"]
)
def test_a_provider_is_at_an_address_that_we_would_call(
    shop: Shop, manager: Any, issuer: str
) -> None:
    answer = manager("x", kind="oidc", name="X", issuer=issuer, client_id="c")
    assert answer.status_code == 422
