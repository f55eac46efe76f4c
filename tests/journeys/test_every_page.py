"""Every page of the console, in both languages, both shades, on a desk and on a phone; every page
once by its address, and once from the page before.

With REGULARS_SCREENSHOTS set to a folder, each page leaves its picture there (`make screenshots`).
"""

import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from tests.journeys.conftest import DESK, PHONE, Entering
from tests.journeys.house import House
from tests.journeys.places import CONSOLE

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
PICTURES = os.environ.get("REGULARS_SCREENSHOTS")
BUSY = ".ant-skeleton-active, .ant-spin-spinning, [aria-busy=true]"
QUIET_MS = 150
LONGEST_MS = 30_000

# Runs in the page: resolves when it has a heading, is busy no more, moves no more, and has stood
# still for a while; or rejects. What moves for ever is no sign. A single call, because asking from
# outside goes by steps of half a second.
STILL = """async ([busy, quiet, longest]) => {
  const began = performance.now()
  let changed = began
  const watch = new MutationObserver(() => { changed = performance.now() })
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
  const moves = one => one.playState === 'running' &&
    Number.isFinite(one.effect?.getComputedTiming().endTime)
  try {
    for (;;) {
      await new Promise(next => setTimeout(next, 15))
      const now = performance.now()
      const isBusy = document.querySelector('h1') === null ||
        document.querySelector(busy) !== null || document.getAnimations().some(moves)
      if (!isBusy && now - changed > quiet) return
      if (now - began > longest) throw new Error(isBusy ? 'it stays busy' : 'it never stands still')
    }
  } finally {
    watch.disconnect()
  }
}"""

# Runs in the page: goes on to another of the same face, as its links do.
GO_ON = """path => {
  history.pushState({}, '', path)
  dispatchEvent(new PopStateEvent('popstate', {state: {}}))
}"""

# Runs in the page: what axe finds that keeps somebody out.
LOOK = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']})
  return found.violations.map(v => ({id: v.id, impact: v.impact,
    nodes: v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160))}))
}"""


@pytest.mark.parametrize(
    ("language", "shade", "size"),
    [
        ("zh", "light", DESK),
        ("en", "dark", PHONE),
        *([("en", "light", DESK)] if PICTURES else []),
    ],
    ids=["zh-light-desk", "en-dark-phone", *(["en-light-desk"] if PICTURES else [])],
)
def test_every_page_opens_and_everybody_can_use_it(
    enter: Entering, house: House, language: str, shade: str, size: dict[str, int]
) -> None:
    member = house.call("GET", "/v1/members/card:00000003")["member"]
    draft = house.call("POST", "/v1/drafts", {"name": "Spring rules"})["draft"]
    paths = {
        name: f"/console{path.format(member=member, draft=draft)}" for name, path in CONSOLE.items()
    }
    page = enter("/", language=language, size=size, color_scheme=shade)
    wrong = []
    for name, path in walk(page, paths, is_odd=size == PHONE):
        picture(page, f"console-{name}", language, shade, size)
        wrong += [f"{path}: {one}" for one in faults(page)]
    assert not wrong, "\n".join(wrong)


def walk(page: Page, paths: dict[str, str], *, is_odd: bool) -> Iterator[tuple[str, str]]:
    """Each page when it stands still: every other by its address, those between from the page
    before; `is_odd` tells with which it begins. All by their addresses where pictures are taken."""
    under_way: set[Request] = set()

    def begins(request: Request) -> None:
        if request.resource_type != "eventsource":
            under_way.add(request)

    def ends(request: Request) -> None:
        under_way.discard(request)

    page.on("request", begins)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)
    for (name, path), goes_on in zip(paths.items(), cycle((is_odd, not is_odd)), strict=False):
        if goes_on and not PICTURES:
            page.evaluate(GO_ON, path)
        else:
            under_way.clear()
            page.goto(path)
        settle(page)
        for _ in range(LONGEST_MS // QUIET_MS):
            if not under_way:
                break
            settle(page)
        expect(page.get_by_role("heading", level=1).first).to_be_attached()
        yield name, path


def settle(page: Page) -> None:
    """Wait until what the page asked for has come, and charts stand still."""
    page.evaluate(STILL, [BUSY, QUIET_MS, LONGEST_MS])


def picture(page: Page, name: str, language: str, shade: str, size: dict[str, int]) -> None:
    if PICTURES and shade == "light" and (size == DESK or name.startswith("member")):
        page.screenshot(path=Path(PICTURES) / f"{name}.{language}.png")


def complaints(page: Page) -> list[Any]:
    """What keeps somebody out of the page, and what does not fit, once it stands still: what only
    appears or goes is half transparent, and may hang over the edge."""
    settle(page)
    return faults(page)


def faults(page: Page) -> list[Any]:
    """The same of a page that stands still."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    grave = [one for one in page.evaluate(LOOK) if one["impact"] in GRAVE]
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*grave, *([f"{too_wide} px too wide"] if too_wide > 0 else [])]
