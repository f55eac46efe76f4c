"""What members are told in the app about what they redeemed, and about stock that came."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from regulars.domain.notices.kinds import NoticeKind
from regulars.storage import notices
from regulars.storage.database import Tx


def tell(
    tx: Tx,
    organization: int,
    member_ids: Sequence[int],
    *,
    kind: NoticeKind,
    params: Mapping[str, str],
    now: datetime,
) -> None:
    """A notice for each; its words are the face's. No personal data in `params`."""
    rows = [
        notices.NewNotice(member_id=member, kind=kind, at=now, params=params)
        for member in member_ids
    ]
    notices.insert(tx, organization, rows)
