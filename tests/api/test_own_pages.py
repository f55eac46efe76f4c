"""What a member's own pages are told: home, card, history with reasons, and what is new."""

from typing import Any

from tests.api.conftest import Shop
from tests.api.guests import Guest, rows

from regulars.domain.access import Scope
from regulars.domain.cards.numbers import is_own

CHINESE = {"Accept-Language": "zh-CN"}


def home(guest: Guest, **headers: str) -> Any:
    answer = guest.get("/v1/me/home", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def history(guest: Guest, **headers: str) -> list[Any]:
    answer = guest.get("/v1/me/history", headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_whoever_enrols_has_a_card_that_a_till_finds_them_by(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()

    card = home(guest)["card"]
    till = shop.get(f"/v1/members/{card['ref']}").json()

    assert is_own(card["number"])
    assert card["ref"] == f"card:{card['number']}"
    assert card["shown"].replace(" ", "") == card["number"]
    assert till["member"] == member
    assert card["qr"]["path"].startswith("M")
    assert card["barcode"]["height"] == 1


def test_a_member_from_elsewhere_gets_a_card_once(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    with shop.db.transaction(1) as tx:
        tx.execute("delete from identity where system = 'card'")
    assert home(guest)["card"] is None

    first = guest.post("/v1/me/card").json()["card"]
    again = guest.post("/v1/me/card").json()["card"]

    assert first == again == home(guest)["card"]
    assert shop.get(f"/v1/members/{first['ref']}").json()["member"] == member
    assert rows(shop, "select count(*) from identity where system = 'card'") == [(1,)]


def test_the_card_of_a_shop_is_the_members_card(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    with shop.db.transaction(1) as tx:
        tx.execute("delete from identity where system = 'card'")
    shop.do(f"/v1/members/{member}/identities", {"ref": "card:4711"})

    assert guest.post("/v1/me/card").json()["card"]["number"] == "4711"


def test_home_tells_what_there_is_and_what_lapses_when(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    shop.buy(12_300, subject=member)
    shop.clock.pass_(days=2)
    shop.buy(4_500, subject=member)

    told, chinese = home(guest), home(guest, **CHINESE)

    points = next(one for one in told["balances"] if one["currency"] == "points")
    assert (points["name"], points["available"]) == ("Points", 168)
    lapsing = [(one["amount"], one["on"]) for one in told["lapsing"] if one["currency"] == "points"]
    assert lapsing == [(123, "4 March 2027"), (45, "6 March 2027")]
    assert chinese["balances"][0]["name"] == "积分"
    assert chinese["lapsing"][-1]["on"] == "2027年3月6日"
    assert (told["program"], chinese["program"]) == ("Corner Shop", "街角小店")


def test_home_tells_what_is_missing_to_the_next_tier(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    shop.buy(25_000, subject=member)

    tier, chinese = home(guest)["tier"], home(guest, **CHINESE)["tier"]

    assert tier["name"] == "Green"
    assert tier["next"]["says"] == "To become Gold: spend 750 yuan more by 31 December 2026."
    assert tier["next"]["reached"] == 25
    assert chinese["next"]["says"] == "升级为金卡：2026年12月31日前再消费750元。"


def test_each_award_has_its_reason_in_the_members_language(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    shop.clock.pass_(days=3)  # a Saturday
    shop.buy(2_000, subject=member)

    [line], [chinese] = history(guest), history(guest, **CHINESE)

    assert (line["title"], line["paid"]) == ("Purchase", "20 yuan")
    assert {"currency": "points", "amount": 40} in line["points"]
    assert line["says"] == [
        "1 point per yuan, doubled on Saturdays and Sundays; 5 Idle points for this purchase."
    ]
    assert [part["points"] for part in line["parts"]] == [20, 5, 20]
    assert (chinese["title"], chinese["paid"]) == ("购物", "20元")
    assert chinese["says"] == ["每1元得1积分，周六和周日双倍；本次购物得5活跃积分。"]


def test_a_return_an_adjustment_and_a_redemption_say_what_they_are(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    shop.send(shop.event("p1", subject=member, total=10_000))
    shop.clock.pass_(hours=1)
    shop.send(shop.event("r1", "return", subject=member, purchase_id="p1", amount=3_000))
    shop.clock.pass_(hours=1)
    shop.do(
        f"/v1/members/{member}/adjustments",
        {"currency": "points", "amount": 15, "reason": "a broken egg"},
    )
    shop.clock.pass_(hours=1)
    shop.do(f"/v1/members/{member}/redemptions", {"currency": "points", "amount": 50})

    told = history(guest)

    assert [one["title"] for one in told] == [
        "Points spent", "Correction", "Return", "Purchase"
    ]  # fmt: skip
    assert told[0]["says"] == ["You spent 50 points."]
    assert told[0]["points"] == [{"currency": "points", "amount": -50}]
    assert told[1]["says"] == ["15 points were added by us: a broken egg."]
    assert told[2]["says"] == [
        "The points of what you brought back from your purchase of 4 March 2026 are taken back."
    ]
    assert {"currency": "points", "amount": -30} in told[2]["points"]


def test_points_of_another_member_stand_in_the_history_of_both(shop: Shop) -> None:
    giver, taker = Guest(shop), Guest(shop, ip="198.51.100.9")
    one = giver.member()
    other = taker.member(email="li@shop.example")
    shop.buy(10_000, subject=one)
    answer = shop.do(
        f"/v1/members/{one}/transfers", {"to": other, "currency": "points", "amount": 40}
    )
    assert answer.status_code == 201, answer.text

    given, received = history(giver)[0], history(taker)[0]

    assert given["says"] == ["You gave 40 points to another member."]
    assert given["points"] == [{"currency": "points", "amount": -40}]
    assert received["title"] == "Points received"
    assert received["points"] == [{"currency": "points", "amount": 40}]
    assert other not in str(given)
    assert one not in str(received)


def test_the_pages_of_a_history_hang_together(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    for _ in range(5):
        shop.clock.pass_(minutes=5)
        shop.buy(100, subject=member)
    whole = [one["event"] for one in history(guest)]

    path, seen = "/v1/me/history?limit=2", list[str]()
    while path:
        answer = guest.get(path).json()
        seen += [one["event"] for one in answer["items"]]
        path = answer["next"] and f"/v1/me/history?limit=2&cursor={answer['next']}"

    assert seen == whole
    assert len(whole) == 5


def test_nothing_new_is_told_without_a_body(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    mark = guest.get("/v1/me/changes").headers["etag"]

    same = guest.get("/v1/me/changes", headers={"If-None-Match": mark})
    shop.buy(100, subject=member)
    news = guest.get("/v1/me/changes", headers={"If-None-Match": mark})

    assert (same.status_code, same.content) == (304, b"")
    assert news.status_code == 200
    assert home(guest)["mark"] == news.json()["mark"]


def test_others_changes_are_no_news(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    mark = guest.get("/v1/me/changes").headers["etag"]
    shop.buy(100, subject="card:somebody-else")

    answer = guest.get("/v1/me/changes", headers={"If-None-Match": mark})

    assert answer.status_code == 304


def test_lots_are_told_in_pages(shop: Shop) -> None:
    guest = Guest(shop)
    member = guest.member()
    for _ in range(3):
        shop.buy(1_000, subject=member)

    first = guest.get("/v1/me/lots?limit=4").json()
    second = guest.get(f"/v1/me/lots?limit=4&cursor={first['next']}").json()

    assert [len(first["items"]), len(second["items"])] == [4, 2]
    assert second["next"] is None


def test_the_rules_are_told_to_whoever_asks(shop: Shop) -> None:
    stranger = Guest(shop)

    told = stranger.get("/v1/program/words").json()
    chinese = stranger.get("/v1/program/words", headers=CHINESE).json()

    assert [one["says"] for one in told["earning"]] == [
        ["1 point per yuan."],
        ["5 Idle points for each purchase."],
        ["Your points from “One point a yuan” doubled, Saturdays and Sundays."],
    ]
    assert told["tiers"][1]["entry"] == "1,000 yuan spent in one calendar year."
    assert told["currencies"][0]["says"][:2] == [
        "You get 1 yuan for 100 points.",
        "They lapse 12 months after you earned them.",
    ]
    assert chinese["tiers"][1]["entry"] == "一个自然年内消费满1,000元。"


def test_an_application_does_not_get_the_card(shop: Shop) -> None:
    secret = shop.secret(Scope.SELF_READ)

    for path in ("/v1/me/home", "/v1/me/card", "/v1/me/lots", "/v1/me/history"):
        answer = shop.client.get(path, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 403, path


def test_a_gift_tells_nothing_of_the_giver(shop: Shop) -> None:
    giver, taker = Guest(shop), Guest(shop, ip="198.51.100.9")
    one, other = giver.member(), taker.member(email="li@shop.example")
    shop.buy(200_000, subject=one)
    shop.do(f"/v1/members/{one}/transfers", {"to": other, "currency": "points", "amount": 40})

    assert home(giver)["tier"]["name"] == "Gold"
    assert "Gold" not in str(history(taker))


def test_nobody_reads_or_makes_a_card_by_anothers_cookie(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    guest.origin = "https://evil.example"

    assert guest.post("/v1/me/card").json()["code"] == "cross_site"
    assert Guest(shop).get("/v1/me/home").status_code == 401


def test_a_members_cookie_opens_nothing_of_the_staff(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()

    assert guest.get("/v1/me/home").status_code == 200
    assert guest.get("/v1/staff/me").status_code == 401
    assert guest.get("/v1/members").status_code == 401


def test_what_was_erased_is_told_to_nobody(shop: Shop) -> None:
    guest = Guest(shop)
    guest.member()
    card = home(guest)["card"]["ref"]
    answer = guest.post("/v1/me/erasure", {"forget_me": True})
    assert answer.status_code == 200, answer.text
    shop.look_again()

    assert guest.get("/v1/me/home").status_code == 401
    assert guest.get("/v1/me/changes").status_code == 401
    assert shop.get(f"/v1/members/{card}").status_code == 404
