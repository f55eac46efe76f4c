"""What wishes are decided by, read and locked for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.benefits.views import view_of
from regulars.domain.errors import MemberNotFound
from regulars.domain.mall.refusals import RewardUnavailable, SaleNotFound
from regulars.domain.mall.rewards import Reward, Variant
from regulars.domain.mall.sales import Sale
from regulars.domain.mall.wishes import Asked, Wish
from regulars.domain.members import Member
from regulars.domain.programs.model import Program
from regulars.domain.tiers import tier_of
from regulars.storage import members
from regulars.storage.database import Tx
from regulars.storage.mall import rewards
from regulars.storage.sales import sales


@dataclass(slots=True)
class Shelf:
    """What the wishes of a batch are about, and who wishes. The members are locked; variants and
    sales stay as they are until the transaction ends."""

    sales: dict[int, Sale]
    variants: dict[int, tuple[int, Variant]]
    rewards: dict[int, Reward]
    members: dict[int, Member]


def gather(tx: Tx, organization: int, wishes: Sequence[Wish]) -> Shelf:
    """Everything that `wishes` name, in five statements."""
    wanted = sorted({one.sale_id for one in wishes if one.sale_id is not None})
    on_sale = sales.share(tx, organization, wanted) if wanted else {}
    variants = rewards.share_variants(tx, organization, {one.variant_id for one in wishes})
    offered = rewards.get(tx, organization, sorted({reward for reward, _ in variants.values()}))
    who = members.lock(tx, organization, sorted({one.member_id for one in wishes}))
    return Shelf(on_sale, variants, offered, who)


def asked_of(shelf: Shelf, wish: Wish, program: Program, now: datetime) -> Asked:
    """One wish with what it is about. Raises MemberNotFound, RewardUnavailable, SaleNotFound."""
    found = shelf.variants.get(wish.variant_id)
    reward = None if found is None else shelf.rewards.get(found[0])
    if found is None or reward is None:
        raise RewardUnavailable
    sale = None if wish.sale_id is None else shelf.sales.get(wish.sale_id)
    if wish.sale_id is not None and (sale is None or sale.variant_id != wish.variant_id):
        raise SaleNotFound
    member = shelf.members.get(wish.member_id)
    if member is None:
        raise MemberNotFound
    view = view_of(program, member, tier=tier_of(program, member, now), at=now)
    return Asked(wish=wish, reward=reward, variant=found[1], sale=sale, member=member, view=view)
