"""The audit trail: sealed link by link, held against its chain, searched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from regulars.domain.audit import By, Deed
from regulars.domain.chains import (
    Entry,
    Flaw,
    Link,
    chained,
    flaws,
    never_sealed,
    other_head,
    read_head,
)
from regulars.domain.errors import Fault, InvalidInput, MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.storage import audit, audit_seals, audit_search, members
from regulars.storage.audit_search import Wanted
from regulars.storage.database import Database, Tx

MAX_FLAWS = 20
"""As many are told; what was tampered with so often needs no longer list."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole trail found. `head` is the last link; `unsealed` rows are younger
    than it, and wait for their links."""

    head: Link | None
    unsealed: int
    flaws: tuple[Flaw, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


def seal(db: Database, organization: int) -> int:
    """Chain every row that is written and not sealed; returns how many. Safe to repeat, to kill,
    and to run in many processes at once.

    The rule of the chain is told by `domain.chains.digest_of`. Rows are sealed in the order of
    their ids. Writers share a lock until they commit; holding it alone for a moment tells up to
    which id nothing more can come. When somebody writes for long, 0: the next call seals.
    """
    with db.transaction(organization) as tx:
        if not _waiting(tx, organization):
            return 0
    through = audit_seals.complete_through(db, organization)
    if through is None:
        return 0
    sealed = 0
    while True:
        with db.transaction(organization) as tx:
            audit_seals.exclude_others(tx, organization)
            last = audit_seals.last(tx, organization)
            after = 0 if last is None else last.entry_id
            rows = audit_seals.following(tx, organization, after=after, through=through)
            if rows:
                audit_seals.append(tx, organization, chained(last, rows))
        sealed += len(rows)
        if len(rows) < audit_seals.ROWS_TOGETHER:
            return sealed


def head(db: Database, organization: int) -> Link | None:
    """The last link, after everything was sealed. Noted elsewhere, it proves the trail up to it
    even against whoever owns the database. None for a trail without rows."""
    seal(db, organization)
    with db.transaction(organization) as tx:
        return audit_seals.last(tx, organization)


def verify(
    db: Database,
    organization: int,
    *,
    noted: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Compute every link again from the rows, after what waits was sealed.

    `noted`: a head that was noted elsewhere ("17:9f86d0…"). `told` hears how far it is.
    Raises InvalidInput for a `noted` that is no head.
    """
    expected = None if noted is None else read_head(noted)
    if noted is not None and expected is None:
        raise InvalidInput(
            "A head is the number of a link, a colon and 64 hexadecimal digits.",
            faults=[Fault("/query/head", "no head")],
        )
    seal(db, organization)
    with db.snapshot(organization) as tx:
        newest = audit_seals.last(tx, organization)
        through = 0 if newest is None else newest.entry_id
        found = list(islice(_flaws(tx, organization, newest, expected, told), MAX_FLAWS))
        unsealed, _ = audit_seals.waiting(tx, organization, through)
    return Verdict(newest, unsealed, tuple(found))


def search(
    db: Database,
    organization: int,
    wanted: Wanted,
    *,
    about: MemberRef | None = None,
    limit: int,
) -> list[Entry]:
    """A page of rows, newest first; with `about`, only those about this member, who may have been
    erased. Raises MemberNotFound."""
    with db.transaction(organization) as tx:
        if about is not None:
            wanted = replace(wanted, member_id=_number_of(tx, organization, about))
        return audit_search.page(tx, organization, wanted, limit=limit)


def export(
    db: Database, organization: int, wanted: Wanted, *, by: By, now: datetime
) -> Iterator[Entry]:
    """Every row that is wanted, oldest first, as of one instant. That it was asked for is itself
    put on record."""
    with db.transaction(organization) as tx:
        audit.record(tx, by, [Deed("audit.exported", f"organization:{organization}")], now)
    with db.snapshot(organization) as tx:
        yield from audit_search.stream(tx, organization, wanted)


def _number_of(tx: Tx, organization: int, ref: MemberRef) -> int:
    number = members.resolve(tx, organization, [ref]).get(ref)
    if number is None:
        raise MemberNotFound("There is no member of this reference.")
    return number


def _waiting(tx: Tx, organization: int) -> bool:
    last = audit_seals.last(tx, organization)
    count, _ = audit_seals.waiting(tx, organization, 0 if last is None else last.entry_id)
    return count > 0


def _flaws(
    tx: Tx,
    organization: int,
    newest: Link | None,
    expected: Link | None,
    told: Callable[[int, int], None] | None,
) -> Iterator[Flaw]:
    if expected is not None:
        yield from other_head(expected, audit_seals.link(tx, organization, expected.seq))
    if newest is None:
        return
    yield from flaws(_counted(audit_seals.chain(tx, organization), newest.seq, told))
    yield from never_sealed(audit_seals.intruders(tx, organization, newest.entry_id, MAX_FLAWS))


def _counted(
    chain: Iterator[tuple[Link, Entry | None]],
    of: int,
    told: Callable[[int, int], None] | None,
) -> Iterator[tuple[Link, Entry | None]]:
    for link, entry in chain:
        if told is not None and link.seq % 1000 == 0:
            told(link.seq, of)
        yield link, entry
