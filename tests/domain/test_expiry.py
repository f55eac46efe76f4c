"""Points that wait, lapse, and lapse for want of activity: at the very instant, in every order."""

import pytest
from tests.domain.builders import (
    SHANGHAI,
    Life,
    after,
    at,
    bought,
    brought_back,
    inactive,
    never,
    points,
    program,
    span,
    visit,
)

from regulars.domain.errors import InsufficientPoints
from regulars.domain.expiry import available_from, expires_at, extend_activity, settle
from regulars.domain.ledger import Account, Balance, Moves
from regulars.domain.operations import (
    Adjustment,
    HoldCapture,
    HoldOpening,
    HoldRelease,
    Redemption,
    Review,
)
from regulars.domain.periods import Unit
from regulars.domain.programs.model import Expiry, ExpiryKind


def end_of(unit: str, text: str = "") -> Expiry:
    return Expiry(ExpiryKind.END_OF, span(text) if text else span("PT0M"), Unit(unit))


@pytest.mark.parametrize(
    ("policy", "earned", "gone"),
    [
        (after("P12M"), "2024-02-29T12:00", "2025-02-28T12:00"),
        (after("P1M"), "2024-01-31T04:00", "2024-02-29T04:00"),
        # One in the morning of 31 January in Shanghai, of 29 February a month later.
        (after("P1M"), "2024-01-30T17:00", "2024-02-28T17:00"),
        (end_of("month", "P1M"), "2024-01-30T17:00", "2024-02-29T16:00"),
        (end_of("year"), "2024-05-01", "2024-12-31T16:00"),
        # Midnight of New Year in Shanghai is the first instant of the new year.
        (end_of("year"), "2023-12-31T16:00", "2024-12-31T16:00"),
        (end_of("year"), "2023-12-31T15:59:59.999999", "2023-12-31T16:00"),
        (end_of("year", "P12M"), "2024-05-01", "2025-12-31T16:00"),
        (end_of("month"), "2024-02-10", "2024-02-29T16:00"),
        (end_of("month", "P3M"), "2024-11-30T03:00", "2025-02-28T16:00"),
        (never(), "2024-05-01", None),
        (inactive("P6M"), "2024-05-01", None),
    ],
)
def test_points_lapse_when_their_policy_says(policy: Expiry, earned: str, gone: str | None) -> None:
    found = expires_at(points(expiry=policy), at(earned), SHANGHAI)
    assert found == (at(gone) if gone else None)


def test_points_wait_for_their_pending_span() -> None:
    assert available_from(points(), at("2024-01-31"), SHANGHAI) == at("2024-01-31")
    waiting = points(pending=span("P1M"))
    assert available_from(waiting, at("2024-01-31"), SHANGHAI) == at("2024-02-29")
    assert available_from(waiting, at("2024-01-30T17:00"), SHANGHAI) == at("2024-02-28T17:00")


def test_what_is_earned_waits_and_lapses_by_the_wall_clock_of_the_program() -> None:
    life = Life(program(currencies=(points(pending=span("P1M"), expiry=after("P13M")),)))
    life.do(bought("p", at("2024-01-30T17:00"), 100))
    assert life.told["p"].lots == [("points", 100, at("2024-02-28T17:00"), at("2025-02-27T17:00"))]
    life = Life(program(currencies=(points(expiry=inactive("P1M")),)))
    life.do(visit("v", at("2024-01-30T17:00")))
    assert life.member.state.active_until == {"points": at("2024-02-28T17:00")}


def expiring(**more: object) -> Life:
    return Life(program(currencies=(points(expiry=after("P10D"), **more),)))


def test_points_are_there_until_the_instant_and_gone_at_it() -> None:
    life = expiring()
    life.do(bought("p", at("2024-03-01T08:00"), 100))
    assert life.balance(at("2024-03-11T07:59:59.999999")).available == 100
    assert life.balance(at("2024-03-11T08:00")) == Balance()
    life.operate(at("2024-03-11T07:59:59.999999"), Redemption(currency="points", amount=40))
    with pytest.raises(InsufficientPoints):
        life.operate(at("2024-03-11T08:00"), Redemption(currency="points", amount=1))
    life.operate(at("2024-03-20"), Review())
    lapse = [one for one in life.transfers if one.code == "expire"]
    assert [(one.amount, one.effective_at) for one in lapse] == [(60, at("2024-03-11T08:00"))]


