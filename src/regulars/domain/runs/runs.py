"""Runs: something is given to all members of whom a condition holds, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from regulars.domain.errors import RegularsError
from regulars.domain.rosters.asking import Order, Status, Wanted


class RunKind(StrEnum):
    """What a run gives."""

    BENEFIT = "benefit"
    COUPON = "coupon"


class CouponRunNotFound(RegularsError):
    """There is no such run of coupons."""

    code = "coupon_run_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWish:
    """What is asked for. `condition`: in CEL; an empty one holds of all. `benefit` or `template_id`
    say of what, as `kind` does. `uses`: of a benefit; None: as it says. `reason`: without personal
    data."""

    kind: RunKind
    condition: str
    reason: str
    benefit: str = ""
    template_id: int | None = None
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """What one part of a run did: how many got it, and how many did not, by the reason's code.
    `is_used_up`: nothing is left for anybody, so that the run ends."""

    given: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    is_used_up: bool = False


def reached_by(condition: str) -> Wanted:
    """Whom a run reaches, in the order of their numbers: not those who are frozen, or the use of
    whose data is restricted."""
    return Wanted(status=Status.ACTIVE, condition=condition, order=Order.NUMBER)


def added(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Counts by reason, taken together."""
    return {why: before.get(why, 0) + more.get(why, 0) for why in (*before, *more)}
