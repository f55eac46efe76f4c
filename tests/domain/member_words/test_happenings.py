"""Everything else that happens, in words: lapses, tiers, holds, conversions, returns that wait."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from regulars.domain.envelopes import data_of
from regulars.domain.events import Event
from regulars.domain.explanations import Explanation, Granted, TierMove
from regulars.domain.ledger import Account, Transfer
from regulars.domain.member_words.happenings import Fact, Happening, happening
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read

EXAMPLES = Path(__file__).parents[3] / "examples"
NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
NEW_YEAR = datetime(2028, 1, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def grocery() -> Plan:
    return plan(read((EXAMPLES / "grocery.yaml").read_text()), 1)


def happened(
    program: Plan,
    kind: str,
    data: dict[str, Any],
    *,
    told: Explanation | None = None,
    moved: list[Transfer] | None = None,
    status: str = "decided",
    lang: str = "en",
    bought_at: datetime | None = None,
) -> Happening:
    event = Event("1", "t", kind, "", NOW, NOW, data_of(kind, msgspec.json.encode(data).decode()))
    fact = Fact(
        plan=program,
        event=event,
        status=status,
        told=told or Explanation(),
        moved=moved or [],
        bought_at=bought_at,
    )
    return happening(fact, lang)


def transfer(code: str, debit: Account, credit: Account, amount: int) -> Transfer:
    return Transfer(1, "points", code, debit, credit, amount, NOW)


def test_points_that_lapsed_are_told_with_their_day(grocery: Plan) -> None:
    moved = [transfer("expire", Account.AVAILABLE, Account.EXPIRED, 120)]

    told = happened(grocery, "regulars.review", {}, moved=moved)
    chinese = happened(grocery, "regulars.review", {}, moved=moved, lang="zh-CN")

    assert told.title == "Points lapsed"
    assert told.lapsed == {"points": 120}
    assert told.points == {}
    assert told.says == ["120 points had not been used in time and lapsed on 4 March 2026."]
    assert chinese.says == ["120积分逾期未使用，已于2026年3月4日失效。"]


@pytest.mark.parametrize(
    ("old", "new", "why", "says"),
    [
        ("member", "silver", "entry", "You are now Silver, until 31 December 2027."),
        ("silver", "silver", "kept", "You keep Silver until 31 December 2027."),
        (
            "silver",
            "silver",
            "grace",
            (
                "Silver stays yours until 31 December 2027, though its goal was missed: "
                "reach it by then."
            ),
        ),
        (
            "gold",
            "silver",
            "not_kept",
            "You are now Silver: the goal of Gold was not reached in time.",
        ),
        ("gold", "silver", "return", "You are now Silver: what you brought back no longer counts."),
        ("bronze", "silver", "late_event", "You are now Silver, until 31 December 2027."),
    ],
)
def test_every_move_between_tiers_has_its_words(
    grocery: Plan, old: str, new: str, why: str, says: str
) -> None:
    move = TierMove(old, new, NOW, why, NEW_YEAR)

    told = happened(grocery, "regulars.review", {}, told=Explanation(tiers=[move]))

    assert told.title == "Your tier"
    assert told.says == [says]


def test_a_return_says_what_of_it_is_owed_or_let_go(grocery: Plan) -> None:
    explained = Explanation(taken={"points": 50}, owed={"points": 30}, waived={"points": 5})

    told = happened(
        grocery,
        "return",
        {"purchase_id": "p"},
        told=explained,
        bought_at=datetime(2026, 3, 1, tzinfo=UTC),
    )

    assert told.points == {"points": -45}
    assert told.says[0] == (
        "The points of what you brought back from your purchase of 28 February 2026 are taken back."
    )
    assert told.says[1] == (
        "30 points of them you no longer had: your next points make up for them."
    )
    assert told.says[2] == "5 points of them you had spent already: you may keep those."


def test_a_return_that_waits_says_so(grocery: Plan) -> None:
    told = happened(grocery, "return", {"purchase_id": "p"}, status="waiting")

    assert told.points == {}
    assert told.says == [
        "We have not heard of the purchase yet; the points are taken back when we do."
    ]


def test_a_hold_is_reserved_spent_and_given_back(grocery: Plan) -> None:
    opened = happened(
        grocery, "regulars.hold", {"currency": "points", "amount": 40, "seconds": 3600},
        moved=[transfer("hold", Account.AVAILABLE, Account.HELD, 40)],
    )  # fmt: skip
    captured = happened(
        grocery, "regulars.hold_capture", {"hold": 1, "amount": 30},
        moved=[
            transfer("redeem", Account.HELD, Account.REDEEMED, 30),
            transfer("release", Account.HELD, Account.AVAILABLE, 10),
        ],
    )  # fmt: skip

    assert opened.points == {}
    assert opened.says == ["40 points are reserved for you until 4 March 2026 11:00."]
    assert captured.points == {"points": -30}
    assert captured.says == [
        "You spent 30 points that were reserved for you.",
        "10 points that were reserved are yours to spend again.",
    ]


def test_what_came_beside_points_is_told_and_why_there_were_none_is_not(grocery: Plan) -> None:
    explained = Explanation(
        rules=[("three_visits", 0, "challenge"), ("birthday_treat", 0, "")],
        granted=[
            Granted("birthday_treat", "benefit", "birthday_cake"),
            Granted("birthday_treat", "coupon", "spring"),
            Granted("birthday_treat", "tag", "watched"),
            Granted("birthday_treat", "badge", "regular"),
        ],
    )
    visit = {"store": "1"}

    told = happened(grocery, "visit", visit, told=explained)
    chinese = happened(grocery, "visit", visit, told=explained, lang="zh-CN")
    missed = msgspec.structs.replace(explained, missed={"spring": "template_sold_out"})
    won = msgspec.structs.replace(missed, badges=["regular"])

    assert told.says == ["You got “A birthday cake” and a coupon."]
    assert chinese.says == ["您获得了“生日蛋糕”和优惠券。"]
    assert happened(grocery, "visit", visit, told=missed).says == ["You got “A birthday cake”."]
    assert happened(grocery, "visit", visit, told=won).says == [
        "You got “A birthday cake” and the badge “A regular”."
    ]
