"""Pictures of rewards in PostgreSQL: small, so that every process can hand them out."""

from collections.abc import Iterable
from datetime import datetime

from regulars.domain.mall.pictures import Picture
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

PUT = """
insert into reward_picture (organization_id, reward_id, place, media_type, width, height, digest,
                            picture, added_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (organization_id, reward_id, place) do update
set media_type = excluded.media_type, width = excluded.width, height = excluded.height,
    digest = excluded.digest, picture = excluded.picture, added_at = excluded.added_at
"""

DROP = """
delete from reward_picture where organization_id = %s and reward_id = %s and place = %s
"""

LISTED = """
select reward_id, digest from reward_picture
where organization_id = %s and reward_id = any(%s::bigint[])
order by reward_id, place
"""

READ = """
select media_type, width, height, digest, picture from reward_picture
where organization_id = %s and reward_id = %s and digest = %s
"""

PLACES = "select place, digest from reward_picture where organization_id = %s and reward_id = %s"


def put(
    tx: Tx, organization: int, reward_id: int, place: int, *, picture: Picture, now: datetime
) -> None:
    """Keep a picture, in the place of what was there."""
    said = [picture.media_type, picture.width, picture.height, picture.digest, picture.content]
    tx.execute(PUT, [organization, reward_id, place, *said, now])


def drop(tx: Tx, organization: int, reward_id: int, place: int) -> None:
    """Forget the picture at this place. Safe to repeat."""
    tx.execute(DROP, [organization, reward_id, place])


def digests(tx: Tx, organization: int, rewards: Iterable[int]) -> dict[int, list[str]]:
    """What names the pictures of each reward, in their order."""
    found: dict[int, list[str]] = {}
    for reward_id, digest in tx.execute(LISTED, [organization, int_array(rewards)]):
        found.setdefault(reward_id, []).append(digest)
    return found


def places(tx: Tx, organization: int, reward_id: int) -> dict[int, str]:
    """The places that are taken, with the digest of what is there."""
    return dict(tx.execute(PLACES, [organization, reward_id]).fetchall())


def read(tx: Tx, organization: int, reward_id: int, digest: str) -> Picture | None:
    """A picture by its content's name."""
    row = tx.execute(READ, [organization, reward_id, digest]).fetchone()
    return None if row is None else Picture(row[0], row[1], row[2], row[3], bytes(row[4]))
