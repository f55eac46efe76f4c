"""Routes in bare ASGI, for what is asked so often that the framework would be a large part of the
cost. FastAPI has the same routes, and describes them in the OpenAPI document."""

from collections.abc import Awaitable, Callable
from time import perf_counter

from starlette.requests import Request

from regulars.api import bodies
from regulars.api.answers import language_in
from regulars.api.bodies import Headers, HungUpError, Receive, Send
from regulars.api.intake import HUNG_UP
from regulars.api.refusing import send_refusal
from regulars.api.state import House
from regulars.domain.programs.phrases import LANGUAGES

Answered = tuple[int, bytes, Headers]
"""Status, body, and headers beside those that every answer has."""


class BareRoute:
    """An ASGI application for one route. Belongs to one event loop."""

    def __init__(
        self, house: House, template: str, answer: Callable[[House, Request], Awaitable[Answered]]
    ) -> None:
        """`template`: the route's path, under which its requests are counted. `answer`: recognises
        the caller and does what is asked; raises RegularsErrors."""
        self._house = house
        self._template = template
        self._answer = answer

    async def __call__(self, scope: bodies.Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        request = Request(scope, receive)
        try:
            status, body, said = await self._answer(self._house, request)
            await bodies.answer(send, status, body, headers=[*self._window(request), *said])
        except HungUpError:
            status = HUNG_UP
        except Exception as error:
            status = await send_refusal(send, error, self._window(request))
        self._house.desk.counts.request(self._template, "POST", status, perf_counter() - began)

    def _window(self, request: Request) -> Headers:
        window = getattr(request.state, "window", None)
        return [] if window is None else self._house.limits.headers(window)


def language_of_request(request: Request) -> str:
    """The language that the caller likes best."""
    header = request.headers.get("accept-language", "")
    return language_in(header) if header else LANGUAGES[0]
