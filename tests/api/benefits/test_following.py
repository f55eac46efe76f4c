"""What an event brings beside points stands in its answer, and the member is told in the app."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.benefits.parlour import has
from tests.api.conftest import PROGRAM, Shop
from tests.api.guests import Guest

from regulars.domain.ids import MEMBER, decode
from regulars.domain.notices.kinds import NoticeKind
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.intake.reviewing import review_due
from regulars.services.intake.taking import Intake
from regulars.storage import notices
from regulars.storage.notices import NewNotice

MORE = """
  - id: thanks
    on: purchase
    when: order.total >= 50000
    effects: [{benefit: tea, for: P7D}, {notice: {en: Thank you, zh-CN: 谢谢}}]
benefits:
  - id: delivery
    name: {en: Free delivery, zh-CN: 免运费}
    kind: free_delivery
    for: {tiers: [gold]}
  - {id: missed, name: {en: A treat}, kind: gift, for: {stages: [at_risk]}}
  - {id: tea, name: {en: Tea, zh-CN: 茶}, kind: gift, quota: {uses: 1, per: grant}}
lifecycle: {at_risk: P60D, lapsed: P180D}
"""


@pytest.fixture
def house(bare: Shop) -> Shop:
    """A shop whose program has benefits, effects and a lifecycle."""
    before, _, after = MORE.partition("benefits:")
    text = PROGRAM.replace("\ntiers:\n", before + "tiers:\n")
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, text + "benefits:" + after,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    return bare


def gained(answer: Any) -> dict[str, bool]:
    return {one["benefit"]: one["gained"] for one in answer["follows"]["benefits"]}


def told(guest: Guest) -> Any:
    answer = guest.get("/v1/me/notices")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_purchase_that_lifts_to_gold_answers_with_the_benefits_and_its_return_takes_them_back(
    house: Shop,
) -> None:
    small = house.buy(100)
    assert [one["new"] for one in small["follows"]["stages"]] == ["new"]

    big = house.buy(100000)
    assert gained(big) == {"delivery": True}
    first = big["follows"]["given"][0]
    assert (first["kind"], first["what"]) == ("benefit", "tea")
    assert {"delivery", "tea"} <= has(house).keys()

    back = house.send(house.event("r1", "return", purchase_id=big["id"])).json()
    assert gained(back) == {"delivery": False}
    assert back["follows"]["revoked"][0]["what"] == "tea"
    assert not {"delivery", "tea"} & has(house).keys()


def test_an_event_of_which_nothing_follows_says_so(house: Shop) -> None:
    house.buy(100)
    house.buy(100)
    assert house.buy(100)["follows"] is None


def test_the_member_is_told_why_and_reads_it_once(house: Shop) -> None:
    guest = Guest(house)
    member = guest.member()
    house.buy(100000, subject=member)

    first = told(guest)
    kinds = [one["kind"] for one in first["items"]]
    assert sorted(kinds) == ["benefit_granted", "message", "tier_up"]
    rise = next(one for one in first["items"] if one["kind"] == "tier_up")
    assert rise["params"]["tier"]["zh-CN"] == "金卡"
    assert rise["params"]["benefits"] == [{"en": "Free delivery", "zh-CN": "免运费"}]
    assert first["unread"] == guest.get("/v1/me/home").json()["unread"] == 3

    latest = {"through": first["items"][0]["notice"]}
    assert guest.post("/v1/me/notices/read", latest).json() == {"read": 3}
    assert guest.post("/v1/me/notices/read", latest).json() == {"read": 0}
    assert told(guest)["unread"] == 0


def test_what_was_told_beside_all_events_is_news_for_an_open_page(house: Shop) -> None:
    guest = Guest(house)
    number = decode(MEMBER, guest.member())
    mark = guest.get("/v1/me/changes").headers["etag"]
    text = {"text": {"en": "We open at nine."}}
    assert number is not None
    one = NewNotice(member_id=number, kind=NoticeKind.MESSAGE, at=house.clock(), params=text)
    with house.db.transaction(DEFAULT_ORGANIZATION) as tx:
        notices.insert(tx, DEFAULT_ORGANIZATION, [one])

    assert guest.get("/v1/me/changes", headers={"If-None-Match": mark}).status_code == 200
    assert guest.get("/v1/me/home").json()["unread"] == 1


def test_notices_come_page_by_page_and_nobody_reads_those_of_others(house: Shop) -> None:
    guest = Guest(house)
    house.buy(100000, subject=guest.member())
    page = guest.get("/v1/me/notices?limit=2").json()
    rest = guest.get(f"/v1/me/notices?limit=2&cursor={page['next']}").json()
    assert len(page["items"]) == 2
    assert len(rest["items"]) == 1
    assert rest["next"] is None

    # A number of somebody else's marks only what is one's own.
    house.buy(100000, subject="card:other")
    with house.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("update notice set read_at = null")
    guest.post("/v1/me/notices/read", {"through": page["items"][0]["notice"]})
    with house.db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute("select count(*) from notice where read_at is null").fetchone()
    assert row is not None
    assert row[0] >= 3
    assert guest.post("/v1/me/notices/read", {"through": "ntc_0"}).status_code == 422


def test_staying_away_gives_and_takes_benefits_by_the_clock_and_the_worker_tells_it(
    house: Shop,
) -> None:
    house.buy(100)
    house.clock.pass_(days=61)
    assert "missed" in has(house)

    intake = Intake(house.db, DEFAULT_ORGANIZATION)
    looked = list(review_due(house.db, DEFAULT_ORGANIZATION, intake, house.clock()))
    assert sum(one.reviewed for one in looked) == 1
    back = house.buy(100)
    assert gained(back) == {"missed": False}


def test_a_preview_tells_what_would_follow_and_nothing_happens(house: Shop) -> None:
    house.buy(100)
    answer = house.client.post("/v1/events:preview", json=house.event("p", total=100000))
    assert gained(answer.json()) == {"delivery": True}
    assert "delivery" not in has(house)
