"""What is left of an event when its member is erased, and what is not."""

import json
from typing import Any

import pytest
from tests.domain.programs.documents import program

from regulars.domain.erasing import (
    ERASED,
    Needed,
    attributes_left,
    decision_left,
    needed_by,
    payload_left,
    referral_left,
    transfer_left,
)
from regulars.domain.ids import MEMBER, encode

NEEDED = Needed(frozenset({"city"}), frozenset({"weather"}), frozenset({"place", "grams"}))


def left(code: str, **data: Any) -> Any:
    return json.loads(payload_left(code, json.dumps(data), NEEDED))


@pytest.mark.parametrize(
    ("code", "data", "what_is_left"),
    [
        ("regulars.adjustment", {"currency": "p", "amount": 5, "reason": "Frau Li rang"},
         {"currency": "p", "amount": 5, "reason": ERASED}),
        ("regulars.redemption", {"currency": "p", "amount": 5, "reference": "li-81"},
         {"currency": "p", "amount": 5}),
        ("regulars.hold", {"currency": "p", "amount": 5, "seconds": 9, "reference": "li-81"},
         {"currency": "p", "amount": 5, "seconds": 9}),
        ("regulars.member_change", {"attributes": {"city": "X", "note": "tall"}, "mark": "a1"},
         {"attributes": {"city": "X"}}),
        ("regulars.hold_release", {"hold": 7}, {"hold": 7}),
        ("purchase", {"currency": "CNY", "lines": [{"amount": 5, "sku": "A"}], "store": "S1",
                      "attributes": {"weather": "sun", "clerk": "Li"}},
         {"currency": "CNY", "lines": [{"amount": 5, "sku": "A"}], "store": "S1",
          "attributes": {"weather": "sun"}}),
        ("check_in", {"place": "cafe", "store": "S1", "attributes": {"clerk": "Li"}},
         {"place": "cafe"}),
        ("referral", {"referee": "card:2", "stage": "joined"}, {}),
        ("card_payment", {"currency": "CNY", "amount": 5, "card": "6222"},
         {"currency": "CNY", "amount": 5}),
        ("coffee_tasting", {"grams": 18, "words": "by Li", "cups": 2, "tags": ["Li"], "ok": True},
         {"grams": 18, "cups": 2, "ok": True}),
    ],
)  # fmt: skip
def test_what_somebody_typed_goes_and_what_counted_stays(
    code: str, data: dict[str, Any], what_is_left: dict[str, Any]
) -> None:
    assert left(code, **data) == what_is_left
    assert left(code, **left(code, **data)) == what_is_left


def test_a_transfer_names_the_other_by_our_id() -> None:
    data = {"to": "card:77", "currency": "p", "amount": 5, "to_id": 12}
    renamed = {**data, "to": encode(MEMBER, 12)}
    assert left("regulars.transfer", **data) == renamed
    assert json.loads(transfer_left(json.dumps(data))) == renamed


def test_a_referral_forgets_only_whom_it_should() -> None:
    data = json.dumps({"referee": "card:2", "stage": "joined"})
    assert json.loads(referral_left(data, frozenset({"card:2"}))) == {"stage": "joined"}
    assert referral_left(data, frozenset({"card:22"})) == data


def test_the_words_of_a_refusal_go_and_its_code_stays() -> None:
    told = json.dumps({"refused": "invalid_input: card:4711 of Li", "earned": {"p": 5}})
    assert json.loads(decision_left(told)) == {"refused": "invalid_input", "earned": {"p": 5}}
    assert decision_left('{"earned": {"p": 5}}') == '{"earned": {"p": 5}}'


def test_attributes_that_no_rule_reads_go() -> None:
    assert attributes_left({"city": "X", "shoe": 43}, NEEDED) == {"city": "X"}


def test_what_rules_read_is_found_in_all_their_conditions() -> None:
    known = {"birth_month": "int", "city": "string", "shoe": "int"}
    found = needed_by(
        [
            program(
                ("members/attributes", known),
                ("rules/0/schedule", {"birth_month": True}),
                ("rules/0/audience", {"where": "member.attributes.city == 'X'"}),
                ("rules/1/when", "order.attributes.weather == 'sun'"),
            ),
            program(("rules/2/on", "check_in"), ("rules/2/when", "event.data.place == 'cafe'")),
        ]
    )
    assert found == Needed(
        frozenset({"birth_month", "city"}),
        frozenset({"weather"}),
        frozenset({"place", "deposit"}),
    )
