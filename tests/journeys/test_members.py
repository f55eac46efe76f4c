"""The service desk at the members: found by name, narrowed by a condition, explained, put right."""

import re
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.conftest import PHONE, Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import settle

from regulars.domain.access import Role

NAME = "王小明"


def newcomer(house: House, ref: str, total: int = 5_000, **profile: str) -> str:
    """A member who has bought something; our id of them."""
    event = {
        "specversion": "1.0", "id": f"desk-{ref}", "source": "till-desk", "type": "purchase",
        "subject": ref, "time": "2026-01-15T12:00:00Z",
        "data": {"currency": "USD", "lines": [{"amount": total, "category": "PRODUCE"}]},
    }  # fmt: skip
    member: str = house.call("POST", "/v1/events", event)["member"]
    if profile:
        house.call("PATCH", f"/v1/members/{member}/profile", profile)
    return member


def balance(house: House, member: str) -> int:
    told: list[dict[str, Any]] = house.call("GET", f"/v1/members/{member}/balances")["balances"]
    return int(sum(one["available"] for one in told if one["currency"] == "points"))


def test_a_member_is_found_by_name_seen_why_and_put_right(enter: Entering, house: House) -> None:
    member = newcomer(house, "card:desk-1", name=NAME, phone="13811110001")
    page = enter("/members", Role.OWNER)

    page.get_by_role("searchbox", name="Find a member").fill("王小")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="王*").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("card:desk-1")

    page.get_by_role("tab", name="Events").click()
    page.get_by_role("row", name=re.compile("Purchase")).get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Rules that gave something")).to_be_visible()
    expect(drawer.get_by_text("Rules that gave nothing")).to_be_visible()
    page.keyboard.press("Escape")

    before = balance(house, member)
    do(page, "Adjust points")
    page.get_by_label("Points", exact=True).fill("25")
    page.get_by_label("Reason").fill("Waited for an hour")
    page.get_by_role("button", name="Adjust", exact=True).click()
    expect(page.get_by_text("+25 points.")).to_be_visible()
    assert balance(house, member) == before + 25
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("-25 points.")).to_be_visible()
    assert balance(house, member) == before


def test_a_frozen_member_spends_nothing_until_it_is_lifted(enter: Entering, house: House) -> None:
    member = newcomer(house, "card:desk-2")
    page = enter(f"/members/{member}", Role.SERVICE_AGENT)

    do(page, "Freeze")
    page.get_by_label("Reason").fill("Looked into")
    page.get_by_role("button", name="Freeze", exact=True).click()
    expect(page.get_by_text("Frozen since")).to_be_visible()
    do(page, "Lift the freeze")
    page.get_by_label("Reason").fill("Nothing was found")
    page.get_by_role("dialog").get_by_role("button", name="Lift the freeze").click()
    expect(page.get_by_text("Frozen since")).to_have_count(0)
    assert house.call("GET", f"/v1/members/{member}")["status"] == "active"


def test_a_duplicate_is_looked_at_and_merged_for_good(enter: Entering, house: House) -> None:
    member = newcomer(house, "card:desk-3", 8_000)
    newcomer(house, "card:desk-4", 6_000, email="desk4@example.com")
    both = balance(house, member) + balance(house, "card:desk-4")
    person = house.hire(Role.OWNER, totp=True)
    page = enter(f"/members/{member}", person=person)

    do(page, "Merge a duplicate into this member")
    page.get_by_label("The duplicate").fill("card:desk-4")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("What this member gets")).to_be_visible()
    page.get_by_label("Reason").fill("Showed both cards at the desk")
    page.get_by_role("button", name="Merge for good").click()
    expect(page.get_by_text("The two are one member now.")).to_be_visible()

    assert balance(house, "card:desk-4") == balance(house, member) == both
    expect(page.get_by_text("1 other membership turned out to be this one")).to_be_visible()


def test_a_condition_that_is_clicked_together_narrows_the_list(
    enter: Entering, house: House
) -> None:
    newcomer(house, "card:desk-5")
    page = enter("/members", Role.MARKETER, language="zh")

    page.get_by_role("button", name=re.compile("^(filter )?条件$")).click()
    page.get_by_role("button", name=re.compile("添加条件$")).click()
    page.get_by_label("字段").click()
    page.get_by_title("消费次数").click()
    page.get_by_label("值", exact=True).fill("1")
    page.get_by_role("button", name=re.compile(r"应\s*用")).click()

    expect(page).to_have_url(re.compile("condition=member.purchases"))
    expect(page.get_by_role("link", name="card:desk-5")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="card:desk-5")).to_be_visible()


def test_the_page_of_a_member_fits_a_phone(enter: Entering, house: House) -> None:
    member = newcomer(house, "card:desk-6", name="Jo Doe", email="jo@example.com")
    page = enter(f"/members/{member}", Role.OWNER, size=PHONE)
    expect(page.get_by_text("J***")).to_be_visible()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def do(page: Page, deed: str) -> None:
    # A dialog that is still on its way out would take what is meant for the next.
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("menuitem", name=deed, exact=True).click()
