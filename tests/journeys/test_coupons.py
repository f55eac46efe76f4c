"""Coupons: an operator makes a template, a member takes one, a shop redeems it, all see it used."""

import re
from itertools import count
from typing import Any

import httpx
from playwright.sync_api import expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints, settle
from tests.journeys.test_member import arrive

from regulars.domain.access import Role

keys = count(1)


def ask(house: House, path: str, body: Any) -> Any:
    """A write under an Idempotency-Key."""
    headers = {"Authorization": f"Bearer {house.key}", "Idempotency-Key": f"coupons-{next(keys)}"}
    answer = httpx.post(house.address + path, json=body, headers=headers)
    assert answer.status_code in {200, 201, 202}, answer.text
    return answer.json()


def cart(code: str) -> Any:
    return {"currency": "USD", "lines": [{"amount": 5_000}], "codes": [code]}


def test_a_coupon_is_made_claimed_redeemed_and_seen_as_used(
    opened: Entering, enter: Entering, house: House
) -> None:
    desk = enter("/coupons/new", Role.OWNER)
    desk.get_by_label("Code", exact=True).fill("journey-five")
    desk.get_by_label("Name in English").fill("Journey five")
    desk.get_by_label("Amount", exact=True).fill("5")
    desk.get_by_label("From", exact=True).fill("20")
    expect(desk.get_by_role("heading", name="$5 off from $20")).to_be_visible()
    expect(desk.get_by_role("heading", name="满20美元减5美元")).to_be_visible()
    desk.get_by_role("switch", name="In the claim centre").click()
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Activate").click()
    expect(desk.get_by_text("It is active.")).to_be_visible()

    page, member = arrive(opened, house)
    page.goto("/my/wallet/claim")
    offered = page.get_by_role("listitem").filter(has_text="Journey five").first
    offered.get_by_role("button", name="Take it").click()
    page.get_by_role("link", name="Look at it").click()
    code = page.locator(".number").inner_text()
    expect(page.get_by_role("img", name="The coupon's code as a QR code")).to_be_visible()
    assert not complaints(page)

    told = ask(house, "/v1/coupons:validate", {"member": member, "cart": cart(code)})
    assert told["discount"] == 500
    held = ask(house, "/v1/coupons:reserve", {"member": member, "cart": cart(code)})
    ask(house, "/v1/coupons:redeem", {"use": held["use"]})
    page.goto("/my/wallet?part=used")
    expect(page.get_by_role("link", name=re.compile("Journey five"))).to_be_visible()

    desk.goto(f"/console/coupons?coupon={code}")
    drawer = desk.get_by_role("dialog")
    expect(drawer.get_by_text("Redeemed").first).to_be_visible()
    settle(desk)


def test_codes_are_made_in_bulk_and_a_friend_takes_a_gift(
    opened: Entering, enter: Entering, house: House
) -> None:
    terms = {"give": "amount", "currency": "USD", "amount": 300, "is_giftable": True}
    body = {"code": "journey-gift", "name": {"en": "Journey gift"}, "terms": terms}
    made = ask(house, "/v1/coupon-templates", body)["template"]
    ask(house, f"/v1/coupon-templates/{made}/state", {"state": "active"})
    desk = enter(f"/coupons/{made}?tab=codes", Role.OWNER)
    desk.get_by_label("How many").fill("40")
    desk.get_by_role("button", name="Make codes").click()
    expect(desk.get_by_role("link", name="Download")).to_be_visible(timeout=30_000)

    page, member = arrive(opened, house)
    ask(house, f"/v1/coupon-templates/{made}/coupons", {"members": [member]})
    page.goto("/my/wallet")
    page.get_by_role("link", name=re.compile("Journey gift")).click()
    page.get_by_role("button", name="Give it away").click()
    gift = page.locator(".number", has_text="GIFT").inner_text()
    friend, _ = arrive(opened, house)
    friend.goto(f"/my/wallet/claim?code={gift}")
    friend.get_by_role("button", name="Take it").first.click()
    expect(friend.get_by_text("It is yours: Journey gift")).to_be_visible()
    page.goto("/my/wallet")
    expect(page.get_by_role("link", name=re.compile("Journey gift"))).to_have_count(0)


def test_a_coupon_is_given_to_all_of_whom_a_condition_holds(
    opened: Entering, enter: Entering, house: House
) -> None:
    terms = {"give": "amount", "currency": "USD", "amount": 300, "per_member": 1}
    body = {"code": "journey-many", "name": {"en": "Journey many"}, "terms": terms}
    made = ask(house, "/v1/coupon-templates", body)["template"]
    ask(house, f"/v1/coupon-templates/{made}/state", {"state": "active"})
    page, member = arrive(opened, house)

    desk = enter(f"/coupons/{made}?tab=coupons", Role.OWNER)
    desk.get_by_role("button", name="Give to many").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="See whom it reaches").click()
    expect(dialog.get_by_text(re.compile("It holds of .* members"))).to_be_visible()
    expect(dialog.get_by_text("Some of them")).to_be_visible()
    settle(desk)
    dialog.get_by_label("Reason").fill("Ten years of the shop")
    dialog.get_by_role("button", name="Give them").click()
    run = desk.locator(".ant-card", has_text="Given to many at once").last
    expect(run.get_by_text("Done")).to_be_visible(timeout=60_000)
    expect(run.get_by_text(re.compile("members got one"))).to_be_visible()
    expect(desk.get_by_role("cell", name="Given to many").first).to_be_visible()
    settle(desk)

    page.goto("/my/notices")
    expect(page.get_by_text("A coupon for you: Journey many")).to_be_visible()
    expect(page.get_by_text("Ten years of the shop")).to_be_visible()
    assert [one["member"] for one in coupons_of(house, made)].count(member) == 1


def coupons_of(house: House, made: str) -> Any:
    headers = {"Authorization": f"Bearer {house.key}"}
    answer = httpx.get(
        f"{house.address}/v1/coupons", params={"template": made, "limit": 200}, headers=headers
    )
    return answer.json()["items"]
