"""Rewards as the operator keeps them: written, changed, shown, with pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput, StaleMark
from regulars.domain.ids import REWARD, encode
from regulars.domain.limits.limits import Room
from regulars.domain.mall.pictures import MAX_PICTURES, Picture, picture_of
from regulars.domain.mall.refusals import RewardNotFound
from regulars.domain.mall.rewards import Reward, Variant, check_terms, stock_limit
from regulars.storage import audit
from regulars.storage.database import Database, Tx
from regulars.storage.limits import quotas
from regulars.storage.mall import pictures, rewards, stock
from regulars.storage.mall.rewards import Asked
from regulars.storage.programs import Versions

MAX_REWARDS = 5_000


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward with what is left of each variant, who waits, and what names its pictures."""

    reward: Reward
    rooms: dict[int, Room]
    pictures: Sequence[str]
    waiting: dict[int, int]

    def left(self, variant: Variant) -> int | None:
        """Pieces that are left; None: as many as one likes."""
        return self.rooms[variant.id].left


def create(db: Database, versions: Versions, reward: Reward, *, by: By, now: datetime) -> Offered:
    """Add a reward; its number is not looked at. Raises InvalidInput, NoProgramInForce."""
    with db.transaction(versions.organization) as tx:
        _check(tx, versions, reward, now)
        if rewards.count(tx, versions.organization) >= MAX_REWARDS:
            raise InvalidInput(f"There are {MAX_REWARDS} rewards: end some first.")
        number = rewards.insert(tx, versions.organization, reward, by=by.actor, now=now)
        _on_record(tx, by, "reward.created", number, reward, now=now)
        return _offered(tx, versions.organization, [_must(tx, versions.organization, number)], now)[
            0
        ]


def change(
    db: Database, versions: Versions, reward: Reward, *, mark: int | None, by: By, now: datetime
) -> Offered:
    """Write a reward anew; with a `mark` only if it is still of that revision. Variants without a
    number are new, those left out are not offered any more; stock stays as it is.

    Raises InvalidInput, RewardNotFound, StaleMark.
    """
    organization = versions.organization
    with db.transaction(organization) as tx:
        before = rewards.get_locked(tx, organization, reward.id)
        if before is None:
            raise RewardNotFound
        if mark is not None and mark != before.revision:
            raise StaleMark("The reward has changed since it was read. Read it again.")
        if before.kind is not reward.kind:
            raise InvalidInput("A reward stays of its kind; make another one.")
        known = {one.id for one in before.variants}
        if any(one.id and one.id not in known for one in reward.variants):
            raise InvalidInput("A variant is not one of this reward.")
        _check(tx, versions, reward, now)
        rewards.update(tx, organization, reward, by=by.actor, now=now)
        _on_record(tx, by, "reward.changed", reward.id, reward, before=before, now=now)
        return _offered(tx, organization, [_must(tx, organization, reward.id)], now)[0]


def get(db: Database, organization: int, number: int, now: datetime) -> Offered:
    """One reward. Raises RewardNotFound."""
    with db.transaction(organization) as tx:
        return _offered(tx, organization, [_must(tx, organization, number)], now)[0]


def page(
    db: Database,
    organization: int,
    asked: Asked,
    *,
    after: tuple[int, int] | None,
    limit: int,
    now: datetime,
) -> list[tuple[int, Offered]]:
    """Rewards in the order that was asked for, each with its place in it."""
    with db.transaction(organization) as tx:
        found = rewards.page(tx, organization, asked, after=after, limit=limit)
        told = _offered(tx, organization, [one for _, one in found], now)
    return [(place, one) for (place, _), one in zip(found, told, strict=True)]


def categories(db: Database, organization: int, state: str | None) -> list[tuple[str, int]]:
    """The categories, and how many rewards each has."""
    with db.transaction(organization) as tx:
        return rewards.categories(tx, organization, state)


def put_picture(
    db: Database, organization: int, number: int, place: int, *, content: bytes, by: By,
    now: datetime,
) -> Offered:  # fmt: skip
    """Keep a picture at this place, or with no content none. Raises PictureRefused,
    RewardNotFound, InvalidInput."""
    if not 0 <= place < MAX_PICTURES:
        raise InvalidInput(f"A reward has at most {MAX_PICTURES} pictures.")
    picture = picture_of(content) if content else None
    with db.transaction(organization) as tx:
        reward = rewards.get_locked(tx, organization, number)
        if reward is None:
            raise RewardNotFound
        if picture is None:
            pictures.drop(tx, organization, number, place)
        else:
            pictures.put(tx, organization, number, place, picture=picture, now=now)
        after = {"place": place, "picture": None if picture is None else picture.digest}
        name = f"reward:{encode(REWARD, number)}"
        audit.record(tx, by, [Deed("reward.pictured", name, None, after=after)], now)
        return _offered(tx, organization, [reward], now)[0]


def picture(db: Database, organization: int, number: int, digest: str) -> Picture:
    """A picture by its content's name. Raises RewardNotFound."""
    with db.transaction(organization) as tx:
        found = pictures.read(tx, organization, number, digest)
    if found is None:
        raise RewardNotFound("There is no such picture.")
    return found


def stock_history(
    db: Database, organization: int, number: int, *, before: int | None, limit: int
) -> list[stock.StockChange]:
    """Changes of a reward's stock by hand, newest first. Raises RewardNotFound."""
    with db.transaction(organization) as tx:
        reward = _must(tx, organization, number)
        variants = [one.id for one in reward.variants]
        return stock.history(tx, organization, variants, before=before, limit=limit)


def _check(tx: Tx, versions: Versions, reward: Reward, now: datetime) -> None:
    program = versions.read(tx).in_force(now).program
    check_terms(program, reward.kind, reward.terms, [one.terms for one in reward.variants])
    if reward.starts_at and reward.ends_at and reward.ends_at <= reward.starts_at:
        raise InvalidInput("The reward ends before it begins.")


def _must(tx: Tx, organization: int, number: int) -> Reward:
    found = rewards.get(tx, organization, [number]).get(number)
    if found is None:
        raise RewardNotFound
    return found


def _offered(tx: Tx, organization: int, found: Sequence[Reward], now: datetime) -> list[Offered]:
    """Set-wise, in three statements."""
    limits = {one.id: stock_limit(one) for reward in found for one in reward.variants}
    rooms = quotas.read(tx, organization, list(limits.values()), now)
    by_variant = {number: rooms[limit.key] for number, limit in limits.items()}
    shown = pictures.digests(tx, organization, [reward.id for reward in found])
    waiting = stock.waiting(tx, organization, list(limits))
    return [Offered(reward, by_variant, shown.get(reward.id, []), waiting) for reward in found]


def _on_record(
    tx: Tx, by: By, action: str, number: int, reward: Reward, *, before: Reward | None = None,
    now: datetime,
) -> None:  # fmt: skip
    def told(one: Reward) -> dict[str, object]:
        prices = [f"{variant.points}+{variant.cash_minor}" for variant in one.variants]
        return {"state": one.state.value, "prices": prices}

    deed = Deed(
        action, f"reward:{encode(REWARD, number)}", None,
        before=None if before is None else told(before), after=told(reward),
    )  # fmt: skip
    audit.record(tx, by, [deed], now)


def with_id(reward: Reward, number: int) -> Reward:
    """The same under a number."""
    return replace(reward, id=number)
