"""The mall: what an operator adds is redeemed, shipped and seen; and a flash sale begins."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.conftest import PHONE, Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints
from tests.journeys.test_member import arrive, event

from regulars.domain.access import Role

STREET = {"Name": "Ada Wong", "Phone": "+86 139 0000 1111", "Address": "1 Long Street, Shanghai"}
RESULT = re.compile("You got one!")


def rich(opened: Entering, house: House, name: str, **more: Any) -> tuple[Page, str]:
    """A member on the phone who has bought enough for some thousands of points."""
    page, member = arrive(opened, house, **more)
    bought = event(f"mall-{name}", "purchase", member, total=400_000, currency="USD")
    house.call("POST", "/v1/events", bought)
    return page, member


def test_what_an_operator_offers_is_redeemed_shipped_and_seen(
    opened: Entering, enter: Entering, house: House
) -> None:
    desk = enter("/mall", Role.OWNER)
    desk.get_by_role("button", name="Add a reward").first.click()
    desk.get_by_label("Name in English").fill("Journey kettle")
    desk.get_by_label("State").click()
    desk.get_by_title("Active", exact=True).click()
    desk.get_by_role("checkbox", name="Picked up").uncheck()
    desk.get_by_role("checkbox", name="Sent").check()
    desk.get_by_label("Stock").fill("3")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Journey kettle")).to_be_visible()
    desk.get_by_label("Category").fill("home")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved.").first).to_be_visible()
    expect(desk.get_by_label("Category")).to_have_value("home")
    (kettle,) = house.call("GET", "/v1/rewards?q=journey%20kettle")["items"]
    assert [one["left"] for one in kettle["variants"]] == [3]

    page, _ = rich(opened, house, "kettle")
    page.goto("/my/mall")
    page.get_by_role("link", name=re.compile("Journey kettle")).click()
    for label, text in STREET.items():
        page.get_by_label(label, exact=True).or_(
            page.get_by_label(re.compile(f"^{label}"))
        ).first.fill(text)
    page.get_by_role("button", name=re.compile("Redeem for 100")).click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    assert not complaints(page)

    desk.goto("/console/mall/redemptions")
    desk.get_by_role("button", name="Journey kettle").first.click()
    drawer = desk.get_by_role("dialog")
    drawer.get_by_role("button", name="Show the address").click()
    expect(drawer.get_by_text("1 Long Street")).to_be_visible()
    drawer.get_by_label("Carrier").fill("Swift Post")
    drawer.get_by_label("Tracking number").fill("SW12345")
    drawer.get_by_role("button", name="It is shipped").click()
    expect(drawer.get_by_role("button", name="It was delivered")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="On its way")).to_be_visible()
    expect(page.get_by_text("SW12345")).to_be_visible()


def test_a_member_sees_the_sale_begin_and_gets_a_clear_answer(
    opened: Entering, house: House
) -> None:
    reward = house.call("POST", "/v1/rewards", {
        "kind": "donation", "state": "active",
        "terms": {"name": {"en": "A tree", "zh-CN": "一棵树"}, "currency": "points"},
        "variants": [{"points": 200, "stock": 10}],
    })  # fmt: skip
    begins = datetime.now(UTC) + timedelta(seconds=4)  # noqa: TID251  # the server's own clock
    sale = house.call("POST", "/v1/sales", {
        "variant": reward["variants"][0]["variant"], "name": {"en": "Journey sale"},
        "state": "active", "points": 50, "pieces": 1, "per_member": 1,
        "starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat(),
    })["sale"]  # fmt: skip
    page, _ = rich(opened, house, "sale")
    late, _ = rich(opened, house, "late", language="zh")
    page.goto("/my/mall")
    page.get_by_role("link", name=re.compile("Journey sale")).click()
    expect(page.get_by_role("timer")).to_be_visible()
    page.get_by_role("button", name=re.compile("Buy for 50")).click()
    expect(page.get_by_text(RESULT)).to_be_visible()
    assert not complaints(page)
    late.goto(f"/my/mall/sales/{sale}")
    late.get_by_role("button", name=re.compile("抢购")).click()
    expect(late.get_by_text(re.compile("已抢光"))).to_be_visible()
    assert PHONE["width"] == late.viewport_size["width"]  # type: ignore[index]
