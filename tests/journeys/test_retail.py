"""A customer becomes a regular: joins, takes a coupon, pays with points, brings something back,
redeems a reward and uses a benefit, on the phone and at the counter."""

import re
from typing import Any

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints
from tests.journeys.test_member import arrive, balance, event

from regulars.domain.access import Role

LINES = [
    {"amount": 6_000, "category": "GROCERY", "sku": "pan"},
    {"amount": 4_000, "category": "GROCERY", "sku": "pot"},
]


def a_coupon(house: House) -> None:
    """A tenth off, to be taken in the claim centre."""
    terms = {"give": "percentage", "currency": "USD", "percent": "10", "claim": {}}
    body = {"code": "retail-tenth", "name": {"en": "The retail tenth"}, "terms": terms}
    made = house.call("POST", "/v1/coupon-templates", body)["template"]
    house.call("POST", f"/v1/coupon-templates/{made}/state", {"state": "active"})


def a_reward(house: House) -> None:
    """Something to be picked up, for 500 points."""
    house.call("POST", "/v1/rewards", {
        "kind": "goods", "state": "active",
        "terms": {
            "name": {"en": "Retail apron"}, "currency": "points", "ways": ["pick_up"],
            "places": [{"code": "main", "name": {"en": "Main Street"}}],
        },
        "variants": [{"points": 500, "stock": 5}],
    })  # fmt: skip


def order(house: House, member: str, code: str) -> dict[str, Any]:
    """What the till asks: goods for $100, the coupon, and 1,000 points."""
    cart = {"currency": "USD", "lines": LINES, "codes": [code], "points": {"amount": 1_000}}
    body = {"id": f"retail-{member}", "source": "till-7", "member": member, "cart": cart}
    opened: dict[str, Any] = house.call("POST", "/v1/orders", body)
    return opened


def scan(desk: Page, text: str) -> None:
    desk.get_by_label("Code or member").fill(text)
    desk.keyboard.press("Enter")


def test_a_customer_becomes_a_regular(opened: Entering, enter: Entering, house: House) -> None:
    a_coupon(house)
    a_reward(house)
    page, member = arrive(opened, house)
    card = page.locator(".number").inner_text()
    first = event(f"retail-{member}-0", "purchase", member, total=310_000, currency="USD")
    house.call("POST", "/v1/events", first)
    expect(balance(page)).to_have_text("3,100")

    # On the phone: a coupon is taken, and shown at the till.
    page.goto("/my/wallet/claim")
    offer = page.get_by_role("listitem").filter(has_text="The retail tenth")
    offer.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("It is yours: The retail tenth")).to_be_visible()
    page.goto("/my/wallet")
    page.get_by_role("link", name=re.compile("The retail tenth")).click()
    there = order(house, member, page.locator(".number").inner_text())
    price = there["price"]
    assert (price["total"], price["discount"], price["to_pay"]) == (10_000, 1_000, 8_000)
    page.goto("/my/")
    expect(balance(page)).to_have_text("2,100")
    house.call("POST", f"/v1/orders/{there['order']}/confirm", {})
    # 80 dollars of money, a quarter more for gold.
    expect(balance(page)).to_have_text("2,200")

    # One of two things comes back, at the console.
    desk = enter(f"/orders/{there['order']}", Role.OWNER)
    desk.get_by_role("button", name="Take goods back").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("How many of pot come back").fill("1")
    dialog.get_by_label("Reason").fill("The pot was dented")
    dialog.get_by_role("button", name="Take back").click()
    expect(desk.get_by_text("Returned in part").first).to_be_visible()
    page.goto("/my/orders")
    page.get_by_role("link", name=re.compile("Returned in part")).click()
    expect(page.get_by_text("1 came back")).to_be_visible()
    page.goto("/my/")
    expect(balance(page)).to_have_text("2,560")

    # A reward is redeemed on the phone and handed out at the counter.
    page.goto("/my/mall")
    page.get_by_role("link", name=re.compile("Retail apron")).click()
    page.get_by_role("button", name=re.compile("Redeem for 500")).click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    desk.goto("/console/desk")
    scan(desk, page.locator(".pickup").inner_text())
    desk.get_by_role("button", name="Hand it out").click()
    expect(desk.get_by_text("Retail apron: handed out")).to_be_visible()

    # And what gold brings is used.
    scan(desk, card)
    desk.get_by_role("button", name="Use Quick checkout").click()
    expect(desk.get_by_text("Quick checkout: used")).to_be_visible()
    page.goto("/my/benefits")
    expect(page.get_by_text("What you used")).to_be_visible()
    assert complaints(page) == []
    assert complaints(desk) == []
