"""The server under test: the product's, with its settings from the environment.

With BENCH_OPEN it asks nobody who they are: what that saves is what asking costs.
"""

import os

from granian.constants import Interfaces
from granian.server import Server

from regulars.api.application import Application
from regulars.api.intake import EventsRoute
from regulars.api.serving import serve
from regulars.domain.access import Access, Kind, Scope
from regulars.runtime import start
from regulars.settings import from_environment

ANYBODY = Access(1, Kind.KEY, 1, "anybody", frozenset({Scope.EVENTS_WRITE}))


class OpenApplication(Application):
    """The product without its door-keeper."""

    async def _open(self) -> None:
        await super()._open()

        async def admit(_authorization: bytes | None, _scope: Scope) -> Access:
            return ANYBODY

        assert self._house is not None
        self._events = EventsRoute(self._house, admit)


def application() -> OpenApplication:
    """What the open server serves."""
    return OpenApplication(start)


if __name__ == "__main__":
    settings = from_environment(os.environ)
    if os.environ.get("BENCH_OPEN"):
        Server(
            "bench.server:application",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            websockets=False,
        ).serve()
    else:
        serve(settings)
