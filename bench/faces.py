"""How quickly the pages come up in a real browser, over the real supermarket's year: opened for the
first time, without anything kept, until the page has its heading and waits for nothing more."""

import json
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.journeys.conftest import QUIET
from tests.journeys.places import CONSOLE

from bench.yard import Figure, Shop, Yard, cabinet, middle, serving
from regulars.cli.demo import receipts
from regulars.cli.first_owner import EMAIL, invitation
from regulars.cli.imports import import_one
from regulars.runtime import Runtime
from regulars.services import staff
from regulars.settings import Settings
from regulars.storage.database import Database
from regulars.worker import summing

PAGE_LIMIT_MS = 1_500.0
SIMULATION_LIMIT_S = 10.0
PASSWORD = "tangerine lantern opposite gravel"
READY = """() => document.querySelector('h1') &&
  !document.querySelector('.ant-skeleton-active, .ant-spin-spinning, [aria-busy=true]')"""
YEAR = "from=2017-01-01&to=2017-12-31"
SLOWEST_S = 60


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """page_ms: of the slowest page of the console; simulate_year_s: as the console asks for it."""
    conninfo = yard.database("faces")
    db = Database(conninfo)
    run = Runtime(Settings(data=yard.folder, database_url=conninfo), db, cabinet(yard))
    import_one(run, receipts(yard.folder))
    email = _hire(run)
    # The sums of days, as a deployment has them. No worker runs beside: that year's points have all
    # lapsed since, and it would be busy with that.
    summing.once(run)
    db.close()
    with serving(conninfo, yard.folder) as shop, chromium() as browser:
        places = _places(shop)
        pages = {path: _opened(browser, shop, email, path, repeats) for path in places}
        year = _simulated(shop)
    yard.drop("faces")
    for path, spent in sorted(pages.items(), key=lambda one: -one[1]):
        print(f"  {path}: {spent:.0f} ms")
    slowest = max(pages.values())
    return [
        Figure("page_ms", slowest, "ms", PAGE_LIMIT_MS, slowest / PAGE_LIMIT_MS, repeats),
        Figure("simulate_year_s", year, "s", SIMULATION_LIMIT_S, year / SIMULATION_LIMIT_S, 1),
    ]


def _places(shop: Shop) -> list[str]:
    """The address of every page, with a member and a draft in it."""
    member = _call(shop, "GET", "/v1/members?limit=1")["items"][0]["member"]
    draft = _call(shop, "POST", "/v1/drafts", {"name": "Bench"})["draft"]
    return [path.format(member=member, draft=draft) for path in CONSOLE.values()]


def _hire(run: Runtime) -> str:
    """An owner who has come."""
    link = invitation(run, "http://127.0.0.1")
    assert link is not None
    staff.accept(
        run.db, run.cabinet, run.organization, link.partition("#")[2],
        name="Bench", password=PASSWORD, trace="", now=run.clock(),
    )  # fmt: skip
    return EMAIL


def _opened(browser: Browser, shop: Shop, email: str, path: str, repeats: int) -> float:
    """Milliseconds until the page stands, the median, each time in a browser that knows nothing."""
    address = f"http://127.0.0.1:{shop.port}"
    spent = []
    for _ in range(repeats):
        # Playwright asks the page by eval, which the page itself may not.
        with browser.new_context(base_url=address, bypass_csp=True) as context:
            page = context.new_page()
            body = {"email": email, "password": PASSWORD}
            answer = page.request.post("/v1/staff/sign-in", data=body, headers={"Origin": address})
            assert answer.ok, answer.text()
            spent.append(_stands(page, f"/console{path}"))
    return middle(spent)


def _stands(page: Page, path: str) -> float:
    sign = "&" if "?" in path else "?"
    began = time.perf_counter()
    page.goto(f"{path}{sign}{YEAR}", wait_until="commit")
    page.wait_for_function(READY, timeout=SLOWEST_S * 1000)
    return (time.perf_counter() - began) * 1000


def _simulated(shop: Shop) -> float:
    """Seconds from asking for the year under a changed program until its result can be read."""
    current = _call(shop, "GET", "/v1/programs/current")
    document = current["document"].replace("rate: 1,", "rate: 2,", 1)
    assert document != current["document"]
    began = time.perf_counter()
    asked = _call(
        shop, "POST", "/v1/simulations",
        {"document": document, "from": "2017-01-01T00:00:00Z", "to": "2018-01-01T00:00:00Z"},
    )  # fmt: skip
    path = f"/v1/simulations/{asked['simulation']}"
    while time.perf_counter() - began < SLOWEST_S:
        found = _call(shop, "GET", path)
        if found["state"] == "done":
            return time.perf_counter() - began
        assert found["state"] in {"waiting", "running"}, found
        time.sleep(0.05)
    message = f"{path} does not end"
    raise TimeoutError(message)


def _call(shop: Shop, method: str, path: str, body: object = None) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{shop.port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {shop.secret}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SLOWEST_S) as answer:
        return json.load(answer)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path is not None, "this bench needs Chromium: make chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
