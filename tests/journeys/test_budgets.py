"""Budgets in the console: what is used and left."""

import re

from playwright.sync_api import expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_overview import purchase

from regulars.domain.access import Role


def test_a_budget_tells_what_is_used_and_left(enter: Entering, house: House) -> None:
    house.call("POST", "/v1/events", purchase(5_000))
    page = enter("/budgets", Role.OWNER)
    expect(page.get_by_role("heading", name="Budgets", exact=True)).to_be_visible()
    limit = page.get_by_role("region", name="Points").first
    expect(limit).to_contain_text(re.compile(r"[\d,]+ of [\d,]+"))
    expect(limit).to_contain_text("Left")
    expect(limit.get_by_role("progressbar")).to_be_visible()

    page.get_by_text(re.compile("80 % and more")).click()
    expect(page).to_have_url(re.compile("show=pressing"))
    expect(page.get_by_text("No budget is that far used up.")).to_be_visible()
