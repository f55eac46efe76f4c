"""What every use case of coupons works with."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.benefits.views import view_of
from regulars.domain.members import Member, MemberView
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.plans import Plan
from regulars.domain.tiers import tier_of
from regulars.storage.database import Database
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class House:
    """The database, and the program's versions, of one organization."""

    db: Database
    versions: Versions

    @property
    def organization(self) -> int:
        """The organization's number."""
        return self.versions.organization


def seen(plan: Plan, member: Member, at: datetime) -> MemberView:
    """The member as the audience of a coupon sees one."""
    tier = tier_of(plan.program, member, at)
    return view_of(plan.program, member, tier=tier, at=at)


def demand_free(member: Member) -> None:
    """Raises MemberFrozen for one of whom nothing may be spent or given away."""
    if member.is_frozen:
        raise MemberFrozen
