"""Many reach for the same coupon at once: as many get it as may, the others are told so."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import NOW, proven

from regulars.domain.audit import By
from regulars.domain.coupons.codes import code_of
from regulars.domain.coupons.refusals import CouponTaken
from regulars.domain.coupons.templates import ClaimTerms, Give, Template, TemplateState, Terms
from regulars.domain.errors import RegularsError
from regulars.domain.ids import MemberRef
from regulars.domain.orders.carts import Cart, CartLine
from regulars.services import programs
from regulars.services.coupons import claiming, giving, issuing, templates, using
from regulars.services.coupons.house import House
from regulars.services.coupons.templates import Wish
from regulars.services.coupons.using import Wish as Use
from regulars.storage.coupons import issuing as rows
from regulars.storage.coupons.issuing import Issue
from regulars.storage.database import Database
from regulars.storage.programs import Versions

RACERS = pytest.mark.parametrize("racers", [8, 64])
PROGRAM = """
regulars: 1
program: corner
name: {en: Corner Shop}
time_zone: Asia/Shanghai
money: CNY
members: {unknown: enroll}
currencies:
  points: {kind: spendable, name: {en: Points}}
rules:
  - id: base
    name: {en: One point a yuan}
    on: purchase
    earn: {currency: points, rate: 1, per: 1.00}
"""
BY = By(1, "staff:1")


def house(db: Database) -> House:
    return House(db, Versions(1))


def begun(db: Database, count: int) -> list[int]:
    """A program in force, and so many members."""
    programs.publish(db, 1, PROGRAM, in_force_from=NOW - timedelta(days=9), now=NOW)
    with db.transaction(1) as tx:
        found = tx.execute(
            "insert into member (organization_id, enrolled_at) "
            "select 1, now() from generate_series(1, %s) returning id",
            [count],
        )
        return [number for (number,) in found]


def template(db: Database, **more: object) -> Template:
    terms = Terms(give=Give.AMOUNT, currency="CNY", amount=1_000, **more)  # type: ignore[arg-type]
    wish = Wish({"en": "Ten off"}, terms, public_code="SPRING")
    made = templates.create(house(db), "ten", wish, by=BY, now=NOW)
    return templates.move(house(db), made.id, TemplateState.ACTIVE, why="", by=BY, now=NOW)


def raced(db_url: str, deeds: Sequence[Callable[[House], object]]) -> Counter[str]:
    """Do all at the same moment: how often each thing happened, "done" or a refusal's code."""
    found: list[str] = []
    faults: list[Exception] = []
    barrier = Barrier(len(deeds))

    def run(db: Database, deed: Callable[[House], object]) -> None:
        try:
            barrier.wait()
            deed(house(db))
            found.append("done")
        except RegularsError as refusal:
            found.append(refusal.code)
        except Exception as fault:
            faults.append(fault)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=run, args=(db, deed)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults
    return Counter(found)


def use(who: int, code: str, key: str, seconds: int | None = None) -> Callable[[House], object]:
    cart = Cart(currency="CNY", lines=(CartLine(amount=5_000),), codes=(code,))
    wish = Use(member=MemberRef(who), cart=cart, seconds=seconds)
    return lambda at: using.use(at, wish, caller="key:1", key=key, now=NOW)


@RACERS
def test_a_code_of_one_use_is_used_once(db: Database, db_url: str, racers: int) -> None:
    numbers = begun(db, racers)
    made = template(db)
    code = code_of("", 7)
    one = Issue(
        template_id=made.id, code=code, member_id=None, source="batch", issued_at=NOW, by="staff:1"
    )
    with db.transaction(1) as tx:
        rows.issue(tx, 1, [one])
    deeds = [use(who, code, f"k{who}", seconds=900) for who in numbers]
    told = raced(db_url, deeds)
    print(f"one code, {racers} racers: {dict(told)}")  # noqa: T201  # told with -s
    assert told == {"done": 1, "limit_reached": racers - 1}
    proven(db)


@RACERS
def test_a_total_is_never_passed(db: Database, db_url: str, racers: int) -> None:
    numbers = begun(db, racers)
    template(db, total=3)
    told = raced(db_url, [use(who, "SPRING", f"k{who}") for who in numbers])
    assert told == {"done": 3, "limit_reached": racers - 3}
    proven(db)


