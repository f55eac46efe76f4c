"""Play: a member checks in, takes a turn that the staff hands out, and plays by a chosen name."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from tests.journeys.conftest import PHONE, Entering
from tests.journeys.house import House
from tests.journeys.test_every_page import complaints
from tests.journeys.test_member import arrive

from regulars.domain.access import Role


def test_a_member_checks_in_and_wins_what_the_staff_hands_out(
    opened: Entering, enter: Entering, house: House
) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # the server's own clock decides
    draw = house.call(
        "POST",
        "/v1/draws",
        {
            "terms": {
                "name": {"en": "Journey draw", "zh-CN": "抽奖之旅"},
                "limits": [{"most": 1, "per": "ever"}],
                "out_of": 1,
                "prizes": [
                    {"code": "basket", "name": {"en": "Gift basket", "zh-CN": "礼篮"},
                     "kind": "goods", "weight": 1, "stock": 5},
                ],
            },
            "starts_at": (now - timedelta(hours=1)).isoformat(),
            "ends_at": (now + timedelta(hours=1)).isoformat(),
        },
        **{"Idempotency-Key": "journey-draw"},
    )["draw"]  # fmt: skip
    desk = enter(f"/play/draws/{draw}", Role.OWNER)
    desk.get_by_role("button", name="Begin").click()
    desk.get_by_role("tooltip").get_by_role("button", name="Begin").click()
    expect(desk.get_by_role("button", name="Pause")).to_be_visible()

    page, _ = arrive(opened, house, reduced_motion="reduce")
    page.goto("/my/play")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("button", name="Checked in today")).to_be_disabled()
    assert not complaints(page)
    page.get_by_role("link", name=re.compile("Journey draw")).click()
    page.get_by_role("button", name="Take a turn").click()
    expect(page.get_by_text("Ask for it at the shop")).to_be_visible()
    expect(page.get_by_role("button", name="Take a turn")).to_be_disabled()
    assert not complaints(page)

    desk.reload()
    desk.get_by_role("button", name="Hand out").click()
    expect(desk.get_by_text("handed out", exact=True)).to_be_visible()
    assert not complaints(desk)


def test_a_leaderboard_shows_only_the_name_that_was_chosen(opened: Entering, house: House) -> None:
    board = house.call(
        "POST",
        "/v1/leaderboards",
        {"name": {"en": "Days", "zh-CN": "签到榜"}, "metric": "check_ins", "per": "year"},
        **{"Idempotency-Key": "journey-board"},
    )["leaderboard"]
    page, _ = arrive(opened, house, language="zh", size=PHONE)
    page.goto(f"/my/play/boards/{board}")
    page.get_by_role("textbox", name=re.compile("昵称")).fill("journey heron")
    page.get_by_role("button", name="参加").click()
    expect(page.get_by_text("journey heron")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="参加")).to_be_visible()
    assert not complaints(page)
