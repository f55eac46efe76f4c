"""The console's first page: figures beside the span before, their tables and files, and decisions
as they are made."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House

from regulars.domain.access import Role

SUMMED_MS = 30_000
"""How long the worker may take to sum some months for the first time."""


def purchase(amount: int) -> dict[str, object]:
    """A purchase of this moment by somebody new."""
    return {
        "specversion": "1.0", "id": uuid4().hex, "source": "journey", "type": "purchase",
        "subject": f"card:{uuid4().hex[:12]}",
        "time": datetime.now(UTC).isoformat(),  # noqa: TID251  # what a till does
        "data": {"currency": "USD", "lines": [{"amount": amount, "category": "PRODUCE"}]},
    }  # fmt: skip


def figure(page: Page, name: str) -> str:
    """What a card says, once the worker has summed the past."""
    card = page.locator(f"[data-figure={name}]")
    expect(card).to_be_visible()
    expect(page.get_by_text("The past is still being summed")).to_have_count(0, timeout=SUMMED_MS)
    return card.inner_text()


def test_a_purchase_shows_at_once_with_its_reason_and_leads_to_its_member(
    enter: Entering, house: House
) -> None:
    page = enter("/", Role.OWNER)
    live = page.get_by_role("list", name="Decisions as they are made")

    def of(told: Any) -> Locator:
        path = f"/console/members/{told['member']}?tab=events&event={told['event']}"
        return live.get_by_role("listitem").filter(has=page.locator(f'a[href="{path}"]'))

    expect(page.get_by_text("Live", exact=True)).to_be_visible()

    answer = house.call("POST", "/v1/events", purchase(123_400))

    entry = of(answer)
    expect(entry).to_contain_text(f"+{answer['earned']['points']:,}")
    expect(entry).to_contain_text("A point for every dollar")
    expect(entry.get_by_role("link", name="Purchase")).to_be_visible()

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused")).to_be_visible()
    other = house.call("POST", "/v1/events", purchase(5_700))
    page.wait_for_timeout(800)
    expect(of(other)).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(of(other)).to_contain_text(f"+{other['earned']['points']}")


def test_days_and_members_chosen_stay_in_the_address_and_every_chart_has_its_table_and_file(
    enter: Entering, house: House, tmp_path: Path
) -> None:
    page = enter("/", Role.OWNER)
    assert figure(page, "sales").startswith("$")
    page.get_by_text("90 days").click()
    expect(page).to_have_url(re.compile("days=90"))
    page.get_by_role("combobox", name="Members").click()
    page.get_by_title("Silver").click()
    expect(page).to_have_url(re.compile("segment=tier%3Asilver"))
    page.reload()
    told = house.call("GET", "/v1/overview?days=90&segment=tier:silver")
    expect(page.locator("[data-figure=purchases]")).to_have_text(
        f"{told['sales']['purchases']['now']:,}"
    )

    page.get_by_role("button", name="Sales of members: Show as a table").click()
    card = page.get_by_role("group", name="Sales of members", exact=True).last
    expect(card.get_by_role("row")).to_have_count(11)
    with page.expect_download() as begun:
        page.get_by_role("button", name="Sales of members: Download as CSV").click()
    path = tmp_path / "sales.csv"
    begun.value.save_as(path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 91
    total = sum(round(float(row[1]) * 100) for row in rows[1:])
    assert total == told["sales"]["amount"]["now"] - told["sales"]["came_back"]["now"]


def test_who_may_not_read_the_ledger_sees_no_liability(enter: Entering) -> None:
    page = enter("/", Role.MARKETER, language="zh")
    expect(page.get_by_role("heading", name="概览")).to_be_visible()
    expect(page.locator("[data-figure=issued]")).to_be_visible()
    expect(page.locator("[data-figure=liability]")).to_have_count(0)
    expect(page.get_by_role("group", name="未兑换积分")).to_have_count(0)
