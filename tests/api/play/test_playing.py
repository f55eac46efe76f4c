"""Check-ins, challenges, badges and leaderboards as members have them."""

from datetime import timedelta

import pytest
from tests.api.conftest import Shop
from tests.api.play import arcade

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.play import boards
from regulars.storage.programs import Versions


@pytest.fixture(autouse=True)
def _plays(bare: Shop) -> None:
    arcade.publish(bare)


def compute(shop: Shop) -> int:
    return boards.compute(shop.db, Versions(DEFAULT_ORGANIZATION), shop.clock())


def test_a_member_checks_in_once_a_day_and_hears_of_the_streak(bare: Shop) -> None:
    person = arcade.member(bare)
    first = person.call("POST", "/v1/me/check-ins", {}).json()
    assert first["earned"] == [{"currency": "points", "amount": 2}]
    assert not first["repeated"]
    bare.clock.pass_(minutes=5)
    again = person.call("POST", "/v1/me/check-ins", {})
    assert again.status_code == 200
    assert again.json() == first | {"repeated": True}
    streak = next(one for one in first["progress"] if one["rule"] == "week")
    assert (streak["done"], streak["target"], streak["running"]) == (1, 3, 1)
    bare.clock.pass_(days=1)
    second = person.call("POST", "/v1/me/check-ins", {}).json()
    bare.clock.pass_(days=1)
    third = person.call("POST", "/v1/me/check-ins", {}).json()
    assert [sum(one["amount"] for one in day["earned"]) for day in (second, third)] == [2, 32]
    calendar = person.call("GET", "/v1/me/check-ins").json()
    assert calendar["days"] == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert calendar["month"] == "2026-03"


def test_a_missed_day_is_made_up_for_at_its_price_and_paid_once(bare: Shop) -> None:
    person = arcade.member(bare, points=100)
    bare.clock.pass_(days=1)
    person.call("POST", "/v1/me/check-ins", {})
    bare.clock.pass_(days=2)
    person.call("POST", "/v1/me/check-ins", {})
    before = bare.balance()["available"]
    body = {"rule": "week", "day": "2026-03-06"}
    told = [person.call("POST", "/v1/me/check-ins/make-ups", body) for _ in range(2)]
    assert [one.status_code for one in told] == [200, 200]
    assert told[0].json()["earned"] == [{"currency": "points", "amount": 30}]
    assert told[1].json()["repeated"]
    assert bare.balance()["available"] == before - 10 + 30
    calendar = person.call("GET", "/v1/me/check-ins", None).json()
    assert calendar["made_up"] == ["2026-03-06"]
    assert calendar["streaks"][0]["make_ups"] == 0
    none_left = person.call("POST", "/v1/me/check-ins/make-ups", body | {"day": "2026-03-04"})
    assert (none_left.status_code, none_left.json()["code"]) == (409, "no_make_up_left")
    ahead = person.call("POST", "/v1/me/check-ins/make-ups", body | {"day": "2026-03-08"})
    assert ahead.status_code == 422


def test_a_challenge_shows_how_far_it_is_and_is_won_at_the_third_purchase(bare: Shop) -> None:
    person = arcade.member(bare)
    bare.buy(100)

    def thrice() -> tuple[int, int, bool]:
        found = person.call("GET", "/v1/me/play").json()["progress"]
        one = next(one for one in found if one["rule"] == "thrice")
        return one["done"], one["target"], one["is_done"]

    assert thrice() == (2, 3, False)
    bare.buy(100)
    assert thrice() == (3, 3, True)
    assert bare.balance()["available"] == 3 + 50
    history = person.call("GET", "/v1/me/history").json()["items"]
    assert [part["points"] for part in history[0]["parts"] if part["rule"] == "thrice"] == [50]


def test_badges_are_shown_before_they_are_won(bare: Shop) -> None:
    person = arcade.member(bare)
    found = person.call("GET", "/v1/me/play", None, **{"Accept-Language": "zh-CN"}).json()
    assert found["badges"] == [
        {"badge": "early", "name": "早起鸟", "about": "", "picture": "sun", "since": None}
    ]


