"""One connection to a Regulars server: keys, retries, problems."""

import random
import time
from typing import Any, TypeVar

import httpx
import msgspec

from regulars.client.answers import Problem

T = TypeVar("T")

JSON = "application/json"
PASSING = frozenset({429, 503})
"""What the server answers when the same request may go through a moment later."""

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 10.0
ATTEMPTS = 5
TIMEOUT_S = 30.0


class RegularsProblem(Exception):
    """The server refused. `problem.code` says why, `problem.detail` what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.status} {problem.code}: {problem.detail}")


class Connection:
    """Sends requests, again where that may help: every request of this client is safe to repeat.

    Again after a lost connection, 429 and 503, with growing pauses or as Retry-After says.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        language: str = "en",
        attempts: int = ATTEMPTS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        assert attempts >= 1
        self._attempts = attempts
        self._http = httpx.Client(
            base_url=base_url,
            timeout=timeout_s,
            headers={"Authorization": f"Bearer {api_key}", "Accept-Language": language},
        )

    def close(self) -> None:
        """Close the sockets."""
        self._http.close()

    def ask(
        self,
        kind: type[T],
        method: str,
        path: str,
        *,
        body: object = None,
        media_type: str = JSON,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> T:
        """The answer as `kind`. Raises RegularsProblem, httpx.TransportError."""
        content = None if body is None else msgspec.json.encode(body)
        sent = dict(headers or {}) | ({"Content-Type": media_type} if body is not None else {})
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        response = self._send(method, path, content=content, params=asked, headers=sent)
        if response.is_error:
            raise RegularsProblem(problem_in(response))
        return msgspec.json.decode(response.content, type=kind)

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        for attempt in range(1, self._attempts):
            try:
                response = self._http.request(method, path, **request)
            except httpx.TransportError:
                _pause(attempt, None)
                continue
            if response.status_code not in PASSING:
                return response
            _pause(attempt, response.headers.get("retry-after"))
        return self._http.request(method, path, **request)


def problem_in(response: httpx.Response) -> Problem:
    """The problem document of a refusal; one made up where something else answered."""
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.DecodeError:
        return Problem(
            title="This was not answered by Regulars.",
            status=response.status_code,
            code="unexpected_answer",
            detail=response.text[:200],
        )


def _pause(attempt: int, retry_after: str | None) -> None:
    longest = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**attempt)
    seconds = longest * random.uniform(0.5, 1.0)  # noqa: S311 - so that callers come apart
    if retry_after is not None and retry_after.isdigit():
        seconds = min(LONGEST_DELAY_S, max(seconds, float(retry_after)))
    time.sleep(seconds)