def test_a_single_point_lapses_like_a_hundred() -> None:
    life = expiring()
    life.do(bought("p", at("2024-03-01"), 1))
    life.operate(at("2024-03-11"), Review())
    assert life.account(Account.EXPIRED) == 1
    assert life.account(Account.AVAILABLE) == 0


def test_pending_points_cannot_be_spent_before_their_instant() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    assert life.balance(at("2024-03-07T23:59:59")) == Balance(pending=100)
    with pytest.raises(InsufficientPoints):
        life.operate(at("2024-03-07T23:59:59"), Redemption(currency="points", amount=1))
    assert life.balance(at("2024-03-08")) == Balance(available=100)
    life.operate(at("2024-03-08"), Redemption(currency="points", amount=100))


def test_points_that_lapse_before_they_count_are_never_spendable() -> None:
    life = Life(program(currencies=(points(pending=span("P7D"), expiry=after("P3D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-20"), Review())
    assert life.account(Account.EXPIRED) == 100
    assert life.balance(at("2024-03-20")) == Balance()


def test_any_activity_extends_all_points_and_silence_takes_them() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P6M")),)))
    life.do(bought("a", at("2024-01-01"), 100))
    life.do(visit("v", at("2024-06-30")))
    life.do(bought("b", at("2024-12-29"), 10))
    assert life.account(Account.EXPIRED) == 0
    life.do(visit("w", at("2025-06-29")))
    assert life.account(Account.EXPIRED) == 110
    assert [one.effective_at for one in life.transfers if one.code == "expire"][:1] == [
        at("2025-06-29")
    ]


def test_activity_counts_for_each_currency_that_asks_for_it() -> None:
    currencies = (points("stars"), points(expiry=inactive("P6M")), points("miles"))
    life = Life(program(currencies=currencies))
    life.do(bought("a", at("2024-01-01"), 100))
    life.do(visit("v", at("2024-06-30")))
    assert life.member.state.active_until == {"points": at("2024-12-30")}
    life.operate(at("2024-12-30"), Review())
    assert life.account(Account.EXPIRED) == 100


def test_a_late_act_never_shortens_what_a_later_one_gave() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P6M")),)))
    life.do(visit("v", at("2024-06-30")))
    life.do(visit("late", at("2024-03-01")))
    assert life.member.state.active_until == {"points": at("2024-12-30")}
    for when in ("2024-03-01", "2024-06-30"):
        assert extend_activity(life.plan.program, life.member, at(when)) == {}


def test_a_return_that_counts_as_of_its_purchase_lets_idle_points_lapse_first() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P1M")),)))
    life.do(bought("a", at("2024-01-01"), 100))
    late = bought("b", at("2024-05-01"), 30)
    life.do(late)
    life.operate(at("2024-05-01"), Redemption(currency="points", amount=30))
    life.do(brought_back("r", at("2024-01-15"), "b"))
    assert life.account(Account.EXPIRED) == 100
    assert life.member.state.owed == {"points": 30}


# What is given back to a lot that has lapsed meanwhile.


def held_over_the_end(life: Life) -> int:
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-10"), HoldOpening(currency="points", amount=60, seconds=5 * 24 * 3600))
    return life.last_hold


@pytest.mark.parametrize("when", ["2024-03-11", "2024-03-12"])
def test_held_points_whose_lot_lapses_are_gone_when_they_are_released(when: str) -> None:
    life = expiring()
    hold = held_over_the_end(life)
    life.operate(at(when), HoldRelease(hold=hold))
    assert life.account(Account.EXPIRED) == 100
    assert life.balance(at(when)) == Balance()
    life.operate(at("2024-03-13"), Review())
    assert life.account(Account.EXPIRED) == 100


def test_held_points_whose_lot_lapses_are_gone_when_the_hold_times_out() -> None:
    life = expiring()
    held_over_the_end(life)
    assert life.balance(at("2024-03-14")) == Balance(held=60)
    assert life.balance(at("2024-03-15")) == Balance()
    life.operate(at("2024-03-20"), Review())
    assert life.account(Account.EXPIRED, when=at("2024-03-14")) == 40
    assert life.account(Account.EXPIRED, when=at("2024-03-15")) == 100


def test_a_hold_that_times_out_is_told_from_one_that_was_released() -> None:
    life = expiring()
    held_over_the_end(life)
    moves = Moves(life.member.id)
    settle(life.plan.program, life.member, life.book, at("2024-03-20"), moves)
    assert moves.closed_holds == [(life.book.holds[0], "timed_out")]


def test_held_points_can_be_captured_after_their_lot_has_lapsed() -> None:
    life = expiring()
    hold = held_over_the_end(life)
    life.operate(at("2024-03-12"), HoldCapture(hold=hold, amount=50))
    assert life.account(Account.REDEEMED) == 50
    assert life.account(Account.EXPIRED) == 50
    assert life.balance(at("2024-03-12")) == Balance()


def test_a_return_while_points_are_held_is_paid_by_their_release() -> None:
    life = Life(program())
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), HoldOpening(currency="points", amount=100))
    told = life.do(brought_back("r", at("2024-03-02T00:05"), "p"))
    assert told.owed == {"points": 100}
    life.operate(at("2024-03-02T00:10"), HoldRelease(hold=life.last_hold))
    assert life.balance(at("2024-03-02T00:10")) == Balance()
    life.operate(at("2024-03-05"), Review())
    assert life.member.state.owed == {}
    assert life.account(Account.AVAILABLE) == 0


def test_a_return_while_points_are_held_is_paid_when_the_hold_times_out() -> None:
    life = Life(program())
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), HoldOpening(currency="points", amount=100, seconds=3600))
    life.do(brought_back("r", at("2024-03-02T00:05"), "p"))
    assert life.balance(at("2024-03-02T00:59")) == Balance(held=100, owed=100)
    assert life.balance(at("2024-03-02T01:00")) == Balance()
    life.operate(at("2024-03-05"), Review())
    repaid = [one.effective_at for one in life.transfers if one.code == "repay"]
    assert repaid == [at("2024-03-02T01:00")]


