"""What rules give: against a reckoning with fractions, on what they count, and on which lines."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    bought,
    brought_back,
    cap,
    categories,
    condition,
    event,
    fixed_rule,
    given_by,
    lines,
    multiplier,
    points,
    program,
    rate_rule,
    reasons,
    status,
    visit,
)

from regulars.domain.amounts import Rate, Rounding
from regulars.domain.events import CardPayment, Line, Visit
from regulars.domain.operations import MemberChange
from regulars.domain.programs.model import CustomType, EarnKind, Rule
from regulars.domain.programs.pieces import LineScope

LATER = NOON + timedelta(days=1)

CATEGORIES = ["A", "B", "C"]


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    """Rules that count and multiply, with scopes, caps and groups, in any order."""
    made: list[Rule] = []
    for place in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["rate", "fixed", "multiply"]))
        scope = draw(st.none() | st.sets(st.sampled_from(CATEGORIES), min_size=1))
        more: dict[str, Any] = {
            "lines": categories(*scope) if scope else None,
            "currency": draw(st.sampled_from(["points", "points", "growth"])),
        }
        limit = draw(st.none() | st.integers(1, 60))
        if limit:
            more["caps"] = (cap(draw(st.sampled_from(["event", "day", "month"])), limit),)
        if kind == "rate":
            text = draw(st.sampled_from(["1", "0.012", "1.2", "0.5", "0.333"]))
            rounding = draw(st.sampled_from(list(Rounding)))
            made.append(rate_rule(f"r{place}", text, rounding=rounding, **more))
        elif kind == "fixed":
            made.append(fixed_rule(f"r{place}", draw(st.integers(1, 30)), **more))
        else:
            factor = draw(st.sampled_from(["2", "1.5", "1.25", "3"]))
            made.append(multiplier(f"r{place}", factor, **more))
    return made


baskets = st.lists(
    st.builds(
        Line,
        amount=st.integers(0, 5000),
        quantity=st.integers(1, 5),
        category=st.none() | st.sampled_from(CATEGORIES),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


def reckoned(made: list[Rule], basket: tuple[Line, ...]) -> dict[str, int]:
    """The same by fractions, one rule after the other, without caps over several events."""

    def in_scope(rule: Rule) -> set[int]:
        wanted = rule.lines.categories if rule.lines else None
        return {i for i, one in enumerate(basket) if wanted is None or one.category in wanted}

    found: dict[str, Fraction] = {}
    for rule in made:
        if rule.earn.kind is EarnKind.MULTIPLY:
            continue
        if rule.lines and not in_scope(rule):
            continue
        rate = Fraction(rule.earn.rate.num, rule.earn.rate.den)
        found[rule.id] = (
            Fraction(rule.earn.points)
            if rule.earn.kind is EarnKind.FIXED
            else sum((basket[i].amount * rate for i in in_scope(rule)), Fraction(0))
        )
    for rule in made:
        if rule.earn.kind is not EarnKind.MULTIPLY:
            continue
        extra = Fraction(rule.earn.rate.num, rule.earn.rate.den) - 1
        base = Fraction(0)
        for other in made:
            if other.earn.kind is EarnKind.RATE and other.earn.currency == rule.earn.currency:
                both = in_scope(other) & in_scope(rule)
                rate = Fraction(other.earn.rate.num, other.earn.rate.den)
                base += sum((basket[i].amount * rate for i in both), Fraction(0))
        found[rule.id] = base * extra
    return {rule.id: limited(rule, found.get(rule.id, Fraction(0))) for rule in made}


def limited(rule: Rule, exact: Fraction) -> int:
    up = {Rounding.DOWN: Fraction(0), Rounding.HALF_UP: Fraction(1, 2)}
    whole = (
        -(-exact.numerator // exact.denominator)
        if rule.earn.rounding is Rounding.UP
        else int(exact + up[rule.earn.rounding])
    )
    return min([whole, *(one.points for one in rule.caps if one.points is not None)])


BOTH = (points(), status())


@given(rules(), baskets)
def test_rules_give_what_fractions_say(made: list[Rule], basket: tuple[Line, ...]) -> None:
    life = Life(program(*made, currencies=BOTH))
    life.do(bought("p", NOON, basket))
    assert given_by(life) == reckoned(made, basket)
    sums: Counter[str] = Counter()
    for rule in made:
        sums[rule.earn.currency] += given_by(life)[rule.id]
    assert life.told["p"].earned == {code: total for code, total in sums.items() if total}


@given(rules(), baskets, st.randoms(use_true_random=False))
def test_the_order_of_rules_in_the_document_changes_no_total(
    made: list[Rule], basket: tuple[Line, ...], random: Any
) -> None:
    shuffled = made[:]
    random.shuffle(shuffled)
    totals = []
    for order in (made, shuffled):
        life = Life(program(*order, currencies=BOTH))
        life.do(bought("p", NOON, basket))
        totals.append((life.told["p"].earned, given_by(life)))
        assert [rule for rule, _, _ in life.told["p"].rules] == [rule.id for rule in order]
    assert totals[0] == totals[1]


def test_a_rate_of_one_point_two_a_yuan_is_exact() -> None:
    rule = rate_rule("base", "1.2")
    rule = replace(rule, earn=replace(rule.earn, rate=Rate.of(12, 1000)))
    life = Life(program(rule))
    amounts = [(83, 0), (84, 1), (8350, 100), (10**15, 12 * 10**12)]
    # Each is exact: 1.2 times 0.83 yuan is 0.996 points, and 1.2 times 0.84 yuan is 1.008.
    for number, (fen, expected) in enumerate(amounts):
        life.do(bought(f"p{number}", NOON, fen))
        assert life.told[f"p{number}"].earned.get("points", 0) == expected


@pytest.mark.parametrize(
    ("rounding", "expected"), [(Rounding.DOWN, 2), (Rounding.HALF_UP, 3), (Rounding.UP, 3)]
)
def test_parts_of_a_point_are_rounded_as_the_rule_says(rounding: Rounding, expected: int) -> None:
    life = Life(program(rate_rule("base", "0.5", rounding=rounding)))
    life.do(bought("p", NOON, 5))
    assert given_by(life) == {"base": expected}


def test_multipliers_add_up_and_never_multiply_each_other() -> None:
    life = Life(program(rate_rule(), multiplier("double", "2"), multiplier("triple", "3")))
    life.do(bought("p", NOON, 100))
    assert given_by(life) == {"base": 100, "double": 100, "triple": 200}


def test_a_multiplier_counts_from_before_rounding_caps_and_budgets() -> None:
    base = rate_rule("base", "0.3", caps=(cap("event", 10),))
    life = Life(program(base, multiplier("double", "2")))
    life.do(bought("p", NOON, 5))  # 1.5 points: 1 and 1, not 1 and 1.5
    life.do(bought("q", NOON, 100))
    assert given_by(life) == {"base": 1, "double": 1}
    assert given_by(life, "q") == {"base": 10, "double": 30}


def test_a_multiplier_takes_only_the_rules_it_names() -> None:
    made = (
        rate_rule("a", "1"),
        fixed_rule("b", 7, lines=categories("B")),
        multiplier("double", "2", of=["b"], lines=categories("A", "B")),
        multiplier("idle", "2", of=["absent"]),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, lines((5, 1, "A"), (6, 1, "B"))))
    life.do(bought("q", NOON, lines((5, 1, "A"))))
    assert given_by(life) == {"a": 11, "b": 7, "double": 7, "idle": 0}
    assert given_by(life, "q") == {"a": 5, "b": 0, "double": 0, "idle": 0}
    assert reasons(life, "q") == {"a": "", "b": "lines", "double": "nothing", "idle": "nothing"}


def test_a_fixed_rule_is_multiplied_on_its_own_lines_only() -> None:
    made = (
        fixed_rule("b", 7, lines=categories("B")),
        multiplier("double", "2", of=["b"], lines=categories("A")),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, lines((5, 1, "A"), (6, 1, "B"))))
    assert given_by(life) == {"b": 7, "double": 0}


def test_a_multiplier_passes_over_rules_that_do_not_apply() -> None:
    both = frozenset({"purchase", "visit"})
    made = (
        rate_rule("shop"),
        fixed_rule("hello", 7, on=frozenset({"visit"})),
        multiplier("double", "2", of=["shop", "hello"], on=both),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, 100))
    life.do(visit("v", NOON))
    assert given_by(life) == {"shop": 100, "double": 100}
    assert given_by(life, "v") == {"hello": 7, "double": 7}


# Amounts of other types.


def test_card_payments_and_declared_types_have_their_own_amounts() -> None:
    custom = CustomType("deposit", {}, amount="paid")
    plain = CustomType("hello", {})
    kinds = frozenset({"card_payment", "deposit", "hello", "visit"})
    rules_of = program(rate_rule(on=kinds), custom_types={"deposit": custom, "hello": plain})
    life = Life(rules_of)
    life.do(event("a", "card_payment", NOON, CardPayment(currency="CNY", amount=7)))
    life.do(event("b", "deposit", NOON, {"paid": 9}))
    life.do(event("c", "deposit", NOON, {}))
    # To JSON the empty name is a name like any other; it is not that of the amount.
    life.do(event("d", "hello", NOON, {"paid": 9, "": 9}))
    life.do(event("e", "visit", NOON, Visit()))
    assert [given_by(life, name)["base"] for name in "abcde"] == [7, 9, 0, 0, 0]
    assert reasons(life, "e") == {"base": "nothing"}


# Which lines earned it, as each comes back.


def test_the_share_of_a_line_is_of_the_lines_its_rule_spoke_about() -> None:
    made = (
        rate_rule("base", "1"),
        multiplier("fresh", "3", lines=categories("A")),
        fixed_rule("gift", 6, lines=categories("B", "C")),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, lines((10, 1, "A"), (20, 1, "B"), (40, 1, "C"), (0, 1, "D"))))
    taken = [
        life.do(brought_back(f"r{n}", LATER, "p", places=[(n, 1)])).taken for n in (3, 2, 1, 0)
    ]
    assert taken == [{}, {"points": 44}, {"points": 22}, {"points": 30}]


def test_free_lines_in_scope_share_evenly() -> None:
    life = Life(program(fixed_rule("gift", 7, lines=categories("A"))))
    life.do(bought("p", NOON, lines((0, 1, "A"), (50, 1, "B"), (0, 1, "A"))))
    taken = [life.do(brought_back(f"r{n}", LATER, "p", places=[(n, 1)])).taken for n in range(3)]
    assert taken == [{"points": 4}, {}, {"points": 3}]


def test_a_multiplier_keeps_to_its_lines_though_its_base_was_cut_to_nothing() -> None:
    made = (
        rate_rule("base", "1", caps=(cap("day", 10),)),
        multiplier("double", "2", lines=categories("B")),
    )
    life = Life(program(*made))
    life.do(bought("first", NOON, 10))
    life.do(bought("p", NOON, lines((40, 1, "A"), (60, 1, "B"))))
    assert life.told["p"].rules == [("base", 0, "cap"), ("double", 60, "")]
    assert life.do(brought_back("r", LATER, "p", places=[(0, 1)])).taken == {}
    assert life.do(brought_back("s", LATER, "p", places=[(1, 1)])).taken == {"points": 60}


def test_a_multiplier_comes_back_with_the_lines_of_all_that_it_multiplied() -> None:
    made = (
        rate_rule("a", "1", lines=categories("A")),
        rate_rule("b", "1", lines=categories("B")),
        multiplier("double", "2"),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, lines((10, 1, "A"), (20, 1, "B"), (40, 1, "C"))))
    taken = [life.do(brought_back(f"r{n}", LATER, "p", places=[(n, 1)])).taken for n in range(3)]
    assert taken == [{"points": 20}, {"points": 40}, {}]


def test_a_condition_on_lines_is_remembered_though_the_member_has_changed() -> None:
    def for_vips(_event: Any, member: Any, _order: Any, line: Any, _now: Any) -> bool:
        return bool(member.attributes["vip"]) and line.amount > 20

    made = rate_rule("vip", "1", lines=LineScope(condition=condition(for_vips)))
    rules_of = program(made, attributes={"vip": "bool"})
    life = Life(rules_of, attributes={"vip": True})
    told = life.do(bought("p", NOON, lines(10, 60, 40)))
    assert told.lines == {"vip": [1, 2]}
    life.operate(LATER, MemberChange(attributes={"vip": False}))
    taken = [life.do(brought_back(f"r{n}", LATER, "p", places=[(n, 1)])).taken for n in range(3)]
    assert taken == [{}, {"points": 60}, {"points": 40}]
