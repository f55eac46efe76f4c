"""Every page of the console, in both languages, both shades, on a desk and on a phone.

With REGULARS_SCREENSHOTS set to a folder, each page leaves its picture there (`make screenshots`).
"""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Entering
from tests.journeys.house import House
from tests.journeys.places import CONSOLE

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
SETTLED_MS = 400
BUSY = ".ant-skeleton-active, .ant-spin-spinning, [aria-busy=true]"

# Runs in the page: what axe finds that keeps somebody out.
LOOK = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']})
  return found.violations.map(v => ({id: v.id, impact: v.impact,
    nodes: v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160))}))
}"""


@pytest.mark.parametrize(
    ("language", "shade", "size"),
    [("en", "light", DESK), ("zh", "light", DESK), ("en", "dark", PHONE)],
    ids=["en-light-desk", "zh-light-desk", "en-dark-phone"],
)
def test_every_page_opens_and_everybody_can_use_it(
    enter: Entering, house: House, language: str, shade: str, size: dict[str, int]
) -> None:
    member = house.call("GET", "/v1/members/card:00000003")["member"]
    draft = house.call("POST", "/v1/drafts", {"name": "Spring rules"})["draft"]
    page = enter("/", language=language, size=size, color_scheme=shade)
    wrong = []
    for name, template in CONSOLE.items():
        path = template.format(member=member, draft=draft)
        page.goto(f"/console{path}")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        settle(page)
        picture(page, f"console-{name}", language, shade, size)
        wrong += [f"{path}: {one}" for one in complaints(page)]
    assert not wrong, "\n".join(wrong)


def settle(page: Page) -> None:
    """Wait until what the page asked for has come, and charts stand still."""
    expect(
        page.locator(".ant-skeleton-active, .ant-spin-spinning, [aria-busy=true]")
    ).to_have_count(0)
    page.wait_for_timeout(SETTLED_MS)


def picture(page: Page, name: str, language: str, shade: str, size: dict[str, int]) -> None:
    folder = os.environ.get("REGULARS_SCREENSHOTS")
    if folder and shade == "light" and (size == DESK or name.startswith("member")):
        page.screenshot(path=Path(folder) / f"{name}.{language}.png")


def complaints(page: Page) -> list[Any]:
    """What keeps somebody out, and what does not fit on the screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    grave = [one for one in page.evaluate(LOOK) if one["impact"] in GRAVE]
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*grave, *([f"{too_wide} px too wide"] if too_wide > 0 else [])]
