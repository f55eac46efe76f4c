"""The audit trail in PostgreSQL: added to in the transaction of the deed, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from regulars.domain.audit import By, Deed
from regulars.storage.arrays import int_array, json_texts, text_array
from regulars.storage.database import Tx

# Whoever seals waits for all who hold this: what is numbered below what it sees is complete.
SHARE = "select pg_advisory_xact_lock_shared(%s, %s)"

LOCK = 0x6175_6474
"""First half of the advisory lock; the organization is the other. The letters spell "audt"."""

RECORD = """
insert into audit (organization_id, at, actor, action, target, member_id, purpose, before, after,
                   trace_id)
select %(organization)s, %(at)s, actor, action, target, member_id, purpose, before, after, trace
from unnest(%(actors)s::text[], %(traces)s::text[], %(actions)s::text[], %(targets)s::text[],
            %(members)s::bigint[], %(purposes)s::text[],
            string_to_array(%(befores)s, E'\\x01'), string_to_array(%(afters)s, E'\\x01'))
    as fresh (actor, trace, action, target, member_id, purpose, before, after)
"""

_encode = msgspec.json.Encoder(order="deterministic").encode


def record(tx: Tx, by: By, deeds: Sequence[Deed], at: datetime) -> None:
    """Put deeds on record, together with what they changed: both are there, or neither."""
    record_each(tx, by.organization, [(by, deed) for deed in deeds], at)


def record_each(tx: Tx, organization: int, done: Sequence[tuple[By, Deed]], at: datetime) -> None:
    """The same of deeds that different people did."""
    if not done:
        return
    tx.execute(SHARE, [LOCK, organization])
    deeds = [deed for _, deed in done]
    tx.execute(
        RECORD,
        {
            "organization": organization,
            "at": at,
            "actors": text_array(by.actor for by, _ in done),
            "traces": text_array(by.trace for by, _ in done),
            "actions": text_array(deed.action for deed in deeds),
            "targets": text_array(deed.target for deed in deeds),
            "members": int_array(deed.member_id for deed in deeds),
            "purposes": text_array(deed.purpose for deed in deeds),
            "befores": json_texts(_text(deed.before) for deed in deeds),
            "afters": json_texts(_text(deed.after) for deed in deeds),
        },
    )


def _text(values: Mapping[str, object] | None) -> str:
    return "{}" if values is None else _encode(values).decode()
