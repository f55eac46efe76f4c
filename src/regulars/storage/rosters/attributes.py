"""Declared attributes of members, one a row, so that lists find who has a value."""

from collections.abc import Mapping, Sequence

import msgspec

from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Tx

LONGEST = 100
"""Characters of a value's JSON that are kept; what begins alike is told apart by the condition."""

FORGET = """
delete from member_attribute where organization_id = %s and member_id = any(%s::bigint[])
"""

ADD = """
insert into member_attribute (organization_id, name, value, member_id)
select %(organization)s, name, value, member_id
from unnest(%(names)s::text[], %(values)s::text[], %(members)s::bigint[])
    as fresh (name, value, member_id)
order by name, value, member_id
"""

Value = bool | int | str
Values = Mapping[str, Value]


def index(tx: Tx, organization: int, members: Sequence[tuple[int, Values]]) -> None:
    """Let these members, who are locked, be found by these attributes and by no others."""
    tx.execute(FORGET, [organization, int_array(number for number, _ in members)])
    rows = [
        (name, written(value), number)
        for number, attributes in members
        for name, value in attributes.items()
    ]
    if rows:
        tx.execute(
            ADD,
            {
                "organization": organization,
                "names": text_array(name for name, _, _ in rows),
                "values": text_array(value for _, value, _ in rows),
                "members": int_array(number for _, _, number in rows),
            },
        )


def written(value: Value) -> str:
    """A value as the index has it."""
    return msgspec.json.encode(value).decode()[:LONGEST]
