"""Orders in the console: found, explained line by line, taken back."""

from uuid import uuid4

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House

from regulars.domain.access import Role


def sold(house: House) -> tuple[str, str]:
    """An order of two lines that was paid; its id and the till's number."""
    number = f"J-{uuid4().hex[:8]}"
    card = f"card:{uuid4().hex[:12]}"
    house.call("POST", "/v1/members", {"refs": [card]})
    cart = {
        "currency": "USD", "store": "store-12", "codes": ["NOSUCHCODE"],
        "lines": [
            {"unit_amount": 1500, "quantity": 2, "sku": "oat-latte", "category": "DRINKS"},
            {"amount": 4200, "sku": "mug", "category": "GOODS"},
        ],
    }  # fmt: skip
    body = {"id": number, "source": "till-7", "member": card, "cart": cart}
    opened = house.call("POST", "/v1/orders", body)
    done = house.call("POST", f"/v1/orders/{opened['order']}/confirm", {})
    return str(done["order"]), number


def test_an_order_is_found_explained_and_taken_back(enter: Entering, house: House) -> None:
    _, number = sold(house)
    page: Page = enter("/orders", Role.SERVICE_AGENT)
    page.get_by_label("Number of the till").fill(number)
    page.keyboard.press("Enter")
    rows = page.get_by_role("row").filter(has_text=number)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Confirmed")
    rows.get_by_role("link", name=number).click()

    expect(page.get_by_role("heading", name=f"Order {number}")).to_be_visible()
    expect(page.get_by_text("There is no such code.")).to_be_visible()
    latte = page.get_by_role("row").filter(has_text="oat-latte")
    expect(latte).to_contain_text("$30.00")

    page.get_by_role("button", name="Take goods back").click()
    sheet = page.get_by_role("dialog", name="Take goods back")
    sheet.get_by_label("How many of oat-latte come back").fill("1")
    sheet.get_by_label("Reason").fill("One was cold")
    sheet.get_by_role("button", name="Take back", exact=True).click()
    expect(page.get_by_text("Returned in part").first).to_be_visible()
    expect(sheet).to_have_count(0)  # What was typed into it stands there until it has gone.
    expect(page.get_by_text("One was cold")).to_be_visible()
    expect(page.get_by_text("$15.00 given back")).to_be_visible()
