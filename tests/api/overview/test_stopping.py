"""A server that is told to stop does not wait for those who look on."""

import time
from contextlib import ExitStack

import httpx
from tests.api.conftest import PROGRAM
from tests.serving import serving

LONGEST_S = 10.0


def test_a_server_with_an_open_stream_stops_at_once(server_url: str, template: str) -> None:
    with ExitStack() as listening:
        with serving(server_url, template, PROGRAM) as (address, key):
            headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
            client = listening.enter_context(httpx.Client(timeout=LONGEST_S, headers=headers))
            answer = listening.enter_context(client.stream("GET", f"{address}/v1/decisions:stream"))
            lines = answer.iter_lines()
            assert next(lines) == "retry: 3000"
            began = time.monotonic()
        took_s = time.monotonic() - began
        assert took_s < LONGEST_S
        assert [line for line in lines if line] == []