def test_a_badge_is_won_once_and_told_with_the_purchase(bare: Shop) -> None:
    person = arcade.member(bare)
    for _ in range(2):
        bare.buy(100)
    won = person.call("GET", "/v1/me/play").json()["badges"][0]["since"]
    assert won is not None
    bare.clock.pass_(days=7)
    for _ in range(3):
        bare.buy(100)
    assert person.call("GET", "/v1/me/play").json()["badges"][0]["since"] == won
    told = person.call("GET", "/v1/me/notices").json()["items"]
    assert [one["kind"] for one in told].count("badge_won") == 1


def test_only_who_chose_a_name_stands_on_a_leaderboard_and_only_by_it(bare: Shop) -> None:
    people = [arcade.member(bare, f"card:{n}") for n in range(3)]
    body = {"name": {"en": "Days"}, "metric": "check_ins", "per": "month"}
    board = bare.do("/v1/leaderboards", body).json()["leaderboard"]
    for place, person in enumerate(people):
        if place:
            name = {"name": f"Heron {place}"}
            assert person.call("PUT", "/v1/me/play-name", name).status_code == 200
        person.call("POST", "/v1/me/check-ins", {})
    bare.clock.pass_(days=1)
    people[2].call("POST", "/v1/me/check-ins", {})
    assert compute(bare) == 1
    own = people[1].call("GET", f"/v1/me/leaderboards/{board}").json()
    assert [(one["place"], one["name"], one["score"]) for one in own["places"]] == [
        (1, "Heron 2", 2), (2, "Heron 1", 1),
    ]  # fmt: skip
    assert (own["own_place"], own["players"]) == (2, 2)
    assert "mem_" not in str(own)
    aside = people[0].call("GET", f"/v1/me/leaderboards/{board}").json()
    assert (aside["own_place"], aside["is_playing"]) == (None, False)
    assert people[2].call("DELETE", "/v1/me/play-name").json() == {"name": None}
    left = people[1].call("GET", f"/v1/me/leaderboards/{board}").json()
    assert [one["name"] for one in left["places"]] == ["Heron 1"]


def test_leaderboards_count_points_and_challenges_too(bare: Shop) -> None:
    person = arcade.member(bare)
    person.call("PUT", "/v1/me/play-name", {"name": "Heron"})
    boards_of = [
        bare.do("/v1/leaderboards", {"name": {"en": "x"}, "per": "year", **one}).json()
        for one in (
            {"metric": "points", "subject": "points"},
            {"metric": "challenges", "subject": "thrice"},
        )
    ]
    for _ in range(2):
        bare.buy(100)
    compute(bare)
    scores = [
        bare.get(f"/v1/leaderboards/{one['leaderboard']}").json()["places"][0]["score"]
        for one in boards_of
    ]
    assert scores == [53, 1]
    wrong = {"name": {"en": "x"}, "metric": "challenges", "subject": "base"}
    assert bare.do("/v1/leaderboards", wrong).status_code == 422


def test_names_that_tell_who_somebody_is_or_pass_for_another_are_refused(bare: Shop) -> None:
    one, other = (arcade.member(bare, f"card:{n}") for n in range(2))
    assert one.call("PUT", "/v1/me/play-name", {"name": " Blue  Heron "}).json() == {
        "name": "Blue Heron"
    }
    taken = other.call("PUT", "/v1/me/play-name", {"name": "BLUE HERON"})
    assert (taken.status_code, taken.json()["code"]) == (409, "play_name_taken")
    for name in ("13800138000", "a@b.example", "Admin", "x", "a" * 30, "客服", "<b>hi</b>"):
        refused = other.call("PUT", "/v1/me/play-name", {"name": name})
        assert refused.status_code == 422, name
        assert name not in refused.text or name == "x"
    assert other.call("GET", "/v1/me/play-name").json() == {"name": None}


def test_play_lasts_by_the_programs_midnight(bare: Shop) -> None:
    person = arcade.member(bare)
    bare.clock.now = bare.clock.now.replace(hour=15, minute=59)
    assert person.call("POST", "/v1/me/check-ins", {}).json()["day"] == "2026-03-04"
    bare.clock.now += timedelta(minutes=2)
    next_day = person.call("POST", "/v1/me/check-ins", {}).json()
    assert (next_day["day"], next_day["repeated"]) == ("2026-03-05", False)
