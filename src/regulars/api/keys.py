"""API keys over HTTP: for staff who connect a till quickly."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope, parse_scopes
from regulars.domain.applications import DEFAULT_RATE, MOST_RATE
from regulars.domain.errors import KeyNotFound, Malformed, NotYourRole, TooLarge
from regulars.services import keys
from regulars.services.keys import MAX_NAME
from regulars.storage.keys import ApiKey

router = APIRouter(prefix="/v1/keys", tags=["applications"])

CREATED = 201
MANAGE = Scope.CLIENTS_MANAGE
NO_STORE = {"cache-control": "no-store"}


class KeyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An API key to make. `rate_per_minute`: requests, 0 for no limit."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    scopes: Annotated[
        list[Annotated[str, Meta(max_length=50)]], Meta(min_length=1, max_length=len(Scope))
    ]
    rate_per_minute: Annotated[int, Meta(ge=0, le=MOST_RATE)] = DEFAULT_RATE


class KeyAnswer(Struct, frozen=True, omit_defaults=True):
    """An API key. Its secret is told once, when it is made.

    `last_used_at`: to some minutes; not there before its first use.
    """

    key: int
    name: str
    scopes: list[str]
    rate_per_minute: int
    created_at: Instant
    revoked_at: Instant | None = None
    last_used_at: Instant | None = None
    secret: str | None = None


class KeysAnswer(Struct, frozen=True):
    """Every key, also those that were revoked, oldest first."""

    items: list[KeyAnswer]


@router.post(
    "",
    **declared(
        KeyAnswer,
        scope=MANAGE,
        status=CREATED,
        body=KeyIn,
        example={"name": "till 7", "scopes": ["events:write"]},
        refusals=(Malformed, TooLarge, NotYourRole),
    ),
)
async def create_key(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    body: Annotated[KeyIn, Depends(body_of(KeyIn))],
) -> Response:
    """Make a key for no more than you may do yourself. Its secret is in this answer alone."""
    scopes, now = parse_scopes(body.scopes), served.runtime.clock()
    made = await anyio.to_thread.run_sync(
        lambda: keys.create(
            served.db,
            served.organization,
            name=body.name,
            scopes=scopes,
            rate=body.rate_per_minute,
            giver=access,
            by=by,
            now=now,
        )
    )
    told = KeyAnswer(
        made.id, made.name, sorted(scopes), body.rate_per_minute, now, secret=made.secret
    )
    return respond(told, CREATED, NO_STORE)


@router.get("", **declared(KeysAnswer, scope=MANAGE))
def list_keys(served: ServedBy) -> Response:
    """Every key, also those that were revoked, oldest first."""
    found = keys.listed(served.db, served.organization)
    return respond(KeysAnswer([_tell(one) for one in found]))


@router.delete("/{key}", **declared(KeyAnswer, scope=MANAGE, refusals=(KeyNotFound,)))
async def revoke_key(
    served: ServedBy,
    by: ByIn,
    key: Annotated[int, Path(ge=1, lt=2**63, description="Its number", examples=[1])],
) -> Response:
    """Make a key useless, within two seconds. Safe to repeat."""
    now = served.runtime.clock()
    gone = await anyio.to_thread.run_sync(
        lambda: keys.revoke(served.db, served.organization, key, now=now, by=by)
    )
    return respond(_tell(gone))


def _tell(key: ApiKey) -> KeyAnswer:
    return KeyAnswer(
        key.id, key.name, [*key.scopes], key.rate, key.created_at, key.revoked_at, key.last_used_at
    )
