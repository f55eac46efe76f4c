"""The door of the console: invitations, signing in, and a session that ends meanwhile."""

import re

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import PASSWORD, House

from regulars.domain.access import Role


def test_an_invited_person_chooses_a_password_and_is_in(opened: Entering, house: House) -> None:
    _, token = house.invite("new.owner@shop.example", Role.OWNER)
    page = opened(f"/console/invitation#{token}")

    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("15 to 256 characters")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_role("button", name="Account of Ada Lovelace")).to_be_visible()
    assert token not in page.url


def test_a_wrong_password_is_said_in_the_language_of_the_page(
    opened: Entering, house: House
) -> None:
    person = house.hire(Role.ANALYST)
    for language, email, password, go, says in (
        ("en", "E-mail", "Password", "Sign in", "E-mail address, password or code are not right."),
        ("zh", "邮箱", "密码", re.compile("登.?录"), "邮箱、密码或验证码不正确。"),
    ):
        page = opened("/console/", language=language)
        page.get_by_label(email).fill(person.email)
        page.get_by_label(password, exact=True).fill("not this one at all")
        page.get_by_role("button", name=go, exact=isinstance(go, str)).click()
        expect(page.get_by_role("alert")).to_contain_text(says)


def test_a_session_that_ends_keeps_the_page_and_goes_on_after_signing_in(
    enter: Entering, house: House
) -> None:
    person = house.hire(Role.OWNER)
    page = enter("/members", person=person)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.context.clear_cookies()
    _go(page, "Ledger")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your session is over")
    dialog.get_by_label("Password").fill(person.password)
    dialog.get_by_role("button", name="Sign in").click()

    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile("/console/ledger"))


def _go(page: Page, area: str) -> None:
    page.get_by_role("navigation").get_by_text(area).click()
