"""Appointments: places are taken once, moved whole or not at all, given back in time."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.api.benefits.parlour import code_of, enrol, give, has
from tests.api.benefits.test_codes import me
from tests.api.conftest import Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.verification.verifying import verify

SERIES = {
    "first_day": "2026-03-05", "last_day": "2026-03-12", "weekdays": ["thu"],
    "times": ["10:00", "14:30"],
}  # fmt: skip


def offer(shop: Shop, **more: Any) -> Any:
    """Appointments that were made; the answer."""
    body: dict[str, Any] = {
        "benefit": "skin", "place": "Xuhui store", "minutes": 60, "capacity": 1,
        "starts_at": "2026-03-07T02:00:00Z",
    }  # fmt: skip
    answer = shop.do("/v1/slots", body | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def slot_of(shop: Shop, **more: Any) -> str:
    return str(offer(shop, **more)["items"][0]["slot"])


def book(shop: Shop, slot: str, ref: str = "card:1") -> httpx.Response:
    return shop.do(f"/v1/slots/{slot}/bookings", {"member": ref})


def settle(shop: Shop, booking: str, state: str) -> httpx.Response:
    return shop.do(f"/v1/bookings/{booking}/settle", {"state": state})


@pytest.fixture
def salon(parlour: Shop) -> Shop:
    """card:1 and card:2 may have their skin cared for, twice each."""
    enrol(parlour, "card:2")
    give(parlour, "skin")
    give(parlour, "skin", ref="card:2")
    return parlour


def left(shop: Shop, ref: str = "card:1") -> int:
    return int(has(shop, ref)["skin"]["quota"]["left"])


def test_a_series_is_made_week_by_week_and_once(salon: Shop) -> None:
    made = offer(salon, starts_at=None, series=SERIES)
    again = offer(salon, starts_at=None, series=SERIES)

    assert [one["starts_at"] for one in made["items"]] == [
        "2026-03-05T02:00:00Z", "2026-03-05T06:30:00Z",
        "2026-03-12T02:00:00Z", "2026-03-12T06:30:00Z",
    ]  # fmt: skip
    assert (made["made"], again["made"]) == (4, 0)
    assert [one["slot"] for one in again["items"]] == [one["slot"] for one in made["items"]]
    listed = salon.get("/v1/slots", benefit="skin", limit=3).json()
    rest = salon.get("/v1/slots", benefit="skin", limit=3, cursor=listed["next"]).json()
    assert listed["items"] + rest["items"] == made["items"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"benefit": "nothing"}, {"capacity": 0}, {"capacity": -1}, {"minutes": 0},
        {"starts_at": "2026-03-01T02:00:00Z"}, {"starts_at": "2100-03-01T02:00:00Z"},
        {"starts_at": None}, {"series": SERIES},
        {"starts_at": None, "series": SERIES | {"last_day": "2026-03-01"}},
        {"starts_at": None, "series": SERIES | {"weekdays": ["sun"], "last_day": "2026-03-06"}},
        {"starts_at": None, "series": SERIES | {"times": ["25:00"]}},
        {"starts_at": None, "series": SERIES | {
            "weekdays": ["mon", "tue", "wed", "thu", "fri"], "last_day": "2027-03-01",
            "times": ["10:00", "11:00", "12:00"]}},
    ],
)  # fmt: skip
def test_a_timetable_that_makes_no_sense_is_refused(salon: Shop, wrong: dict[str, Any]) -> None:
    body = {
        "benefit": "skin", "place": "Xuhui store", "minutes": 60, "capacity": 1,
        "starts_at": "2026-03-07T02:00:00Z",
    }  # fmt: skip
    assert salon.do("/v1/slots", body | wrong).status_code == 422
    assert salon.get("/v1/slots").json()["items"] == []


def test_a_place_is_taken_once_and_with_it_a_use(salon: Shop) -> None:
    slot = slot_of(salon)
    first = book(salon, slot)
    again = book(salon, slot)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["booking"] == again.json()["booking"]
    assert (first.json()["slot"]["left"], first.json()["card"]) == (0, "1")
    assert code_of(book(salon, slot, "card:2")) == (409, "limit_reached")
    assert (left(salon), left(salon, "card:2")) == (1, 2)
    assert verify(salon.db, DEFAULT_ORGANIZATION).is_clean


def test_without_the_benefit_nobody_books(salon: Shop) -> None:
    slot = slot_of(salon)
    enrol(salon, "card:3")
    assert code_of(book(salon, slot, "card:3")) == (409, "benefit_not_held")
    give(salon, "skin", ref="card:3", valid_until="2026-03-06T00:00:00Z")
    assert code_of(book(salon, slot, "card:3")) == (409, "benefit_not_held")
    assert code_of(book(salon, "slt_none")) == (404, "slot_not_found")


def test_a_use_by_booking_counts_where_the_appointment_lies(salon: Shop) -> None:
    salon.buy(100_000)
    april = slot_of(salon, benefit="lounge", starts_at="2026-04-02T02:00:00Z")
    assert book(salon, april).status_code == 201
    assert has(salon)["lounge"]["quota"]["left"] == 2


def test_a_member_books_moves_and_cancels_in_time(salon: Shop) -> None:
    person = me(salon)
    first, second = slot_of(salon), slot_of(salon, starts_at="2026-03-08T02:00:00Z")
    shown = person.call("GET", "/v1/me/slots?benefit=skin").json()["items"]
    assert [one["slot"] for one in shown] == [first, second]

    booked = person.call("POST", "/v1/me/bookings", {"slot": first}).json()
    path = f"/v1/me/bookings/{booked['booking']}"
    moved = person.call("POST", f"{path}/move", {"slot": second})

    assert (moved.status_code, moved.json()["slot"]["slot"]) == (200, second)
    assert (left(salon), salon.get(f"/v1/slots/{first}").json()["slot"]["left"]) == (1, 1)
    cancelled = person.call("POST", f"{path}/cancel", {})
    assert person.call("POST", f"{path}/cancel", {}).json() == cancelled.json()
    assert (cancelled.json()["state"], left(salon)) == ("cancelled", 2)
    listed = person.call("GET", "/v1/me/bookings").json()["items"]
    assert [(one["state"], one["booked_by"], one["slot"]["left"]) for one in listed] == [
        ("cancelled", "", 1)
    ]
    assert verify(salon.db, DEFAULT_ORGANIZATION).is_clean


def test_whoever_finds_no_place_keeps_the_one_they_have(salon: Shop) -> None:
    mine, full = slot_of(salon), slot_of(salon, starts_at="2026-03-08T02:00:00Z")
    booked = book(salon, mine).json()["booking"]
    book(salon, full, "card:2")

    refused = salon.do(f"/v1/bookings/{booked}/move", {"slot": full})

    assert code_of(refused) == (409, "limit_reached")
    assert salon.get(f"/v1/slots/{mine}").json()["bookings"][0]["state"] == "booked"
    assert left(salon) == 1
    other = slot_of(salon, benefit="coffee", starts_at="2026-03-09T02:00:00Z")
    assert salon.do(f"/v1/bookings/{booked}/move", {"slot": other}).status_code == 422


def test_too_late_the_member_asks_the_staff(salon: Shop) -> None:
    person, slot = me(salon), slot_of(salon)
    booked = person.call("POST", "/v1/me/bookings", {"slot": slot}).json()
    path = f"bookings/{booked['booking']}"
    assert booked["can_change"] is True
    salon.clock.pass_(days=2, hours=1)

    assert code_of(person.call("POST", f"/v1/me/{path}/cancel", {})) == (409, "too_late_to_change")
    answer = salon.do(f"/v1/{path}/cancel", {"reason": "Called in the morning"})
    assert (answer.json()["state"], left(salon)) == ("cancelled", 2)


def test_nobody_touches_the_booking_of_another(salon: Shop) -> None:
    booked = book(salon, slot_of(salon)).json()["booking"]
    other, slot = me(salon, "card:2"), slot_of(salon, starts_at="2026-03-08T02:00:00Z")
    path = f"/v1/me/bookings/{booked}"

    assert code_of(other.call("POST", f"{path}/cancel", {})) == (404, "booking_not_found")
    assert code_of(other.call("POST", f"{path}/move", {"slot": slot})) == (404, "booking_not_found")


def test_the_staff_notes_who_came(salon: Shop) -> None:
    slot = slot_of(salon)
    booked = book(salon, slot).json()["booking"]
    assert code_of(settle(salon, booked, "no_show")) == (409, "slot_not_open")
    salon.clock.pass_(days=3, hours=2)

    assert settle(salon, booked, "no_show").json()["state"] == "no_show"
    assert settle(salon, booked, "attended").json()["state"] == "attended"
    assert code_of(salon.do(f"/v1/bookings/{booked}/cancel", {"reason": "Once more"})) == (
        409, "booking_not_open",
    )  # fmt: skip
    assert left(salon) == 1
    day = salon.get("/v1/appointments/2026-03-07").json()["items"]
    assert [[each["state"] for each in one["bookings"]] for one in day] == [["attended"]]
    assert salon.get("/v1/appointments/2026-03-08").json()["items"] == []


def test_what_has_begun_is_not_booked(salon: Shop) -> None:
    slot = slot_of(salon)
    salon.clock.pass_(days=3, hours=1)
    assert code_of(book(salon, slot)) == (409, "slot_not_open")


def test_an_appointment_that_is_called_off_gives_all_back(salon: Shop) -> None:
    slot = slot_of(salon, capacity=2)
    book(salon, slot)
    book(salon, slot, "card:2")
    reason = {"reason": "The beautician is ill"}

    told = salon.do(f"/v1/slots/{slot}/call-off", reason).json()

    assert [one["state"] for one in told["bookings"]] == ["cancelled", "cancelled"]
    assert salon.do(f"/v1/slots/{slot}/call-off", reason).json() == told
    assert (left(salon), left(salon, "card:2")) == (2, 2)
    assert code_of(book(salon, slot)) == (409, "slot_not_open")
    assert salon.get("/v1/slots").json()["items"] == []
    assert slot_of(salon) != slot
    assert verify(salon.db, DEFAULT_ORGANIZATION).is_clean


def test_places_can_be_added_and_taken_away_but_none_that_is_taken(salon: Shop) -> None:
    slot = slot_of(salon)
    book(salon, slot)
    assert salon.client.patch(f"/v1/slots/{slot}", json={"capacity": 2}).status_code == 200
    assert book(salon, slot, "card:2").status_code == 201
    lowered = salon.client.patch(f"/v1/slots/{slot}", json={"capacity": 1}).json()["items"][0]
    assert (lowered["capacity"], lowered["left"]) == (1, 0)
    assert len(salon.get(f"/v1/slots/{slot}").json()["bookings"]) == 2


def test_one_member_does_not_take_all_appointments(salon: Shop) -> None:
    give(salon, "skin", uses=100)
    start = salon.clock() + timedelta(days=2)
    for hour in range(10):
        slot = slot_of(salon, starts_at=(start + timedelta(hours=hour)).isoformat())
        assert book(salon, slot).status_code == 201
    slot = slot_of(salon, starts_at=(start + timedelta(hours=20)).isoformat())
    assert code_of(book(salon, slot)) == (409, "limit_reached")


def test_a_use_that_is_a_booking_is_given_back_by_cancelling(salon: Shop) -> None:
    book(salon, slot_of(salon))
    used = salon.get("/v1/benefit-uses").json()["items"][0]
    assert used["how"] == "booking"
    refused = salon.do(f"/v1/benefit-uses/{used['use']}/restore", {"reason": "By mistake"})
    assert refused.status_code == 422


def test_the_member_reads_what_they_were_given_and_what_was_cancelled(salon: Shop) -> None:
    slot = slot_of(salon)
    booked = book(salon, slot).json()["booking"]
    salon.do(f"/v1/bookings/{booked}/cancel", {"reason": "The water is off"})

    told = me(salon).call("GET", "/v1/me/notices").json()["items"]

    assert [one["kind"] for one in told] == ["appointment_cancelled", "benefit_granted"]
    assert told[0]["params"]["why"] == "The water is off"
    assert told[1]["params"]["benefit"]["zh-CN"] == "皮肤护理"
