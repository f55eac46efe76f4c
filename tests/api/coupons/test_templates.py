"""Coupon templates over the API: made, changed by one at a time, activated, paused, ended."""

from tests.api.conftest import Shop
from tests.api.coupons.counter import AMOUNT, given, member, moved, template, why

PATH = "/v1/coupon-templates"


def test_a_template_is_told_in_words_in_both_languages(shop: Shop) -> None:
    terms = AMOUNT | {"threshold": 5000, "goods": {"categories": ["tea"]}, "valid_for": "P30D"}
    answer = shop.client.post(f"{PATH}:preview", json={"terms": terms}).json()["words"]
    assert answer["en"]["worth"] == "10 yuan off from 50 yuan"
    assert answer["zh-CN"]["worth"] == "满50元减10元"
    assert "On tea." in answer["en"]["conditions"]


def test_terms_that_make_no_sense_are_refused_by_their_place(shop: Shop) -> None:
    bad = {
        "give": "percentage", "currency": "USD", "percent": "101", "amount": 5,
        "valid_for": "P0D", "audience": {"tiers": ["diamond"], "condition": "member.age > 3"},
        "valid_from": "2026-02-01T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    answer = shop.client.post(PATH, json={"code": "bad", "name": {"en": "Bad"}, "terms": bad})
    assert answer.status_code == 422
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {
        "/terms/amount", "/terms/percent", "/terms/currency", "/terms/valid_for",
        "/terms/valid_until", "/terms/audience/tiers/0", "/terms/audience/condition",
    }  # fmt: skip


def test_negative_and_huge_amounts_are_refused(shop: Shop) -> None:
    for amount in (0, -1, 10**16):
        body = {"code": "x", "name": {"en": "X"}, "terms": AMOUNT | {"amount": amount}}
        assert shop.client.post(PATH, json=body).status_code == 422


def test_only_who_has_read_it_last_changes_it(shop: Shop) -> None:
    made = template(shop, state="draft")
    path = f"{PATH}/{made['template']}"
    body = {"name": {"en": "New"}, "terms": AMOUNT}
    assert shop.client.request("PUT", path, json=body).status_code == 428
    mark = shop.get(path).headers["etag"]
    first = shop.client.request("PUT", path, json=body, headers={"If-Match": mark})
    second = shop.client.request("PUT", path, json=body, headers={"If-Match": mark})
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.json()["name"] == {"en": "New"}


def test_a_code_or_word_of_another_template_is_refused(shop: Shop) -> None:
    template(shop, "one", public_code="SPRING")
    for code, word in (("one", None), ("two", "SPRING")):
        body = {"code": code, "name": {"en": "X"}, "terms": AMOUNT, "public_code": word}
        assert shop.client.post(PATH, json=body).status_code == 409


def test_nothing_is_given_out_of_a_draft_and_nothing_used_of_what_is_paused(shop: Shop) -> None:
    member(shop)
    made = template(shop, state="draft")
    path = f"{PATH}/{made['template']}/coupons"
    assert shop.do(path, {"members": ["card:1"]}).status_code == 409
    moved(shop, made["template"], "active")
    (one,) = given(shop, made, "card:1")
    assert why(shop, one["code"]) == ""
    moved(shop, made["template"], "paused", "A mistake in the terms")
    assert why(shop, one["code"]) == "paused"
    assert moved(shop, made["template"], "active").status_code == 200
    assert moved(shop, made["template"], "ended").status_code == 200
    assert why(shop, one["code"]) == "expired"
    assert moved(shop, made["template"], "active").status_code == 409


def test_a_draft_can_be_deleted_and_what_was_active_cannot(shop: Shop) -> None:
    draft, active = template(shop, "a", state="draft"), template(shop, "b")
    assert shop.client.request("DELETE", f"{PATH}/{draft['template']}").status_code == 200
    assert shop.get(f"{PATH}/{draft['template']}").status_code == 404
    assert shop.client.request("DELETE", f"{PATH}/{active['template']}").status_code == 409


def test_templates_are_found_by_words_and_state(shop: Shop) -> None:
    template(shop, "welcome"), template(shop, "birthday", state="draft")

    def codes(**asked: str) -> list[str]:
        return [one["code"] for one in shop.get(PATH, **asked).json()["items"]]

    assert codes() == ["birthday", "welcome"]
    assert codes(state="draft") == ["birthday"]
    assert codes(words="WELC") == ["welcome"]
    assert codes(words="100%") == []


def test_how_often_a_code_can_be_used_stays_as_it_was_given_out(shop: Shop) -> None:
    made = template(shop, uses=2)
    body = {"name": {"en": "X"}, "terms": AMOUNT | {"uses": 3}}
    answer = shop.client.request(
        "PUT", f"{PATH}/{made['template']}", json=body, headers={"If-Match": "*"}
    )
    assert answer.status_code == 422
