"""Builders for tests of the engine: small programs, events, and one member's life in memory."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy, deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Points, Rate, Rounding
from regulars.domain.decisions import World, advance, decide
from regulars.domain.events import Event, Line, Purchase, Return, ReturnedLine, Visit
from regulars.domain.explanations import Explanation
from regulars.domain.ledger import Account, Balance, Book, Lot, LotUse, Transfer, balance_at
from regulars.domain.members import Member, State
from regulars.domain.operations import Operation, type_of
from regulars.domain.periods import Duration
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.model import (
    Cap,
    CapPer,
    Currency,
    CurrencyKind,
    Earn,
    EarnKind,
    Expiry,
    ExpiryKind,
    Ladder,
    Metric,
    MetricSource,
    Program,
    ReturnPolicy,
    Rule,
    Tier,
    WhenSpent,
    WindowKind,
)
from regulars.domain.programs.pieces import Condition, LineScope
from regulars.domain.reversals import Bought

SHANGHAI = ZoneInfo("Asia/Shanghai")
EN = {"en": "x"}
MEMBER_SIDE = {Account.PENDING, Account.AVAILABLE, Account.HELD}


def at(text: str) -> datetime:
    """An instant: "2026-03-01", "2026-03-01T10:30"; UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


END_OF_TIME = at("9000-01-01")
NOON = at("2024-03-04T04:00")
"""Monday, noon in Shanghai."""


def span(text: str) -> Duration:
    return Duration.parse(text)


def never() -> Expiry:
    return Expiry(ExpiryKind.NEVER)


def after(text: str) -> Expiry:
    return Expiry(ExpiryKind.AFTER, span(text))


def inactive(text: str) -> Expiry:
    return Expiry(ExpiryKind.INACTIVE, span(text))


def points(code: str = "points", **policy: Any) -> Currency:
    return Currency(code, CurrencyKind.SPENDABLE, EN, **policy)


def status(code: str = "growth") -> Currency:
    return Currency(code, CurrencyKind.STATUS, EN)


def rate_rule(rule_id: str = "base", rate: str = "1", **more: Any) -> Rule:
    """`rate` points for every minor unit."""
    earn = Earn(
        more.pop("currency", "points"),
        EarnKind.RATE,
        rate=Rate.parse(rate),
        rounding=more.pop("rounding", Rounding.DOWN),
    )
    return Rule(rule_id, EN, more.pop("on", frozenset({"purchase"})), earn, **more)


def fixed_rule(rule_id: str, amount: int, **more: Any) -> Rule:
    earn = Earn(more.pop("currency", "points"), EarnKind.FIXED, points=Points(amount))
    return Rule(rule_id, EN, more.pop("on", frozenset({"purchase"})), earn, **more)


def multiplier(rule_id: str, factor: str, *, of: Iterable[str] = (), **more: Any) -> Rule:
    earn = Earn(
        more.pop("currency", "points"),
        EarnKind.MULTIPLY,
        rate=Rate.parse(factor),
        of=frozenset(of),
        rounding=more.pop("rounding", Rounding.DOWN),
    )
    return Rule(rule_id, EN, more.pop("on", frozenset({"purchase"})), earn, **more)


def cap(per: str, amount: int | None = None, times: int | None = None) -> Cap:
    return Cap(CapPer(per), amount, times)


def categories(*names: str, **more: Any) -> LineScope:
    return LineScope(categories=frozenset(names), **more)


def condition(test: Callable[..., bool]) -> Condition:
    """A condition from a function of (event, member, order, line, now)."""
    return Condition("tested", test)


def program(*rules: Rule, **parts: Any) -> Program:
    """A program in yuan and Shanghai time with the currency `points`, unless told otherwise."""
    given = parts.pop("currencies", (points(),))
    spent = parts.pop("spent", WhenSpent.NEGATIVE)
    keep_tier = parts.pop("keep_tier", False)
    return Program(
        code="test",
        name=EN,
        zone=parts.pop("zone", SHANGHAI),
        money="CNY",
        currencies={known.code: known for known in given},
        rules=rules or (rate_rule(),),
        returns=ReturnPolicy(spent, keep_tier),
        **parts,
    )


