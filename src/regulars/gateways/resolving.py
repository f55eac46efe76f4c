"""Names of hosts to addresses, by the system's resolver, in limited time."""

import ipaddress
import socket
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from regulars.domain.errors import FarSideFailed
from regulars.gateways.addresses import Address

Resolve = Callable[[str, float], list[Address]]
"""All addresses of a name, within seconds. Raises FarSideFailed."""


def resolve_by_system(host: str, seconds: float) -> list[Address]:
    """All addresses of the host, in the system's order. Raises FarSideFailed when it has none, or
    when the resolver needs longer: it cannot be stopped, so it is left behind in a thread."""
    answers: SimpleQueue[list[Address]] = SimpleQueue()
    Thread(target=lambda: answers.put(_looked_up(host)), daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0))
    except Empty:
        found = []
    if not found:
        raise FarSideFailed(f"{host} has no address, as far as the name servers say.")
    return found


def _looked_up(host: str) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    found = (ipaddress.ip_address(answer[4][0]) for answer in answers)
    return list(dict.fromkeys(found))
