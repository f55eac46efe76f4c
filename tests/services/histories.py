"""Random histories of three members, taken in by the real engine and by its shadow alike."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.conftest import LONG_AGO
from tests.services.shadow import Refused, Shadow

from regulars.domain.envelopes import Arrival, arrive, read_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.ids import MemberRef
from regulars.domain.operations import (
    Adjustment,
    ConversionOrder,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    Operation,
    PointsTransfer,
    Redemption,
    Review,
    type_of,
)
from regulars.services import points
from regulars.services.intake.batch import Outcome, Receipt
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database
from regulars.storage.programs import Published, Versions, publish

START = datetime(2024, 2, 1, tzinfo=UTC)
EN = {"en": "x"}


def document(spent: str) -> str:
    """The program that the shadow knows by heart."""
    on_purchase = {"name": EN, "on": "purchase"}
    return json.dumps(
        {
            "regulars": 1,
            "program": "shadowed",
            "name": EN,
            "time_zone": "Asia/Shanghai",
            "money": "CNY",
            "currencies": {
                "points": {
                    "kind": "spendable",
                    "name": EN,
                    "expiry": {"after": "P30D"},
                    "transferable": True,
                },
                "coins": {"kind": "spendable", "name": EN, "pending": "P2D"},
                "growth": {"kind": "status", "name": EN},
            },
            "conversions": [{"from": "points", "to": "coins", "take": 10, "give": 3}],
            "rules": [
                {"id": "base", "earn": {"currency": "points", "rate": 100, "per": 1}} | on_purchase,
                {
                    "id": "double",
                    "earn": {"currency": "points", "multiply": 2, "of": ["base"]},
                    "lines": {"categories": ["A"]},
                }
                | on_purchase,
                {"id": "grow", "earn": {"currency": "growth", "rate": 100, "per": 1}} | on_purchase,
                {
                    "id": "visit",
                    "name": EN,
                    "on": "visit",
                    "earn": {"currency": "coins", "points": 5},
                },
            ],
            "tiers": {
                "metrics": {"paid": {"spend": True, "window": "lifetime"}},
                "ladder": [
                    {"id": "member", "name": EN},
                    {"id": "silver", "name": EN, "entry": {"paid": 500}},
                    {"id": "gold", "name": EN, "entry": {"paid": 2000}},
                ],
            },
            "returns": {"spent": spent},
        }
    )


def published(db: Database, text: str) -> None:
    with db.transaction(1) as tx:
        publish(tx, 1, Published(1, text, LONG_AGO, LONG_AGO, ""))


Basket = list[tuple[int, int, str]]
baskets: st.SearchStrategy[Basket] = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 3), st.sampled_from("AB")), min_size=1, max_size=3
)
who = st.integers(0, 2)
amounts = st.integers(1, 400)
which = st.integers(0, 20)
late = st.integers(0, 24 * 20)

steps = st.one_of(
    st.tuples(st.just("buy"), who, baskets, late),
    st.tuples(st.just("buy"), who, baskets, st.just(0)),
    st.tuples(st.just("visit"), who, late),
    st.tuples(st.just("return"), which, st.integers(1, 3), late),
    st.tuples(st.just("return early"), who, baskets, st.integers(1, 3)),
    st.tuples(st.just("redeem"), who, amounts, st.sampled_from(["points", "coins"])),
    st.tuples(st.just("adjust"), who, st.integers(-300, 300).filter(bool)),
    st.tuples(st.just("hold"), who, amounts, st.integers(1, 24 * 12)),
    st.tuples(st.just("capture"), which, amounts),
    st.tuples(st.just("release"), which),
    st.tuples(st.just("transfer"), who, who, amounts),
    st.tuples(st.just("convert"), who, st.sampled_from([10, 30, 70, 15])),
    st.tuples(st.just("look"), who),
    st.tuples(st.just("again"), which),
)
histories = st.lists(st.tuples(steps, st.integers(0, 72), st.booleans()), min_size=14, max_size=40)
"""(step, hours since the last, whether the batch ends here)"""


@dataclass
class Bought:
    name: str
    owner: int
    lines: Basket
    at: datetime
    returned: dict[int, int] = field(default_factory=dict)
    is_known: bool = False
    waiting: list[tuple[int, int]] = field(default_factory=list)


class Both:
    """Sends every step to the engine in batches, and to the shadow at once."""

    def __init__(self, db: Database, prefix: str, spent: str) -> None:
        self.db = db
        self.intake = Intake(db, 1)
        self.prefix = prefix
        self.shadows = [Shadow(f"{prefix}{n}", spent) for n in range(3)]
        self.now = START
        self.batch: list[tuple[Arrival, str]] = []
        self.done: list[tuple[Arrival, Outcome]] = []
        self.bought: list[Bought] = []
        self.to_come: list[tuple[int, Bought]] = []
        self.holds: list[tuple[int, int]] = []
        self._opening: list[tuple[int, int, int, datetime, int]] = []
        self.count = 0

    # Sending.

    def name(self) -> str:
        self.count += 1
        return f"{self.prefix}-{self.count}"

    def event(self, owner: int, type_: str, at: datetime, data: Any, name: str) -> Arrival:
        sent = {
            "id": name,
            "source": "till",
            "type": type_,
            "subject": f"card:{self.prefix}{owner}",
            "time": at.isoformat(),
            "data": data,
        }
        return read_event(json.dumps(sent).encode(), self.now)

    def operation(self, owner: int, data: Operation) -> Arrival:
        subject = f"card:{self.prefix}{owner}"
        kind = type_of[type(data)]
        return arrive(Event(self.name(), "regulars.test", kind, subject, self.now, self.now, data))

    def send(self, arrival: Arrival, expected: str) -> None:
        self.batch.append((arrival, expected))

    def flush(self) -> None:
        """Take the batch in: the answers are those that the shadow gave."""
        if not self.batch:
            return
        outcomes = self.intake.take_in([arrival for arrival, _ in self.batch], self.now)
        for (arrival, expected), outcome in zip(self.batch, outcomes, strict=True):
            if isinstance(outcome, RegularsError):
                assert outcome.code == expected, (arrival.event, outcome, outcome.__cause__)
            else:
                assert expected in {"", outcome.status}, (arrival.event, outcome)
            self.done.append((arrival, outcome))
            if arrival.event.type == "regulars.hold" and not isinstance(outcome, RegularsError):
                owner = int(arrival.event.subject[-1])
                number = outcome.explanation.hold
                shadow = self.shadows[owner]
                if -self._pending_hold(arrival) in shadow.holds:
                    shadow.holds[number] = shadow.holds.pop(-self._pending_hold(arrival))
                self.holds.append((owner, number))
        self.batch = []

    def _pending_hold(self, arrival: Arrival) -> int:
        return int(arrival.event.id.rpartition("-")[2])

    # Steps.

    def take(self, step: tuple[Any, ...], hours: int, *, ends_batch: bool) -> None:
        self.now += timedelta(hours=hours)
        for left, purchase in [one for one in self.to_come if one[0] == 0]:
            self.to_come.remove((left, purchase))
            self._buy(purchase)
        self.to_come = [(left - 1, purchase) for left, purchase in self.to_come]
        getattr(self, "_" + step[0].replace(" ", "_"))(*step[1:])
        if ends_batch or len(self.batch) > 8:
            self.flush()

    def finish(self) -> None:
        """Send what was held back, and the last batch."""
        for _, purchase in self.to_come:
            self._buy(purchase)
        self.to_come = []
        self.flush()

    def _operate(self, owner: int, data: Operation, act: Any) -> None:
        shadow = self.shadows[owner]
        if shadow.clock is None:
            return  # Not a member yet.
        arrival = self.operation(owner, data)
        before = deepcopy(shadow)
        try:
            shadow.pass_until(self.now)
            act(shadow)
        except Refused as refusal:
            # No trace, not even of points that lapsed: an earlier event may still find them.
            vars(shadow).update(vars(before))
            self.send(arrival, str(refusal))
        else:
            shadow.tick(self.now)
            self.send(arrival, "")

    def _buy_(self, owner: int, lines: Basket, hours: int) -> None:
        self._buy(Bought(self.name(), owner, lines, self.now - timedelta(hours=hours)))

    def _buy(self, purchase: Any, lines: Any = None, hours: int = 0) -> None:
        if not isinstance(purchase, Bought):
            self._buy_(purchase, lines, hours)
            return
        data = {
            "currency": "CNY",
            "lines": [
                {"amount": amount, "quantity": quantity, "category": category}
                for amount, quantity, category in purchase.lines
            ],
        }
        arrival = self.event(purchase.owner, "purchase", purchase.at, data, purchase.name)
        self.send(arrival, "decided")
        self.shadows[purchase.owner].buy(purchase.name, purchase.lines, purchase.at)
        purchase.is_known = True
        if purchase not in self.bought:
            self.bought.append(purchase)
        for place, quantity in purchase.waiting:
            self._bring_back(purchase, place, quantity, purchase.at)

    def _bring_back(self, purchase: Bought, place: int, quantity: int, at: datetime) -> str:
        before = dict(purchase.returned)
        if before.get(place, 0) + quantity > purchase.lines[place][1]:
            return "already_returned"
        purchase.returned[place] = before.get(place, 0) + quantity
        shadow = self.shadows[purchase.owner]
        at = max(at, purchase.at)
        shadow.give_back(purchase.name, purchase.lines, before, purchase.returned, at)
        return "decided"

    def _visit(self, owner: int, hours: int) -> None:
        at = self.now - timedelta(hours=hours)
        self.send(self.event(owner, "visit", at, {}, self.name()), "decided")
        self.shadows[owner].tick(at)
        self.shadows[owner].bring("coins", 5, at)

    def _returned(self, purchase: Bought, place: int, quantity: int, at: datetime) -> Arrival:
        data = {"purchase_id": purchase.name, "lines": [{"line": place, "quantity": quantity}]}
        return self.event(purchase.owner, "return", at, data, self.name())

    def _return(self, number: int, quantity: int, hours: int) -> None:
        if not self.bought:
            return
        purchase = self.bought[number % len(self.bought)]
        place = number % len(purchase.lines)
        at = self.now - timedelta(hours=hours)
        arrival = self._returned(purchase, place, quantity, at)
        self.send(arrival, self._bring_back(purchase, place, quantity, at))

    def _return_early(self, owner: int, lines: Basket, delay: int) -> None:
        purchase = Bought(self.name(), owner, lines, self.now - timedelta(hours=delay))
        arrival = self._returned(purchase, 0, 1, purchase.at)
        self.send(arrival, "waiting")
        purchase.waiting.append((0, 1))
        self.to_come.append((delay, purchase))

    def _redeem(self, owner: int, amount: int, currency: str) -> None:
        data = Redemption(currency=currency, amount=amount)
        self._operate(owner, data, lambda one: one.take(currency, amount, self.now))

    def _adjust(self, owner: int, amount: int) -> None:
        def act(shadow: Shadow) -> None:
            if amount < 0:
                shadow.take("points", -amount, self.now)
            else:
                shadow.bring("points", amount, self.now, start=self.now)

        data = Adjustment(currency="points", amount=amount, reason="because")
        self._operate(owner, data, act)

    def _hold(self, owner: int, amount: int, hours: int) -> None:
        seconds = hours * 3600
        data = HoldOpening(currency="points", amount=amount, seconds=seconds)
        # Until the engine has told its number, the shadow knows the hold by its event.
        number = -(self.count + 1)
        self._operate(
            owner, data, lambda one: one.hold(number, "points", amount, self.now, seconds)
        )

    def _capture(self, number: int, amount: int) -> None:
        self._end(number, amount, lambda hold: HoldCapture(hold=hold, amount=amount))

    def _release(self, number: int) -> None:
        self._end(number, 0, lambda hold: HoldRelease(hold=hold))

    def _end(self, number: int, amount: int, make: Any) -> None:
        self.flush()
        if self.holds:
            owner, hold = self.holds[number % len(self.holds)]
            self._operate(owner, make(hold), lambda one: one.end_hold(hold, self.now, amount))

    def _transfer(self, owner: int, other: int, amount: int) -> None:
        recipient = self.shadows[other]
        if recipient.clock is None or owner == other:
            return

        def act(shadow: Shadow) -> None:
            for lot, part in shadow.take("points", amount, self.now):
                recipient.pass_until(self.now)
                recipient.bring("points", part, self.now, start=self.now, until=lot["until"])

        to = f"card:{self.prefix}{other}"
        self._operate(owner, PointsTransfer(to=to, currency="points", amount=amount), act)

    def _convert(self, owner: int, amount: int) -> None:
        def act(shadow: Shadow) -> None:
            if amount % 10:
                raise Refused("invalid_input")
            shadow.take("points", amount, self.now)
            shadow.bring("coins", amount // 10 * 3, self.now, start=self.now)

        data = ConversionOrder(source="points", target="coins", amount=amount)
        self._operate(owner, data, act)

    def _look(self, owner: int) -> None:
        self._operate(owner, Review(), lambda _one: None)

    def _again(self, number: int) -> None:
        """Something is sent again: the answer is the first one."""
        self.flush()
        # What was refused was not recorded, and might go through by now: that is no retry.
        known = [(arrival, first) for arrival, first in self.done if isinstance(first, Receipt)]
        if known:
            arrival, first = known[number % len(known)]
            (second,) = self.intake.take_in([arrival], self.now)
            assert isinstance(second, Receipt)
            assert second.is_repeat
            assert second.event_id == first.event_id
            if first.status == second.status:
                assert second.explanation == first.explanation

    # Seeing.

    def compare(self, versions: Versions) -> None:
        """Balances now and at instants to come, lots, and tiers are the same."""
        for owner, shadow in enumerate(self.shadows):
            if shadow.clock is None:
                continue
            ref = MemberRef(None, "card", f"{self.prefix}{owner}")
            for days in (0, 1, 10, 45):
                at = self.now + timedelta(days=days)
                purse = points.purse(self.db, versions, ref, at=at, now=self.now)
                seen = {
                    one.currency: (
                        one.balance.available,
                        one.balance.pending,
                        one.balance.held,
                        one.balance.owed,
                    )
                    for one in purse.currencies
                }
                assert seen == shadow.seen(at), (owner, days)
            self._compare_past(versions, ref)

    def _compare_past(self, versions: Versions, ref: MemberRef) -> None:
        at = self.now
        while at > START - timedelta(days=25):
            at -= timedelta(hours=131)
            purse = points.purse(self.db, versions, ref, at=at, now=self.now)
            for one in purse.currencies:
                assert min(one.balance.pending, one.balance.held) >= 0
                assert one.balance.available >= 0 or self.shadows[0].spent_policy == "negative"
                assert one.balance.owed >= 0
