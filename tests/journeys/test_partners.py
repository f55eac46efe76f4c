"""Partners in the console: a till is let in, told its key once, and sent away again."""

from playwright.sync_api import expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints

from regulars.domain.access import Role


def test_a_partners_till_is_let_in_and_sent_away(enter: Entering, house: House) -> None:
    house.call("POST", "/v1/partner-seats", {"partner": "sparkle", "name": "Till 1"})
    page = enter("/partners", Role.OWNER)
    seats = page.locator(".ant-card", has_text="Who works for partners")
    expect(seats.get_by_role("row", name="Till 1")).to_contain_text("may use benefits")

    page.get_by_role("button", name="Let a till in").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Partner").click()
    page.get_by_title("sparkle").click()
    dialog.get_by_label("Name of the till").fill("Till 2")
    dialog.get_by_role("button", name="Let a till in").click()
    expect(page.get_by_text("rgl_")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button").last.click()
    row = seats.get_by_role("row", name="Till 2")
    expect(row).to_contain_text("sparkle")
    assert complaints(page) == []

    row.get_by_role("button").click()
    page.get_by_role("tooltip").get_by_role("button", name="Take the seat").click()
    expect(row).to_be_hidden()
    expect(seats.get_by_role("row", name="Till 1")).to_be_visible()

    page.get_by_role("link", name="Uses at sparkle").click()
    expect(page.get_by_text("Nothing was used, or nothing that fits")).to_be_visible()
    assert complaints(page) == []
