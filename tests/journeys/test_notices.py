"""What members are told in the app: the bell, the page, and both languages."""

from playwright.sync_api import expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints
from tests.journeys.test_member import arrive, event


def test_a_purchase_lifts_to_gold_and_the_bell_says_what_came_with_it(
    opened: Entering, house: House
) -> None:
    page, member = arrive(opened, house)
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()

    lines = [{"category": "GROCERY", "amount": 310_000}]
    bought = event(f"{member}-gold", "purchase", member, currency="USD", lines=lines)
    house.call("POST", "/v1/events", bought)
    bell = page.get_by_role("link", name="Notices, 1 unread")
    expect(bell).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("One new notice")

    assert complaints(page) == []

    bell.click()
    notice = page.locator("[data-kind=tier_up]")
    expect(notice).to_contain_text("New: You are Gold now")
    expect(notice).to_contain_text("Free delivery")
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    assert complaints(page) == []

    page.get_by_role("button", name="用中文显示").click()
    expect(notice).to_contain_text("您已升级为金卡")
    expect(notice).to_contain_text("新增权益：")
    expect(notice).to_contain_text("免配送费")
    notice.get_by_role("link").click()
    expect(page.get_by_text("免配送费").first).to_be_visible()
    page.goto("/my/me")
    page.get_by_role("link", name="消息", exact=True).last.click()
    expect(notice).to_be_visible()
    expect(notice).not_to_contain_text("未读")
