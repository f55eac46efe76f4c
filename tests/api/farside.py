"""An ASGI application in a thread of its own, called as if it were far away."""

import asyncio
from threading import Thread
from typing import Any

import httpx

from regulars.api.application import Application
from regulars.api.bodies import Scope

PATIENCE_S = 60


class Client:
    """Starts the application on entry and stops it on exit; its calls wait for the answer."""

    def __init__(self, application: Application, headers: dict[str, str]) -> None:
        self._application = application
        self._headers = headers
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Client":
        self._thread.start()
        self._wait(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def request(self, method: str, path: str, **rest: Any) -> httpx.Response:
        answer: httpx.Response = self._wait(self._client.request(method, path, **rest))
        return answer

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.request("GET", path, **rest)

    def post(self, path: str, **rest: Any) -> httpx.Response:
        return self.request("POST", path, **rest)

    def patch(self, path: str, **rest: Any) -> httpx.Response:
        return self.request("PATCH", path, **rest)

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    async def _start(self) -> None:
        self._said: asyncio.Queue[Scope] = asyncio.Queue()
        self._heard: asyncio.Queue[Scope] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
        self._life = asyncio.create_task(self._application(scope, self._said.get, self._heard.put))
        await self._said.put({"type": "lifespan.startup"})
        assert (await self._heard.get())["type"] == "lifespan.startup.complete"
        transport = httpx.ASGITransport(self._application, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8321", headers=self._headers
        )

    async def _stop(self) -> None:
        await self._client.aclose()
        await self._said.put({"type": "lifespan.shutdown"})
        assert (await self._heard.get())["type"] == "lifespan.shutdown.complete"
        await self._life
