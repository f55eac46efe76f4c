"""Lucky draws over HTTP: what is promised, paid, won, told, and can be worked out anew."""

from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.play import arcade
from typer.testing import CliRunner

from regulars.cli.main import app
from regulars.domain.play.auditing import PublishedPrize, PublishedTurn, check_turns
from regulars.domain.play.draws import roll_of


@pytest.fixture(autouse=True)
def _plays(bare: Shop) -> None:
    arcade.publish(bare)


def test_a_turn_takes_its_price_and_gives_what_it_won_at_once(bare: Shop) -> None:
    person = arcade.member(bare, points=1_000)
    draw = arcade.begun(bare, price={"currency": "points", "amount": 20})
    before = bare.balance()["available"]
    answers = [arcade.turn(person, draw, f"t{n}") for n in range(12)]
    assert {answer.status_code for answer in answers} == {201}
    won = sum(answer.json()["prize"] == "hundred" for answer in answers)
    assert bare.balance()["available"] == before - 12 * 20 + won * 100
    figures = bare.get(f"/v1/draws/{draw}/statistics").json()
    assert (figures["turns"], figures["members"], figures["points_taken"]) == (12, 1, 240)
    assert figures["points_given"] == [{"currency": "points", "amount": won * 100}]


def test_the_same_request_is_one_turn(bare: Shop) -> None:
    person = arcade.member(bare)
    draw = arcade.begun(bare)
    first, again = (arcade.turn(person, draw, "same") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = arcade.turn(person, draw, "same", luck="ffffffffffffffff")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_who_cannot_pay_gets_no_turn_and_keeps_the_points(bare: Shop) -> None:
    person = arcade.member(bare)
    draw = arcade.begun(bare, price={"currency": "points", "amount": 10_000})
    before = bare.balance()["available"]
    refused = arcade.turn(person, draw, "t")
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")
    assert bare.balance()["available"] == before
    assert bare.get(f"/v1/draws/{draw}/statistics").json()["turns"] == 0


def test_a_member_has_as_many_turns_as_the_draw_says(bare: Shop) -> None:
    person = arcade.member(bare)
    draw = arcade.begun(bare, limits=[{"most": 2, "per": "day"}, {"most": 3, "per": "ever"}])
    told = [arcade.turn(person, draw, f"t{n}").status_code for n in range(3)]
    assert told == [201, 201, 409]
    assert person.call("GET", f"/v1/me/draws/{draw}").json()["turns_left"] == 0
    bare.clock.pass_(hours=20)
    assert arcade.turn(person, draw, "later").status_code == 201
    refused = arcade.turn(person, draw, "last")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")


def test_chances_that_were_given_are_taken_before_points(bare: Shop) -> None:
    person = arcade.member(bare)
    draw = arcade.begun(bare, by_chance=True)
    refused = arcade.turn(person, draw, "none")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_chance_left")
    body = {"member": "card:1", "amount": 2, "reason": "opening day"}
    given = [bare.do(f"/v1/draws/{draw}/chances", body, key="given") for _ in range(2)]
    assert [one.status_code for one in given] == [201, 200]
    assert given[1].json() == {"left": 2, "repeated": True}
    told = [arcade.turn(person, draw, f"t{n}") for n in range(3)]
    assert [one.status_code for one in told] == [201, 201, 409]
    assert told[0].json()["paid"] == "chance"


def test_a_prize_that_ran_out_gives_way_to_the_one_that_was_named(bare: Shop) -> None:
    person = arcade.member(bare)
    more = {
        "out_of": 1_000_000,
        "instead": "drop",
        "prizes": [
            {"code": "basket", "name": {"en": "Basket"}, "kind": "goods", "weight": 999_999,
             "stock": 1},
            {"code": "drop", "name": {"en": "1"}, "kind": "points", "weight": 1,
             "currency": "points", "amount": 1},
        ],
    }  # fmt: skip
    draw = arcade.begun(bare, **more)
    first, second = (arcade.turn(person, draw, f"t{n}").json() for n in range(2))
    assert (first["prize"], first["serial"], first["state"]) == ("basket", 1, "to_hand_out")
    assert (second["rolled"], second["prize"], second["state"]) == ("basket", "drop", "given")
    path = f"/v1/draws/{draw}/turns/{first['turn']}/hand-out"
    assert [bare.do(path).status_code for _ in range(2)] == [200, 409]
    assert bare.do(f"/v1/draws/{draw}/turns/{second['turn']}/hand-out").status_code == 409
    waiting = bare.get(f"/v1/draws/{draw}/turns", waiting=True).json()["items"]
    assert waiting == []


def test_a_benefit_of_no_program_and_odds_that_do_not_add_up_are_refused(bare: Shop) -> None:
    prize = {"code": "a", "name": {"en": "A"}, "kind": "nothing", "weight": 9}
    wrong: list[dict[str, Any]] = [
        {"prizes": [prize]},
        {"prizes": [prize | {"weight": 5}, prize | {"weight": 5}]},
        {"prizes": [prize | {"weight": 10, "kind": "points"}]},
        {"prizes": [prize | {"weight": 10, "kind": "benefit", "benefit": "none"}]},
        {"prizes": [prize | {"weight": 10, "kind": "coupon", "template": "ctp_0000000000000"}]},
        {"prizes": [prize | {"weight": 10, "stock": 5}]},
        {"prizes": [prize | {"weight": 10}], "instead": "b"},
        {"prizes": [prize | {"weight": 10}], "price": {"currency": "none", "amount": 1}},
        {"prizes": [prize | {"weight": 0}, prize | {"code": "b", "weight": 10}]},
        {"prizes": [prize | {"weight": 10}], "out_of": 10**12},
    ]
    for more in wrong:
        body = {
            "terms": arcade.terms(**more),
            "starts_at": "2026-03-04T00:00:00Z",
            "ends_at": "2026-03-05T00:00:00Z",
        }
        answer = bare.do("/v1/draws", body)
        assert answer.status_code == 422, (more, answer.text)
    backwards = {
        "terms": arcade.terms(),
        "starts_at": "2026-03-05T00:00:00Z",
        "ends_at": "2026-03-04T00:00:00Z",
    }
    assert bare.do("/v1/draws", backwards).status_code == 422
    assert bare.get("/v1/draws").json()["items"] == []


def test_what_was_promised_cannot_be_changed(bare: Shop) -> None:
    made = arcade.draft(bare)
    path = f"/v1/draws/{made['draw']}"
    body = {name: made[name] for name in ("terms", "starts_at", "ends_at")}
    changed = bare.client.request("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["commitment"]) == (200, made["commitment"])
    stale = bare.client.request("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_mark")
    assert bare.do(f"{path}/state", {"state": "ended"}).status_code in {403, 409, 422}
    assert bare.do(f"{path}/state", {"state": "active"}).status_code == 200
    fixed = bare.client.request("PUT", path, json=body)
    assert (fixed.status_code, fixed.json()["code"]) == (409, "draw_fixed")


def test_no_turn_is_taken_in_a_draft_a_pause_or_after_the_end(bare: Shop) -> None:
    person = arcade.member(bare)
    made = arcade.draft(bare)
    draw = made["draw"]
    assert arcade.turn(person, draw, "draft").status_code == 404
    for state, status in (("active", 201), ("paused", 409), ("active", 201)):
        assert bare.do(f"/v1/draws/{draw}/state", {"state": state}).status_code == 200
        assert arcade.turn(person, draw, f"{state}{status}").status_code in {status, 200}
    bare.clock.pass_(days=1)
    refused = arcade.turn(person, draw, "late")
    assert (refused.status_code, refused.json()["code"]) == (409, "draw_closed")


def other_luck(facts: dict[str, Any], turn: PublishedTurn) -> str:
    """A luck by which the turn would have rolled something else: one in so many rolls the same."""
    asked = {"draw": facts["draw"], "player": turn.player, "number": turn.number}
    for number in count(100):
        luck = f"{number:016x}"
        if roll_of(facts["seed"], luck=luck, out_of=facts["out_of"], **asked) != turn.roll:
            return luck
    raise AssertionError


def test_after_the_end_anybody_can_work_every_turn_out_anew(bare: Shop, tmp_path: Path) -> None:
    people = [arcade.member(bare, name) for name in ("card:1", "card:2")]
    draw = arcade.begun(bare, price=None)
    for number in range(6):
        arcade.turn(people[number % 2], draw, f"t{number}", luck=f"{number:016x}")
    early = bare.get(f"/v1/draws/{draw}/audit")
    assert (early.status_code, bare.get(f"/v1/draws/{draw}").json()["seed"]) == (422, None)
    bare.clock.pass_(days=1, minutes=2)
    told = people[0].call("GET", f"/v1/me/draws/{draw}/audit").json()
    assert sha256(told["seed"].encode()).hexdigest() == told["commitment"]
    assert bare.get(f"/v1/draws/{draw}/check").json() == {
        "draw": draw, "turns": 6, "count": 0, "faults": [],
    }  # fmt: skip
    assert bare.get(f"/v1/draws/{draw}/audit", limit=4).json()["next"]
    facts = {
        "draw": draw,
        "seed": told["seed"],
        "commitment": told["commitment"],
        "out_of": told["out_of"],
        "prizes": [PublishedPrize(**one) for one in told["prizes"]],
        "instead": told["instead"],
    }
    turns = [PublishedTurn(**one) for one in told["turns"]]
    assert not check_turns(**facts, turns=turns).count
    assert "mem_" not in str(told)
    record = tmp_path / "audit.json"
    record.write_text(people[0].call("GET", f"/v1/me/draws/{draw}/audit").text)
    checked = CliRunner().invoke(app, ["draws", "check", str(record)])
    assert (checked.exit_code, "6 turns worked out anew" in checked.output) == (0, True)
    record.write_text(record.read_text().replace(told["seed"], "0" * 64))
    assert CliRunner().invoke(app, ["draws", "check", str(record)]).exit_code == 1
    forged = [
        PublishedTurn(**(told["turns"][0] | {"luck": other_luck(facts, turns[0])})),
        *turns[1:],
    ]
    assert check_turns(**facts, turns=forged).count
    assert check_turns(**facts, turns=turns[1:]).count
    assert check_turns(**(facts | {"seed": "0" * 64}), turns=turns).count
