"""An operator makes a benefit for the best tier and a coupon for birthdays without writing YAML."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import settle

from regulars.domain.access import Role


def test_a_benefit_for_gold_and_a_birthday_coupon_are_made_in_forms(
    enter: Entering, house: House
) -> None:
    page = enter("/program", person=house.hire(Role.OWNER))
    page.get_by_role("button", name="New draft").click()
    page.get_by_label("Name").fill("Free delivery for gold")
    page.get_by_role("button", name="Begin").click()

    page.get_by_role("navigation", name="Parts of the program").get_by_role(
        "button", name="Benefits", exact=True
    ).click()
    page.get_by_role("button", name="New benefit").click()
    page.get_by_role("menuitem", name="Points back").click()
    expect(page.get_by_role("button", name="All benefits")).to_be_visible()
    at = parse_qs(urlsplit(page.url).query)["item"][0]
    _choose(page, f"benefits/{at}/kind", "Free delivery")
    _choose(page, f"benefits/{at}/for", "by tier, stage, tag or card")
    page.locator(f'[data-pointer="/benefits/{at}/for"]').get_by_role("button", name="Tiers").click()
    expect(page.get_by_text("Free delivery · Gold")).to_be_visible()

    page.get_by_role("navigation", name="Parts of the program").get_by_role(
        "button", name="Rules", exact=True
    ).click()
    page.get_by_role("button", name="New rule").click()
    page.get_by_role("menuitem", name="such as a coupon for the birthday").click()
    expect(page.get_by_text("Give a coupon").first).to_be_visible()
    expect(
        page.get_by_role("status").filter(has=page.locator(".anticon-close-circle"))
    ).to_have_count(0)
    expect(page.locator("[data-phase]")).to_have_attribute("data-phase", "saved")


def _choose(page: Page, pointer: str, label: str) -> None:
    """An entry of a select."""
    select = page.locator(f'[data-pointer="/{pointer}"] .ant-select').first
    select.click()
    settle(page)  # While the list is still unfolding, what is touched may be another line by then.
    page.get_by_title(label).last.click()
    expect(select).to_contain_text(label)