def metric(code: str = "spend", window: str = "calendar_year", **more: Any) -> Metric:
    back = more.pop("span", None)
    return Metric(
        code,
        more.pop("source", MetricSource.SPEND),
        WindowKind(window),
        span=span(back) if back else Duration(),
        **more,
    )


def rung(code: str, entry: Mapping[str, int], keep: Mapping[str, int] | None = None) -> Tier:
    return Tier(code, EN, (entry,), (keep or entry,))


def ladder(*rungs: Tier, metrics: Iterable[Metric] = (), **policy: Any) -> Ladder:
    """A ladder above the tier `member`, by default over the year's spending."""
    known = {one.code: one for one in metrics or (metric(),)}
    return Ladder((Tier("member", EN), *rungs), known, **policy)


def lines(*amounts: int | tuple[int, int] | tuple[int, int, str]) -> tuple[Line, ...]:
    """Lines from amounts, (amount, quantity), or (amount, quantity, category)."""
    made: list[Line] = []
    for one in amounts:
        amount, quantity, category = (*((one,) if isinstance(one, int) else one), 1, None)[:3]
        if isinstance(one, tuple) and len(one) == 2:
            category = None
        made.append(Line(amount, quantity=quantity, category=category))
    return tuple(made)


def event(event_id: str, type_: str, when: datetime, data: Any) -> Event:
    return Event(event_id, "till", type_, "card:1", when, when, data)


def bought(event_id: str, when: datetime, what: int | tuple[Line, ...], **more: Any) -> Event:
    """A purchase with lines, or reported as a total."""
    paid: dict[str, Any] = {"total": what} if isinstance(what, int) else {"lines": what}
    return event(event_id, "purchase", when, Purchase(currency="CNY", **paid, **more))


def brought_back(
    event_id: str,
    when: datetime,
    purchase_id: str,
    *,
    places: Iterable[tuple[int, int | None]] = (),
    amount: int | None = None,
) -> Event:
    data = Return(
        purchase_id=purchase_id,
        lines=tuple(ReturnedLine(place, quantity) for place, quantity in places),
        amount=amount,
    )
    return event(event_id, "return", when, data)


def visit(event_id: str, when: datetime) -> Event:
    return event(event_id, "visit", when, Visit())


