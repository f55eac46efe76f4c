"""The console's ledger: what moved and why, what waits for a second person, proofs and files."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House

from regulars.domain.access import Role

BESIDE_MS = 240_000
LOOK_MS = 250
"""How long a process of its own may take to begin and to end, on a busy machine."""


def shopper(house: House, points: int) -> str:
    """Somebody who has just earned so many points; their id."""
    event = {
        "specversion": "1.0", "id": uuid4().hex, "source": "journey", "type": "purchase",
        "subject": f"card:{uuid4().hex[:12]}", "time": datetime.now(UTC).isoformat(),  # noqa: TID251  # what a till does

        "data": {"currency": "USD", "lines": [{"amount": points * 100, "category": "SOFT DRINKS"}]},
    }  # fmt: skip
    return str(house.call("POST", "/v1/events", event)["member"])


def spend(house: House, member: str, points: int) -> None:
    body = {"currency": "points", "amount": points}
    key = {"Idempotency-Key": uuid4().hex}
    house.call("POST", f"/v1/members/{member}/redemptions", body, **key)


def test_a_transfer_is_found_and_shows_both_sides_its_reason_and_its_lots(
    enter: Entering, house: House, tmp_path: Path
) -> None:
    member = shopper(house, 321)
    spend(house, member, 123)
    page = enter("/ledger", Role.FINANCE)

    page.get_by_label("Member", exact=True).fill(member)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"member={member}"))
    rows = page.get_by_role("row").filter(has_text=member)
    expect(rows.first).to_contain_text("available → redeemed")
    page.get_by_label("Points from").fill("300")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("321")

    rows.get_by_role("button").first.click()
    sheet = page.get_by_role("dialog", name="Transfer")
    expect(sheet.get_by_role("row", name="available of the member 321")).to_be_visible()
    expect(sheet.get_by_role("row", name="issued of the program 321")).to_be_visible()
    expect(sheet).to_contain_text("A point for every dollar +321")
    expect(sheet).to_contain_text("198 / 321 points")
    page.reload()
    expect(sheet).to_contain_text("198 / 321 points")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Download").hover()
    with page.expect_download() as begun:
        page.get_by_role("menuitem", name="CSV").click()
    path = tmp_path / "transfers.csv"
    begun.value.save_as(path)
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    assert (row["code"], row["amount"]) == ("earn", "321")
    assert row["member"] != member


def test_a_large_adjustment_waits_until_a_second_person_approves_it(
    enter: Entering, house: House
) -> None:
    member = shopper(house, 5)
    asker = house.hire(Role.FINANCE, totp=True)
    second = house.hire(Role.FINANCE, totp=True)
    asking = enter("/ledger", person=asker)
    body = {"currency": "points", "amount": 54_321, "reason": "A till was wrong all day"}
    answer = asking.request.post(
        f"/v1/members/{member}/adjustments",
        data=body,
        headers={"Origin": house.address, "Idempotency-Key": uuid4().hex},
    )
    assert answer.status == 202, answer.text()
    asking.goto("/console/ledger/approvals")
    decide(asking, "Approve", "")
    expect(asking.get_by_role("alert")).to_contain_text("A second person has to decide this")

    page = enter("/ledger/approvals", person=second)
    card = page.locator(".ant-card").filter(has_text=member)
    expect(card).to_contain_text("+54,321 points")
    expect(card).to_contain_text("A till was wrong all day")
    decide(page, "Approve", "The till's log says so", card=member)
    expect(page.get_by_text("Approved, and done.")).to_be_visible()
    expect(page.locator(".ant-card").filter(has_text=member)).to_have_count(0)

    page.goto(f"/console/ledger/transfers?member={member}&code=adjust")
    expect(page.get_by_role("row").filter(has_text="54,321")).to_be_visible()


def decide(page: Page, deed: str, note: str, card: str = "") -> None:
    place = page.locator(".ant-card").filter(has_text=card).first
    place.get_by_role("button", name=deed).click()
    ask = page.get_by_role("dialog", name=deed)
    ask.get_by_label("Note").fill(note)
    ask.get_by_role("button", name=deed).click()


def newest_verified(page: Page, house: House) -> int:
    """How many events the newest verification has replayed, once it is done."""
    for _ in range(BESIDE_MS // LOOK_MS):
        newest = house.call("GET", "/v1/verifications")["items"][0]
        if newest["state"] == "done":
            return int(newest["result"]["events"])
        page.wait_for_timeout(LOOK_MS)
    message = "the verification does not end"
    raise AssertionError(message)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_books_are_verified_and_lots_taken_along(
    enter: Entering, house: House, tmp_path: Path, language: str
) -> None:
    words = json.loads(Path(f"web/console/src/ledger/words.{language}.json").read_text())
    page = enter("/ledger/verification", Role.AUDITOR, language=language)
    page.get_by_role("button", name=words["verification"]["now"]).click()
    clean = page.get_by_text(words["verification"]["clean"]).first
    expect(clean).to_be_visible(timeout=BESIDE_MS)
    events = newest_verified(page, house)
    told = page.get_by_role("status").filter(has_text=f"{events:,}")
    expect(told.first).to_be_visible(timeout=BESIDE_MS)

    page = enter("/ledger/exports", Role.FINANCE, language=language)
    page.get_by_label(words["exports"]["what"]).click()
    page.get_by_title(words["exports"]["kind"]["lots"]).click()
    page.get_by_role("button", name=words["exports"]["make"]).click()
    row = page.get_by_role("row").filter(has_text=words["exports"]["kind"]["lots"]).first
    link = row.get_by_role("link")
    expect(link).to_be_visible(timeout=BESIDE_MS)
    with page.expect_download() as begun:
        link.click()
    path = tmp_path / "lots.csv"
    begun.value.save_as(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) > 1_000


def test_the_liability_adds_up_and_the_system_says_what_to_do(
    enter: Entering, house: House
) -> None:
    told = house.call("GET", "/v1/liability/by-month")["currencies"][0]
    assert sum(line["points"] for line in told["lines"]) == told["outstanding"]
    page = enter("/ledger/liability", Role.OWNER)
    expect(page.get_by_text("Outstanding points")).to_be_visible()
    page.get_by_role("button", name="By month of expiry: Show as a table").click()
    table = page.get_by_role("group", name="By month of expiry", exact=True)
    expect(table.get_by_role("row")).to_have_count(min(len(told["lines"]) + 1, 10) + 1)
    expect(page.get_by_role("group", name="What became of points", exact=True)).to_be_visible()

    page.goto("/console/settings/system")
    expect(page.get_by_text("Set REGULARS_MAIL_URL")).to_be_visible()
    expect(page.get_by_text("PostgreSQL", exact=False)).to_be_visible()
