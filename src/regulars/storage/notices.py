"""What members are told in the app: written set-wise beside whatever it tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.notices.kinds import NoticeKind
from regulars.storage.arrays import int_array, json_texts, text_array, time_array
from regulars.storage.database import Tx

INSERT = """
insert into notice (organization_id, member_id, kind, params, event_id, request_key, at)
select %(organization)s, member_id, kind, params, event_id, request_key, at
from unnest(%(members)s::bigint[], %(kinds)s::text[],
            string_to_array(%(params)s, E'\\x01'), %(events)s::bigint[], %(keys)s::text[],
            %(at)s::timestamptz[])
    as fresh (member_id, kind, params, event_id, request_key, at)
on conflict (organization_id, member_id, request_key) where request_key <> '' do nothing
"""

PAGE = """
select id, kind, params, at, read_at from notice
where organization_id = %s and member_id = %s and id < %s
order by id desc
limit %s
"""

UNREAD = """
select count(*) from (
    select from notice
    where organization_id = %s and member_id = %s and read_at is null
    limit %s
) as counted
"""

READ = """
update notice set read_at = %(at)s
where organization_id = %(organization)s and member_id = %(member)s and read_at is null
    and id <= %(last)s
"""

LAST = 2**63 - 1

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Something to be told. `params` fill the words of `kind` and hold nothing personal. `key`:
    the member is told only once under it; "": always."""

    member_id: int
    kind: NoticeKind
    at: datetime
    params: Mapping[str, Any]
    event_id: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a member was told."""

    id: int
    kind: str
    params: Mapping[str, Any]
    at: datetime
    read_at: datetime | None


def insert(tx: Tx, organization: int, rows: Sequence[NewNotice]) -> None:
    """Tell members something. Safe to repeat for those with a key."""
    if not rows:
        return
    tx.execute(
        INSERT,
        {
            "organization": organization,
            "members": int_array(row.member_id for row in rows),
            "kinds": text_array(row.kind for row in rows),
            "params": json_texts(_encode(row.params).decode() for row in rows),
            "events": int_array(row.event_id for row in rows),
            "keys": text_array(row.key for row in rows),
            "at": time_array(row.at for row in rows),
        },
    )


def page(
    tx: Tx, organization: int, member_id: int, *, before: int | None, limit: int
) -> list[Notice]:
    """What a member was told, the latest first, before number `before`."""
    last = LAST if before is None else before
    rows = tx.execute(PAGE, [organization, member_id, last, limit])
    return [Notice(row[0], row[1], _decode(row[2]), row[3], row[4]) for row in rows]


def unread(tx: Tx, organization: int, member_id: int, *, most: int = 100) -> int:
    """How many they have not read, counted up to `most`."""
    row = tx.execute(UNREAD, [organization, member_id, most]).fetchone()
    assert row is not None
    return int(row[0])


def mark_read(tx: Tx, organization: int, member_id: int, *, up_to: int, at: datetime) -> int:
    """They have read all up to number `up_to`; how many were new. Safe to repeat."""
    asked = {"organization": organization, "member": member_id, "last": up_to, "at": at}
    return tx.execute(READ, asked).rowcount