def test_points_that_wait_pay_a_debt_at_their_instant_and_not_before() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-08"), Redemption(currency="points", amount=100))
    life.do(brought_back("r", at("2024-03-09"), "p"))
    life.do(bought("q", at("2024-03-09"), 30))
    life.operate(at("2024-03-15T23:59:59.999999"), Review())
    assert life.member.state.owed == {"points": 100}
    life.operate(at("2024-03-16"), Review())
    assert life.member.state.owed == {"points": 70}
    assert [one.effective_at for one in life.transfers if one.code == "repay"] == [at("2024-03-16")]


def test_a_debt_of_a_single_point_is_paid_too() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-08"), Redemption(currency="points", amount=1))
    life.do(brought_back("r", at("2024-03-09"), "p"))
    life.do(bought("q", at("2024-03-09"), 30))
    assert life.member.state.owed == {"points": 1}
    life.operate(at("2024-03-16"), Review())
    assert life.balance(at("2024-03-16")) == Balance(available=29)
    assert life.member.state.owed == {}


def test_the_points_that_count_first_pay_a_debt_first_in_whatever_order_they_came() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-08"), Redemption(currency="points", amount=40))
    life.do(brought_back("r", at("2024-03-09"), "p"))
    life.do(bought("q", at("2024-03-09"), 30))
    life.do(bought("late", at("2024-03-08"), 30))
    life.operate(at("2024-03-20"), Review())
    repaid = [(one.effective_at, one.amount) for one in life.transfers if one.code == "repay"]
    assert repaid == [(at("2024-03-15"), 30), (at("2024-03-16"), 10)]


