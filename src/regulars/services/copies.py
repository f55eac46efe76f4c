"""The copy of all that is kept about a member: access and portability, in bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from regulars.domain.audit import By, Deed
from regulars.domain.copies import PARTS, TABLES
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import (
    EVENT,
    HOLD,
    LOT,
    MEMBER,
    TRANSFER,
    MemberRef,
    encode,
    is_veiled,
)
from regulars.domain.personal import filled
from regulars.domain.programs.phrases import name_in
from regulars.domain.uses import action_words, actor_words, purpose_words
from regulars.storage import audit, audit_search, consents, copies, members, profiles
from regulars.storage.audit_search import Wanted
from regulars.storage.copies import ROWS_TOGETHER, Row
from regulars.storage.database import Database, Tx
from regulars.storage.merging import members as merging
from regulars.storage.sealing import Cabinet

ENCODED = {"event": EVENT, "lot": LOT, "hold": HOLD, "transfer": TRANSFER}
"""Columns with numbers of ours, and as what they are told."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is about to be made. Each page of it is read in a transaction of its own, so that
    a slow reader holds nothing up; what is written meanwhile may be in it or not."""

    db: Database
    cabinet: Cabinet
    organization: int
    member_id: int
    language: str
    made_at: datetime

    @property
    def member(self) -> str:
        """The member's id of ours."""
        return encode(MEMBER, self.member_id)

    def parts(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Every part with its rows, in the order of PARTS. Each is read to its end, in order."""
        own: dict[str, Callable[[], Iterator[Row]]] = {
            "profile": self._profile,
            "consents": self._consents,
            "uses": self._uses,
        }
        for name in PARTS:
            yield name, own[name]() if name in own else self._rows(TABLES[name])

    def _profile(self) -> Iterator[Row]:
        with self.db.transaction(self.organization) as tx:
            kept = profiles.read(tx, self.cabinet, self.organization, self.member_id)
        row = {name: getattr(kept, name) for name in filled(kept)}
        proven = {
            name: value
            for name, value in structs.asdict(kept).items()
            if name.endswith("_proven_at") and value is not None
        }
        if row:
            yield row | proven

    def _consents(self) -> Iterator[Row]:
        with self.db.transaction(self.organization) as tx:
            found = consents.proven(tx, self.cabinet, self.organization, self.member_id)
        for said in found:
            proof = None if said.proof is None else said.proof.decode("utf-8", "replace")
            told = structs.asdict(said.consent)
            # Who of the staff wrote it down is the staff's own matter.
            del told["by"]
            yield told | {"recorded_at": said.recorded_at, "proof": proof}

    def _uses(self) -> Iterator[Row]:
        before: int | None = None
        while True:
            wanted = Wanted(member_id=self.member_id, before_id=before)
            with self.db.transaction(self.organization) as tx:
                found = audit_search.page(tx, self.organization, wanted, limit=ROWS_TOGETHER)
            for entry in found:
                why = purpose_words(entry.purpose)
                yield {
                    "at": entry.at,
                    "who": name_in(self.language, actor_words(entry.actor)),
                    "what": name_in(self.language, action_words(entry.action)),
                    "why": None if why is None else name_in(self.language, why),
                }
            if len(found) < ROWS_TOGETHER:
                return
            before = found[-1].id

    def _rows(self, table: str) -> Iterator[Row]:
        """With the rows of whoever was merged into the member: they are the same person."""
        with self.db.transaction(self.organization) as tx:
            everybody = merging.all_of(tx, self.organization, self.member_id)
        for number in everybody:
            for ids in self._pages(table, number):
                with self.db.transaction(self.organization) as tx:
                    found = copies.rows(tx, self.organization, number, table, ids)
                yield from map(_told, found)

    def _pages(self, table: str, number: int) -> Iterator[Sequence[int]]:
        """The numbers of rows to be read together; one empty page where there are few."""
        if not copies.SOURCES[table].numbers:
            yield ()
            return
        with self.db.transaction(self.organization) as tx:
            ids = copies.numbers(tx, self.organization, number, table)
        for start in range(0, len(ids), ROWS_TOGETHER):
            yield ids[start : start + ROWS_TOGETHER]


def begin(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    ref: MemberRef,
    *,
    language: str,
    reason: str,
    by: By,
    now: datetime,
    beside: Callable[[Tx], object] = lambda _tx: None,
) -> Copy:
    """A copy of all that is kept about a member; on record before anything is told.

    `beside` is done in the transaction that puts it on record. Raises MemberNotFound.
    """
    with db.transaction(organization) as tx:
        member = members.must_get(tx, organization, ref)
        if member.is_erased:
            raise MemberNotFound("There is no member of this reference.")
        beside(tx)
        deed = Deed("member.exported", f"member:{member.id}", member.id, reason)
        audit.record(tx, by, [deed], now)
    return Copy(db, cabinet, organization, member.id, language, now)


def _told(row: Row) -> Row:
    told = dict(row)
    for name, kind in ENCODED.items():
        if isinstance(told.get(name), int):
            told[name] = encode(kind, int(str(told[name])))
    if "enrolled_at" in told:
        told["id"] = encode(MEMBER, int(str(told["id"])))
    if is_veiled(str(told.get("system", ""))):
        # A keyed hash says nothing to anybody; what it stands for is in the profile.
        told["external_id"] = None
    return told