@RACERS
def test_one_member_uses_a_word_as_often_as_each_may(
    db: Database, db_url: str, racers: int
) -> None:
    (who,) = begun(db, 1)
    template(db, per_member=2)
    told = raced(db_url, [use(who, "SPRING", f"k{place}") for place in range(racers)])
    assert told == {"done": 2, "limit_reached": racers - 2}
    proven(db)


@RACERS
def test_the_claim_centre_gives_out_what_there_is(db: Database, db_url: str, racers: int) -> None:
    numbers = begun(db, racers)
    made = template(db, claim=ClaimTerms(total=5))

    def deed(who: int) -> Callable[[House], object]:
        return lambda at: claiming.claim(at, made.id, who, key="k", now=NOW)

    told = raced(db_url, [deed(who) for who in numbers])
    assert told == {"done": 5, "limit_reached": racers - 5}
    proven(db)


@RACERS
def test_one_tap_or_many_claim_one_coupon(db: Database, db_url: str, racers: int) -> None:
    (who,) = begun(db, 1)
    made = template(db, claim=ClaimTerms())
    same = [lambda at: claiming.claim(at, made.id, who, key="k", now=NOW)] * racers
    assert raced(db_url, same) == {"done": racers}
    others: list[Callable[[House], object]] = [
        lambda at, key=str(place): claiming.claim(at, made.id, who, key=key, now=NOW)
        for place in range(racers)
    ]
    assert raced(db_url, others) == {"limit_reached": racers}
    with db.transaction(1) as tx:
        assert tx.execute("select count(*) from coupon").fetchone() == (1,)
    proven(db)


@RACERS
def test_a_gift_is_accepted_by_one_friend(db: Database, db_url: str, racers: int) -> None:
    giver, *friends = begun(db, racers + 1)
    made = template(db, is_giftable=True)
    (given,) = issuing.give(house(db), made.id, [MemberRef(giver)], key="k", by=BY, now=NOW)
    assert given.coupon is not None
    code = giving.offer(house(db), given.coupon.id, giver, NOW).code

    def deed(who: int) -> Callable[[House], object]:
        return lambda at: giving.accept(at, code, who, NOW)

    told = raced(db_url, [deed(who) for who in friends])
    assert told == {"done": 1, "coupon_gift_refused": racers - 1}


@RACERS
def test_a_code_that_many_type_is_taken_by_one(db: Database, db_url: str, racers: int) -> None:
    numbers = begun(db, racers)
    made, code = template(db), code_of("", 9)
    one = Issue(
        template_id=made.id, code=code, member_id=None, source="batch", issued_at=NOW, by="staff:1"
    )
    with db.transaction(1) as tx:
        rows.issue(tx, 1, [one])

    def deed(who: int) -> Callable[[House], object]:
        return lambda at: claiming.enter(at, code, who, now=NOW)

    told = raced(db_url, [deed(who) for who in numbers])
    assert told == {"done": 1, CouponTaken.code: racers - 1}


@RACERS
def test_rolled_back_by_many_it_is_given_back_once(db: Database, db_url: str, racers: int) -> None:
    (who,) = begun(db, 1)
    template(db, total=1)
    made, _ = use(who, "SPRING", "k")(house(db))  # type: ignore[misc]
    deed = lambda at: using.roll_back(at, made.id, why="", now=NOW)  # noqa: E731
    assert raced(db_url, [deed] * racers) == {"done": racers}
    with db.transaction(1) as tx:
        left = tx.execute("select distinct used, reserved from quota").fetchall()
    assert left == [(0, 0)]
    proven(db)


def test_redeeming_in_the_instant_of_the_time_out_gives_it_to_one(
    db: Database, db_url: str
) -> None:
    first, second = begun(db, 2)
    template(db, total=1)
    held, _ = use(first, "SPRING", "k", seconds=10)(house(db))  # type: ignore[misc]
    later = NOW + timedelta(seconds=10)
    cart = Cart(currency="CNY", lines=(CartLine(amount=5_000),), codes=("SPRING",))
    wish = Use(member=MemberRef(second), cart=cart)
    told = raced(
        db_url,
        [
            lambda at: using.redeem(at, held.id, later - timedelta(milliseconds=1)),
            lambda at: using.use(at, wish, caller="key:1", key="x", now=later),
        ],
    )
    assert told["done"] == 1
    assert told.keys() <= {"done", "limit_reached", "reservation_lost"}
    proven(db)
