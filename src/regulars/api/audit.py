"""The audit trail over HTTP: searched, and held against its chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from msgspec import Raw, Struct

from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import instant, ref_in
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.chains import Entry, Flaw, write_head
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MEMBER, encode
from regulars.domain.names import inside, outside
from regulars.services import auditing
from regulars.storage.audit_search import Wanted

router = APIRouter(prefix="/v1", tags=["audit"])


class AuditEntryAnswer(Struct, frozen=True):
    """One deed. `actor`: such as key:3, staff:12, client:4/member:mem_… or cli:ann. `purpose`:
    why, where that was asked for. `trace`: the trace id of the request. `before` and `after` hold
    no personal data."""

    entry: int
    at: datetime
    actor: str
    action: str
    target: str
    member: str | None
    purpose: str
    before: Raw
    after: Raw
    trace: str


class AuditPage(Struct, frozen=True):
    """Deeds, newest first. `next`: the cursor of the next page; null on the last."""

    items: list[AuditEntryAnswer]
    next: str | None


class FlawAnswer(Struct, frozen=True):
    """One thing that is wrong with the trail."""

    wrong: str
    link: int | None
    entry: int | None
    detail: str


class AuditVerdictAnswer(Struct, frozen=True):
    """Whether the trail is what was sealed. `head`: its last link, to note elsewhere. `unsealed`:
    rows that are younger than it, and wait for their links."""

    clean: bool
    head: str | None
    unsealed: int
    flaws: list[FlawAnswer]


_Name = Annotated[str | None, Query(min_length=1, max_length=200)]
_Instant = Annotated[str | None, Query(json_schema_extra={"format": "date-time"})]


@router.get("/audit", **declared(AuditPage, scope=Scope.AUDIT_READ, refusals=(MemberNotFound,)))
def list_audit(
    *,
    served: ServedBy,
    page: Paged,
    actor: Annotated[_Name, Query(description="Such as staff:12", examples=["key:1"])] = None,
    action: Annotated[_Name, Query(description="How the action begins", examples=["key."])] = None,
    member: Annotated[
        _Name, Query(description="A member's id or reference", examples=["card:4711"])
    ] = None,
    target: Annotated[_Name, Query(description="Such as key:3", examples=["key:1"])] = None,
    trace: Annotated[_Name, Query(description="A trace id")] = None,
    since: Annotated[_Instant, Query(alias="from", description="Not before")] = None,
    until: Annotated[_Instant, Query(alias="to", description="Before")] = None,
) -> Response:
    """Who did what to what, when, and why: newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    wanted = Wanted(
        actor=None if actor is None else inside(actor),
        action=action,
        target=None if target is None else inside(target),
        trace=trace,
        since=None if since is None else instant(since, "/query/from"),
        until=None if until is None else instant(until, "/query/to"),
        before_id=before,
    )
    about = None if member is None else ref_in(served, member, "/query/member")
    rows = auditing.search(
        served.db, served.organization, wanted, about=about, limit=page.limit + 1
    )
    found, last = page.cut(rows)
    following = None if last is None else write_cursor(last.id)
    return page.respond(AuditPage([tell(entry) for entry in found], following), following)


@router.get("/audit:verify", **declared(AuditVerdictAnswer, scope=Scope.AUDIT_READ))
def verify_audit(
    served: ServedBy,
    head: Annotated[
        str | None,
        Query(max_length=100, description="A head that was noted: it must be part of the chain"),
    ] = None,
) -> Response:
    """Compute the whole chain again, and tell what does not fit."""
    found = auditing.verify(served.db, served.organization, noted=head)
    return respond(
        AuditVerdictAnswer(
            found.is_clean,
            None if found.head is None else write_head(found.head),
            found.unsealed,
            tell_flaws(found.flaws),
        )
    )


def tell(entry: Entry) -> AuditEntryAnswer:
    """One deed; members by the id that they have outside."""
    return AuditEntryAnswer(
        entry=entry.id,
        at=entry.at,
        actor=outside(entry.actor),
        action=entry.action,
        target=outside(entry.target),
        member=None if entry.member_id is None else encode(MEMBER, entry.member_id),
        purpose=entry.purpose,
        before=Raw(entry.before.encode()),
        after=Raw(entry.after.encode()),
        trace=entry.trace,
    )


def tell_flaws(found: Sequence[Flaw]) -> list[FlawAnswer]:
    """What is wrong, one by one."""
    return [FlawAnswer(one.wrong.value, one.seq, one.entry_id, one.detail) for one in found]
