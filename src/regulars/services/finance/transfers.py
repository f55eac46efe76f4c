"""Transfers of a whole organization: searched, told in full, copied to take elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import MemberNotFound
from regulars.domain.finance.refusals import TransferNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.plans import Timetable
from regulars.storage import audit, events, members
from regulars.storage.database import Database, Tx
from regulars.storage.events import Recorded
from regulars.storage.finance import spans, transfers
from regulars.storage.finance.transfers import Entry, Touched, Wanted
from regulars.storage.programs import Versions

MOST_STRETCHES = 40
"""Looked through for one page. Who searches for what is seldom gets a shorter page and goes on."""

MOST_BY_RULE = 12
"""The same where explanations have to be read."""

MOST_OF_EVENT = 500
"""Transfers and lots of one event that are told with one of them."""

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """A page, newest recorded first. `through`: where the next page begins to look; None when all
    was looked through."""

    entries: Sequence[Entry]
    through: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A transfer with all that belongs to it: its event, what else that moved on the member's
    accounts, and the lots that it touched."""

    entry: Entry
    event: Recorded | None
    table: Timetable
    beside: Sequence[Entry]
    lots: Sequence[Touched]


def search(
    db: Database,
    organization: int,
    wanted: Wanted,
    *,
    about: MemberRef | None = None,
    through: int | None = None,
    limit: int,
) -> Found:
    """At most `limit` transfers from number `through` backwards. Raises MemberNotFound."""
    spans.extend(db, organization)
    with db.transaction(organization) as tx:
        if about is not None:
            own = _of(tx, organization, wanted, about)
            there = LARGEST if through is None else through
            found = transfers.of_member(tx, organization, own, through=there, limit=limit + 1)
            return _page(found, limit, None)
        return _search(tx, organization, wanted, through, limit)


def _search(tx: Tx, organization: int, wanted: Wanted, through: int | None, limit: int) -> Found:
    found: list[Entry] = []
    places = transfers.stretches(tx, organization, wanted, through=through)
    most = MOST_STRETCHES if wanted.rule is None else MOST_BY_RULE
    for count, (after, last) in enumerate(places):
        if count == most:
            return _page(found, limit, last)
        asked = limit + 1 - len(found)
        found += transfers.within(tx, organization, wanted, after=after, through=last, limit=asked)
        if len(found) > limit:
            break
    return _page(found, limit, None)


def _page(found: Sequence[Entry], limit: int, through: int | None) -> Found:
    if len(found) > limit:
        return Found(found[:limit], found[limit].id)
    return Found(found, through)


def _of(tx: Tx, organization: int, wanted: Wanted, about: MemberRef) -> Wanted:
    number = members.resolve(tx, organization, [about]).get(about)
    if number is None:
        raise MemberNotFound("There is no member of this reference.")
    return replace(wanted, member_id=number)


def whole(db: Database, versions: Versions, number: int) -> Whole:
    """One transfer and what belongs to it. Raises TransferNotFound."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        entry = transfers.get(tx, organization, number)
        if entry is None:
            raise TransferNotFound
        event = events.get(tx, organization, entry.event_id)
        owner = entry.member_id if event is None else event.member_id
        both = sorted({entry.member_id, owner})
        beside = transfers.of_event(tx, organization, entry.event_id, both, limit=MOST_OF_EVENT)
        lots = transfers.touched(
            tx, organization, entry.member_id, entry.event_id, limit=MOST_OF_EVENT
        )
        return Whole(entry, event, versions.read(tx), beside, lots)


def copy(
    db: Database,
    organization: int,
    wanted: Wanted,
    *,
    about: MemberRef | None = None,
    form: str,
    by: By,
    now: datetime,
) -> Iterator[Entry]:
    """Everything that is wanted and was recorded by now, newest first; put on record before this
    returns. Each stretch is read in a transaction of its own, so that a slow reader holds nothing
    up. Raises MemberNotFound."""
    spans.extend(db, organization)
    with db.transaction(organization) as tx:
        if about is not None:
            wanted = _of(tx, organization, wanted, about)
        places = list(transfers.stretches(tx, organization, wanted))
        deed = Deed(
            "transfers.exported",
            f"organization:{organization}",
            wanted.member_id,
            after={"form": form},
        )
        audit.record(tx, by, [deed], now)
    if about is not None:
        return _of_member(db, organization, wanted)
    return _all(db, organization, wanted, places)


def _all(
    db: Database, organization: int, wanted: Wanted, places: Sequence[tuple[int, int]]
) -> Iterator[Entry]:
    for after, last in places:
        with db.transaction(organization) as tx:
            found = transfers.within(
                tx, organization, wanted, after=after, through=last, limit=spans.LENGTH
            )
        yield from found


def _of_member(db: Database, organization: int, wanted: Wanted) -> Iterator[Entry]:
    through = LARGEST
    while True:
        with db.transaction(organization) as tx:
            found = transfers.of_member(
                tx, organization, wanted, through=through, limit=spans.LENGTH
            )
        yield from found
        if len(found) < spans.LENGTH:
            return
        through = found[-1].id - 1
