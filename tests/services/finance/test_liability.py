"""The liability by month and the breakage of points, after any history, against the plain books."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.services.histories import START, Both, document, histories, published

from regulars.domain.envelopes import Arrival, arrive, read_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.finance.cohorts import CurrencyBreakage
from regulars.domain.finance.refusals import NotWorkedOut
from regulars.domain.operations import Redemption, type_of
from regulars.services import liability as statements
from regulars.services.finance import jobs, liability
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database
from regulars.storage.programs import Versions

numbers = count()
BOUNDED = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

POSTED = """
select currency, code, debit, credit, sum(amount)::bigint from transfer where effective_at <= %s
group by 1, 2, 3, 4
"""

LOTS = """
select lot.currency, lot.amount - coalesce(used.amount, 0), lot.amount, lot.expires_at
from lot
left join (select lot_id, sum(amount)::bigint as amount from lot_use where effective_at <= %s
           group by lot_id) as used on used.lot_id = lot.id
where lot.earned_at <= %s
"""

TIMED_OUT = """
select currency, sum(amount)::bigint from hold
where opened_at <= %(at)s and expires_at <= %(at)s and (closed_at is null or closed_at > %(at)s)
group by 1
"""

FROM_LOTS = {"available", "pending", "expired"}


def truth(db: Database, at: datetime) -> dict[str, dict[str, int]]:
    """What became of the points of each currency, from transfers and bare lots."""
    told: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with db.snapshot(1) as tx:
        for currency, code, debit, credit, points in tx.execute(POSTED, [at]):
            sums = told[currency]
            if credit == "redeemed":
                sums["redeemed"] += points
            elif credit == "expired":
                sums["expired"] += points
            elif debit == "available" and credit in {"transit", "converted"}:
                sums["passed_on"] += points
            elif code == "repay" or (debit == "available" and credit == "adjusted"):
                sums["taken_back"] += points
            elif code == "reverse" and debit in FROM_LOTS:
                sums["taken_back"] += points
                sums["expired"] -= points if debit == "expired" else 0
        for currency, left, amount, ends in tx.execute(LOTS, [at, at]):
            sums = told[currency]
            sums["issued"] += amount
            has_lapsed = ends is not None and ends <= at
            sums["expired" if has_lapsed else "outstanding"] += left
        for currency, points in tx.execute(TIMED_OUT, {"at": at}):
            told[currency]["redeemed"] += points
    return told


def told_by(found: CurrencyBreakage) -> dict[str, int]:
    total = found.total
    return {
        "issued": total.issued, "redeemed": total.redeemed - found.held,
        "expired": total.expired, "passed_on": total.passed_on,
        "taken_back": total.taken_back, "outstanding": total.outstanding,
    }  # fmt: skip


def compare_breakage(db: Database, versions: Versions, at: datetime) -> None:
    found = liability.broken(db, versions, as_of=at, now=at, most=60)
    statement = statements.statement(db, 1, at)
    books = truth(db, at)
    for one in found.currencies:
        expected = dict.fromkeys(told_by(one), 0) | books[one.currency]
        assert told_by(one) == expected, (one.currency, at)
        rows = [row for row in statement.rows if row.currency == one.currency]
        open_kinds = {"available", "pending"}
        assert one.total.outstanding == sum(r.points for r in rows if r.kind in open_kinds)
        assert one.held == sum(row.points for row in rows if row.kind == "held")
        last = [cohort.steps[-1] for cohort in one.cohorts]
        assert sum(step.outstanding for step in last) == one.total.outstanding
        assert sum(step.issued for step in last) == one.total.issued
        for cohort in one.cohorts:
            for step in cohort.steps:
                gone = step.redeemed + step.passed_on + step.taken_back + step.expired
                assert step.issued == gone + step.outstanding


def compare_months(db: Database, versions: Versions, at: datetime, *, is_now: bool) -> None:
    found = liability.months(db, versions, as_of=None if is_now else at, now=at)
    statement = statements.statement(db, 1, at)
    assert [one.total for one in found.currencies] == list(statement.totals)
    for one in found.currencies:
        total = one.total
        assert sum(line.points for line in one.lines) == total.outstanding
        assert sum(line.expected for line in one.lines) == total.expected
        worths = [line.worth for line in one.lines if line.worth is not None]
        assert sum(worths) == (total.value.minor if total.value else 0)
        by_month: dict[Any, int] = defaultdict(int)
        for row in statement.rows:
            if row.currency == total.currency and row.kind in {"available", "pending"}:
                by_month[row.month] += row.points
        lapsing = [line for line in one.lines if line.kind == "lapsing"]
        assert {line.month: line.points for line in lapsing} == dict(by_month)
        assert all(line.available + line.pending == line.points for line in lapsing)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("spent", ["negative", "owe", "waive"])
def test_after_any_history_every_point_is_accounted_for(db: Database, spent: str) -> None:
    text = document(spent).replace(
        '"transferable": true', '"transferable": true, "breakage": 0.17,'
        ' "cash_value": {"points": 7, "amount": 0.03}'
    )  # fmt: skip
    published(db, text)
    versions = Versions(1)
    newest = START

    @BOUNDED
    @given(histories)
    def lived(taken: list[tuple[Any, int, bool]]) -> None:
        nonlocal newest
        both = Both(db, f"l{next(numbers)}-", spent)
        for step, hours, ends_batch in taken:
            both.take(step, hours, ends_batch=ends_batch)
        both.finish()
        newest = max(newest, both.now)
        for days in (0, 7, 40):
            at = both.now - timedelta(days=days)
            compare_breakage(db, versions, at)
            compare_months(db, versions, at, is_now=False)

    lived()
    for days in (0, 3, 29, 400):
        at = newest + timedelta(days=days)
        compare_breakage(db, versions, at)
        compare_months(db, versions, at, is_now=True)


def test_a_large_organization_is_told_what_was_worked_out_by_night(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(db, document("owe"))
    monkeypatch.setattr(liability, "FEW_LOTS", -1)
    versions = Versions(1)
    both = Both(db, "n", "owe")
    both.take(("buy", 0, [(100, 1, "A")], 0), 0, ends_batch=True)
    with pytest.raises(NotWorkedOut):
        liability.broken(db, versions, as_of=None, now=both.now, most=24)
    with pytest.raises(NotWorkedOut):
        liability.broken(db, versions, as_of=None, now=both.now, most=24)

    assert worked_out(db, both.now) == 1
    first = liability.broken(db, versions, as_of=None, now=both.now, most=24)
    both.take(("buy", 0, [(100, 1, "A")], 0), 1, ends_batch=True)

    later = both.now + timedelta(hours=20)
    assert liability.broken(db, versions, as_of=None, now=later, most=24) == first
    exact = liability.broken(db, versions, as_of=later, now=later, most=24)
    assert exact.currencies != first.currencies
    old = both.now + timedelta(hours=30)
    assert liability.broken(db, versions, as_of=None, now=old, most=24) == first
    assert worked_out(db, old) == 1
    assert liability.broken(db, versions, as_of=None, now=old, most=24).as_of == old


def worked_out(db: Database, now: datetime) -> int:
    """What waits is run; how many runs that were."""
    count = 0
    while (work := jobs.take(db, 1, lambda: now)) is not None:
        worked = liability.work_out(db, 1, now)
        assert worked is not None
        work.end(worked)
        count += 1
    return count


def test_a_debt_that_is_paid_where_a_member_spends_is_not_taken_for_spending(db: Database) -> None:
    """Points that were pending pay for an earlier return just before the rest is redeemed."""
    text = document("owe").replace('"transferable"', '"pending": "P2D", "transferable"')
    published(db, text)
    versions = Versions(1)
    intake = Intake(db, 1)

    def till(day: int, name: str, kind: str, **data: Any) -> None:
        at = START + timedelta(days=day)
        event = {"id": name, "source": "till", "type": kind, "subject": "card:1",
                 "time": at.isoformat(), "data": data}  # fmt: skip
        take(at, read_event(json.dumps(event).encode(), at))

    def redeem(day: int, amount: int) -> None:
        at = START + timedelta(days=day)
        data = Redemption(currency="points", amount=amount)
        kind = type_of[Redemption]
        take(at, arrive(Event(f"r{day}", "regulars.test", kind, "card:1", at, at, data)))

    def take(at: datetime, arrival: Arrival) -> None:
        (outcome,) = intake.take_in([arrival], at)
        assert not isinstance(outcome, RegularsError), outcome

    till(0, "p1", "purchase", currency="CNY", total=100)
    redeem(3, 100)
    till(4, "b1", "return", purchase_id="p1")
    till(5, "p2", "purchase", currency="CNY", total=150)
    redeem(8, 30)

    now = START + timedelta(days=9)
    compare_breakage(db, versions, now)
    found = liability.broken(db, versions, as_of=now, now=now, most=24)
    (points,) = [one for one in found.currencies if one.currency == "points"]
    total = points.total
    assert (total.redeemed, total.taken_back, total.outstanding) == (130, 100, 20)
