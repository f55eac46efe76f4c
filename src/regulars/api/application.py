"""The ASGI application of one process: the intake of events beside all that FastAPI serves."""

import asyncio
import logging
from collections.abc import Callable
from time import perf_counter

from fastapi.routing import iter_route_contexts

from regulars.api import faces
from regulars.api.app import create_app
from regulars.api.armour import Armour
from regulars.api.bare import BareRoute
from regulars.api.bodies import Receive, Scope, Send
from regulars.api.desk import Desk
from regulars.api.intake import ROUTE, EventsRoute
from regulars.api.keyring import KeyRing, Revocations
from regulars.api.lanes.mall import MallDesk
from regulars.api.lanes.orders import OrderDesk
from regulars.api.orders import opening
from regulars.api.sales import rush
from regulars.api.state import House, Served
from regulars.domain.programs import document
from regulars.gateways.log_lines import log_failure
from regulars.gateways.safe_http import SafeHttp
from regulars.runtime import Runtime, start
from regulars.services import credentials, keys, sessions
from regulars.services.authorization.signing import TokenBook
from regulars.services.signing_in.providers import Shelf
from regulars.storage.sessions import PREFIX

LOG = logging.getLogger("regulars.api")
LOOK_EVERY_S = 1.0
"""How long a credential that was revoked elsewhere may still be taken here, at most."""


class Application:
    """Starts the runtime when its server says so, and closes it at the end."""

    def __init__(self, start: Callable[[], Runtime]) -> None:
        self._start = start
        self._app = create_app()
        self._watches: list[asyncio.Task[None]] = []
        self._events: EventsRoute
        self._openings: BareRoute
        self._purchases: BareRoute
        self._armour: Armour
        self._house: House | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._armour(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Past the armour: what is asked most, or FastAPI."""
        path = scope["path"]
        if scope["method"] != "POST":
            await self._serve(scope, receive, send)
        elif path == ROUTE:
            await self._events(scope, receive, send)
        elif path == opening.ROUTE:
            await self._openings(scope, receive, send)
        elif rush.PATH.fullmatch(path):
            await self._purchases(scope, receive, send)
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
                self._announce(scope, message)
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            # Starlette raises again what `refusing.unforeseen` has logged and answered.
            if not status:
                raise
        if self._house is not None:
            route = getattr(scope.get("route"), "path", "unknown")
            seconds = perf_counter() - began
            self._house.desk.counts.request(route, scope["method"], status, seconds)

    def _announce(self, scope: Scope, message: Scope) -> None:
        """Tell in the answer what is left of the caller's limit."""
        window = scope.get("state", {}).get("window")
        if window is not None and self._house is not None:
            message["headers"] = [*message["headers"], *self._house.limits.headers(window)]

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
        # The database is waited for; meanwhile the rest is made ready, which costs no time then.
        runtime, _ = await asyncio.gather(
            asyncio.to_thread(self._start), asyncio.to_thread(self._make_ready)
        )
        desk = Desk(runtime, asyncio.get_running_loop())
        revocations = Revocations(lambda: credentials.revoked(runtime.db, runtime.clock()))
        await asyncio.to_thread(revocations.refresh)
        tokens = TokenBook(
            runtime.db, runtime.cabinet, runtime.settings.public_url, clock=runtime.clock
        )
        finders = {
            keys.PREFIX: lambda secret: keys.find(runtime.db, secret, runtime.clock()),
            PREFIX: lambda secret: sessions.find(runtime.db, secret, runtime.clock()),
            "": tokens.find,
        }
        ring = KeyRing(finders, revocations, clock=runtime.clock)
        mall = MallDesk(runtime, asyncio.get_running_loop())
        orders = OrderDesk(runtime, asyncio.get_running_loop())
        http = SafeHttp(allowed_hosts=runtime.settings.allowed_hosts)
        self._house = House(runtime, desk, ring, tokens, Shelf(http), mall, orders)
        self._openings = BareRoute(self._house, opening.ROUTE, opening.answer)
        self._purchases = BareRoute(self._house, rush.ROUTE, rush.buy)
        self._events = EventsRoute(self._house, ring.admit)
        self._app.state.house = self._house
        await asyncio.to_thread(_read_program, self._house.at(runtime.organization))
        self._armour = Armour(self._route, runtime.settings)
        self._watches = [
            asyncio.create_task(_watch(revocations, tokens)),
            asyncio.create_task(self._armour.patrol()),
        ]

    def _make_ready(self) -> None:
        """Do before the first request what it and all beside it would wait for: FastAPI works a
        route out when a request first passes it, the pages are read and packed, and what reads
        programs is built."""
        for _ in iter_route_contexts(self._app.routes):
            pass
        faces.read()
        document.get_ready()

    async def _close(self) -> None:
        assert self._house is not None
        for watch in self._watches:
            watch.cancel()
        self._house.onlookers.close()
        await self._house.desk.close()
        await self._house.mall.close()
        await self._house.orders.close()
        await asyncio.to_thread(self._house.runtime.close)


def served() -> Application:
    """What each worker process serves; its settings come from the environment."""
    return Application(start)


def _read_program(served: Served) -> None:
    """The deployment's own; those of other organizations are read when they are first asked for."""
    with served.db.transaction(served.organization) as tx:
        served.versions.read(tx)


async def _watch(revocations: Revocations, tokens: TokenBook) -> None:
    """Look every so often what was revoked; when that fails, the ring closes by itself in time.
    The keys of tokens are kept fresh beside it, so that no request has to."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await asyncio.to_thread(revocations.refresh)
            await asyncio.to_thread(tokens.keep_fresh)
        except Exception as error:
            log_failure(LOG, "What was revoked could not be read.", error)
