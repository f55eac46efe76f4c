"""Members who are erased: the paid cards that they hold end, and those that others share with them
are theirs no longer."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.memberships.memberships import Membership
from regulars.domain.notices.kinds import NoticeKind
from regulars.services.memberships.ending import end_circle
from regulars.services.memberships.house import Circle, House, locked
from regulars.services.memberships.sharing import leave
from regulars.storage import audit, notices
from regulars.storage.database import Tx
from regulars.storage.memberships import families, memberships
from regulars.storage.notices import NewNotice


def end_all(
    house: House, tx: Tx, members: Sequence[int], *, by: By, reason: str, now: datetime
) -> int:
    """End the cards of these members, who are one person, and tell those who share them; let them
    leave the families of others. How many cards that was. Nothing is paid back."""
    organization = house.organization
    live = [one.id for one in memberships.of_members(tx, organization, members) if one.is_live(now)]
    for number in live:
        circle = locked(house, tx, number, now=now)
        key = f"erased:{number}"
        end_circle(house, tx, circle, how="ended", reason=reason, key=key, by=by, now=now)
        deed = Deed(
            "membership.ended", f"membership:{number}", circle.membership.member_id, reason,
            after={"card": circle.membership.card},
        )  # fmt: skip
        audit.record(tx, by, [deed], now)
        _tell_family(house, tx, circle, now)
    shared = [
        one for one in families.of_members(tx, organization, members) if one.state == "joined"
    ]
    for one in shared:
        membership = locked(house, tx, one.membership_id, now=None).membership
        leave(house, tx, membership, one, "left", by=by, now=now)
    return len(live) + len(shared)


def _tell_family(house: House, tx: Tx, circle: Circle, now: datetime) -> None:
    membership = circle.membership
    params = {
        "card": _name(house, tx, membership, now),
        "until": now.isoformat(),
        "renews": False,
    }
    rows = [
        NewNotice(
            member_id=person.member_id,
            kind=NoticeKind.CARD_ENDED,
            at=now,
            params=params,
            key=f"card_ended:{membership.id}:{now.isoformat()}",
        )
        for person in circle.persons
        if person.member_id is not None
    ]
    notices.insert(tx, house.organization, rows)


def _name(house: House, tx: Tx, membership: Membership, now: datetime) -> dict[str, str]:
    card = house.versions.read(tx).in_force(now).program.cards.get(membership.card)
    return {"en": membership.card} if card is None else dict(card.name)
