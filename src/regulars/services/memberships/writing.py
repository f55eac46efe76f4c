"""Letters to holders before their paid cards end: to those who want them, by the way they want."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from regulars.domain import profiles
from regulars.domain.audit import Deed, by_system
from regulars.domain.consents import SERVICE
from regulars.domain.letters.cards import reminder, way_to
from regulars.domain.programs.model import Program
from regulars.gateways.messages.letters import Letter
from regulars.services.memberships.house import House
from regulars.storage import audit, consents, organizations, outbox, vault
from regulars.storage.database import Tx
from regulars.storage.memberships.due import Due


def write(house: House, tx: Tx, found: Sequence[Due], program: Program, now: datetime) -> int:
    """Let a letter to each of these wait in the outbox, where one is wanted; how many. In the
    transaction that marks them as reminded: each end is written of once, whatever is cut short."""
    organization = house.organization
    said = consents.of_many(tx, organization, {one.member_id for one in found}, SERVICE)
    if not said:
        return 0
    shop = organizations.get(tx, organization)
    assert shop is not None
    opened = vault.read(tx, house.cabinet, organization, said)
    deeds: list[Deed] = []
    for one in found:
        if one.member_id not in opened:
            continue
        way = way_to(profiles.read(opened[one.member_id]), said[one.member_id], now)
        if way is None:
            continue
        card = program.cards.get(one.card)
        subject, text = reminder(
            way,
            shop=shop.name,
            card={"en": one.card} if card is None else card.name,
            until=one.until,
            zone=program.zone,
            renews=one.renews,
        )
        letter = Letter(way.channel, way.to, subject, text, way.language)
        outbox.put(
            tx,
            house.cabinet,
            organization,
            letter=msgspec.json.encode(letter),
            at=now,
            expires_at=one.until,
        )
        after = {"about": "card_ends_soon", "channel": way.channel}
        deeds.append(Deed("letter.written", f"membership:{one.id}", one.member_id, after=after))
    audit.record(tx, by_system(organization), deeds, now)
    return len(deeds)
