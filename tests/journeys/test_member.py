"""The member's pages on a phone: joining, the card, points that come and go, and both languages."""

import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys.conftest import PHONE, WAIT_MS, Entering
from tests.journeys.house import House
from tests.journeys.places import MEMBER
from tests.journeys.test_every_page import PICTURES, faults, picture, walk

WECHAT = (
    "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5023 MicroMessenger/8.0.31 Language/zh_CN"
)
MOST_SCRIPT_BYTES = 150_000
"""Of script, packed, until the first page stands."""

SCRIPTS = """performance.getEntriesByType('resource').filter(e => e.name.endsWith('.js'))
  .reduce((sum, e) => sum + e.encodedBodySize, 0)"""
people = count(1)


def arrive(opened: Entering, house: House, **more: Any) -> tuple[Page, str]:
    """A member who has signed in on their phone, at the first page; and their id."""
    email = f"guest{next(people)}@members.example"
    member = house.call("POST", "/v1/members", {"refs": [f"email:{email}"]})["member"]
    page = opened("/my/rules", **({"size": PHONE} | more))
    sign_in(page, house, email)
    page.goto("/my/")
    expect(card(page)).to_be_visible()
    return page, str(member)


def sign_in(page: Page, house: House, email: str) -> None:
    headers = {"Origin": house.address}
    asked = page.request.post("/v1/sign-in/codes", data={"email": email}, headers=headers)
    assert asked.status == 202, asked.text()
    body = {"email": email, "code": house.code_for(email)}
    answer = page.request.post("/v1/sign-in/codes/verify", data=body, headers=headers)
    assert answer.ok, answer.text()


def await_worker(page: Page) -> None:
    """Until the pages' service worker has all that it keeps."""
    for _ in range(WAIT_MS // 100):
        if page.evaluate("navigator.serviceWorker.controller !== null"):
            return
        page.wait_for_timeout(100)
    message = "the service worker does not take over"
    raise AssertionError(message)


def card(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("QR|二维码"))


def balance(page: Page) -> Locator:
    return page.locator("[data-currency=points] .amount")


def event(name: str, kind: str, subject: str, **data: Any) -> dict[str, Any]:
    now = datetime.now(UTC)  # noqa: TID251  # what a till does
    return {
        "specversion": "1.0", "id": name, "source": "till-7", "type": kind, "subject": subject,
        "time": now.isoformat(), "data": data,
    }  # fmt: skip


def test_somebody_joins_and_the_till_knows_their_card(opened: Entering, house: House) -> None:
    page = opened("/my/", size=PHONE)
    page.get_by_label("Phone number or e-mail address").fill("new.guest@members.example")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code of 6 digits")).to_be_focused()
    page.get_by_label("Code of 6 digits").fill(house.code_for("new.guest@members.example"))
    page.get_by_role("button", name="Become a member").click()
    expect(page.get_by_role("alert")).to_contain_text("Agree to the terms")
    page.get_by_label("Your name").fill("Lin Example")
    page.get_by_label("Taking part in the program").check()
    page.get_by_role("button", name="Become a member").click()

    expect(card(page)).to_be_visible()
    number = page.locator(".number").inner_text().replace(" ", "")
    assert house.call("GET", f"/v1/members/card:{number}")["tier"] == "member"
    expect(page.get_by_text("Nothing yet. Show your card")).to_be_visible()


def test_a_purchase_shows_by_itself_and_its_return_takes_it_back(
    opened: Entering, house: House
) -> None:
    page, member = arrive(opened, house)
    expect(balance(page)).to_have_text("0")
    lines = [{"category": "GROCERY", "amount": 4_200}, {"category": "FUEL", "amount": 3_000}]

    house.call(
        "POST", "/v1/events", event(f"{member}-1", "purchase", member, currency="USD", lines=lines)
    )
    expect(balance(page)).to_have_text("42")
    expect(page.get_by_role("status")).to_contain_text("+42")
    expect(page.get_by_text("1 point per $1 on $42 of $72.")).to_be_visible()

    back = event(f"{member}-2", "return", member, purchase_id=f"{member}-1", lines=[{"line": 0}])
    house.call("POST", "/v1/events", back)
    expect(balance(page)).to_have_text("0")

    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator(".happening")).to_have_count(2)
    first, second = page.locator(".happening").all()
    expect(first).to_contain_text("-42")
    expect(first).to_contain_text("what you brought back")
    expect(second).to_contain_text("$72")


