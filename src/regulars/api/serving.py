"""Granian in front of the application: processes, sockets and signals are its matter."""

from granian.constants import Interfaces
from granian.server import Server

from regulars.api.application import Application
from regulars.runtime import start
from regulars.settings import Settings

BACKLOG = 2048


def application() -> Application:
    """What each worker process serves; its settings come from the environment."""
    return Application(start)


def serve(settings: Settings, *, workers: int = 1) -> None:
    """Serve until told to stop by SIGINT or SIGTERM.

    The worker processes read their settings from the environment, which must say the same.
    """
    Server(
        "regulars.api.serving:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()
