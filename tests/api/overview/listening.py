"""Listens to a stream of a real application, through its ASGI interface."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from tests.api.farside import Client

PATIENCE_S = 30.0


class Ear:
    """One listener. `status` is known once something came."""

    def __init__(self, client: Client, headers: dict[str, str], path: str, query: str) -> None:
        self._client: Any = client
        self._headers = {"host": "localhost", "accept": "text/event-stream"} | headers
        self._path = path
        self._query = query
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.text = ""
        self.is_over = False

    def __enter__(self) -> "Ear":
        self._run(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())

    def wait_for(self, what: str) -> str:
        """All that was written, once `what` is in it."""
        return str(self._run(self._until(lambda: what in self.text)))

    def wait_for_end(self) -> str:
        """All that was written, once nothing more will be."""
        return str(self._run(self._until(lambda: self.is_over)))

    def decisions(self) -> list[dict[str, Any]]:
        """The data of what was written."""
        lines = [line for line in self.text.splitlines() if line.startswith('data: {"event"')]
        return [json.loads(line.removeprefix("data: ")) for line in lines]

    def marks(self) -> list[str]:
        """The ids of what was written."""
        return [
            line.removeprefix("id: ") for line in self.text.splitlines() if line.startswith("id: ")
        ]

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._client._loop).result(PATIENCE_S + 5)

    async def _begin(self) -> None:
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        await self._said.put({"type": "http.request", "body": b"", "more_body": False})
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "method": "GET", "scheme": "http", "path": self._path,
            "raw_path": self._path.encode(), "query_string": self._query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in self._headers.items()],
            "client": ("127.0.0.1", 1), "server": ("localhost", 80), "root_path": "",
        }  # fmt: skip
        self._task = asyncio.create_task(
            self._client._application(scope, self._said.get, self._hear)
        )
        await self._until(lambda: self.status or self._task.done())

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message["headers"])
        else:
            self.text += message.get("body", b"").decode()
            self.is_over = not message.get("more_body", False)

    async def _until(self, is_so: Any) -> str:
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                await asyncio.sleep(0.02)
        return self.text

    async def _end(self) -> None:
        await self._said.put({"type": "http.disconnect"})
        async with asyncio.timeout(PATIENCE_S):
            await self._task


def listening(client: Client, query: str = "", **headers: str) -> Ear:
    """A listener with the client's own key, unless it brings something else."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if "authorization" not in named and "cookie" not in named:
        named["authorization"] = client._headers["Authorization"]
    return Ear(client, named, "/v1/decisions:stream", query)
