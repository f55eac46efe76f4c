"""Many buyers at one stall: each racer has a connection and an engine of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread
from typing import Any

from tests.adversarial.racing import NOW, buy
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.audit import By
from regulars.domain.errors import RegularsError
from regulars.domain.mall.rewards import (
    PickUpPlace,
    Reward,
    RewardKind,
    RewardMemberLimit,
    RewardState,
    RewardTerms,
    Variant,
    VariantTerms,
    Way,
)
from regulars.domain.mall.sales import Sale, SaleTerms
from regulars.domain.mall.wishes import Wish
from regulars.services.intake.taking import Intake
from regulars.services.mall import offering
from regulars.services.mall.redeeming import Redeeming, Taken
from regulars.services.mall.settling import Counter as Desk
from regulars.services.sales import running
from regulars.storage.database import Database
from regulars.storage.programs import Versions

BY = By(1, "staff:1")


def stall(
    db: Database, *, stock: int, members: int, points: int = 100, most: int | None = None,
    cash: int = 0, is_goods: bool = False,
) -> Reward:  # fmt: skip
    """A thing for 10 points, and members with `points` each."""
    published(db, document("owe"))
    intake = Intake(db, 1)
    for start in range(0, members, 250):
        stretch = range(start, min(start + 250, members))
        intake.take_in([buy(f"p{n}", f"card:{n}", points) for n in stretch], NOW)
    reward = Reward(
        id=0, kind=RewardKind.GOODS if is_goods else RewardKind.DONATION, revision=0,
        state=RewardState.ACTIVE,
        terms=RewardTerms(
            name={"en": "A tree"}, currency="points",
            ways=[Way.PICK_UP] if is_goods else [],
            places=[PickUpPlace("s1", {"en": "Here"})] if is_goods else [],
            per_member=None if most is None else RewardMemberLimit(most),
        ),
        rank=1, starts_at=None, ends_at=None, changed_at=NOW,
        variants=[Variant(id=0, terms=VariantTerms(), points=10, cash_minor=cash, stock=stock)],
    )  # fmt: skip
    return offering.create(db, Versions(1), reward, by=BY, now=NOW).reward


def sale_of(db: Database, reward: Reward, pieces: int, **more: Any) -> Sale:
    """A sale that is open."""
    sale = Sale(
        id=0, reward_id=reward.id, variant_id=reward.variants[0].id, state=RewardState.ACTIVE,
        revision=0, terms=SaleTerms({"en": "Now"}), points=5, cash_minor=0, pieces=pieces,
        per_member=1, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1),
        changed_at=NOW,
    )  # fmt: skip
    return running.create(db, Versions(1), replace(sale, **more), by=BY, now=NOW).sale


def wish(reward: Reward, member: int, key: str, *, sale: Sale | None = None, **more: Any) -> Wish:
    """What one of them wants. Members are numbered from 1."""
    said = f"{reward.id} {more} {sale and sale.id}"
    return Wish(
        member_id=member, variant_id=reward.variants[0].id, sale_id=sale and sale.id, key=key,
        digest=sha256(said.encode()).hexdigest(), by=f"member:{member}", **more,
    )  # fmt: skip


def redeeming(db: Database) -> Redeeming:
    return Redeeming(db, cabinet(), 1, Intake(db, 1).take_many_within)


def desk(db: Database) -> Desk:
    return Desk(db, Versions(1), Intake(db, 1).take_many_within)


def rush(db_url: str, works: Sequence[Callable[[Database], Any]]) -> Counter[str]:
    """All at the same moment; how often each thing happened: a refusal's code, or a word."""
    told: list[str] = []
    faults: list[Exception] = []
    barrier = Barrier(len(works))

    def run(db: Database, work: Callable[[Database], Any]) -> None:
        try:
            barrier.wait()
            told.append(_word(work(db)))
        except RegularsError as refusal:
            told.append(refusal.code)
        except Exception as fault:
            faults.append(fault)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=run, args=(db, work)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults
    return Counter(told)


def _word(found: Any) -> str:
    if isinstance(found, list):
        (found,) = found
    if isinstance(found, RegularsError):
        assert found.code != "internal", found.__cause__
        return found.code
    if isinstance(found, Taken):
        return "repeated" if found.is_repeat else "taken"
    return str(found.state.value)


def taking(one: Wish) -> Callable[[Database], Any]:
    return lambda db: redeeming(db).take_in([one], NOW)
