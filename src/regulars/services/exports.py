"""Copies of what is stored, streamed: for warehouses, for audits, for moving elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput
from regulars.domain.ids import EVENT, LOT, MEMBER, TRANSFER, encode
from regulars.storage import audit, exports
from regulars.storage.database import Database

Record = Mapping[str, Any]
"""Column to value: text (or JSON as text), whole number, instant, or None."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be exported. `columns`: name to kind: "text", "int", "time", "json"."""

    query: str
    columns: Mapping[str, str]
    make: Callable[[Sequence[Any]], Record]


def _ids(*kinds: str | None) -> Callable[[Sequence[Any]], list[Any]]:
    """Row numbers at the front of a row as outside ids."""

    def translate(row: Sequence[Any]) -> list[Any]:
        front = [
            None if value is None else encode(kind, value) if kind else value
            for kind, value in zip(kinds, row, strict=False)
        ]
        return [*front, *row[len(kinds) :]]

    return translate


def _member(row: Sequence[Any]) -> Record:
    number, enrolled_at, tier, attributes, identities = row
    return {
        "member": encode(MEMBER, number),
        "enrolled_at": enrolled_at,
        "tier": tier or None,
        "attributes": attributes,
        "identities": identities or "[]",
    }


def _event(row: Sequence[Any]) -> Record:
    return {
        "event": encode(EVENT, row[0]),
        "id": row[1],
        "source": row[2],
        "type": row[3],
        "member": encode(MEMBER, row[4]),
        "time": row[5],
        "received_at": row[6],
        "status": row[7],
        "program_version": row[8],
        "data": row[9],
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


def _named(columns: Mapping[str, str], *kinds: str) -> Callable[[Sequence[Any]], Record]:
    translate = _ids(*kinds)
    return lambda row: dict(zip(columns, translate(row), strict=True))


def _fact(row: Sequence[Any]) -> Record:
    external_id, source, code, subject, at, payload = row
    return {
        "specversion": "1.0",
        "id": external_id,
        "source": source,
        "type": code,
        "subject": subject,
        "time": at,
        "data": payload,
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
    "transfers": Kind(exports.TRANSFERS, _TRANSFER, _named(_TRANSFER, TRANSFER, EVENT, MEMBER)),
    "lots": Kind(exports.LOTS, _LOT, _named(_LOT, LOT, EVENT, MEMBER)),
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


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises InvalidInput."""
    if name not in KINDS:
        raise InvalidInput(f"{name!r} cannot be exported. Known: {', '.join(KINDS)}.")
    return KINDS[name]


def export(
    db: Database, organization: int, kind: Kind, *, by: By, now: datetime
) -> Iterator[Record]:
    """Every record, as of one instant, in the order in which they were recorded. That it was asked
    for is put on record first."""
    name = next(name for name, known in KINDS.items() if known is kind)
    with db.transaction(organization) as tx:
        deed = Deed("records.exported", f"organization:{organization}", after={"what": name})
        audit.record(tx, by, [deed], now)
    with db.snapshot(organization) as tx:
        for row in exports.rows(tx, organization, kind.query):
            yield kind.make(row)
