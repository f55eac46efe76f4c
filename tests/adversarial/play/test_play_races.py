"""Many at once at the last prize, at one member's last turn, and at one day's check-in."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import NOW, codes, race, sent
from tests.conftest import cabinet

from regulars.domain.audit import By
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import RegularsError
from regulars.domain.events import CheckIn, Event
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.operations import Adjustment, StreakMakeUp, type_of
from regulars.domain.periods import EPOCH_DAY
from regulars.domain.play.draws import DrawPrice, DrawState, DrawTerms, Prize, PrizeKind, TurnLimit
from regulars.services import programs
from regulars.services.intake.taking import Intake
from regulars.services.play import draws, turning
from regulars.services.play.seeds import Seeds
from regulars.services.play.turning import Turned, Wish
from regulars.services.verification.verifying import verify
from regulars.storage import balances
from regulars.storage.database import Database
from regulars.storage.programs import Versions

PROGRAM = """
regulars: 1
program: arcade
name: {en: Arcade, zh-CN: 游乐场}
time_zone: Asia/Shanghai
money: CNY
currencies:
  points: {kind: spendable, name: {en: Points, zh-CN: 积分}}
rules:
  - id: base
    on: purchase
    earn: {currency: points, points: 1}
  - id: pair
    on: purchase
    earn: {currency: points, points: 40}
    challenge: {times: 2, per: week}
  - id: days
    on: check_in
    earn: {currency: points, points: 7}
    streak: {days: 2, make_up: {days: 1, per: month, price: 5}}
