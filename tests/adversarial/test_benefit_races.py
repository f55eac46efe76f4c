"""Races for the last use of a benefit, one code, one place: as many win as may, the others are told
so and keep what they had."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from tests.api.benefits.parlour import BENEFITS
from tests.api.conftest import PROGRAM
from tests.conftest import cabinet

from regulars.domain.audit import By
from regulars.domain.errors import RegularsError
from regulars.domain.ids import MemberRef
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import members, programs
from regulars.services.benefits import booking, granting, holding, timetables, using
from regulars.services.benefits.granting import Gift
from regulars.services.benefits.using import House, Wanted
from regulars.services.verification.verifying import verify
from regulars.storage.benefits.slots import NewSlots
from regulars.storage.database import Database
from regulars.storage.programs import Versions

RACERS = [8, 64]
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
BY = By(DEFAULT_ORGANIZATION, "key:1")
START = NOW + timedelta(days=3)


@pytest.fixture
def house(db: Database, db_url: str) -> Iterator[House]:
    """The shop with benefits; racers share a pool of their own."""
    programs.publish(
        db, DEFAULT_ORGANIZATION, PROGRAM + BENEFITS,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=NOW,
    )  # fmt: skip
    with closing(Database(db_url, pool_size=16)) as pool:
        yield House(pool, Versions(DEFAULT_ORGANIZATION), cabinet())


def enrolled(house: House, name: str) -> MemberRef:
    ref = MemberRef(None, "card", name)
    made = members.enrol(house.db, house.versions, [ref], attributes={}, enrolled_at=NOW, now=NOW)
    return MemberRef(made.card.member.id)


def race(racers: int, deed: Callable[[int], Any]) -> Counter[str]:
    """How many got what: "won", or the code of their refusal."""
    barrier, ended = Barrier(racers), Counter[str]()
    faults: list[Exception] = []

    def run(place: int) -> None:
        barrier.wait()
        try:
            deed(place)
            ended["won"] += 1
        except RegularsError as refusal:
            ended[refusal.code] += 1
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=run, args=(place,)) for place in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return ended


def proven(house: House) -> None:
    assert verify(house.db, DEFAULT_ORGANIZATION).is_clean


def wanted(place: int, benefit: str = "coffee") -> Wanted:
    return Wanted(benefit=benefit, how="till", key=f"k{place}")


@pytest.mark.parametrize("racers", RACERS)
def test_no_more_is_used_than_is_left(house: House, racers: int) -> None:
    ref = enrolled(house, "1")
    granting.grant(
        house, ref, Gift(benefit="lounge", reason="For the race", uses=3), key="g", by=BY, now=NOW
    )

    ended = race(racers, lambda n: using.use(house, ref, wanted(n, "lounge"), by=BY, now=NOW))

    assert ended == {"won": 3, "limit_reached": racers - 3}
    (one,) = [
        each for each in holding.holdings(house, ref, NOW).items
        if each.held.benefit.id == "lounge"
    ]  # fmt: skip
    assert one.left == 0
    proven(house)


@pytest.mark.parametrize("racers", RACERS)
def test_one_key_uses_once(house: House, racers: int) -> None:
    ref = enrolled(house, "1")
    repeats = Counter[bool]()

    def deed(_place: int) -> None:
        repeats[using.use(house, ref, wanted(0), by=BY, now=NOW).is_repeat] += 1

    assert race(racers, deed) == {"won": racers}
    assert repeats == {False: 1, True: racers - 1}
    proven(house)


@pytest.mark.parametrize("racers", RACERS)
def test_one_code_is_used_once(house: House, racers: int) -> None:
    ref = enrolled(house, "1")
    assert ref.id is not None
    granting.grant(
        house, ref, Gift(benefit="lounge", reason="For the race", uses=100), key="g", by=BY, now=NOW
    )
    code = holding.show_code(house, ref.id, "lounge", grant_id=None, by=BY, now=NOW).text

    ended = race(racers, lambda n: using.use_by_code(house, code, wanted(n, ""), by=BY, now=NOW))

    assert ended == {"won": 1, "benefit_code_invalid": racers - 1}
    proven(house)


@pytest.mark.parametrize("racers", RACERS)
def test_a_use_is_given_back_once(house: House, racers: int) -> None:
    ref = enrolled(house, "1")
    used = using.use(house, ref, wanted(0), by=BY, now=NOW).use.id

    ended = race(racers, lambda n: using.restore(house, used, reason=f"Try {n}", by=BY, now=NOW))

    assert ended == {"won": racers}
    again = race(racers, lambda n: using.use(house, ref, wanted(n + 1), by=BY, now=NOW))
    assert again == {"won": 1, "limit_reached": racers - 1}
    proven(house)


def offered(house: House, places: int, hours: int = 0) -> int:
    start = START + timedelta(hours=hours)
    times = [(start, start + timedelta(hours=1))]
    fresh = NewSlots(benefit="coffee", place="Here", times=times, capacity=places, cancel_minutes=0)
    return timetables.make(house, fresh, None, by=BY, now=NOW).slots[0].slot.id


@pytest.mark.parametrize("racers", RACERS)
def test_no_appointment_has_more_guests_than_places(house: House, racers: int) -> None:
    slot = offered(house, 5)
    refs = [enrolled(house, str(n)) for n in range(racers)]

    ended = race(racers, lambda n: booking.book(house, refs[n], slot, by=BY, now=NOW))

    assert ended == {"won": 5, "limit_reached": racers - 5}
    assert len(timetables.one(house, slot, NOW).booked[slot]) == 5
    proven(house)


def test_those_who_change_places_at_once_lose_none(house: House) -> None:
    here, there = offered(house, 8), offered(house, 8, hours=2)
    refs = [enrolled(house, str(n)) for n in range(16)]
    booked = [
        booking.book(house, ref, here if n % 2 else there, by=BY, now=NOW).booking.id
        for n, ref in enumerate(refs)
    ]

    ended = race(
        16,
        lambda n: booking.move(house, booked[n], there if n % 2 else here, by=BY, now=NOW),
    )

    # Both are full: nobody can go before somebody has come.
    assert ended == {"limit_reached": 16}
    for slot in (here, there):
        assert len(timetables.one(house, slot, NOW).booked[slot]) == 8
    proven(house)


@pytest.mark.parametrize("racers", RACERS)
def test_cancelling_and_calling_off_at_once_give_back_once(house: House, racers: int) -> None:
    slot, ref = offered(house, 2), enrolled(house, "1")
    booked = booking.book(house, ref, slot, by=BY, now=NOW).booking.id

    def deed(place: int) -> None:
        if place % 2:
            booking.cancel(house, booked, by=BY, now=NOW, reason="Cannot come")
        else:
            timetables.close(house, slot, reason="Closed", by=BY, now=NOW)

    assert race(racers, deed) == {"won": racers}
    assert using.use(house, ref, wanted(0), by=BY, now=NOW).left == 0
    proven(house)
