"""The designer of programs: a rule is changed, checked, tried, simulated and published; two people
write one draft; what is wrong is said in both languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House, Person

from regulars.domain.access import Role

DESIGN = "section=rules&item=0"
RATE = '[data-pointer="/rules/0/earn/rate"] input'


def test_an_operator_designs_a_rule_and_a_purchase_earns_by_it(
    enter: Entering, house: House, alone: Person
) -> None:
    before = _points(house, "designer-before")
    page = enter("/program", person=alone)
    page.get_by_role("button", name="New draft").click()
    page.get_by_label("Name").fill("Triple points")
    page.get_by_role("button", name="Begin").click()

    # The rule says the new rate, in the form and in the text, and the draft is kept.
    page.get_by_role("button", name="A point for every dollar").click()
    _type(page.locator(RATE), "0")
    expect(_findings(page)).to_contain_text("1 error")
    _type(page.locator(RATE), "3")
    expect(page.get_by_text("Nothing wrong")).to_be_visible()
    expect(page.get_by_label("The program as text (YAML)")).to_contain_text("rate: 3, per: 1.00")
    expect(_saving(page)).to_have_attribute("data-phase", "saved")

    # The tests are shown to fail by this, and are meant to follow.
    _tab(page, "Tests")
    expect(page.get_by_text(re.compile("of 9 tests fail"))).to_be_visible()
    page.get_by_role("button", name="Expect what comes out now").click()
    expect(page.get_by_text("All 9 tests pass")).to_be_visible()

    _tab(page, "Try a receipt")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("+30").first).to_be_visible()
    _tab(page, "Changes")
    expect(page.get_by_text("from 1 point per 1.00 USD to 3 points per 1.00 USD")).to_be_visible()

    _tab(page, "Simulate")
    page.get_by_role("button", name=re.compile("Simulate")).click()
    expect(page.get_by_role("region", name="Result of the simulation")).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_text(re.compile("members would have more, 0 less"))).to_be_visible()

    _tab(page, "Publish")
    page.get_by_label("Note").fill("Three for one")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text(re.compile(r"Version \d+ is published"))).to_be_visible()
    assert _points(house, "designer-after") == before * 3

    # And back again.
    page.get_by_role("link", name="To the program").click()
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Roll back to this").last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Too generous")
    dialog.get_by_role("button", name="Roll back").click()
    expect(dialog).to_be_hidden()
    assert _points(house, "designer-back") == before


def test_two_people_who_change_one_draft_see_the_conflict_and_lose_nothing(
    enter: Entering, house: House
) -> None:
    draft = _draft(house)
    ada = enter(f"/program/drafts/{draft}?{DESIGN}", person=house.hire(Role.OWNER))
    ben = enter(f"/program/drafts/{draft}?{DESIGN}", person=house.hire(Role.OWNER))
    expect(ben.locator(RATE)).to_have_value("1")
    ben.route(f"**/v1/drafts/{draft}", _Blind())
    _type(ada.locator(RATE), "2")
    expect(_saving(ada)).to_have_attribute("data-phase", "saved")
    _type(ben.locator(RATE), "5")

    dialog = ben.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody else changed this draft too")
    expect(dialog).to_contain_text("rate: 2")
    expect(dialog).to_contain_text("rate: 5")
    assert "rate: 2" in house.call("GET", f"/v1/drafts/{draft}")["document"]
    dialog.get_by_role("radio", name=re.compile("^Theirs")).check()
    dialog.get_by_role("button", name="Take both together").click()

    expect(dialog).to_be_hidden()
    expect(ben.locator(RATE)).to_have_value("2")
    expect(_saving(ben)).to_have_attribute("data-phase", "saved")
    # What Ben had written is one step back.
    ben.get_by_role("button", name="Undo").click()
    expect(ben.locator(RATE)).to_have_value("5")
    expect(_saving(ben)).to_have_attribute("data-phase", "saved")
    assert "rate: 5" in house.call("GET", f"/v1/drafts/{draft}")["document"]


def test_what_is_wrong_with_a_draft_is_said_at_its_place_in_both_languages(
    enter: Entering, house: House
) -> None:
    draft = _draft(house)
    for language, number, errors, broken in (
        ("en", "Points has to be a number.", "1 error", "The text cannot be read at the moment."),
        ("zh", "积分必须是数字。", "1 个错误", "文本目前无法读取"),
    ):
        page = enter(f"/program/drafts/{draft}?{DESIGN}", Role.OWNER, language=language)
        _type(page.locator(RATE), "many")
        expect(page.get_by_role("alert").filter(has_text=number)).to_be_visible()
        expect(_findings(page)).to_contain_text(errors)
        _type(page.locator(RATE), "1")

        # A text that is no YAML keeps the forms as they were, and can be undone.
        text = page.locator(".cm-content")
        text.click()
        page.keyboard.press("Control+Home")
        page.keyboard.insert_text("{ [")
        expect(page.get_by_text(broken)).to_be_visible()
        expect(page.locator(RATE)).to_be_disabled()
        expect(_findings(page)).to_contain_text(errors)
        page.get_by_role("button", name={"en": "Undo", "zh": "撤销"}[language]).click()
        expect(page.get_by_text(broken)).to_be_hidden()
        expect(_saving(page)).to_have_attribute("data-phase", "saved")


@pytest.fixture
def alone(house: House) -> Iterator[Person]:
    """Somebody who publishes alone, as in a try-out."""
    kept = house.call("GET", "/v1/organization")["settings"]
    eased = {**kept["approvals"], "publication": False, "second_factor": False}
    house.call("PUT", "/v1/organization/settings", {**kept, "approvals": eased})
    yield house.hire(Role.OWNER)
    house.call("PUT", "/v1/organization/settings", kept)


class _Blind:
    """Nothing is looked at until the page itself has written: what a colleague saves meanwhile
    would be taken over by itself, and there would be no conflict."""

    has_written = False

    def __call__(self, route: Route) -> None:
        self.has_written = self.has_written or route.request.method != "GET"
        if self.has_written:
            route.continue_()
        else:
            route.abort()


def _draft(house: House) -> str:
    made: dict[str, Any] = house.call("POST", "/v1/drafts", {"name": "Shared"})
    return str(made["draft"])


def _points(house: House, event: str) -> int:
    """What somebody new earns by ten dollars of groceries now."""
    answer = house.call(
        "POST",
        "/v1/events",
        {
            "specversion": "1.0",
            "id": event,
            "source": "till-designer",
            "type": "purchase",
            "subject": f"card:{event}",
            "time": datetime.now(UTC).isoformat(),  # noqa: TID251  # the server's clock is the wall's
            "data": {"currency": "USD", "lines": [{"amount": 1000, "category": "GROCERY"}]},
        },
    )
    earned: int = answer["earned"]["points"]
    return earned


def _type(field: Locator, text: str) -> None:
    field.fill(text)
    field.blur()


def _tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def _saving(page: Page) -> Locator:
    return page.locator("[data-phase]")


def _findings(page: Page) -> Locator:
    return page.get_by_role("status").filter(has=page.locator(".anticon-close-circle"))
