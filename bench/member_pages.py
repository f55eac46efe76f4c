"""How quickly the member's pages stand on a phone: opened for the first time over a slow network by
a slow processor, and opened again. The slow profile is the one that Lighthouse takes for mobile."""

import json
import re
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.conftest import PHONE

from bench.faces import chromium
from bench.yard import Figure, Shop, Yard, cabinet, middle, serving
from regulars.cli.imports import import_one
from regulars.domain.audit import By
from regulars.domain.ids import MemberRef
from regulars.domain.profiles import ProfileChange
from regulars.gateways.files.ndjson import NdjsonFile
from regulars.gateways.messages.console import OUTBOX
from regulars.runtime import Runtime
from regulars.services import profiles
from regulars.services.profiles import Vault
from regulars.settings import Settings
from regulars.storage.database import Database
from regulars.storage.programs import Versions

HOME_LIMIT_MS = 1_000.0
FIRST_LIMIT_MS = 4_000.0
SCRIPT_LIMIT_KB = 200.0
EVENTS, MEMBERS = 20_000, 400
EMAIL = "member@bench.example"
CARD = MemberRef(None, "card", "00000001")

SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 // 8,
    "uploadThroughput": 750_000 // 8,
}
SLOW_PROCESSOR = {"rate": 4}
STANDS = ".balance"
PATIENCE_MS = 30_000
LOOK_MS = 100
SCRIPTS = """performance.getEntriesByType('resource').filter(e => e.name.endsWith('.js'))
  .reduce((sum, e) => sum + e.encodedBodySize, 0)"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Milliseconds until the balance stands there, and the script that came, packed."""

    spent_ms: float
    script_kb: float


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """member_home_ms: opened for the second time; member_first_ms: for the first time, slowly;
    member_script_kb: of script until then."""
    conninfo = yard.database("member_pages")
    db = Database(conninfo)
    run = Runtime(Settings(data=yard.folder, database_url=conninfo), db, cabinet(yard))
    import_one(run, NdjsonFile(yard.sample(EVENTS, MEMBERS)), lanes=1)
    _give_address(run)
    db.close()
    with serving(conninfo, yard.folder) as shop, chromium() as browser:
        state = _signed_in(browser, shop, yard)
        first = [_first_visit(browser, shop, state) for _ in range(repeats)]
        again = [_second_visit(browser, shop, state) for _ in range(repeats)]
    yard.drop("member_pages")
    slow = middle([one.spent_ms for one in first])
    home = middle([one.spent_ms for one in again])
    script = middle([one.script_kb for one in first])
    return [
        Figure("member_home_ms", home, "ms", HOME_LIMIT_MS, home / HOME_LIMIT_MS, repeats),
        Figure("member_first_ms", slow, "ms", FIRST_LIMIT_MS, slow / FIRST_LIMIT_MS, repeats),
        Figure(
            "member_script_kb", script, "kB", SCRIPT_LIMIT_KB, script / SCRIPT_LIMIT_KB, repeats
        ),
    ]


def _give_address(run: Runtime) -> None:
    vault = Vault(run.db, run.cabinet, run.organization)
    by = By(run.organization, "cli:bench")
    profiles.change(
        vault, Versions(run.organization), CARD, ProfileChange(email=EMAIL),
        mark=None, by=by, now=run.clock(),
    )  # fmt: skip


def _signed_in(browser: Browser, shop: Shop, yard: Yard) -> dict[str, object]:
    """The cookies of a member who has signed in."""
    address = f"http://127.0.0.1:{shop.port}"
    with browser.new_context(base_url=address) as context:
        headers = {"Origin": address}
        asked = context.request.post("/v1/sign-in/codes", data={"email": EMAIL}, headers=headers)
        assert asked.ok, asked.text()
        body = {"email": EMAIL, "code": _code(yard)}
        answer = context.request.post("/v1/sign-in/codes/verify", data=body, headers=headers)
        assert answer.ok, answer.text()
        return dict(context.storage_state())


def _code(yard: Yard) -> str:
    """The newest code that was sent to the address."""
    path = yard.folder / OUTBOX
    for _ in range(PATIENCE_MS // LOOK_MS):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        letters = [one for one in map(json.loads, lines) if one["to"] == EMAIL]
        if letters:
            found = re.search(r"\d{6}", letters[-1]["text"])
            assert found is not None
            return found.group()
        time.sleep(LOOK_MS / 1000)
    message = "no letter came"
    raise TimeoutError(message)


def _first_visit(browser: Browser, shop: Shop, state: dict[str, object]) -> Visit:
    """A phone that knows nothing of us yet, and is slow in every way."""
    with _phone(browser, shop, state) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        session.send("Emulation.setCPUThrottlingRate", SLOW_PROCESSOR)
        return _visit(page)


def _second_visit(browser: Browser, shop: Shop, state: dict[str, object]) -> Visit:
    """A phone on which the pages were opened before."""
    with _phone(browser, shop, state) as context:
        page = context.new_page()
        _visit(page)
        page.close()
        return _visit(context.new_page())


def _phone(browser: Browser, shop: Shop, state: dict[str, object]) -> BrowserContext:
    return browser.new_context(
        base_url=f"http://127.0.0.1:{shop.port}",
        storage_state=state,  # type: ignore[arg-type]  # as Playwright itself has written it
        viewport=PHONE,  # type: ignore[arg-type]
    )


def _visit(page: Page) -> Visit:
    began = time.perf_counter()
    page.goto("/my/", wait_until="commit")
    page.wait_for_selector(STANDS, timeout=PATIENCE_MS)
    spent = (time.perf_counter() - began) * 1000
    return Visit(spent, float(page.evaluate(SCRIPTS)) / 1000)