class Life:
    """One member, decided event by event in memory as the intake does it; keeps every move.

    `check` proves after each event that the ledger is whole, now and as of every instant.
    """

    def __init__(self, program: Program | Plan, *, since: str = "2020-01-01", **more: Any) -> None:
        self.plan = program if isinstance(program, Plan) else plan(program, 1)
        self.member = Member(1, at(since), State(), more.pop("attributes", {}))
        self.book = Book()
        self.budgets = dict(self.plan.budgets)
        self.bought: dict[str, Bought] = {}
        self.told: dict[str, Explanation] = {}
        self.lots: list[tuple[Lot, datetime]] = []
        self.uses: list[LotUse] = []
        self.transfers: list[Transfer] = []
        self._rows = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> "Life":
        """Another life that goes on from here, under the same plan."""
        twin = copy(self)
        memo[id(self.plan)] = self.plan
        for name, value in vars(self).items():
            setattr(twin, name, deepcopy(value, memo))
        return twin

    @property
    def tier(self) -> str:
        return self.member.state.tier.tier if self.member.state.tier else ""

    def do(self, happened: Event) -> Explanation:
        """Decide and carry out. Raises what the engine refuses, and then nothing has changed."""
        origin = self.bought[happened.data.purchase_id] if happened.type == "return" else None
        world = World(self.budgets, self.book, origin)
        decision = decide(self.plan, self.member, happened, world)
        self._rows += 1
        for place, lot in enumerate(decision.moves.lots):
            lot.id, lot.event_id = self._rows * 100 + place, self._rows
            self.lots.append((lot, happened.time))
        for hold in decision.moves.opened_holds:
            hold.id = self._rows
        advance(self.member, self.book, decision)
        self.uses += decision.moves.uses
        self.transfers += decision.moves.transfers
        for rule, given in decision.budgets.items():
            self.budgets[rule] -= given
        told = decision.explanation
        if happened.type == "purchase":
            self.bought[happened.id] = Bought(
                event_id=self._rows,
                event=happened,
                plan=self.plan,
                tier=told.tier,
                given=told.rules,
                returned={},
                scoped=told.lines,
            )
        if origin is not None:
            assert decision.returned is not None
            origin.returned = decision.returned
        self.told[happened.id] = told
        self.check()
        return told

    def operate(self, when: datetime, data: Operation, event_id: str = "") -> Explanation:
        self._rows += 1
        name = event_id or f"op{self._rows}"
        return self.do(event(name, type_of[type(data)], when, data))

    @property
    def last_hold(self) -> int:
        return self.book.holds[-1].id

    def balance(self, when: datetime, currency: str = "points") -> Balance:
        """By the lots and holds as they are now; what waits for a look counts as looked at."""
        mine = [lot for lot in self.book.lots if lot.currency == currency]
        holds = [hold for hold in self.book.holds if hold.currency == currency]
        return balance_at(mine, holds, self.member.state.owed.get(currency, 0), when)

    def account(
        self, account: Account, currency: str = "points", when: datetime = END_OF_TIME
    ) -> int:
        moved = [
            one
            for one in self.transfers
            if one.currency == currency and one.effective_at <= when and one.member_id == 1
        ]
        return sum(one.amount for one in moved if one.credit is account) - sum(
            one.amount for one in moved if one.debit is account
        )

    def left(self, lot: Lot, when: datetime) -> int:
        """What remained of a lot as of an instant."""
        return lot.amount - sum(
            use.amount for use in self.uses if use.lot.id == lot.id and use.at <= when
        )

    def check(self) -> None:
        """The books balance, lots make up the accounts, and nothing was ever below nothing."""
        owed = self.member.state.owed
        assert all(value > 0 for value in owed.values()), owed
        for code in {lot.currency for lot, _ in self.lots}:
            mine = [lot for lot, _ in self.lots if lot.currency == code and lot.member_id == 1]
            held = sum(h.amount for h in self.book.holds if h.is_open and h.currency == code)
            total = sum(self.account(account, code) for account in MEMBER_SIDE)
            assert total == sum(lot.remaining for lot in mine) + held
            assert -self.account(Account.OWED, code) == owed.get(code, 0)
        for lot, _ in self.lots:
            if lot.member_id == 1:
                self._check_lot(lot)
        for instant in {one.effective_at for one in self.transfers}:
            for code in self.plan.program.currencies:
                self._check_accounts(code, instant)

    def _check_lot(self, lot: Lot) -> None:
        own = [use for use in self.uses if use.lot.id == lot.id]
        assert lot.remaining == lot.amount - sum(use.amount for use in own)
        assert lot.expired == sum(use.expired for use in own)
        assert lot.remaining >= 0
        assert lot.expired >= 0
        assert lot.remaining + lot.expired <= lot.amount
        for use in own:
            assert use.amount or use.expired, use
            assert 0 <= self.left(lot, use.at) <= lot.amount, (lot, own)

    def _check_accounts(self, code: str, instant: datetime) -> None:
        for account in (Account.PENDING, Account.AVAILABLE, Account.HELD):
            assert self.account(account, code, instant) >= 0, (account, instant, self.transfers)
        assert self.account(Account.OWED, code, instant) <= 0, (instant, self.transfers)


def given_by(life: Life, name: str = "p") -> dict[str, int]:
    return {rule: amount for rule, amount, _ in life.told[name].rules}


def reasons(life: Life, name: str = "p") -> dict[str, str]:
    return {rule: reason for rule, _, reason in life.told[name].rules}
