"""Benefits, stages, tags and what rules do beside points: in the same transaction, and for once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from regulars.domain.benefits.entitled import entitled
from regulars.domain.envelopes import Arrival, make_event
from regulars.domain.errors import RegularsError
from regulars.domain.ids import MemberRef
from regulars.domain.plans import plan
from regulars.domain.programs.document import read
from regulars.services import programs
from regulars.services.intake.batch import Receipt
from regulars.services.intake.reviewing import review_due
from regulars.services.intake.taking import Intake
from regulars.services.lifecycle.celebrating import celebrate
from regulars.services.verification.verifying import verify
from regulars.storage import members
from regulars.storage.database import Database

PROGRAM = """
regulars: 1
program: tea
name: {en: Tea house, zh-CN: 茶馆}
time_zone: Asia/Shanghai
money: CNY
members: {attributes: {birth_month: int}}
currencies:
  points: {kind: spendable, name: {en: Points, zh-CN: 积分}}
rules:
  - {id: base, on: purchase, earn: {currency: points, rate: 1, per: 1.00}}
  - id: big
    on: purchase
    when: order.total >= 50000
    effects: [{benefit: cake, for: P30D}, {tag: guest, for: P10D}, {notice: {en: Thank you}}]
  - id: cake_day
    on: occasion
    occasions: [birthday]
    earn: {currency: points, points: 88}
    effects: [{benefit: cake}]
  - id: welcome_gold
    on: occasion
    occasions: [tier.gold]
    effects: [{tag: golden}]
  - id: come_back
    on: occasion
    occasions: [stage.lapsed, second_purchase]
    effects: [{benefit: cake}]
    budget: 5
    earn: {currency: points, points: 3}
benefits:
  - {id: delivery, name: {en: Delivery, zh-CN: 免运费}, kind: free_delivery, for: {tiers: [gold]}}
  - id: gold_back
    name: {en: Gold back}
    kind: cashback
    cashback: {currency: points, rate: 1, per: 10.00}
    for: {tiers: [gold]}
  - {id: corner, name: {en: Corner}, kind: priority, for: {tags: [guest]}}
  - {id: missed, name: {en: Missed}, kind: gift, for: {stages: [at_risk, lapsed]}}
  - {id: cake, name: {en: Cake, zh-CN: 蛋糕}, kind: gift, valid: P60D, quota: {uses: 1, per: grant}}
lifecycle: {at_risk: P60D, lapsed: P180D, second_purchase: P14D}
tiers:
  metrics: {spend: {spend: true, window: calendar_year}}
  ladder:
    - {id: green, name: {en: Green, zh-CN: 绿卡}}
    - {id: gold, name: {en: Gold, zh-CN: 金卡}, entry: {spend: 100000}}
