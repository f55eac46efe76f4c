"""The mall as one member sees it: what there is, what of it they may have, what they took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.views import view_of
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import REDEMPTION, encode
from regulars.domain.limits.limits import Limit
from regulars.domain.mall.fulfilment import Delivery, Redemption
from regulars.domain.mall.refusals import RedemptionNotFound, RewardNotFound
from regulars.domain.mall.rewards import (
    Reward,
    RewardState,
    Variant,
    member_limit,
    stock_limit,
    why_not,
)
from regulars.domain.periods import Local
from regulars.domain.tiers import tier_of
from regulars.services.mall.redeeming import sealed_as
from regulars.storage import audit, members, vault
from regulars.storage.database import Database, Tx
from regulars.storage.limits import quotas
from regulars.storage.mall import pictures, redemptions, rewards, stock
from regulars.storage.mall.redemptions import Step
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions
from regulars.storage.sealing import Cabinet


@dataclass(frozen=True, slots=True)
class Shown:
    """A reward for one member. `why_not`: why they cannot have it, "" where they can. `left`: by
    variant; `own_left`: how many the member may still have; None: as many as one likes."""

    reward: Reward
    why_not: str
    left: dict[int, int | None]
    own_left: int | None
    pictures: Sequence[str]
    waits: frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """A redemption with what it is about."""

    redemption: Redemption
    reward: Reward
    variant: Variant
    pictures: Sequence[str]
    steps: Sequence[Step] = ()


def page(
    db: Database,
    versions: Versions,
    member_id: int,
    asked: rewards.Asked,
    *,
    after: tuple[int, int] | None,
    limit: int,
    now: datetime,
) -> list[tuple[int, Shown]]:
    """What is offered, each with its place in the order that was asked for."""
    with db.transaction(versions.organization) as tx:
        found = rewards.page(tx, versions.organization, asked, after=after, limit=limit)
        told = _shown(tx, versions, member_id, [one for _, one in found], now)
    return [(place, one) for (place, _), one in zip(found, told, strict=True)]


def get(db: Database, versions: Versions, member_id: int, number: int, now: datetime) -> Shown:
    """One reward. Raises RewardNotFound for what is not shown."""
    with db.transaction(versions.organization) as tx:
        reward = rewards.get(tx, versions.organization, [number]).get(number)
        if reward is None or reward.state in (RewardState.DRAFT, RewardState.ENDED):
            raise RewardNotFound
        return _shown(tx, versions, member_id, [reward], now)[0]


def wait_for(
    db: Database, organization: int, member_id: int, variant_id: int, *, is_on: bool, now: datetime
) -> None:
    """Wait until a variant is there again, or no longer. Raises RewardNotFound."""
    with db.transaction(organization) as tx:
        if not is_on:
            stock.leave(tx, organization, variant_id, member_id)
            return
        found = rewards.any_variants(tx, organization, [variant_id]).get(variant_id)
        if found is None:
            raise RewardNotFound
        stock.join(tx, organization, variant_id, member_id, now)


def own(
    db: Database,
    organization: int,
    member_id: int,
    *,
    before: int | None,
    limit: int,
    now: datetime,
) -> list[Told]:
    """What the member took, newest first; of whoever was merged into them too."""
    with db.transaction(organization) as tx:
        asked = redemptions.Asked(members=merging.all_of(tx, organization, member_id))
        found = redemptions.page(tx, organization, asked, before=before, limit=limit, now=now)
        return told_of(tx, organization, found)


def one(db: Database, organization: int, number: int, *, member_id: int | None = None) -> Told:
    """One redemption with its steps; of this member alone. Raises RedemptionNotFound."""
    with db.transaction(organization) as tx:
        found = redemptions.get(tx, organization, number)
        if found is None or (
            member_id is not None
            and found.member_id not in merging.all_of(tx, organization, member_id)
        ):
            raise RedemptionNotFound
        (told,) = told_of(tx, organization, [found])
        steps = redemptions.steps(tx, organization, number)
    return Told(told.redemption, told.reward, told.variant, told.pictures, steps)


def listed(
    db: Database,
    organization: int,
    asked: redemptions.Asked,
    *,
    before: int | None,
    limit: int,
    now: datetime,
) -> list[Told]:
    """Redemptions for staff, newest first."""
    with db.transaction(organization) as tx:
        found = redemptions.page(tx, organization, asked, before=before, limit=limit, now=now)
        return told_of(tx, organization, found)


def counts(db: Database, organization: int, now: datetime) -> dict[str, int]:
    """How many there are to be seen to, by state."""
    with db.transaction(organization) as tx:
        return redemptions.counts(tx, organization, now)


def addresses(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    numbers: Sequence[int],
    *,
    by: By,
    now: datetime,
) -> dict[int, Delivery]:
    """Where redemptions go, opened; on record for each member. Left out are those whose data may
    not be used or is gone."""
    with db.transaction(organization) as tx:
        found: dict[int, Delivery] = {}
        deeds = []
        for number, (member_id, sealed) in redemptions.sealed(tx, organization, numbers).items():
            if members.restricted_at(tx, organization, member_id) is not None:
                continue
            if not vault.knows(tx, organization, member_id):
                continue
            plain = vault.open_for(
                tx,
                cabinet,
                organization,
                member_id=member_id,
                sealed=sealed,
                what=sealed_as(number),
            )
            found[number] = msgspec.json.decode(plain, type=Delivery)
            name = f"redemption:{encode(REDEMPTION, number)}"
            fields = {"fields": ["name", "phone", "address"]}
            deeds.append(Deed("profile.unmasked", name, member_id, "delivery", after=fields))
        audit.record(tx, by, deeds, now)
    return found


def told_of(tx: Tx, organization: int, found: Sequence[Redemption]) -> list[Told]:
    """With what they are about, set-wise."""
    numbers = sorted({one.reward_id for one in found})
    about = rewards.get(tx, organization, numbers)
    variants = rewards.any_variants(tx, organization, {one.variant_id for one in found})
    shown = pictures.digests(tx, organization, numbers)
    return [
        Told(one, about[one.reward_id], variants[one.variant_id], shown.get(one.reward_id, []))
        for one in found
    ]


def _shown(
    tx: Tx, versions: Versions, member_id: int, found: Sequence[Reward], now: datetime
) -> list[Shown]:
    organization = versions.organization
    program = versions.read(tx).in_force(now).program
    member = members.read(tx, organization, [member_id]).get(member_id)
    if member is None:
        raise MemberNotFound
    view = view_of(program, member, tier=tier_of(program, member, now), at=now)
    local = Local(now, program.zone)
    variants = [variant for reward in found for variant in reward.variants]
    stocks = {one.id: stock_limit(one) for one in variants}
    own_limits = {one.id: member_limit(one, member_id, local) for one in found}
    asked: list[Limit] = [*stocks.values(), *own_limits.values()]
    rooms = quotas.read(tx, organization, asked, now)
    shown = pictures.digests(tx, organization, own_limits)
    waits = stock.waited_for(tx, organization, [member_id], list(stocks))
    return [
        Shown(
            reward,
            why_not(program, reward, view, now),
            {one.id: rooms[stocks[one.id].key].left for one in reward.variants},
            rooms[own_limits[reward.id].key].left,
            shown.get(reward.id, []),
            waits,
        )
        for reward in found
    ]
