"""The index by name: keyed hashes of how the words of members' names begin."""

from collections.abc import Iterable, Sequence

from regulars.domain.rosters.names import beginnings
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.sealing import OrganizationKeys

KIND = "name"
"""Keeps these hashes apart from all others under the same key."""

FORGET = "delete from name_token where organization_id = %s and member_id = any(%s::bigint[])"

ADD = """
insert into name_token (organization_id, token, member_id)
select %(organization)s, token, member_id
from unnest(%(tokens)s::bigint[], %(members)s::bigint[]) as fresh (token, member_id)
order by token, member_id
on conflict do nothing
"""

NOTE = """
update vault set is_named = true
where organization_id = %s and member_id = any(%s::bigint[]) and not is_named
"""

# The members who have all of the tokens, the youngest first.
FIND = """
select member_id from name_token
where organization_id = %(organization)s and token = any(%(tokens)s::bigint[])
group by member_id
having count(*) = %(count)s
order by member_id desc
limit %(limit)s
"""

UNNAMED = """
select member_id from vault
where organization_id = %s and not is_named
order by member_id
limit %s
for update skip locked
"""


def index(
    tx: Tx, organization: int, keys: OrganizationKeys, named: Sequence[tuple[int, str | None]]
) -> None:
    """Let members be found by these names and by no others; None: by no name. Their rows of the
    vault are locked."""
    ids = int_array(number for number, _ in named)
    tx.execute(FORGET, [organization, ids])
    pairs = [
        (keys.number_of(KIND, beginning), number)
        for number, name in named
        if name is not None
        for beginning in beginnings(name)
    ]
    if pairs:
        tx.execute(
            ADD,
            {
                "organization": organization,
                "tokens": int_array(token for token, _ in pairs),
                "members": int_array(number for _, number in pairs),
            },
        )
    tx.execute(NOTE, [organization, ids])


def find(
    tx: Tx, organization: int, keys: OrganizationKeys, asked: Iterable[str], limit: int
) -> list[int]:
    """The numbers of members whose name has words that begin so, the youngest first."""
    tokens = {keys.number_of(KIND, one) for one in asked}
    rows = tx.execute(
        FIND,
        {
            "organization": organization,
            "tokens": int_array(tokens),
            "count": len(tokens),
            "limit": limit,
        },
    )
    return [number for (number,) in rows]


def unnamed(tx: Tx, organization: int, limit: int) -> list[int]:
    """Members whose names were written before there was an index; nobody else works at them."""
    return [number for (number,) in tx.execute(UNNAMED, [organization, limit])]
