"""Benefits from hand to hand: a member shows a code, the desk uses it; appointments."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from tests.journeys.conftest import Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints, settle
from tests.journeys.test_member import arrive

from regulars.domain.access import Role


def give(house: House, member: str, uses: int = 2) -> None:
    house.call(
        "POST",
        f"/v1/members/{member}/benefit-grants",
        {"benefit": "birthday_cake", "uses": uses, "reason": "A cake that fell down"},
        **{"Idempotency-Key": f"cake-{member}"},
    )


def choose_a_cake(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Benefit").click()
    settle(page)  # While the list is still unfolding, what is touched may be another line by then.
    page.get_by_title("A birthday cake").click()
    expect(dialog).to_contain_text("A birthday cake")


def test_a_member_shows_a_code_and_the_desk_uses_it(
    opened: Entering, enter: Entering, house: House
) -> None:
    page, member = arrive(opened, house)
    give(house, member)
    page.goto("/my/benefits")
    page.get_by_role("link", name="A birthday cake").click()
    expect(page.get_by_text("2 left")).to_be_visible()
    page.get_by_role("button", name="Show the code").click()
    code = page.locator(".number").inner_text()
    assert complaints(page) == []

    desk = enter("/desk", Role.SERVICE_AGENT)
    desk.get_by_label("Code or member").fill(code)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Shown for A birthday cake")).to_be_visible()
    assert complaints(desk) == []
    desk.get_by_role("button", name="Use it now").click()
    expect(desk.get_by_text("A birthday cake: used")).to_be_visible()

    expect(page.get_by_text("Used. Enjoy!")).to_be_visible()
    page.goto("/my/benefits")
    expect(page.get_by_role("link", name="A birthday cake")).to_contain_text("1 left")

    desk.get_by_role("button", name="This member again").click()
    desk.get_by_role("button", name="Use A birthday cake").click()
    expect(desk.get_by_text("A birthday cake: used")).to_be_visible()
    desk.get_by_label("Code or member").fill(code)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("This code was used already.")).to_be_visible()


def test_the_staff_gives_a_benefit_and_gives_a_use_back(enter: Entering, house: House) -> None:
    member = house.call("POST", "/v1/members", {"refs": ["crm:cake-1"]})["member"]
    page = enter(f"/members/{member}?tab=benefits", Role.OWNER)
    page.get_by_role("button", name="Give a benefit").click()
    choose_a_cake(page)
    page.get_by_label("Reason").fill("A cake that fell down")
    page.get_by_role("dialog").get_by_role("button", name="Give a benefit").click()
    expect(page.get_by_role("cell", name="A cake that fell down")).to_be_visible()
    house.call(
        "POST",
        f"/v1/members/{member}/benefit-uses",
        {"benefit": "birthday_cake"},
        **{"Idempotency-Key": "eaten"},
    )

    page.goto(f"/console/benefits/uses?member={member}")
    page.get_by_role("button", name="Give back").click()
    page.get_by_label("Reason").fill("It was stale")
    page.get_by_role("dialog").get_by_role("button", name="Give back").click()
    expect(page.get_by_text("given back on")).to_be_visible()
    assert complaints(page) == []


def test_a_benefit_is_given_to_all_of_whom_a_condition_holds(enter: Entering, house: House) -> None:
    house.call("POST", "/v1/members", {"refs": ["crm:cake-many"]})
    page = enter("/benefits/grants", Role.OWNER)
    page.get_by_role("button", name="Give to many").click()
    dialog = page.get_by_role("dialog")
    choose_a_cake(page)
    dialog.get_by_label("Uses").fill("1")
    dialog.get_by_label("Reason").fill("Ten years of the bakery")
    assert complaints(page) == []
    dialog.get_by_role("button", name="Give to many").click()
    run = page.locator(".ant-card", has_text="Given to many").last
    expect(run.get_by_text("Done")).to_be_visible(timeout=60_000)


def test_a_member_books_and_the_staff_sees_them_come(
    opened: Entering, enter: Entering, house: House
) -> None:
    page, member = arrive(opened, house)
    give(house, member, uses=1)
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251
    for ahead in (3, 4):
        house.call(
            "POST",
            "/v1/slots",
            {
                "benefit": "birthday_cake", "place": f"Bakery of {member[-4:]}", "minutes": 30,
                "capacity": 1, "starts_at": (start + timedelta(days=ahead)).isoformat(),
            },
        )  # fmt: skip
    page.goto("/my/benefits/birthday_cake/book")
    place = page.get_by_role("listitem").filter(has_text=member[-4:])
    place.first.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", name="Your appointments")).to_be_visible()
    page.get_by_role("link", name="Move").click()
    expect(page.get_by_role("heading", name="Move the appointment")).to_be_visible()
    place.last.get_by_role("button", name="Book").click()
    expect(page.get_by_role("heading", name="Book an appointment")).to_be_visible()
    assert complaints(page) == []

    booked = house.call("GET", f"/v1/slots?since={start.isoformat().replace('+', '%2B')}")
    taken = [one for one in booked["items"] if member[-4:] in one["place"] and not one["left"]]
    zone = ZoneInfo(booked["time_zone"])
    day = datetime.fromisoformat(taken[0]["starts_at"]).astimezone(zone).date()
    desk = enter(f"/benefits/appointments?day={day}", Role.OWNER)
    desk.get_by_role("button", name="Came").first.click()
    expect(desk.get_by_text("Was there").first).to_be_visible()
    assert complaints(desk) == []
