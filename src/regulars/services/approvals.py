"""Four eyes: what one person asks for waits until another has decided, and is then done once."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from regulars.domain.access import Access, Kind
from regulars.domain.approvals import (
    CLAIMED_WITHIN,
    COUNTED_FOR,
    LIFETIME,
    Deed,
    State,
    demand_waiting,
    is_exempt,
    may_decide,
    needs_second,
)
from regulars.domain.audit import By
from regulars.domain.audit import Deed as Record
from regulars.domain.errors import (
    ApprovalDecided,
    ApprovalNotFound,
    IdempotencyKeyReused,
    NotYourRole,
)
from regulars.domain.ids import MemberRef
from regulars.storage import approvals, audit, events, members, organizations
from regulars.storage.approvals import Approval
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.events import Key

_encode = msgspec.json.Encoder(order="deterministic").encode

CarryOut = Callable[[Tx, Approval], Mapping[str, object] | None]
"""Does the deed within the transaction of the decision, and says what was done; None for a deed
that whoever asked for it fetches afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. `payload`: all that it takes to do it, without personal data.

    `key`: the caller's Idempotency-Key; empty for a deed that is known by its payload alone.
    `recorded_as`: source and id of the event that it becomes where nobody has to be asked.
    """

    deed: Deed
    payload: Mapping[str, object]
    reason: str = ""
    member: MemberRef | None = None
    key: str = ""
    recorded_as: Key | None = None


def gate(db: Database, access: Access, asked: Asked, *, by: By, now: datetime) -> Approval | None:
    """The request that waits for a second person, made now or before; None: go ahead.

    Raises SecondFactorNeeded, IdempotencyKeyReused, MemberNotFound.
    """
    if is_exempt(access):
        return None
    with db.transaction(access.organization) as tx:
        member_id = None
        if asked.member is not None:
            member_id = members.must_get(tx, access.organization, asked.member).id
        wanted = _Wanted(asked, member_id)
        known = _known(tx, access, wanted, now)
        if known is not None:
            return known
        if asked.recorded_as is not None and _is_recorded(tx, access, asked.recorded_as):
            return None
        policy = organizations.settings(tx, access.organization).approvals
        points = _points(tx, access, wanted, now)
        if not needs_second(policy, access, asked.deed, points=points):
            return None
        return _request(tx, access, wanted, by=by, now=now)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, with the number of the member whom it concerns."""

    asked: Asked
    member_id: int | None

    @property
    def payload(self) -> str:
        """In one canonical text."""
        return _encode(self.asked.payload).decode()

    @property
    def key(self) -> str:
        """The caller's own, or what the deed is known by."""
        if self.asked.key:
            return f"key:{self.asked.key}"
        whole = f"{self.asked.deed}\n{self.member_id}\n{self.payload}"
        return f"same:{sha256(whole.encode()).hexdigest()}"


def _known(tx: Tx, access: Access, wanted: _Wanted, now: datetime) -> Approval | None:
    """What the caller asked for before, under the same key. Raises IdempotencyKeyReused."""
    known = approvals.by_key(tx, access.organization, access.actor, wanted.key)
    if known is None:
        return None
    same = (wanted.asked.deed, wanted.member_id, wanted.payload)
    if (known.deed, known.member_id, known.payload) != same:
        raise IdempotencyKeyReused
    if wanted.asked.key or known.state_at(now) is State.WAITING:
        return known
    return None


def _is_recorded(tx: Tx, access: Access, key: Key) -> bool:
    """Whether it was done before: then it is answered as it was, whatever the limits are now."""
    return key in events.ask(tx, access.organization, [key])()


def _points(tx: Tx, access: Access, wanted: _Wanted, now: datetime) -> int:
    """How many points are adjusted, with what the caller adjusted of this member of late."""
    asked = wanted.asked
    if asked.deed is not Deed.ADJUSTMENT:
        return 0
    assert wanted.member_id is not None
    assert asked.recorded_as is not None
    amount, currency = asked.payload["amount"], asked.payload["currency"]
    assert isinstance(amount, int)
    before = approvals.adjusted_since(
        tx,
        access.organization,
        wanted.member_id,
        source=asked.recorded_as[0],
        currency=str(currency),
        since=now - COUNTED_FOR,
    )
    return abs(amount) + before


def _request(tx: Tx, access: Access, wanted: _Wanted, *, by: By, now: datetime) -> Approval:
    def write(key: str) -> Approval | None:
        return approvals.request(
            tx,
            access.organization,
            deed=wanted.asked.deed,
            member_id=wanted.member_id,
            payload=wanted.payload,
            reason=wanted.asked.reason,
            by=access.actor,
            key=key,
            at=now,
            expires_at=now + LIFETIME,
        )

    made = write(wanted.key)
    if made is None:
        # Somebody asked for the same at the same moment; or it was decided, and is asked for again.
        known = _known(tx, access, wanted, now)
        if known is not None:
            return known
        made = write(f"{wanted.key}:{secrets.token_hex(8)}")
    assert made is not None
    _record(tx, made, "requested", by=by, now=now)
    return made


def get(db: Database, organization: int, number: int) -> Approval:
    """One request. Raises ApprovalNotFound."""
    with db.transaction(organization) as tx:
        return _there(approvals.get(tx, organization, number))


