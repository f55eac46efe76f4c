"""The list of members over HTTP, and the fields that a condition on members may look at."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Struct

from regulars.api import shapes
from regulars.api.contract import declared, respond
from regulars.api.paging import Page, Paged, write_cursor
from regulars.api.reading import FIRST, Language, in_utc, instant
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.telling import tell_identities, tell_status
from regulars.domain.access import Access, Scope
from regulars.domain.errors import ConditionInvalid, Fault, InvalidInput, MissingScope
from regulars.domain.ids import MEMBER, encode, parse_ref
from regulars.domain.programs.phrases import name_in
from regulars.domain.rosters.asking import MAX_CONDITION, MAX_TIERS, Order, Status, Wanted
from regulars.services.rosters import listing
from regulars.services.rosters.listing import Found, Listed
from regulars.storage.rosters.listing import Key

router = APIRouter(prefix="/v1", tags=["members"])

MAX_BALANCE = 10**15


Tiers = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=200)]],
    Query(max_length=MAX_TIERS, description="Only members of these tiers", examples=[["gold"]]),
]
Instant_ = Annotated[
    str | None,
    Query(max_length=40, description="RFC 3339 with a zone", examples=["2026-03-01T00:00:00Z"]),
]
Day = Annotated[date | None, Query(description="A day (UTC)", examples=["2026-03-01"])]
Points = Annotated[int | None, Query(ge=-MAX_BALANCE, le=MAX_BALANCE)]


class MemberFieldAnswer(Struct, frozen=True):
    """A field of a member that a condition may look at. `type`: string, int, bool or timestamp.
    `values`: all that it can be, where there are few."""

    name: str
    type: str
    label: str
    optional: bool
    values: list[str]


class MemberFieldsAnswer(Struct, frozen=True):
    """The fields that a condition on members may look at, under the program in force."""

    items: list[MemberFieldAnswer]


class Asked:
    """What the query asks for."""

    def __init__(
        self,
        *,
        tier: Tiers = [],  # noqa: B006 - never changed
        status: Annotated[Status | None, Query(description="What the members are")] = None,
        enrolled_from: Instant_ = None,
        enrolled_to: Instant_ = None,
        active_from: Day = None,
        active_to: Day = None,
        currency: Annotated[
            str | None, Query(max_length=200, description="Of which the balance is")
        ] = None,
        balance_from: Points = None,
        balance_to: Points = None,
        condition: Annotated[
            str,
            Query(
                max_length=MAX_CONDITION,
                description="In CEL, over the fields of GET /v1/members:fields",
                examples=['member.tier == "gold" && member.purchases >= 5'],
            ),
        ] = "",
        sort: Annotated[Order, Query(description="With a minus: the greatest first")] = (
            Order.NUMBER
        ),
    ) -> None:
        self.wanted = Wanted(
            tiers=tier or None,
            status=status,
            enrolled_from=_instant(enrolled_from, "enrolled_from"),
            enrolled_until=_instant(enrolled_to, "enrolled_to"),
            active_from=active_from,
            active_to=active_to,
            currency=currency,
            least=balance_from,
            most=balance_to,
            condition=condition,
            order=sort,
        )


def _instant(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    pointer = f"/query/{name}"
    return in_utc(instant(text, pointer), pointer, FIRST)


@router.get(
    "/members",
    **declared(shapes.MemberPage, scope=Scope.MEMBERS_READ, refusals=(ConditionInvalid,)),
)
def list_members(
    *,
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    asked: Annotated[Asked, Depends()],
    system: Annotated[str | None, Query(max_length=40, description="With external_id")] = None,
    external_id: Annotated[str | None, Query(max_length=200, description="With system")] = None,
) -> Response:
    """Members by tier, status, days, balance and a condition, in many orders; or the one that has
    an id in a system. Dates of enrolment reach from the first to before the last, days of activity
    to the last. Of many `about` is an estimate."""
    if system is not None or external_id is not None:
        if system is None or external_id is None:
            raise InvalidInput("Give both system and external_id, or neither.")
        return respond(_named(served, access, f"{system}:{external_id}"))
    wanted = asked.wanted
    if wanted.is_by_balance and not access.may(Scope.LEDGER_READ):
        raise MissingScope(f"To look at balances you need {Scope.LEDGER_READ.value}.")
    found = listing.page(
        served.db,
        served.versions,
        wanted,
        after=_start(page, wanted.order),
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    return _answer(page, access, found)


def _answer(page: Page, access: Access, found: Found) -> Response:
    items, last = page.cut(found.items)
    following = None
    if last is not None:
        following = write_cursor(_written(last.line.key), last.line.member.id)
    is_all = last is None and page.is_first
    about = len(items) if is_all else found.about
    if about is not None and not found.is_exact:
        about = max(about, len(items) + (last is not None))
    answer = shapes.MemberPage(
        [tell_listed(one, access) for one in items], following, about, is_all or found.is_exact
    )
    return page.respond(answer, following)


def _start(page: Page, order: Order) -> tuple[Key, int] | None:
    """Where the page begins, by the kind of key that the order goes by."""
    if order.by == "enrolled":
        return page.start(tuple[datetime, int])
    found = page.start(tuple[int, int])
    if found is None or order.by != "active":
        return found
    try:
        return date.fromordinal(found[0]), found[1]
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            "The cursor is not one that was given out; begin without one.",
            faults=[Fault("/query/cursor", "no cursor")],
        ) from error


def _written(key: Key) -> int | datetime:
    is_day = isinstance(key, date) and not isinstance(key, datetime)
    return key.toordinal() if is_day else key  # type: ignore[return-value,union-attr]


def _named(served: Served, access: Access, text: str) -> shapes.MemberPage:
    ref = parse_ref(text, pointer="/query/external_id")
    found = listing.named(served.db, served.versions, ref, served.runtime.clock())
    return shapes.MemberPage(
        [tell_listed(one, access) for one in found], None, len(found), exact=True
    )


def tell_listed(found: Listed, access: Access) -> shapes.ListedMember:
    """Numbers on cards lead to people: who only analyses sees members by our ids."""
    may_meet = access.may(Scope.MEMBERS_WRITE) or access.may(Scope.PROFILES_READ)
    line = found.line
    merged_into = line.standing.merged_into
    return shapes.ListedMember(
        member=encode(MEMBER, line.member.id),
        enrolled_at=line.member.enrolled_at,
        tier=found.tier or None,
        attributes=line.member.attributes,
        identities=tell_identities(found.identities) if may_meet else [],
        status=tell_status(line.standing),
        last_active=line.active_on,
        balances=dict(line.balances) if access.may(Scope.LEDGER_READ) else {},
        merged_into=None if merged_into is None else encode(MEMBER, merged_into),
    )


WORDS = {
    "member.tier": {"en": "Tier", "zh-CN": "等级"},
    "member.enrolled_at": {"en": "Enrolled", "zh-CN": "入会时间"},
    "member.purchases": {"en": "Purchases", "zh-CN": "消费次数"},
}


@router.get("/members:fields", **declared(MemberFieldsAnswer, scope=Scope.MEMBERS_READ))
def list_member_fields(served: ServedBy, language: Language) -> Response:
    """The fields that a condition on members may look at."""
    program, _ = listing.fields(served.db, served.versions, served.runtime.clock())
    tiers = [tier.code for tier in program.ladder.tiers] if program and program.ladder else []
    known = [
        ("member.tier", "string", tiers),
        ("member.enrolled_at", "timestamp", []),
        ("member.purchases", "int", []),
    ]
    items = [
        MemberFieldAnswer(name, kind, name_in(language, WORDS[name]), optional=False, values=values)
        for name, kind, values in known
    ]
    for name, kind in (program.attributes if program else {}).items():
        items.append(
            MemberFieldAnswer(f"member.attributes.{name}", kind, name, optional=True, values=[])
        )
    return respond(MemberFieldsAnswer(items))
