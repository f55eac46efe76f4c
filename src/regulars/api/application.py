"""The ASGI application of one process: the intake of events beside all that FastAPI serves."""

import asyncio
from collections.abc import Callable
from time import perf_counter

from regulars.api.app import create_app
from regulars.api.bodies import Receive, Scope, Send
from regulars.api.desk import Desk, Previews
from regulars.api.intake import ROUTE, EventsRoute
from regulars.api.keyring import KeyRing
from regulars.api.state import Served
from regulars.runtime import Runtime
from regulars.services import keys
from regulars.storage.programs import Versions


class Application:
    """Starts the runtime when its server says so, and closes it at the end."""

    def __init__(self, start: Callable[[], Runtime]) -> None:
        self._start = start
        self._app = create_app()
        self._events: EventsRoute | None = None
        self._served: Served | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if scope["path"] == ROUTE and scope["method"] == "POST" and self._events is not None:
                await self._events(scope, receive, send)
            else:
                await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let FastAPI answer, and count it under the route's template."""
        began = perf_counter()
        status = 0

        async def note(message: Scope) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            # Starlette raises again what `refusing.unforeseen` has logged and answered.
            if not status:
                raise
        if self._served is not None:
            route = getattr(scope.get("route"), "path", "unknown")
            seconds = perf_counter() - began
            self._served.desk.counts.request(route, scope["method"], status, seconds)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._open()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        runtime = await asyncio.to_thread(self._start)
        desk = Desk(runtime, asyncio.get_running_loop())
        ring = KeyRing(lambda digest: keys.find(runtime.db, runtime.organization, digest))
        self._served = Served(
            runtime, desk, ring, Versions(runtime.organization), Previews(runtime.intake())
        )
        self._events = EventsRoute(runtime, desk, ring)
        self._app.state.served = self._served

    async def _close(self) -> None:
        assert self._served is not None
        await self._served.desk.close()
        await asyncio.to_thread(self._served.runtime.close)