"""
BEGIN = datetime(2026, 3, 4, 4, tzinfo=UTC)


@pytest.fixture
def intake(db: Database) -> Intake:
    programs.publish(db, 1, PROGRAM, in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=BEGIN)
    return Intake(db, 1)


def arrival(name: str, at: datetime, kind: str = "purchase", **data: Any) -> Arrival:
    head = {"id": name, "source": "till", "type": kind, "subject": "card:1", "time": at}
    return make_event(head, {"currency": "CNY", **data} if kind == "purchase" else data, at)


def take(intake: Intake, one: Arrival) -> Receipt:
    outcome = intake.take_in([one], one.event.received_at)[0]
    assert not isinstance(outcome, RegularsError), outcome
    return outcome


def moved(receipt: Receipt) -> set[tuple[str, bool]]:
    return {(one.benefit, one.is_gained) for one in receipt.explanation.benefits}


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    with db.transaction(1) as tx:
        return [tuple(row) for row in tx.execute(query.encode())]


def notices(db: Database) -> list[tuple[str, Any]]:
    found = rows(db, "select kind, params from notice order by id")
    return [(kind, msgspec.json.decode(params)) for kind, params in found]


def has(db: Database, at: datetime) -> set[str]:
    with db.transaction(1) as tx:
        member = members.must_get(tx, 1, MemberRef(None, "card", "1"))
    return {one.benefit.id for one in entitled(plan(read(PROGRAM)), member, at)}


def is_proved(db: Database) -> bool:
    return verify(db, 1).is_clean


def test_a_purchase_that_lifts_to_gold_brings_golds_benefits_and_its_return_takes_them_back(
    db: Database, intake: Intake
) -> None:
    bought = take(intake, arrival("p1", BEGIN, total=100000))
    assert ("delivery", True) in moved(bought)
    assert has(db, BEGIN) >= {"delivery", "gold_back"}
    told = notices(db)
    assert dict(told)["tier_up"]["tier"]["zh-CN"] == "金卡"
    assert {"en": "Delivery", "zh-CN": "免运费"} in dict(told)["tier_up"]["benefits"]
    assert "tier" not in {params.get("carrier") for _, params in told}

    back = take(intake, arrival("r1", BEGIN + timedelta(days=1), "return", purchase_id="p1"))
    assert ("delivery", False) in moved(back)
    assert not has(db, BEGIN + timedelta(days=1)) & {"delivery", "gold_back"}
    assert "tier_down" in dict(notices(db))


def test_what_a_rule_granted_is_there_at_once_and_a_whole_return_ends_it(
    db: Database, intake: Intake
) -> None:
    bought = take(intake, arrival("p1", BEGIN, total=60000))
    assert [(one.kind, one.what) for one in bought.explanation.granted] == [
        ("benefit", "cake"), ("tag", "guest"), ("notice", "2"),
    ]  # fmt: skip
    assert ("corner", True) in moved(bought)
    granted = rows(db, "select benefit, carrier, source, valid_until, ended_at from benefit_grant")
    assert granted == [("cake", "rule", "big", BEGIN + timedelta(days=30), None)]
    assert dict(notices(db))["message"] == {"text": {"en": "Thank you"}}

    back = take(intake, arrival("r1", BEGIN + timedelta(hours=1), "return", purchase_id="p1"))
    assert ("corner", False) in moved(back)
    assert len(back.explanation.revoked) == 3
    assert rows(db, "select ended_why from benefit_grant") == [("returned",)]


def test_a_tag_ends_by_the_clock_and_the_review_tells_it(db: Database, intake: Intake) -> None:
    take(intake, arrival("p1", BEGIN, total=60000))
    over = BEGIN + timedelta(days=10)
    assert "corner" in has(db, over - timedelta(seconds=1))
    assert "corner" not in has(db, over)
    assert sum(one.reviewed for one in review_due(db, 1, intake, over)) == 1
    assert "benefits_lost" in dict(notices(db))


def test_staying_away_turns_the_stage_by_the_calendar_and_once(
    db: Database, intake: Intake
) -> None:
    take(intake, arrival("p1", BEGIN, total=100))
    reminded = BEGIN + timedelta(days=14)
    assert sum(one.reviewed for one in review_due(db, 1, intake, reminded)) == 1
    away = BEGIN + timedelta(days=200)
    assert "missed" in has(db, away)
    assert sum(one.reviewed for one in review_due(db, 1, intake, away)) == 1
    assert sum(one.reviewed for one in review_due(db, 1, intake, away)) == 0
    sent = rows(db, "select payload from event where type = 'regulars.occasion' order by id")
    assert sent == [('{"occasion":"second_purchase"}',), ('{"occasion":"stage.lapsed"}',)]
    # The budget is 5: three points, and of the next three the two that are left.
    assert rows(db, "select used from rule_budget") == [(5,)]
    again = take(intake, arrival("p2", away, total=100))
    assert [one.new for one in again.explanation.stages] == ["won_back"]
    assert ("missed", False) in moved(again)


def test_a_birthday_is_celebrated_once_a_year_however_often_the_worker_looks(
    db: Database, intake: Intake
) -> None:
    take(intake, arrival("p1", BEGIN, total=100))
    with db.transaction(1) as tx:
        tx.execute("insert into member_attribute select 1, 'birth_month', '3', id from member")
    assert sum(celebrate(db, 1, intake, BEGIN)) == 1
    for days in (0, 1, 2):
        assert sum(celebrate(db, 1, intake, BEGIN + timedelta(days=days))) == 0
    assert rows(db, "select count(*) from benefit_grant") == [(1,)]
    assert rows(db, "select occasion, sent from occasion_run order by day") == [
        ("birthday", 1), ("birthday", 0), ("birthday", 0),
    ]  # fmt: skip


def test_an_import_of_long_ago_tells_nobody(db: Database, intake: Intake) -> None:
    old = arrival("p1", BEGIN - timedelta(days=300), total=100000)
    intake.take_in([old], BEGIN)
    assert notices(db) == []


def test_reaching_a_tier_is_an_occasion_of_its_own_in_the_same_commit(
    db: Database, intake: Intake
) -> None:
    take(intake, arrival("p1", BEGIN, total=100000))
    found = rows(db, "select type, seq from event order by id")
    assert found == [("purchase", 1), ("regulars.occasion", 2)]
    with db.transaction(1) as tx:
        member = members.must_get(tx, 1, MemberRef(None, "card", "1"))
    assert "golden" in member.state.tags


def test_replaying_it_all_gives_the_same(db: Database, intake: Intake) -> None:
    take(intake, arrival("p1", BEGIN, total=100000))
    take(intake, arrival("p2", BEGIN + timedelta(days=2), total=60000))
    take(intake, arrival("r1", BEGIN + timedelta(days=3), "return", purchase_id="p2"))
    # Late: it came before the return was known.
    take(intake, arrival("p0", BEGIN + timedelta(days=1), total=500))
    list(review_due(db, 1, intake, BEGIN + timedelta(days=400)))
    assert is_proved(db)
