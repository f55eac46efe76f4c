"""Many tills at one counter: each a thread with a lane of its own, all starting together."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from threading import Barrier, Thread
from typing import Any

from tests.adversarial.racing import NOW, buy
from tests.services.histories import EN, published

from regulars.domain.audit import By
from regulars.domain.coupons.templates import Give, TemplateState, Terms
from regulars.domain.errors import RegularsError
from regulars.domain.ids import parse_ref
from regulars.domain.orders.carts import Cart, CartLine, PointsWish
from regulars.domain.orders.marks import digest_of
from regulars.services.intake.taking import Intake
from regulars.services.orders.asking import Done, Opening, Outcome, Work
from regulars.services.orders.taking import Orders
from regulars.storage.coupons import templates
from regulars.storage.database import Database

TILL = By(1, "key:1")
PROGRAM = {
    "regulars": 1,
    "program": "raced",
    "name": EN,
    "time_zone": "Asia/Shanghai",
    "money": "CNY",
    "currencies": {
        "points": {
            "kind": "spendable", "name": EN, "expiry": {"after": "P12M"},
            "cash_value": {"points": 100, "amount": 1.00}, "at_till": {},
        }
    },
    "rules": [
        {
            "id": "base", "name": EN, "on": "purchase",
            "earn": {"currency": "points", "rate": 1, "per": 1.00},
        }
    ],
    "benefits": [
        {
            "id": "ten", "name": EN, "kind": "percentage", "percent": 10,
            "for": {"where": "true"}, "quota": {"uses": 2, "per": "month"},
        }
    ],
}  # fmt: skip


def ready(db: Database, people: int = 1, amount: int = 10_000) -> None:
    """The program in force, and members who have bought for `amount` minor units each."""
    published(db, json.dumps(PROGRAM))
    arrivals = [buy(f"first-{n}", f"card:{n}", amount) for n in range(1, people + 1)]
    outcomes = Intake(db, 1).take_in(arrivals, NOW)
    assert not any(isinstance(one, RegularsError) for one in outcomes)


def coupon(db: Database, word: str, **terms: Any) -> int:
    """A coupon that everybody may use by a word."""
    with db.transaction(1) as tx:
        made = templates.put(
            tx, 1, code=word.lower(), name={"en": word},
            terms=Terms(give=Give.AMOUNT, currency="CNY", amount=500, **terms),
            prefix="", public_code=word, by="staff:1", now=NOW,
        )  # fmt: skip
        templates.move(tx, 1, made.id, TemplateState.ACTIVE, why="", by="staff:1", now=NOW)
    return made.id


def opening(name: str, who: str = "card:1", **more: Any) -> Opening:
    """An order of one line; `codes`, `points` and `amount` say what is on it."""
    points = more.pop("points", None)
    cart = Cart(
        currency="CNY",
        lines=(CartLine(amount=more.pop("amount", 5_000), quantity=more.pop("quantity", 5)),),
        codes=tuple(more.pop("codes", ())),
        points=None if points is None else PointsWish(amount=points),
    )
    digest = digest_of(who, cart)
    return Opening(
        source="till", external_id=name, ref=parse_ref(who), cart=cart, digest=digest, by=TILL,
        **more,
    )  # fmt: skip


def counter(db: Database) -> Orders:
    """A lane of orders."""
    return Orders(db, 1, Intake(db, 1).take_many_within)


def one(lane: Orders, work: Work, now: Any = NOW) -> Outcome:
    """What became of one thing."""
    return lane.take_in([work], now)[0]


def done(lane: Orders, work: Work, now: Any = NOW) -> Done:
    """The same, where nothing is refused."""
    outcome = one(lane, work, now)
    assert isinstance(outcome, Done), (outcome, getattr(outcome, "__cause__", None))
    return outcome


def race(db_url: str, batches: Sequence[tuple[Sequence[Work], Any]]) -> list[list[Outcome]]:
    """Take every batch in by a thread of its own, at the same moment, each with its own clock."""
    outcomes: list[list[Outcome]] = [[] for _ in batches]
    faults: list[Exception] = []
    barrier = Barrier(len(batches))

    def run(db: Database, place: int) -> None:
        try:
            lane = counter(db)
            barrier.wait()
            work, now = batches[place]
            outcomes[place] = lane.take_in(work, now)
        except Exception as fault:
            faults.append(fault)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=run, args=(db, place)) for place in range(len(batches))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults
    return outcomes


def words(outcomes: Sequence[Sequence[Outcome]]) -> Counter[str]:
    """How often each thing happened: a refusal's code, or the state of the order."""
    told: Counter[str] = Counter()
    for batch in outcomes:
        for outcome in batch:
            if isinstance(outcome, RegularsError):
                assert outcome.code != "internal", outcome.__cause__
                told[outcome.code] += 1
            else:
                told["repeated" if outcome.is_repeat else outcome.order.state.value] += 1
    return told
