"""Routes that are open to whoever comes: of which organization, and from where."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import Depends, Request

from regulars.api.answers import language_in
from regulars.api.callers import refuse_cross_site, trace_of
from regulars.api.limits import address_of
from regulars.api.state import House, HouseBy, Served
from regulars.domain.devices import device_words
from regulars.domain.errors import OrganizationSuspended
from regulars.domain.programs.phrases import LANGUAGES, language_of
from regulars.services import organizations
from regulars.services.signing_in.house import Circumstances
from regulars.services.signing_in.house import House as Home

RATE = 60
"""Requests a minute from one network address to what is open, in one process."""


async def door(request: Request, house: House, named: str | int | None) -> Served:
    """The organization that somebody comes to, by its code, or by the number that a secret of
    ours tells; the deployment's own where they name none.

    Counts the request for its network address. Raises OrganizationNotFound,
    OrganizationSuspended, TooManyRequests, CrossSite.
    """
    settings = house.runtime.settings
    house.limits.take_of_address(request, settings, "sign-in", RATE)
    refuse_other_pages(request, house)
    find = organizations.by_number if isinstance(named, int) else organizations.by_code
    wanted: Any = named if named is not None else settings.organization
    found = await anyio.to_thread.run_sync(find, house.runtime.db, wanted)
    if found.suspended_at is not None:
        raise OrganizationSuspended
    return house.at(found.id)


def refuse_other_pages(request: Request, house: House) -> None:
    """Raises CrossSite where another site's page asks: it might sign its visitors in as somebody
    else. What is no browser tells neither origin nor site, and may come."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        refuse_cross_site(request, house.runtime.settings)


def circumstances(request: Request, house: House, language: str | None = None) -> Circumstances:
    """Where a request comes from; in the language that it names, or that the browser prefers."""
    accepted = request.headers.get("accept-language", "")
    spoken = language_in(accepted) if accepted else LANGUAGES[0]
    return Circumstances(
        ip=address_of(request, house.runtime.settings),
        device=device_words(request.headers.get("user-agent", "")),
        trace=trace_of(request),
        language=language_of(language) if language else spoken,
        now=house.runtime.clock(),
    )


def _circumstances(request: Request, house: HouseBy) -> Circumstances:
    return circumstances(request, house)


At = Annotated[Circumstances, Depends(_circumstances)]
"""Where a request comes from."""


def home(served: Served) -> Home:
    """The organization as the services of signing in want it."""
    return Home(served.db, served.runtime.cabinet, served.organization)