"""

BY = By(1, "staff:1")
BEGUN = NOW - timedelta(hours=1)
RACERS = pytest.mark.parametrize("racers", [8, 64])


@pytest.fixture
def arcade(db: Database) -> Database:
    programs.publish(db, 1, PROGRAM, in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=BEGUN)
    return db


def _members(db: Database, count: int, points: int = 100) -> list[int]:
    """So many members with points; their numbers."""
    intake = Intake(db, 1)
    made = intake.take_in([sent(f"p{n}", "purchase", f"card:{n}", {"currency": "CNY", "total": 1})
                           for n in range(count)], NOW)  # fmt: skip
    numbers = [one.member_id for one in made if not isinstance(one, RegularsError)]
    given = [
        _operate(number, f"adj{number}", Adjustment(currency="points", amount=points, reason="now"))
        for number in numbers
    ]
    assert codes([intake.take_in(given, NOW)]) == Counter(decided=count)
    return numbers


def _operate(number: int, name: str, data: Adjustment | StreakMakeUp) -> Arrival:
    ref = write_ref(MemberRef(number))
    return arrive(Event(name, "regulars.test", type_of[type(data)], ref, NOW, NOW, data))


def _house(db: Database) -> turning.House:
    return turning.House(db, Versions(1), Seeds(cabinet(), 1), Intake(db, 1).take_within)


def _draw(db: Database, terms: DrawTerms) -> int:
    house = draws.House(db, Versions(1), Seeds(cabinet(), 1))
    span = (BEGUN, NOW + timedelta(days=1))
    looked, _ = draws.create(house, terms, span, by=BY, key="k", now=BEGUN)
    draws.move(house, looked.draw.id, DrawState.ACTIVE, mark=None, by=BY, now=BEGUN)
    return looked.draw.id


def _together(db_url: str, wishes: list[Wish]) -> list[Turned | RegularsError]:
    """Every wish by a thread of its own, at the same moment."""
    outcomes: list[Turned | RegularsError | None] = [None] * len(wishes)
    barrier = Barrier(len(wishes))
    with closing(Database(db_url, pool_size=16)) as db:

        def run(place: int) -> None:
            house = _house(db)
            barrier.wait()
            try:
                outcomes[place] = turning.take_turn(house, wishes[place], NOW)
            except RegularsError as refusal:
                outcomes[place] = refusal

        threads = [Thread(target=run, args=(place,)) for place in range(len(wishes))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [one for one in outcomes if one is not None]


def _points(db: Database, number: int) -> int:
    with db.transaction(1) as tx:
        return balances.accounts(tx, 1, number)["points"][0]


def _prize(**more: object) -> Prize:
    return Prize(**({"code": "prize", "name": {"en": "x"}, "weight": 1} | more))  # type: ignore[arg-type]


def _sound(db: Database) -> None:
    report = verify(db, 1)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]


@RACERS
def test_of_all_who_roll_the_last_prize_one_gets_it_and_the_others_what_was_promised(
    arcade: Database, db_url: str, racers: int
) -> None:
    numbers = _members(arcade, racers)
    terms = DrawTerms(
        name={"en": "x"},
        price=DrawPrice("points", 10),
        out_of=1,
        prizes=[_prize(kind=PrizeKind.POINTS, currency="points", amount=500, stock=1)],
    )
    draw = _draw(arcade, terms)
    outcomes = _together(db_url, [Wish(draw, n, "00ff00ff", "k") for n in numbers])
    prizes = Counter(one.turn.prize for one in outcomes if isinstance(one, Turned))
    assert prizes == {"prize": 1, "nothing": racers - 1}
    assert sorted(_points(arcade, n) for n in numbers) == [91] * (racers - 1) + [591]
    after = draws.check(
        draws.House(arcade, Versions(1), Seeds(cabinet(), 1)), draw, NOW + timedelta(days=2)
    )
    assert (after.turns, after.faults) == (racers, ())
    _sound(arcade)


@RACERS
def test_one_member_has_one_turn_however_many_are_asked_for_at_once(
    arcade: Database, db_url: str, racers: int
) -> None:
    (number,) = _members(arcade, 1)
    terms = DrawTerms(
        name={"en": "x"},
        price=DrawPrice("points", 10),
        limits=[TurnLimit(1)],
        out_of=1,
        prizes=[_prize(kind=PrizeKind.NOTHING)],
    )
    draw = _draw(arcade, terms)
    wishes = [Wish(draw, number, "00ff00ff", f"k{n}") for n in range(racers)]
    refused = Counter(
        one.code for one in _together(db_url, wishes) if isinstance(one, RegularsError)
    )
    assert refused == {"limit_reached": racers - 1}
    assert _points(arcade, number) == 91
    _sound(arcade)


@RACERS
def test_the_same_request_sent_at_once_is_one_turn_for_all(
    arcade: Database, db_url: str, racers: int
) -> None:
    (number,) = _members(arcade, 1)
    terms = DrawTerms(
        name={"en": "x"},
        price=DrawPrice("points", 10),
        out_of=1,
        prizes=[_prize(kind=PrizeKind.NOTHING)],
    )
    draw = _draw(arcade, terms)
    outcomes = _together(db_url, [Wish(draw, number, "00ff00ff", "same")] * racers)
    taken = [one for one in outcomes if isinstance(one, Turned)]
    assert len(taken) == racers
    assert len({one.turn.id for one in taken}) == 1
    assert [one.is_repeat for one in taken].count(False) == 1
    assert _points(arcade, number) == 91


@RACERS
def test_check_ins_of_one_day_and_make_ups_count_once(
    arcade: Database, db_url: str, racers: int
) -> None:
    (number,) = _members(arcade, 1)
    ref, today = write_ref(MemberRef(number)), NOW.date().toordinal() - EPOCH_DAY

    def check_in(name: str) -> Arrival:
        return arrive(Event(name, "regulars.check_in", "check_in", ref, NOW, NOW, CheckIn()))

    def make_up(name: str) -> Arrival:
        return _operate(number, name, StreakMakeUp(rule="days", day=today - 1))

    makers: list[Callable[[str], Arrival]] = [check_in, make_up]
    with arcade.transaction(1) as tx:
        tx.execute("update member set enrolled_at = enrolled_at - interval '9 days'")
    batches = [[makers[n % 2](f"c{n}")] for n in range(racers)]
    found = codes(race(db_url, batches))
    assert found["decided"] == racers // 2 + 1
    assert sum(found.values()) == racers
    assert _points(arcade, number) == 101 - 5 + 7
    _sound(arcade)
