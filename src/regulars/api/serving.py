"""Granian in front of the application: processes, sockets and signals are its matter."""

from granian.constants import Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.server import Server

from regulars.gateways import log_lines
from regulars.settings import Settings

BACKLOG = 2048
MAX_HEAD_BYTES = 65_536
"""Of a request's first line and headers; hyper also takes no more than a hundred of these."""

HEAD_TIMEOUT_S = 75
"""A connection that is kept is closed after this too: later than proxies close theirs (60 s), so
that none sends a request into a connection that is just being closed."""

SERVED = "regulars.api.application:served"
"""Imported by the worker processes; the one that watches over them answers no request, and has no
use for it."""

MAX_STREAMS = 100
"""Requests under way on one connection of HTTP/2."""


def serve(settings: Settings, *, workers: int = 1) -> None:
    """Serve until told to stop by SIGINT or SIGTERM.

    The worker processes read their settings from the environment, which must say the same.
    """
    Server(
        SERVED,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        log_access=False,
        log_dictconfig=log_lines.CONFIG,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_TIMEOUT_S * 1000, max_buffer_size=MAX_HEAD_BYTES
        ),
        http2_settings=HTTP2Settings(
            max_headers_size=MAX_HEAD_BYTES, max_concurrent_streams=MAX_STREAMS
        ),
        ssl_cert=settings.tls_cert_file,
        ssl_key=settings.tls_key_file,
    ).serve()
