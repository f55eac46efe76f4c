"""Limits as many take of them: never more than there is, and nothing is lost on the way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from regulars.domain.limits.limits import Holding, Limit, LimitKind, Owner, take
from regulars.domain.limits.refusals import LimitReached, ReservationLost
from regulars.services.verification.verifying import verify
from regulars.storage.database import Database
from regulars.storage.limits import quotas, reservations

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SOON = NOW + timedelta(minutes=15)
STOCK = Limit(LimitKind.STOCK, "var_1", most=3)
HOUSE = 1


@pytest.fixture
def member(db: Database) -> int:
    with db.transaction(HOUSE) as tx:
        row = tx.execute(
            "insert into member (organization_id, enrolled_at) values (1, now()) returning id"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def _hold(
    db: Database,
    member: int,
    owner: int,
    *,
    limit: Limit = STOCK,
    amount: int = 1,
    until: datetime | None = SOON,
    now: datetime = NOW,
    kind: Owner = Owner.ORDER,
) -> None:
    with db.transaction(HOUSE) as tx:
        rooms = quotas.lock(tx, HOUSE, [limit], now)
        holdings = [
            Holding(
                room=room, amount=taken, owner=kind, owner_id=owner, member_id=member,
                expires_at=until, by="key:1",
            )
            for room, taken in take(rooms, [(limit, amount)])
        ]  # fmt: skip
        reservations.hold(tx, HOUSE, holdings, now)


def _counts(db: Database, limit: Limit = STOCK, now: datetime = NOW) -> tuple[int, int]:
    with db.transaction(HOUSE) as tx:
        room = quotas.read(tx, HOUSE, [limit], now)[limit.key]
    return room.used, room.reserved


@pytest.mark.parametrize("racers", [8, 64])
def test_no_more_are_served_than_there_are(db: Database, member: int, racers: int) -> None:
    def race(owner: int) -> bool:
        try:
            _hold(db, member, owner)
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(racers) as pool:
        served = list(pool.map(race, range(racers)))

    assert sum(served) == 3
    assert _counts(db) == (0, 3)


def test_what_is_captured_is_used_and_what_is_released_is_free(db: Database, member: int) -> None:
    _hold(db, member, 1, amount=2)
    _hold(db, member, 2)
    with db.transaction(HOUSE) as tx:
        reservations.capture(tx, HOUSE, [(Owner.ORDER, 1)], NOW)
        reservations.release(tx, HOUSE, [(Owner.ORDER, 2)], NOW)

    assert _counts(db) == (2, 0)
    with db.transaction(HOUSE) as tx:
        given_back = reservations.restore(tx, HOUSE, [(Owner.ORDER, 1)], NOW)
        twice = reservations.restore(tx, HOUSE, [(Owner.ORDER, 1)], NOW)

    assert [one.amount for one in given_back] == [2]
    assert twice == []
    assert _counts(db) == (0, 0)


def test_what_timed_out_is_free_though_nobody_cleaned_up(db: Database, member: int) -> None:
    _hold(db, member, 1, amount=3)
    assert _counts(db, now=SOON) == (0, 0)
    _hold(db, member, 2, amount=3, until=SOON + timedelta(hours=1), now=SOON)

    with pytest.raises(ReservationLost), db.transaction(HOUSE) as tx:
        reservations.capture(tx, HOUSE, [(Owner.ORDER, 1)], SOON - timedelta(seconds=1))
    assert _counts(db, now=SOON) == (0, 3)


def test_what_has_timed_out_is_not_captured(db: Database, member: int) -> None:
    _hold(db, member, 1)
    with pytest.raises(ReservationLost), db.transaction(HOUSE) as tx:
        reservations.capture(tx, HOUSE, [(Owner.ORDER, 1)], SOON)
    with db.transaction(HOUSE) as tx:
        assert reservations.time_out(tx, HOUSE, SOON, limit=10) == 1
        assert reservations.time_out(tx, HOUSE, SOON, limit=10) == 0
    assert _counts(db) == (0, 0)


def test_all_or_nothing_is_taken(db: Database, member: int) -> None:
    other = Limit(LimitKind.COUPON, "7", most=1)
    with db.transaction(HOUSE) as tx:
        rooms = quotas.lock(tx, HOUSE, [STOCK, other], NOW)
        with pytest.raises(LimitReached, match="coupon '7'"):
            take(rooms, [(STOCK, 1), (other, 1), (other, 1)])
        assert [room.reserved for room in rooms.values()] == [0, 0]


def test_a_limit_is_never_lowered_below_what_is_taken(db: Database, member: int) -> None:
    _hold(db, member, 1, amount=3, until=None)
    lower = Limit(LimitKind.STOCK, "var_1", most=2)
    with db.transaction(HOUSE) as tx:
        room = quotas.lock(tx, HOUSE, [lower], NOW)[lower.key]
    assert (room.used, room.left) == (3, 0)

    _hold(db, member, 2, limit=Limit(LimitKind.STOCK, "var_1", most=5), amount=2)
    assert _counts(db) == (3, 2)


def test_the_same_capture_at_once_counts_once(db: Database, member: int) -> None:
    _hold(db, member, 1)

    def capture(_turn: int) -> bool:
        with db.transaction(HOUSE) as tx:
            try:
                return bool(reservations.capture(tx, HOUSE, [(Owner.ORDER, 1)], NOW))
            except ReservationLost:
                tx.rollback()
                return False

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(capture, range(8)))

    assert sum(done) == 1
    assert _counts(db) == (1, 0)


@pytest.mark.parametrize(
    ("damage", "claim"),
    [
        ("update quota set used = used + 1", "limits count what was reserved and used"),
        ("update reservation set amount = 2", "limits count what was reserved and used"),
        ("update quota set member_id = 999", "nobody takes of another member's limit"),
    ],
)
def test_verification_finds_what_was_tampered_with(
    db: Database, member: int, damage: str, claim: str
) -> None:
    _hold(
        db, member, 1, limit=Limit(LimitKind.STOCK, "var_1", most=9), until=None,
        kind=Owner.CAMPAIGN,
    )  # fmt: skip
    assert verify(db, HOUSE, replay=False).is_clean
    with db.transaction(HOUSE) as tx:
        tx.execute(damage.encode())

    broken = [proof.claim for proof in verify(db, HOUSE, replay=False).proofs if proof.offenders]
    assert broken == [claim]
