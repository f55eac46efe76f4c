"""Erasure and restriction: a member is forgotten, or left alone, and the books stay as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec import structs

from regulars.domain import erasing
from regulars.domain.access import Kind
from regulars.domain.audit import By, Deed
from regulars.domain.erasing import Needed, needed_by
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.members import Member
from regulars.storage import audit, credentials, erasure, members, sessions
from regulars.storage.database import Database, Tx
from regulars.storage.erasure import Remnant
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions

WHY_ENDED = "The member is erased"


class Ending(Protocol):
    """Ends what members who are one person have open of one kind, within the transaction; how many.
    Finds nothing the second time. It locks what it ends, and then the members."""

    def __call__(
        self, tx: Tx, members: Sequence[int], /, *, by: By, reason: str, now: datetime
    ) -> int:
        """End it all."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done. `removed`: rows by table; empty for one that was done before."""

    member_id: int
    erased_at: datetime
    removed: dict[str, int] = field(default_factory=dict)
    events: int = 0


def erase(
    db: Database,
    versions: Versions,
    ref: MemberRef,
    *,
    reason: str,
    by: By,
    now: datetime,
    endings: Mapping[str, Ending] | None = None,
) -> Erasure:
    """Forget all that is personal of a member, in one transaction. Safe to repeat, by our own id:
    the other references lead nowhere any more.

    Whoever was merged into them goes with them. What they have open is ended by `endings`, by what
    it is: nobody could end it later. What they have earned stays, and lapses in its time; nothing
    can be done in their name.
    Raises MemberNotFound.
    """

    def work(tx: Tx) -> Erasure:
        organization = versions.organization
        number = members.must_get(tx, organization, ref).id
        ended = _end(tx, organization, number)
        member = members.lock(tx, organization, [number]).get(number)
        if member is None:
            raise MemberNotFound("There is no member of this reference.")
        before = erasure.erased_at(tx, organization, number)
        if before is not None:
            return Erasure(number, before)
        # What they opened until they were locked; afterwards they can open nothing.
        late = _end(tx, organization, number)
        needed = needed_by(plan.program for plan in versions.read(tx).plans)
        rows, count = _forget(tx, organization, member, needed, now)
        others = merging.merged(tx, organization, number)
        for duplicate in members.lock(tx, organization, others).values():
            _, more = _forget(tx, organization, duplicate, needed, now)
            count += more
        told = {**rows, "events": count}
        told |= {what: ended[what] + late[what] for what in ended if ended[what] + late[what]}
        deed = Deed("member.erased", f"member:{number}", number, reason, after=told)
        audit.record(tx, by, [deed], now)
        return Erasure(number, now, rows, count)

    def _end(tx: Tx, organization: int, number: int) -> dict[str, int]:
        if erasure.erased_at(tx, organization, number) is not None:
            return dict.fromkeys(endings or {}, 0)
        everybody = merging.all_of(tx, organization, number)
        return {
            what: ending(tx, everybody, by=by, reason=WHY_ENDED, now=now)
            for what, ending in (endings or {}).items()
        }

    return db.retrying(versions.organization, work)


def _forget(
    tx: Tx, organization: int, member: Member, needed: Needed, now: datetime
) -> tuple[dict[str, int], int]:
    """Take away all that can go of one number; rows by table, and how many events it has."""
    number = member.id
    names = [
        write_ref(MemberRef(None, *one)) for one in members.identities(tx, organization, number)
    ]
    count = _scrub(tx, organization, number, names, needed)
    _revoke(tx, organization, number, now)
    removed = erasure.take_away(tx, organization, number)
    left = msgspec.json.encode(erasing.attributes_left(member.attributes, needed)).decode()
    erasure.mark(tx, organization, number, attributes=left, at=now)
    return {table: rows for table, rows in removed.items() if rows}, count


def restrict(
    db: Database,
    organization: int,
    ref: MemberRef,
    *,
    is_on: bool,
    reason: str,
    by: By,
    now: datetime,
) -> tuple[int, datetime | None]:
    """Begin or end a restriction; the member's number, and since when it holds. Safe to repeat.

    Meanwhile nobody opens their personal data and nothing is sent that they did not ask for; what
    they buy and earn goes on. Raises MemberNotFound.
    """  # fmt: skip
    with db.transaction(organization) as tx:
        number = members.lock_living(tx, organization, ref).id
        before = members.restricted_at(tx, organization, number)
        since = erasure.restrict(tx, organization, number, is_on=is_on, at=now)
        if (before is None) != (since is None):
            action = "member.restricted" if is_on else "member.unrestricted"
            audit.record(tx, by, [Deed(action, f"member:{number}", number, reason)], now)
    return number, since


def _scrub(tx: Tx, organization: int, number: int, names: list[str], needed: Needed) -> int:
    """Take what somebody typed out of the events; how many events of the member there are."""
    count = 0
    for found in erasure.events(tx, organization, number):
        count += len(found)
        erasure.scrub(
            tx,
            organization,
            [
                structs.replace(
                    one,
                    payload=erasing.payload_left(one.type, one.payload, needed),
                    decision=erasing.decision_left(one.decision),
                )
                for one in found
            ],
        )
    _rewrite(tx, organization, erasure.given(tx, organization, number), erasing.transfer_left)
    gone = frozenset(names)
    _rewrite(
        tx,
        organization,
        erasure.referred(tx, organization, names),
        lambda payload: erasing.referral_left(payload, gone),
    )
    return count


def _rewrite(tx: Tx, organization: int, found: list[Remnant], left: Callable[[str], str]) -> None:
    """Take the member's name out of others' events."""
    fresh = [structs.replace(one, payload=left(one.payload)) for one in found]
    changed = [
        after for before, after in zip(found, fresh, strict=True) if after.payload != before.payload
    ]
    if changed:
        erasure.scrub(tx, organization, changed)


def _revoke(tx: Tx, organization: int, number: int, now: datetime) -> None:
    """Let no process believe a session or a token of theirs any more."""
    ended = sessions.end(tx, organization, Kind.MEMBER, number, at=now)
    names = [f"member:{number}", *(f"session:{one}" for one in ended)]
    credentials.revoke(tx, organization, names, now)