def test_the_card_opens_without_a_network_until_its_member_signs_out(
    opened: Entering, house: House
) -> None:
    page, _ = arrive(opened, house)
    number = page.locator(".number").inner_text()
    await_worker(page)

    page.context.set_offline(True)
    page.reload()
    expect(card(page)).to_be_visible()
    expect(page.locator(".number")).to_have_text(number)
    expect(page.get_by_text("You are offline")).to_be_visible()

    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(balance(page)).to_be_visible()
    page.get_by_role("link", name="Me", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Phone number or e-mail address")).to_be_visible()
    page.context.set_offline(True)
    page.goto("/my/")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(card(page)).to_have_count(0)
    kept = page.evaluate(
        "caches.open('regulars-shell').then(c => c.keys()).then(k => k.map(r => r.url))"
    )
    assert not [url for url in kept if "/v1/" in url]


def test_the_first_page_is_light_and_asks_nobody_else(opened: Entering, house: House) -> None:
    page, _ = arrive(opened, house)
    fresh = opened("/my/sign-in", size=PHONE)
    expect(fresh.get_by_role("button", name="Send the code")).to_be_visible()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.reload()
    expect(balance(page)).to_be_visible()

    assert 0 < fresh.evaluate(SCRIPTS) < MOST_SCRIPT_BYTES
    assert {url for url in asked if not url.startswith(house.address)} == set()


def test_the_language_changes_at_once_and_is_kept(opened: Entering, house: House) -> None:
    page, member = arrive(opened, house)
    house.call(
        "POST", "/v1/events", event(f"{member}-1", "purchase", member, currency="USD", total=500)
    )
    expect(page.get_by_text("1 point per $1.")).to_be_visible()

    page.get_by_role("button", name="用中文显示").click()
    expect(page.get_by_text("每1美元得1积分。")).to_be_visible()
    expect(page.get_by_role("link", name="会员卡")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.reload()
    expect(page.get_by_text("每1美元得1积分。")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_code_is_said_in_the_language_of_the_page(
    opened: Entering, house: House, language: str
) -> None:
    address, send, code, says = {
        "en": ("Phone number or e-mail address", "Send the code", "Code of 6 digits", "The code"),
        "zh": ("手机号或邮箱", "获取验证码", "6位验证码", "验证码不正确、已使用或已过期"),
    }[language]
    email = f"wrong.{language}@members.example"
    page = opened("/my/sign-in", language=language, size=PHONE)
    page.get_by_label(address).fill("nobody")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(address).fill(email)
    page.get_by_role("button", name=send).click()
    good = house.code_for(email)
    page.get_by_label(code).fill(f"{(int(good) + 1) % 1_000_000:06d}")

    expect(page.get_by_role("alert")).to_contain_text(says)


def test_an_application_asks_after_the_member_has_signed_in(opened: Entering, house: House) -> None:
    wish = {
        "client_name": "Recipes", "redirect_uris": ["https://recipes.example/back"],
        "grant_types": ["authorization_code"], "scope": "self:read",
    }  # fmt: skip
    client = house.call("POST", "/v1/clients", wish)["client_id"]
    email = f"guest{next(people)}@members.example"
    house.call("POST", "/v1/members", {"refs": [f"email:{email}"]})
    page = opened(
        f"/oauth/authorize?response_type=code&client_id={client}&scope=self:read&state=s"
        "&redirect_uri=https://recipes.example/back&code_challenge_method=S256"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        size=PHONE,
    )

    page.get_by_label("Phone number or e-mail address").fill(email)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code of 6 digits").fill(house.code_for(email))

    expect(page.get_by_role("heading", name="Allow Recipes?")).to_be_visible()


def test_the_way_back_never_leads_to_another_site(opened: Entering, house: House) -> None:
    email = f"guest{next(people)}@members.example"
    house.call("POST", "/v1/members", {"refs": [f"email:{email}"]})
    page = opened("/my/sign-in?next=//evil.example/%5C", size=PHONE)

    page.get_by_label("Phone number or e-mail address").fill(email)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code of 6 digits").fill(house.code_for(email))

    expect(card(page)).to_be_visible()
    assert page.url == f"{house.address}/my/"


def test_within_wechat_no_passkey_is_offered(opened: Entering) -> None:
    page = opened("/my/sign-in", language="zh", size=PHONE, user_agent=WECHAT)

    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    expect(page.get_by_role("button", name="使用通行密钥登录")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "shade", "is_odd"),
    [("en", "dark", False), ("zh", "light", True), *([("en", "light", False)] if PICTURES else [])],
)
def test_every_page_of_a_member_opens_and_everybody_can_use_it(
    opened: Entering, house: House, language: str, shade: str, is_odd: bool
) -> None:
    page, member = arrive(opened, house, language=language, color_scheme=shade)
    house.call(
        "POST", "/v1/events", event(f"{member}-1", "purchase", member, currency="USD", total=84_000)
    )
    wrong = []
    paths = {name: f"/my{path}" for name, path in MEMBER.items()}
    for name, path in walk(page, paths, is_odd=is_odd):
        picture(page, f"member-{name}", language, shade, PHONE)
        wrong += [f"{path}: {one}" for one in faults(page)]
    assert not wrong, "\n".join(wrong)
