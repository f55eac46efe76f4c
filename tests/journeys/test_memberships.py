"""Paid cards from both sides: tried and shared by members, sold and paid back by the staff."""

import json

from playwright.sync_api import Route, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints
from tests.journeys.test_member import arrive

from regulars.domain.access import Role

PRESSED = "one => { one.click(); return one.checked }"


def refuse(route: Route) -> None:
    told = {"code": "membership_over", "title": "It is over", "status": 409, "type": "about:blank"}
    route.fulfill(status=409, body=json.dumps(told), content_type="application/problem+json")


def test_a_member_tries_a_card_and_sees_what_it_brings(opened: Entering, house: House) -> None:
    # What a service worker passes on cannot be held up here.
    page, member = arrive(opened, house, service_workers="block")
    page.goto("/my/card")
    page.get_by_role("button", name="Try it for nothing").click()
    expect(page.get_by_text("You are trying it until")).to_be_visible()
    expect(page.get_by_text("What it has saved you")).to_be_visible()
    assert complaints(page) == []
    told = house.call("GET", f"/v1/members/{member}/benefits")
    assert "card" in {one["carrier"] for one in told["items"]}

    # A switch shows at once what was wished, and goes back with the reason where that is refused.
    renewing = page.get_by_label("Renew it by itself")
    page.route("**/v1/me/memberships/*", refuse)
    assert renewing.evaluate(PRESSED) is True
    expect(page.get_by_role("alert")).to_be_visible()
    expect(renewing).not_to_be_checked()
    expect(renewing).to_be_enabled()
    page.unroute("**/v1/me/memberships/*")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        assert renewing.evaluate(PRESSED) is True
    expect(renewing).to_be_enabled()
    expect(renewing).to_be_checked()
    (held,) = house.call("GET", f"/v1/members/{member}/memberships")["own"]
    assert (held["membership"]["standing"], held["membership"]["renews"]) == ("trial", True)


def test_the_staff_sells_a_card_and_pays_it_back(
    opened: Entering, enter: Entering, house: House
) -> None:
    page, member = arrive(opened, house)
    owner = house.hire(Role.OWNER, totp=True)
    desk = enter(f"/members/{member}?tab=cards", person=owner)
    desk.get_by_role("button", name="Sell a card").click()
    desk.get_by_role("combobox", name="Card").click()
    desk.locator(".ant-select-item-option").first.click()
    desk.get_by_role("radio", name="Money").check()
    desk.get_by_label("Number of the payment").fill(f"pay-{member}")
    desk.get_by_role("dialog").get_by_role("button", name="Sell", exact=True).click()
    expect(desk.get_by_role("cell", name="Active")).to_be_visible()
    assert complaints(desk) == []

    page.goto("/my/card")
    expect(page.get_by_text("Yours until")).to_be_visible()
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_text("Give this code to whom you invite")).to_be_visible()
    assert complaints(page) == []

    desk.get_by_role("cell", name="Plus").get_by_role("link").click()
    expect(desk.get_by_text("What it saved")).to_be_visible()
    desk.get_by_role("button", name="Pay back").click()
    expect(desk.get_by_text("To be paid back")).to_be_visible()
    desk.get_by_label("Reason").fill("Changed their mind")
    desk.get_by_role("dialog").get_by_role("button", name="Pay back").click()
    expect(desk.get_by_text("Done. Points are back already")).to_be_visible()
    assert complaints(desk) == []
    page.reload()
    expect(page.get_by_role("button", name="Try it for nothing")).to_be_visible()

    desk.goto("/console/cards")
    expect(desk.get_by_role("cell", name=member)).to_be_visible()
    assert complaints(desk) == []
