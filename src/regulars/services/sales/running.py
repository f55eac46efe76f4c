"""Sales as the operator keeps them, and as members see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.views import view_of
from regulars.domain.errors import Fault, InvalidInput, StaleMark
from regulars.domain.ids import SALE, encode
from regulars.domain.mall.refusals import SaleNotFound
from regulars.domain.mall.rewards import Reward, RewardState, Variant, why_not
from regulars.domain.mall.sales import Sale, buyer_limit, check_sale, pieces_limit
from regulars.domain.tiers import tier_of
from regulars.storage import audit, members
from regulars.storage.database import Database, Tx
from regulars.storage.limits import quotas
from regulars.storage.mall import pictures, redemptions, rewards
from regulars.storage.programs import Versions
from regulars.storage.sales import sales

MOST_SHOWN = 50
MOST_SECONDS = 600
"""Of a live view."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sale with what it is about. `left`: pieces. `own_left`: how many the member may still buy;
    None where nobody is asked about. `why_not`: why the member cannot take part."""

    sale: Sale
    reward: Reward
    variant: Variant
    pictures: Sequence[str]
    left: int
    own_left: int | None = None
    why_not: str = ""


def create(db: Database, versions: Versions, sale: Sale, *, by: By, now: datetime) -> Running:
    """Add a sale; its number is not looked at. Raises InvalidInput, RewardNotFound."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        _check(tx, organization, sale)
        number = sales.insert(tx, organization, sale, by=by.actor, now=now)
        _on_record(tx, by, "sale.created", number, sale=sale, now=now)
        return _running(tx, organization, sales.get(tx, organization, [number])[number], now)


def change(
    db: Database, versions: Versions, sale: Sale, *, mark: int | None, by: By, now: datetime
) -> Running:
    """Write a sale anew; with a `mark` only if it is still of that revision. What was sold stays
    sold. Raises InvalidInput, SaleNotFound, StaleMark."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        before = sales.lock(tx, organization, sale.id)
        if before is None:
            raise SaleNotFound
        if mark is not None and mark != before.revision:
            raise StaleMark("The sale has changed since it was read. Read it again.")
        if before.variant_id != sale.variant_id:
            raise InvalidInput("A sale stays with its reward; make another one.")
        _check(tx, organization, sale)
        sales.update(tx, organization, sale, by=by.actor, now=now)
        _on_record(tx, by, "sale.changed", sale.id, sale=sale, now=now)
        return _running(tx, organization, sales.get(tx, organization, [sale.id])[sale.id], now)


def get(db: Database, organization: int, number: int, now: datetime) -> Running:
    """One sale. Raises SaleNotFound."""
    with db.transaction(organization) as tx:
        found = sales.get(tx, organization, [number]).get(number)
        if found is None:
            raise SaleNotFound
        return _running(tx, organization, found, now)


def page(
    db: Database, organization: int, *, before: int | None, limit: int, now: datetime
) -> list[Running]:
    """All sales, newest first."""
    with db.transaction(organization) as tx:
        found = sales.page(tx, organization, before=before, limit=limit)
        return [_running(tx, organization, one, now) for one in found]


def sold(db: Database, organization: int, number: int) -> list[tuple[datetime, int]]:
    """Pieces by the second in which they went."""
    with db.transaction(organization) as tx:
        return redemptions.sold(tx, organization, number, MOST_SECONDS)


def shown(db: Database, versions: Versions, member_id: int, now: datetime) -> list[Running]:
    """What is announced or open, by its beginning, for one member."""
    with db.transaction(versions.organization) as tx:
        found = sales.shown(tx, versions.organization, now, MOST_SHOWN)
        return [_for_member(tx, versions, one, member_id, now) for one in found]


def own(db: Database, versions: Versions, member_id: int, number: int, now: datetime) -> Running:
    """One sale for one member. Raises SaleNotFound for one that is not announced."""
    with db.transaction(versions.organization) as tx:
        found = sales.get(tx, versions.organization, [number]).get(number)
        if found is None or found.state is RewardState.DRAFT:
            raise SaleNotFound
        return _for_member(tx, versions, found, member_id, now)


def reward_of_variant(db: Database, organization: int, variant_id: int) -> int:
    """Whose variant it is. Raises InvalidInput."""
    with db.transaction(organization) as tx:
        found = rewards.share_variants(tx, organization, [variant_id]).get(variant_id)
    if found is None:
        raise InvalidInput("There is no such variant.", faults=[Fault("/variant", "unknown")])
    return found[0]


def _check(tx: Tx, organization: int, sale: Sale) -> None:
    check_sale(sale.terms, sale.starts_at, sale.ends_at)
    reward = rewards.get(tx, organization, [sale.reward_id]).get(sale.reward_id)
    if reward is None or reward.variant(sale.variant_id) is None:
        raise InvalidInput("There is no such reward with such a variant.")


def _running(tx: Tx, organization: int, sale: Sale, now: datetime) -> Running:
    reward = rewards.get(tx, organization, [sale.reward_id])[sale.reward_id]
    variant = rewards.any_variants(tx, organization, [sale.variant_id])[sale.variant_id]
    limit = pieces_limit(sale)
    left = quotas.read(tx, organization, [limit], now)[limit.key].left or 0
    shown = pictures.digests(tx, organization, [reward.id]).get(reward.id, [])
    return Running(sale, reward, variant, shown, left)


def _for_member(tx: Tx, versions: Versions, sale: Sale, member_id: int, now: datetime) -> Running:
    found = _running(tx, versions.organization, sale, now)
    limit = buyer_limit(sale, member_id)
    own_left = quotas.read(tx, versions.organization, [limit], now)[limit.key].left
    member = members.read(tx, versions.organization, [member_id])[member_id]
    program = versions.read(tx).in_force(now).program
    view = view_of(program, member, tier=tier_of(program, member, now), at=now)
    reason = why_not(program, found.reward, view, now)
    return Running(sale, found.reward, found.variant, found.pictures, found.left, own_left, reason)


def _on_record(tx: Tx, by: By, action: str, number: int, *, sale: Sale, now: datetime) -> None:
    after = {
        "state": sale.state.value, "pieces": sale.pieces, "per_member": sale.per_member,
        "points": sale.points, "cash_minor": sale.cash_minor,
        "starts_at": sale.starts_at.isoformat(), "ends_at": sale.ends_at.isoformat(),
    }  # fmt: skip
    audit.record(tx, by, [Deed(action, f"sale:{encode(SALE, number)}", None, after=after)], now)
