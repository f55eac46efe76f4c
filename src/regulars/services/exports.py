"""Copies of what is stored, streamed: for warehouses, for audits, for moving elsewhere.

Members go by pseudonyms, which nobody without the organization's key leads back to a member; only
who moves everything elsewhere asks for the numbers that senders gave.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput
from regulars.domain.ids import EVENT, LOT, MEMBER, TRANSFER, encode
from regulars.domain.pseudonyms import PERSONAL_TYPES, SYSTEM, pseudonym_of, without_names
from regulars.storage import audit, exports
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet, OrganizationKeys

MOST_REMEMBERED = 100_000
"""Pseudonyms that are worked out once; a member's rows lie close together."""

Record = Mapping[str, Any]
"""Column to value: text (or JSON as text), whole number, instant, or None."""


class Names:
    """What members are called in a copy. `identified`: as their senders call them."""

    def __init__(self, keys: OrganizationKeys, *, identified: bool) -> None:
        self.identified = identified
        self._pseudonym = lru_cache(MOST_REMEMBERED)(
            lambda number: pseudonym_of(keys.hash_of("pseudonym", str(number)))
        )

    def member(self, number: int) -> str:
        """In a column of its own."""
        return encode(MEMBER, number) if self.identified else self._pseudonym(number)

    def subject(self, number: int, named: str | None) -> str:
        """As the subject of an event; `named`: the first reference that a sender gave."""
        if self.identified and named is not None:
            return named
        return f"{SYSTEM}:{self._pseudonym(number)}"

    def data(self, code: str, payload: str) -> str:
        """The data of an event, in which others may be named and something may be typed."""
        if self.identified or code not in PERSONAL_TYPES:
            return payload
        return without_names(code, payload, self._pseudonym)


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be exported. `columns`: name to kind: "text", "int", "time", "json"."""

    query: str
    columns: Mapping[str, str]
    make: Callable[[Sequence[Any], Names], Record]


def _member(row: Sequence[Any], names: Names) -> Record:
    number, enrolled_at, tier, attributes, identities = row
    told = {
        "member": names.member(number),
        "enrolled_at": enrolled_at,
        "tier": tier or None,
        "attributes": attributes,
    }
    return told | {"identities": identities or "[]"} if names.identified else told


def _event(row: Sequence[Any], names: Names) -> Record:
    return {
        "event": encode(EVENT, row[0]),
        "id": row[1],
        "source": row[2],
        "type": row[3],
        "member": names.member(row[4]),
        "time": row[5],
        "received_at": row[6],
        "status": row[7],
        "program_version": row[8],
        "data": names.data(row[3], row[9]),
        "decision": row[10],
    }


_TRANSFER = {
    "transfer": "text",
    "event": "text",
    "member": "text",
    "currency": "text",
    "code": "text",
    "debit": "text",
    "credit": "text",
    "amount": "int",
    "effective_at": "time",
    "recorded_at": "time",
}
_LOT = {
    "lot": "text",
    "event": "text",
    "member": "text",
    "currency": "text",
    "amount": "int",
    "remaining": "int",
    "expired": "int",
    "earned_at": "time",
    "available_at": "time",
    "expires_at": "time",
}


def _named(columns: Mapping[str, str], kind: str) -> Callable[[Sequence[Any], Names], Record]:
    """Rows that begin with their own number, their event's and their member's."""

    def make(row: Sequence[Any], names: Names) -> Record:
        own, event, member = row[:3]
        front = [
            encode(kind, own),
            None if event is None else encode(EVENT, event),
            names.member(member),
        ]
        return dict(zip(columns, [*front, *row[3:]], strict=True))

    return make


def _fact(row: Sequence[Any], names: Names) -> Record:
    external_id, source, code, member, subject, at, payload = row
    return {
        "specversion": "1.0",
        "id": external_id,
        "source": source,
        "type": code,
        "subject": names.subject(member, subject),
        "time": at,
        "data": names.data(code, payload),
    }


KINDS: dict[str, Kind] = {
    "members": Kind(
        exports.MEMBERS,
        {
            "member": "text",
            "enrolled_at": "time",
            "tier": "text",
            "attributes": "json",
            "identities": "json",
        },
        _member,
    ),
    "events": Kind(
        exports.EVENTS,
        {
            "event": "text",
            "id": "text",
            "source": "text",
            "type": "text",
            "member": "text",
            "time": "time",
            "received_at": "time",
            "status": "text",
            "program_version": "int",
            "data": "json",
            "decision": "json",
        },
        _event,
    ),
    "transfers": Kind(exports.TRANSFERS, _TRANSFER, _named(_TRANSFER, TRANSFER)),
    "lots": Kind(exports.LOTS, _LOT, _named(_LOT, LOT)),
    "cloudevents": Kind(
        exports.FACTS,
        {
            "specversion": "text",
            "id": "text",
            "source": "text",
            "type": "text",
            "subject": "text",
            "time": "time",
            "data": "json",
        },
        _fact,
    ),
}


IDENTITIES = "identities"
"""The column that is told only to who asks for it."""


def kind_of(name: str, *, identified: bool = False) -> Kind:
    """The kind of that name. Raises InvalidInput."""
    if name not in KINDS:
        raise InvalidInput(f"{name!r} cannot be exported. Known: {', '.join(KINDS)}.")
    kind = KINDS[name]
    columns = {one: type_ for one, type_ in kind.columns.items() if identified or one != IDENTITIES}
    return Kind(kind.query, columns, kind.make)


def count(db: Database, organization: int, name: str) -> int:
    """How many records there are now. Raises InvalidInput."""
    with db.snapshot(organization) as tx:
        return exports.count(tx, organization, kind_of(name).query)


def names(db: Database, cabinet: Cabinet, organization: int) -> Names:
    """What members are called in copies of this organization."""
    with db.transaction(organization) as tx:
        return Names(cabinet.keys(tx, organization), identified=False)


def export(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    name: str,
    *,
    by: By,
    now: datetime,
    identified: bool = False,
) -> Iterator[Record]:
    """Every record, as of one instant, in the order in which they were recorded. That it was asked
    for is put on record first. Raises InvalidInput."""
    kind = kind_of(name, identified=identified)
    with db.transaction(organization) as tx:
        called = Names(cabinet.keys(tx, organization), identified=identified)
        deed = Deed(
            "records.exported",
            f"organization:{organization}",
            after={"what": name, "identified": identified},
        )
        audit.record(tx, by, [deed], now)
    with db.snapshot(organization) as tx:
        for row in exports.rows(tx, organization, kind.query):
            yield kind.make(row, called)
