"""What the member was told in the app, and that they have read it."""

from functools import partial
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.me import member_of, signed_in_member
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import Fault, InvalidInput, Malformed, TooLarge
from regulars.domain.ids import NOTICE, decode, encode
from regulars.services.benefits import noticing
from regulars.storage.notices import Notice

router = APIRouter(prefix="/v1/me/notices", tags=["me"])


class NoticeAnswer(Struct, frozen=True):
    """Something that the member was told. The page has the words by `kind`, and fills them with
    `params`; texts in it are by language."""

    notice: str
    kind: str
    params: dict[str, Any]
    at: Instant
    read: bool


class NoticesAnswer(Struct, frozen=True):
    """What the member was told, the latest first. `unread` counts up to 100."""

    unread: int
    items: list[NoticeAnswer]
    next: str | None


class ReadIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The latest notice that was read: all before it count as read too."""

    through: Annotated[str, Meta(min_length=1, max_length=40, examples=["ntc_3k9xg2v8m1q4z"])]


class ReadAnswer(Struct, frozen=True):
    """How many were new until now."""

    read: int


@router.get("", **declared(NoticesAnswer, scope=Scope.SELF_READ))
def get_my_notices(served: ServedBy, access: AccessBy, page: Paged) -> Response:
    """What the member was told: benefits and tiers that came and went and why, coupons received,
    prizes won."""
    start = page.start(tuple[int])
    unread, rows = noticing.told(
        served.db,
        served.organization,
        member_of(access),
        before=None if start is None else start[0],
        limit=page.limit + 1,
    )
    found, last = page.cut(rows)
    following = None if last is None else write_cursor(last.id)
    return page.respond(NoticesAnswer(unread, [_tell(one) for one in found], following), following)


@router.post(
    "/read",
    **declared(
        ReadAnswer,
        scope=Scope.SELF_WRITE,
        body=ReadIn,
        example={"through": "ntc_3k9xg2v8m1q4z"},
        refusals=(Malformed, TooLarge),
    ),
)
async def read_my_notices(
    served: ServedBy, access: AccessBy, body: Annotated[ReadIn, Depends(body_of(ReadIn))]
) -> Response:
    """The member has read them. Safe to repeat. Only for the member in person."""
    number = decode(NOTICE, body.through)
    if number is None:
        raise InvalidInput("There is no such notice.", faults=[Fault("/through", "unknown")])
    member_id, now = signed_in_member(access), served.runtime.clock()
    work = partial(noticing.read, up_to=number, now=now)
    read = await anyio.to_thread.run_sync(work, served.db, served.organization, member_id)
    return respond(ReadAnswer(read))


def _tell(one: Notice) -> NoticeAnswer:
    return NoticeAnswer(
        encode(NOTICE, one.id), one.kind, dict(one.params), one.at, one.read_at is not None
    )
