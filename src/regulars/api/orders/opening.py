"""POST /v1/orders in bare ASGI: what every till asks for every cart. And what else is asked of
orders by name: the member, the codes, the till's own number."""

from collections.abc import Sequence

import anyio.to_thread
from starlette.requests import Request

from regulars.api.answers import CREATED, OK
from regulars.api.bare import Answered, language_of_request
from regulars.api.callers import recognise, trace_of
from regulars.api.orders.shapes import OrderIn
from regulars.api.orders.telling import tell_done
from regulars.api.problems import encode
from regulars.api.reading import body_of, named
from regulars.api.state import House, Served
from regulars.domain.access import Access, Scope
from regulars.domain.audit import By, by
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import VEILED, MemberRef, write_ref
from regulars.domain.operations import PREFIX
from regulars.domain.orders.marks import digest_of
from regulars.domain.uses import refuse_personal
from regulars.services.orders import guessing
from regulars.services.orders.asking import Done, Opening

ROUTE = "/v1/orders"

_body = body_of(OrderIn)


async def answer(house: House, request: Request) -> Answered:
    """What became of opening an order."""
    access = await recognise(request, house, Scope.ORDERS_WRITE)
    served = house.at(access.organization)
    body = await _body(request)
    done = await opened(served, access, by(access, trace_of(request)), body)
    told = tell_done(done, language_of_request(request), served.runtime.clock())
    return status_of(done), encode(told), []


async def opened(served: Served, access: Access, caller: By, body: OrderIn) -> Done:
    """Quote the cart and hold what it takes. Raises RegularsErrors."""
    demand_names(body.source, body.id)
    ref = await member(served, access, body.member)
    await check_codes(served, access, body.cart.codes, ref)
    asked = Opening(
        source=body.source,
        external_id=body.id,
        ref=ref,
        cart=body.cart,
        digest=digest_of(write_ref(ref), body.cart, body.hold_seconds),
        by=caller,
        seconds=body.hold_seconds,
        accept=body.accept,
    )
    return await served.orders.one(asked)


def status_of(done: Done) -> int:
    """Whether the order is new, or was there."""
    return CREATED if done.order.revision == 1 and not done.is_repeat else OK


async def member(served: Served, access: Access, text: str) -> MemberRef:
    """The member whom this caller may name so. Raises MissingScope, InvalidInput."""
    if text.startswith(VEILED):
        return await anyio.to_thread.run_sync(named, served, access, text, "/member")
    return named(served, access, text, "/member")


async def check_codes(
    served: Served,
    access: Access,
    typed: Sequence[str],
    ref: MemberRef,
    reported: tuple[str, str] | None = None,
) -> None:
    """Raises TooManyRequests for who goes on asking for codes that there are not."""
    if not typed:
        return

    def check() -> None:
        guessing.check_codes(
            served.db, served.organization, typed, ref,
            caller=access.actor, now=served.runtime.clock(), reported=reported,
        )  # fmt: skip

    await anyio.to_thread.run_sync(check)


def demand_names(source: str, name: str) -> None:
    """Names that may be kept. Raises InvalidInput."""
    if source.startswith(PREFIX):
        raise InvalidInput(
            f"Sources that begin with {PREFIX!r} are the product's own.",
            faults=[Fault("/source", "reserved")],
        )
    if not (source + name).isprintable():
        raise InvalidInput("A name contains a control character.", faults=[Fault("/id", "")])
    refuse_personal({"/id": name, "/source": source})
