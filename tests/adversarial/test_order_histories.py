"""Orders in any sequence: what is undone in the end leaves every balance, quota and coupon as it
was, and nothing is ever below zero on the way."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adversarial.ordering import TILL, counter, coupon, one, opening, ready
from tests.adversarial.racing import NOW, buy, proven

from regulars.domain.orders.states import BOUGHT, OrderState
from regulars.services.intake.taking import Intake
from regulars.services.orders.asking import Cancelling, Confirming, Done, Returning, Work
from regulars.services.orders.taking import Orders
from regulars.storage.database import Database

examples = count(1)
Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["open", "open", "confirm", "return", "cancel", "wait"]),
        st.integers(0, 1),
        st.integers(0, 9),
    ),
    min_size=5,
    max_size=12,
)


class Shop:
    """One member with three orders under way; time goes on by a second a step."""

    def __init__(self, db: Database, word: str, who: str) -> None:
        self.db = db
        self.word = word
        self.who = who
        self.lane: Orders = counter(db)
        self.now = NOW
        self.known: dict[int, Done] = {}
        self.returns = count(1)

    def ask(self, work: Work) -> Done | None:
        self.now += timedelta(seconds=1)
        outcome = one(self.lane, work, self.now)
        if isinstance(outcome, Done):
            assert outcome.quote.to_pay >= 0
            assert min(line.net for line in outcome.quote.lines) >= 0
            return outcome
        assert outcome.code != "internal", outcome.__cause__
        return None

    def step(self, what: str, order: int, how: int) -> None:
        before = self.known.get(order)
        if what == "wait":
            self.now += timedelta(minutes=16 * (how % 2))
        elif what == "open":
            codes = [self.word] if how % 2 else []
            asked = opening(
                f"{self.who}-{order}", self.who, codes=codes, points=how * 7 or None,
                amount=(how % 4) * 3_333, quantity=3,
            )  # fmt: skip
            self.known[order] = self.ask(asked) or self.known.get(order)  # type: ignore[assignment]
        elif before is not None:
            number = before.order.id
            if what == "confirm":
                self.ask(Confirming(number=number, by=TILL))
            elif what == "cancel":
                self.ask(Cancelling(number=number, by=TILL))
            else:
                lines = () if how > 7 else ((0, 1 + how % 2),)
                name = f"r{next(self.returns)}"
                self.ask(Returning(number=number, external_id=name, lines=lines, by=TILL))

    def undo(self) -> None:
        """Take everything back."""
        for order in self.known.values():
            if order is None:
                continue
            state = state_of(self.db, order.order.id)
            number = order.order.id
            if state in BOUGHT:
                assert self.ask(Returning(number=number, external_id="all", lines=(), by=TILL))
            elif state in {OrderState.OPEN, OrderState.TIMED_OUT}:
                assert self.ask(Cancelling(number=number, by=TILL))


def state_of(db: Database, number: int) -> OrderState:
    with db.transaction(1) as tx:
        row = tx.execute("select state from customer_order where id = %s", [number]).fetchone()
    assert row is not None
    return OrderState(row[0])


def taken(db: Database, now: datetime, template: int, who: str) -> list[tuple[str, int, int]]:
    """Limits of the coupon and the member: what of them is used, and reserved at `now`."""
    with db.transaction(1) as tx:
        return tx.execute(
            """
            select quota.kind, used, (select coalesce(sum(amount), 0)::bigint from reservation
                where quota_id = quota.id and state = 'open' and expires_at > %s)
            from quota
            where (kind = 'template' and subject = %s)
                or quota.member_id = (select member_id from identity where external_id = %s)
            """,
            [now, str(template), who.partition(":")[2]],
        ).fetchall()  # type: ignore[return-value]


def points(db: Database, who: str) -> tuple[int, int]:
    """(on the account, held open)."""
    with db.transaction(1) as tx:
        row = tx.execute(
            """
            select balance, (select coalesce(sum(amount), 0)::bigint from hold
                where hold.member_id = account.member_id and state = 'open')
            from account where member_id = (select member_id from identity where external_id = %s)
            """,
            [who.partition(":")[2]],
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


@pytest.fixture
def shop(db: Database) -> Database:
    ready(db)
    return db


def undone(shop: Database, history: list[Step]) -> None:
    number = next(examples)
    who, word = f"card:h{number}", f"WORD{number}"
    template = coupon(shop, word, total=2, per_member=2)
    Intake(shop, 1).take_in([buy(f"h{number}", who, 20_000)], NOW)
    before = points(shop, who)
    till = Shop(shop, word, who)
    for step in history:
        till.step(*step)
    till.undo()
    till.now += timedelta(minutes=20)
    Intake(shop, 1).take_in([buy(f"nothing{number}", who, 0)], till.now)
    left = taken(shop, till.now, template, who)
    assert all((used, reserved) == (0, 0) for _, used, reserved in left), left
    assert points(shop, who)[0] == before[0]


def test_what_is_undone_leaves_nothing_behind(shop: Database) -> None:
    @settings(max_examples=25, deadline=None)
    @given(steps)
    def every(history: list[Step]) -> None:
        undone(shop, history)

    every()
    proven(shop)
