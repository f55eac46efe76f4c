"""Settings: a second factor is set up, a colleague is invited, and the trail tells of it."""

import re

import pyotp
from playwright.sync_api import expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House

from regulars.domain.access import Role


def test_a_second_factor_opens_what_needs_one(enter: Entering, house: House) -> None:
    person = house.hire(Role.OWNER)
    page = enter("/settings/account", person=person)
    page.get_by_role("button", name="Set up one-time codes").click()
    page.get_by_role("dialog").get_by_label("Your password now").fill(person.password)
    page.get_by_role("dialog").get_by_role("button", name="Next").click()
    expect(page.get_by_role("img", name="Picture to scan")).to_be_visible()
    told = page.get_by_text("Or type by hand:").inner_text()
    person.seed = told.partition(": ")[2].split()[0]
    assert len(pyotp.TOTP(person.seed).now()) == 6
    page.get_by_label("The code it shows").fill(person.code())
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("dialog", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_text("Set up", exact=True)).to_be_visible()


def test_an_invitation_is_on_record(enter: Entering, house: House) -> None:
    person = house.hire(Role.OWNER, totp=True)
    page = enter("/settings/staff", person=person)
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("new.colleague@shop.example")
    dialog.get_by_role("checkbox", name="Analyst").check()
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An invitation is on its way")).to_be_visible()

    page.get_by_role("link", name="Audit").click()
    page.get_by_role("searchbox", name="What: points").fill("staff.invited")
    page.get_by_role("searchbox", name="What: points").press("Enter")
    expect(page).to_have_url(re.compile("action=staff.invited"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("staff.invited")
    page.get_by_role("button", name="Check the whole trail").click()
    expect(page.get_by_text("The trail is whole")).to_be_visible()


def test_what_one_may_not_do_is_not_offered(enter: Entering) -> None:
    page = enter("/settings", Role.ANALYST)

    expect(page.get_by_role("link", name="My account")).to_be_visible()
    expect(page.get_by_role("link", name="Staff")).to_have_count(0)
    expect(page.get_by_role("link", name="Imports and sources")).to_have_count(0)
