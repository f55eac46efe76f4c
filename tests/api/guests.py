"""People with browsers of their own, who come to the shop; and the letters that reach them."""

import asyncio
import json
import re
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.api.conftest import Shop

HERE = "http://127.0.0.1:8321"
PHONE, EMAIL = "+8613800138000", "mei@shop.example"
TERMS = {"purpose": "terms", "granted": True, "text_version": "2026-03"}


@dataclass
class Guest:
    """A browser: cookies, an address, and what it says of itself."""

    shop: Shop
    ip: str = "203.0.113.7"
    agent: str = "Mozilla/5.0 (iPhone) AppleWebKit/605 Version/17.0 Mobile Safari/604.1"
    origin: str | None = HERE
    _client: httpx.AsyncClient | None = field(default=None, repr=False)

    def begin(self, method: str, path: str, **rest: Any) -> "Future[httpx.Response]":
        """Ask, and do not wait."""
        client: Any = self.shop.client
        if self._client is None:
            transport = httpx.ASGITransport(
                client._application, raise_app_exceptions=False, client=(self.ip, 40_000)
            )
            self._client = httpx.AsyncClient(
                transport=transport, base_url=HERE, headers={"User-Agent": self.agent}
            )
        headers = rest.pop("headers", {})
        if self.origin is not None and method != "GET":
            headers = {"Origin": self.origin} | headers
        work = self._client.request(method, path, headers=headers, **rest)
        return asyncio.run_coroutine_threadsafe(work, client._loop)

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        return self.begin(method, path, **rest).result(30)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.ask("GET", path, **rest)

    def post(self, path: str, body: Any = None, **rest: Any) -> httpx.Response:
        return self.ask("POST", path, json=body or {}, **rest)

    @property
    def cookies(self) -> httpx.Cookies:
        assert self._client is not None
        return self._client.cookies

    def code(self, purpose: str = "sign_in", **address: str) -> str:
        """The code of a letter that was asked for and has come."""
        whom = address or {"phone": PHONE}
        told: Any = {"purpose": purpose} if purpose != "sign_in" else {}
        sent = self.post("/v1/sign-in/codes", whom | told)
        assert sent.status_code == 202, sent.text
        return code_in(letters(self.shop)[-1])

    def prove(self, **address: str) -> Any:
        """What comes of a code that was sent and came back."""
        whom = address or {"phone": PHONE}
        code = self.code(**whom)
        self.shop.clock.pass_(seconds=20)
        answer = self.post("/v1/sign-in/codes/verify", whom | {"code": code})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def enrol(self, *, ticket: str = "", consents: Any = (TERMS,), **form: Any) -> httpx.Response:
        """Send the form, after a code where there is no ticket."""
        whom = {kind: form.pop(kind) for kind in ("phone", "email") if kind in form}
        told = {} if ticket == "-" else {"ticket": ticket or self.prove(**whom)["ticket"]}
        return self.post("/v1/enrolments", told | {"consents": list(consents)} | form)

    def member(self, **form: Any) -> str:
        """The id of a member who enrolled and is signed in."""
        answer = self.enrol(**form)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["member"])


def letters(shop: Shop) -> list[Any]:
    """Every letter that was handed over, in order."""
    path = data_of(shop) / "outbox.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def data_of(shop: Shop) -> Path:
    application: Any = shop.client._application
    path: Path = application._house.runtime.settings.data
    return path


def code_in(letter: Any) -> str:
    found = re.search(r"\d{6}", letter["text"])
    assert found is not None
    return found.group()


def rows(shop: Shop, query: str, *values: object) -> list[tuple[Any, ...]]:
    with shop.db.transaction(1) as tx:
        return tx.execute(query.encode(), values).fetchall()
