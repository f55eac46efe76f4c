"""Members by an id that some system gave them, whichever it is."""

from regulars.storage.database import Tx

# There are few systems, and one look into the index finds each of them.
FIND = """
with recursive known as (
    (select system from identity where organization_id = %(organization)s order by system limit 1)
    union all
    select following.system from known
    cross join lateral (
        select system from identity
        where organization_id = %(organization)s and identity.system > known.system
        order by system limit 1
    ) as following
)
select named.member_id
from known
cross join lateral (
    select member_id from identity
    where organization_id = %(organization)s and identity.system = known.system
        and identity.external_id = %(external_id)s
    limit 1
) as named
where known.system not in ('phone', 'email') and not starts_with(known.system, 'idp.')
group by named.member_id
order by named.member_id
limit %(limit)s
"""


def find(tx: Tx, organization: int, external_id: str, limit: int) -> list[int]:
    """The numbers of members who have this id in any system but those with which one signs in."""
    asked = {"organization": organization, "external_id": external_id, "limit": limit}
    return [number for (number,) in tx.execute(FIND, asked)]
