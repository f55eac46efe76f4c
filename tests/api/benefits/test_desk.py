"""The desk knows whatever a member shows, and uses what they may."""

from typing import Any

from tests.api.benefits.parlour import code_of, has
from tests.api.benefits.test_codes import me, shown
from tests.api.conftest import Shop


def look(shop: Shop, text: str) -> Any:
    answer = shop.do("/v1/desk/look", {"text": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_card_tells_who_stands_there(parlour: Shop) -> None:
    for text in ("1", " 1 ", "card:1", parlour.get("/v1/members/card:1").json()["member"]):
        found = look(parlour, text)
        assert (found["kind"], found["card"], found["status"]) == ("member", "1", "active"), text
        assert {one["benefit"] for one in found["held"]["items"]} == {"coffee", "wash"}


def test_a_code_tells_what_it_is_for_and_is_used(parlour: Shop) -> None:
    code = shown(me(parlour))["shown"]
    found = look(parlour, code)
    assert (found["kind"], found["benefit"], found["code_state"]) == (
        "benefit_code", "coffee", "open",
    )  # fmt: skip

    used = parlour.do("/v1/desk/benefit-uses", {"code": code})

    assert (used.status_code, used.json()["how"]) == (201, "code")
    assert look(parlour, code)["code_state"] == "used"


def test_what_nobody_knows_is_unknown(parlour: Shop) -> None:
    for text in ("4711", "card:none", "mem_x", "phone:+8613800138000", "B23456789A", "?!", "a:b:c"):
        assert look(parlour, text)["kind"] == "unknown", text


def test_the_desk_uses_a_benefit_of_a_member(parlour: Shop) -> None:
    body = {"member": "card:1", "benefit": "coffee", "store": "S-1"}
    assert parlour.do("/v1/desk/benefit-uses", body).json()["how"] == "desk"
    assert has(parlour)["coffee"]["why_not"] == "used_up"
    assert code_of(parlour.do("/v1/desk/benefit-uses", body)) == (409, "limit_reached")
    for wrong in ({}, {"member": "card:1"}, {"benefit": "coffee"}, {"code": "x", "member": "y"}):
        assert parlour.do("/v1/desk/benefit-uses", wrong).status_code == 422, wrong


def test_the_program_says_what_it_offers(parlour: Shop) -> None:
    items = {one["benefit"]: one for one in parlour.get("/v1/benefits").json()["items"]}
    assert items["coffee"]["everyone"] is True
    assert items["lounge"]["tiers"] == ["Gold"]
    assert (items["skin"]["by_appointment"], items["skin"]["valid"]) == (True, "P90D")
    assert (items["wash"]["partner"], items["back"]["grantable"]) == ("sparkle", False)
