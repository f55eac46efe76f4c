"""Journeys: real people's ways through the built pages, in Debian's Chromium, to a real server.

Each test worker has one server with the grocery program and some months of invented history. A page
that writes an error into its console, or asks anybody but the server, fails its journey.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from tests.conftest import FOLDER, cabinet, key_file
from tests.journeys.house import House, Person, working
from tests.serving import PATIENCE_S, serving

from regulars.api.faces import BUILT
from regulars.domain.access import Role
from regulars.gateways.files.ndjson import NdjsonFile
from regulars.insight.samples.stream import Wish, stream
from regulars.runtime import DEFAULT_ORGANIZATION, Runtime
from regulars.settings import Settings
from regulars.storage.database import Database

PROGRAM = Path(__file__).parents[2] / "examples" / "grocery.yaml"
SAMPLE_EVENTS = 1_500
SAMPLE_MEMBERS = 120
SAMPLE_DAYS = 150
WAIT_MS = 20_000
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# What keeps Chromium from calling home, which a closed network would only make slow.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

Entering = Callable[..., Page]


@pytest.fixture(scope="session")
def house(server_url: str, template: str) -> Iterator[House]:
    """The running server, its worker, and its people's desk."""
    assert (BUILT / "console" / "index.html").exists(), "the pages are not built: make web"
    data = Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))
    places: list[str] = []

    def prepare(db: Database) -> None:
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            places.append(tx.info.dsn)
        _fill(db, places[0], data)

    text = PROGRAM.read_text(encoding="utf-8")
    environ = {"REGULARS_KEY_FILE": str(key_file()), "REGULARS_DATA": str(data)}
    with serving(server_url, template, text, prepare, **environ) as (address, key):
        environ["REGULARS_DATABASE_URL"] = places[0]
        with (
            working(environ),
            closing(Database(places[0], pool_size=2)) as db,
            httpx.Client(timeout=PATIENCE_S) as client,
        ):
            yield House(address, key, db, data, client)
    shutil.rmtree(data, ignore_errors=True)


def _fill(db: Database, url: str, data: Path) -> None:
    """Some months of history, as `make run` has it."""
    from regulars.cli.imports import import_one

    run = Runtime(Settings(data=data, database_url=url, key_file=key_file()), db, cabinet())
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251
    wish = Wish(
        SAMPLE_MEMBERS, SAMPLE_EVENTS, 1, end - timedelta(days=SAMPLE_DAYS), end,
        ZoneInfo("America/New_York"),
    )  # fmt: skip
    path = data / "sample.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for texts in stream(wish):
            file.write("\n".join(texts) + "\n")
    import_one(run, NdjsonFile(path), lanes=1)
    assert run.organization == DEFAULT_ORGANIZATION


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys of a test worker; each gets a context of its own."""
    # A page may wait as long for what it shows as a hand may for what it clicks: beside it, another
    # worker of the tests may be writing hundreds of megabytes.
    expect.set_options(timeout=WAIT_MS)
    path = shutil.which("chromium")
    assert path is not None, "the journeys need Chromium: make chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, house: House) -> Iterator[Entering]:
    """Opens pages, each in a browser of its own, that must leave their consoles clean."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str = "/", *, language: str = "en", size: dict[str, int] | None = None, **more: object
    ) -> Page:
        locale = {"en": "en-US", "zh": "zh-CN"}[language]
        context = chromium.new_context(
            base_url=house.address,
            locale=locale,
            viewport=size or DESK,  # type: ignore[arg-type]
            **({"reduced_motion": "reduce"} | more),  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(complaints, page, message))
        page.on("request", lambda request: _at_home(complaints, house.address, request.url))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _at_home(complaints: list[str], address: str, url: str) -> None:
    """No request leaves for elsewhere: no font, no map, no counting of visitors."""
    if not url.startswith((f"{address}/", "data:", "blob:")):
        complaints.append(f"asked elsewhere: {url}")


def _note(complaints: list[str], page: Page, message: ConsoleMessage) -> None:
    # The browser itself notes each answer of 400 and above; what a page does with those is tested.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(f"{page.url}: {message.text}")


@pytest.fixture
def enter(opened: Entering, house: House) -> Entering:
    """Opens the console for somebody who has signed in: `enter("/members", Role.OWNER)`."""

    def signed_in(
        path: str = "/", *roles: Role, person: Person | None = None, **more: object
    ) -> Page:
        known = person or house.hire(*(roles or (Role.OWNER,)))
        page = opened("/console/icon.svg", **more)
        body = {"email": known.email, "password": known.password}
        if known.seed:
            body["totp"] = known.code()
        answer = page.request.post(
            "/v1/staff/sign-in", data=body, headers={"Origin": house.address}
        )
        assert answer.ok, answer.text()
        page.goto(f"/console{path}")
        return page

    return signed_in
