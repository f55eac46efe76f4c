"""What may have to wait for a second person: asked for here, carried out once it is approved."""

from collections.abc import Mapping

import anyio.to_thread
import msgspec
from fastapi import Response
from msgspec import Raw, Struct

from regulars.api.answers import Instant
from regulars.api.contract import ACCEPTED, respond
from regulars.api.reading import FIRST, in_utc
from regulars.api.state import Served
from regulars.domain.access import Access
from regulars.domain.approvals import Deed
from regulars.domain.audit import By
from regulars.domain.envelopes import arrive
from regulars.domain.errors import RegularsError, SecondFactorNeeded
from regulars.domain.events import Event
from regulars.domain.ids import (
    APPROVAL,
    DRAFT,
    EVENT,
    MEMBER,
    MemberRef,
    decode,
    encode,
    write_ref,
)
from regulars.domain.operations import PREFIX, Adjustment, type_of
from regulars.services import approvals, programs
from regulars.services.approvals import Asked, CarryOut
from regulars.storage.approvals import Approval
from regulars.storage.database import Tx

SOURCE = PREFIX + "approval"
"""Of the events that approvals become; the approval's id is the event's, so each becomes one."""

REFUSALS: tuple[type[RegularsError], ...] = (SecondFactorNeeded,)
"""What a route may answer besides, whose deed may have to wait."""


class ApprovalAnswer(Struct, frozen=True):
    """A request that a second person decides. `payload`: what is asked for. `result`: what came of
    it. A program's text is shown only where one request is asked for."""

    approval: str
    deed: str
    state: str
    member: str | None
    payload: dict[str, Raw]
    reason: str
    requested_by: str
    requested_at: Instant
    expires_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    note: str
    result: dict[str, Raw]


class Publication(Struct, frozen=True):
    """A program version that waits. `in_force_from` None: from the approval on. `draft`: the id
    of the one that it comes from."""

    document: str
    in_force_from: Instant | None = None
    note: str = ""
    draft: str = ""


_object = msgspec.json.Decoder(dict[str, Raw])
_adjustment = msgspec.json.Decoder(Adjustment)
_publication = msgspec.json.Decoder(Publication)


def publication(draft: Publication) -> Asked:
    """What is asked for by whoever wants a version published."""
    payload = msgspec.to_builtins(draft)
    return Asked(deed=Deed.PUBLICATION, payload=payload, reason=draft.note)


def adjustment(data: Adjustment, member: MemberRef, *, key: str, source: str) -> Asked:
    """What is asked for by whoever wants points adjusted, under their Idempotency-Key."""
    return Asked(
        deed=Deed.ADJUSTMENT,
        payload=msgspec.to_builtins(data),
        reason=data.reason,
        member=member,
        key=key,
        recorded_as=(source, key),
    )


async def waiting(served: Served, access: Access, by: By, asked: Asked) -> Response | None:
    """The answer that says that this waits for a second person; None: go ahead."""
    now = served.runtime.clock()
    found = await anyio.to_thread.run_sync(
        lambda: approvals.gate(served.db, access, asked, by=by, now=now)
    )
    if found is None:
        return None
    answer = tell_approval(found, served)
    where = {"location": f"/v1/approvals/{answer.approval}"}
    return respond(answer, ACCEPTED, where)


def tell_approval(found: Approval, served: Served, *, whole: bool = False) -> ApprovalAnswer:
    """A request; `whole` with the program's text."""
    payload = _object.decode(found.payload)
    if not whole:
        payload.pop("document", None)
    return ApprovalAnswer(
        encode(APPROVAL, found.id),
        found.deed.value,
        found.state_at(served.runtime.clock()).value,
        None if found.member_id is None else encode(MEMBER, found.member_id),
        payload,
        found.reason,
        found.requested_by,
        found.requested_at,
        found.expires_at,
        found.decided_by,
        found.decided_at,
        found.note,
        _object.decode(found.result),
    )


def carrying_out(served: Served, by: By) -> CarryOut:
    """What does the deed of a request within the transaction that approves it."""

    def carry_out(tx: Tx, found: Approval) -> Mapping[str, object] | None:
        if found.deed is Deed.ADJUSTMENT:
            return _adjust(tx, served, found, by)
        if found.deed is Deed.PUBLICATION:
            return _publish(tx, served, found, by)
        return None

    return carry_out


def _adjust(tx: Tx, served: Served, found: Approval, by: By) -> Mapping[str, object]:
    assert found.member_id is not None
    now = served.runtime.clock()
    data = _adjustment.decode(found.payload)
    subject = write_ref(MemberRef(found.member_id))
    key = encode(APPROVAL, found.id)
    event = Event(key, SOURCE, type_of[Adjustment], subject, now, now, data)
    arrival = arrive(event, found.requested_by, by)
    receipt = served.runtime.intake(served.organization).take_within(tx, arrival, now)
    return {"event": encode(EVENT, receipt.event_id)}


def _publish(tx: Tx, served: Served, found: Approval, by: By) -> Mapping[str, object]:
    now = served.runtime.clock()
    asked = _publication.decode(found.payload)
    since = now if asked.in_force_from is None else in_utc(asked.in_force_from, "", FIRST)
    made = programs.publish_within(
        tx,
        served.organization,
        asked.document,
        in_force_from=since,
        now=now,
        note=asked.note,
        by=by,
        draft=decode(DRAFT, asked.draft),
    )
    return {"version": made.version}