def test_points_that_only_idleness_takes_pay_a_debt_too() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P6M")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), Redemption(currency="points", amount=100))
    life.do(brought_back("r", at("2024-03-05"), "p"))
    life.do(bought("q", at("2024-03-06"), 70))
    assert life.member.state.owed == {"points": 30}


def test_points_that_come_late_pay_a_debt_on_the_day_it_is_known() -> None:
    life = Life(program())
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), Redemption(currency="points", amount=100))
    life.do(brought_back("r", at("2024-03-05"), "p"))
    life.do(bought("late", at("2024-02-20"), 70))
    assert life.member.state.owed == {"points": 30}
    assert [one.effective_at for one in life.transfers if one.code == "repay"] == [at("2024-03-05")]


@pytest.mark.parametrize("late", ["2024-02-20", "2024-02-24"])
def test_points_that_had_lapsed_when_a_debt_arose_do_not_pay_it(late: str) -> None:
    life = expiring()
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), Redemption(currency="points", amount=100))
    life.do(brought_back("r", at("2024-03-05"), "p"))
    life.do(bought("late", at(late), 70))
    assert life.member.state.owed == {"points": 100}
    life.operate(at("2024-03-06"), Review())
    assert life.account(Account.EXPIRED) == 70
    assert life.member.state.owed == {"points": 100}


def test_points_that_ripened_while_a_debt_was_open_pay_it_before_they_lapse() -> None:
    life = Life(program(currencies=(points(pending=span("P5D"), expiry=after("P10D")),)))
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-06"), Redemption(currency="points", amount=100))
    life.do(bought("q", at("2024-03-06T01:00"), 30))
    life.do(brought_back("r", at("2024-03-07"), "p"))
    assert life.balance(at("2024-03-20")) == Balance(owed=70)
    life.operate(at("2024-03-20"), Review())
    assert life.member.state.owed == {"points": 70}
    assert life.account(Account.EXPIRED) == 0


def test_a_late_return_of_lapsed_points_takes_what_has_lapsed() -> None:
    life = expiring()
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-20"), Review())
    told = life.do(brought_back("r", at("2024-03-05"), "p"))
    assert told.taken == {"points": 100}
    assert told.owed == {}
    assert life.account(Account.EXPIRED) == 0
    assert life.lots[0][0].expired == 0


def test_a_return_takes_no_lapsed_points_while_the_purchase_has_others() -> None:
    life = Life(program(currencies=(points(expiry=inactive("P1M")),)))
    life.do(bought("p", at("2024-01-01"), 100))
    life.operate(
        at("2024-01-25"), HoldOpening(currency="points", amount=60, seconds=30 * 24 * 3600)
    )
    # The other forty lapse; what was held over that time lives on by this.
    life.do(visit("v", at("2024-02-05")))
    life.operate(at("2024-02-10"), HoldRelease(hold=life.last_hold))
    life.do(brought_back("r", at("2024-02-11"), "p", amount=50))
    assert life.account(Account.EXPIRED) == 40
    assert life.balance(at("2024-02-11")) == Balance(available=10)


def test_a_late_return_takes_what_is_there_when_it_becomes_known() -> None:
    life = Life(program())
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-04"), HoldOpening(currency="points", amount=60))
    life.operate(at("2024-03-04T00:10"), HoldRelease(hold=life.last_hold))
    life.do(brought_back("r", at("2024-03-03"), "p"))
    assert life.account(Account.AVAILABLE, when=at("2024-03-04T00:05")) == 40
    assert life.account(Account.AVAILABLE) == 0


def test_an_adjustment_pays_debts_first() -> None:
    life = Life(program())
    life.do(bought("p", at("2024-03-01"), 100))
    life.operate(at("2024-03-02"), Redemption(currency="points", amount=80))
    life.do(brought_back("r", at("2024-03-03"), "p"))
    assert life.member.state.owed == {"points": 80}
    life.operate(at("2024-03-04"), Adjustment(currency="points", amount=100, reason="sorry"))
    assert life.balance(at("2024-03-04")) == Balance(available=20)