def listed(
    db: Database, organization: int, *, waiting: bool, before: int | None, limit: int, now: datetime
) -> Sequence[Approval]:
    """A page of requests, newest first; with `waiting`, only those that can be decided."""
    with db.transaction(organization) as tx:
        return approvals.listed(
            tx, organization, waiting=waiting, before=before, limit=limit, now=now
        )


def approve(
    db: Database,
    access: Access,
    number: int,
    *,
    note: str,
    by: By,
    now: datetime,
    carry_out: CarryOut,
) -> Approval:
    """Approve, and do what was asked for, in one transaction: of two who approve at once, one does.

    Raises ApprovalNotFound, ApprovalDecided, NotYourRole, MissingScope, SamePerson,
    SecondFactorNeeded, and what `carry_out` raises; the request then goes on waiting.
    """

    def work(tx: Tx) -> Approval:
        found = _to_decide(tx, access, number)
        if _is_repeat(found, access, {State.DONE, State.APPROVED}):
            return found
        demand_waiting(found.state_at(now))
        result = carry_out(tx, found)
        is_done = result is not None
        approvals.settle(
            tx,
            access.organization,
            number,
            State.DONE if is_done else State.APPROVED,
            by=access.actor,
            at=now,
            note=note,
            result=_encode(result or {}).decode(),
            until=None if is_done else now + CLAIMED_WITHIN,
        )
        _record(tx, found, "approved", by=by, now=now, note=note)
        return _there(approvals.get(tx, access.organization, number))

    return db.retrying(access.organization, work, retry_on=RACES)


def refuse(
    db: Database, access: Access, number: int, *, note: str, by: By, now: datetime
) -> Approval:
    """Refuse: it is not done. Raises as `approve` does."""
    with db.transaction(access.organization) as tx:
        found = _to_decide(tx, access, number)
        if _is_repeat(found, access, {State.REFUSED}):
            return found
        return _settled(tx, access, found, State.REFUSED, note=note, by=by, now=now)


def withdraw(db: Database, access: Access, number: int, *, by: By, now: datetime) -> Approval:
    """Take back what one asked for. Raises ApprovalNotFound, ApprovalDecided, NotYourRole."""
    with db.transaction(access.organization) as tx:
        found = _there(approvals.get(tx, access.organization, number, lock=True))
        if found.requested_by != access.actor:
            raise NotYourRole("Only whoever asked for it can take it back.")
        if _is_repeat(found, access, {State.WITHDRAWN}):
            return found
        return _settled(tx, access, found, State.WITHDRAWN, note="", by=by, now=now)


def claim(
    tx: Tx,
    access: Access,
    number: int,
    *,
    deed: Deed,
    member_id: int | None,
    by: By,
    now: datetime,
    result: Mapping[str, object] | None = None,
) -> Approval:
    """Use up what was approved, in the transaction of its deed: it serves whoever asked, once.

    Raises ApprovalNotFound, NotYourRole, ApprovalDecided unless it is approved and not yet used.
    """
    found = _there(approvals.get(tx, access.organization, number, lock=True))
    if (found.deed, found.member_id) != (deed, member_id):
        raise ApprovalNotFound
    if found.requested_by != access.actor:
        raise NotYourRole("What was approved serves only whoever asked for it.")
    state = found.state_at(now)
    if state is not State.APPROVED:
        raise ApprovalDecided(f"This request is {state.value}, not approved.")
    approvals.claim(tx, access.organization, number, _encode(result or {}).decode())
    _record(tx, found, "used", by=by, now=now)
    return found


def _to_decide(tx: Tx, access: Access, number: int) -> Approval:
    """The request, locked, which the caller may decide."""
    found = _there(approvals.get(tx, access.organization, number, lock=True))
    maker = _maker(tx, access.organization, found.requested_by)
    may_decide(access, found.deed, requested_by=found.requested_by, maker=maker)
    return found


def _maker(tx: Tx, organization: int, requested_by: str) -> str:
    """Who made the key or the application that asks: they may well hold its secret."""
    kind, _, number = requested_by.partition("/")[0].partition(":")
    if kind in {Kind.KEY, Kind.CLIENT} and number.isdecimal():
        return approvals.maker(tx, organization, Kind(kind), int(number))
    return ""


def _is_repeat(found: Approval, access: Access, states: set[State]) -> bool:
    """Whether the caller has decided just so before; the answer may have been lost."""
    return found.state in states and found.decided_by == access.actor


def _settled(
    tx: Tx, access: Access, found: Approval, state: State, *, note: str, by: By, now: datetime
) -> Approval:
    demand_waiting(found.state_at(now))
    approvals.settle(tx, access.organization, found.id, state, by=access.actor, at=now, note=note)
    _record(tx, found, state.value, by=by, now=now, note=note)
    return _there(approvals.get(tx, access.organization, found.id))


def _record(tx: Tx, found: Approval, what: str, *, by: By, now: datetime, note: str = "") -> None:
    after = {"deed": found.deed.value, "requested_by": found.requested_by}
    target = f"approval:{found.id}"
    purpose = note or found.reason
    record = Record(f"approval.{what}", target, found.member_id, purpose, after=after)
    audit.record(tx, by, [record], now)


def _there(found: Approval | None) -> Approval:
    if found is None:
        raise ApprovalNotFound
    return found
