"""Benefits are used as often as they may be, by whoever has them, and given back once."""

from tests.api.benefits.parlour import code_of, enrol, give, has, use
from tests.api.conftest import Shop


def test_a_member_is_told_what_they_can_use_and_why(parlour: Shop) -> None:
    parlour.buy(100_000)
    told = has(parlour)

    assert set(told) == {"coffee", "lounge", "wash", "back"}
    assert told["coffee"]["carrier"] == "everyone"
    assert (told["lounge"]["carrier"], told["lounge"]["by_name"]) == ("tier", "Gold")
    assert told["lounge"]["quota"] == {
        "uses": 2, "per": "month", "left": 2, "renewed_at": "2026-03-31T16:00:00Z",
    }  # fmt: skip
    assert told["back"]["why_not"] == "by_itself"


def test_a_use_is_counted_and_the_count_begins_anew(parlour: Shop) -> None:
    first = use(parlour, "coffee", store="S-1", reference="R-1")

    assert first.status_code == 201
    assert (first.json()["left"], first.json()["how"]) == (0, "till")
    assert code_of(use(parlour, "coffee")) == (409, "limit_reached")
    assert has(parlour)["coffee"]["why_not"] == "used_up"

    parlour.clock.pass_(days=1)
    assert use(parlour, "coffee").status_code == 201


def test_who_has_it_not_cannot_use_it(parlour: Shop) -> None:
    assert code_of(use(parlour, "lounge")) == (409, "benefit_not_held")
    assert code_of(use(parlour, "nothing")) == (409, "benefit_not_held")
    assert code_of(use(parlour, "coffee", "card:none")) == (404, "member_not_found")
    parlour.buy(100_000)
    assert code_of(use(parlour, "back")) == (409, "benefit_not_held")


def test_a_repeat_under_the_same_key_uses_nothing_more(parlour: Shop) -> None:
    first = use(parlour, "coffee", key="k1")
    again = use(parlour, "coffee", key="k1")

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == first.json()
    assert code_of(use(parlour, "wash", key="k1")) == (422, "idempotency_key_reused")


def test_a_grant_is_used_as_often_as_it_says(parlour: Shop) -> None:
    given = give(parlour, "lounge", uses=3)
    assert (given["carrier"], given["granted_by"][:4]) == ("person", "key:")
    assert has(parlour)["lounge"]["quota"]["left"] == 3

    for left in (2, 1, 0):
        assert use(parlour, "lounge").json()["left"] == left
    assert code_of(use(parlour, "lounge")) == (409, "limit_reached")


def test_what_ends_first_is_taken_first(parlour: Shop) -> None:
    parlour.buy(100_000)
    soon = give(parlour, "lounge", uses=1, valid_until="2026-03-06T00:00:00Z")["grant"]

    assert use(parlour, "lounge").json()["grant"] == soon
    assert [use(parlour, "lounge").json()["grant"] for _ in range(2)] == [None, None]


def test_a_grant_ends_by_its_day_or_when_it_is_taken_back(parlour: Shop) -> None:
    give(parlour, "lounge", valid_until="2026-03-05T01:00:00Z")
    other = give(parlour, "skin")
    assert other["valid_until"] == "2026-06-02T01:00:00Z"
    ended = parlour.do(f"/v1/benefit-grants/{other['grant']}/end", {"reason": "A mistake of ours"})
    assert ended.json()["is_open"] is False
    assert set(has(parlour)) == {"coffee", "lounge", "wash"}
    assert code_of(use(parlour, "skin")) == (409, "benefit_not_held")

    parlour.clock.pass_(days=1)
    assert set(has(parlour)) == {"coffee", "wash"}


def test_what_is_given_has_to_make_sense(parlour: Shop) -> None:
    path = "/v1/members/card:1/benefit-grants"
    body = {"benefit": "lounge", "reason": "Waited for an hour"}
    for wrong in (
        {"benefit": "nothing"}, {"benefit": "back"}, {"uses": 0}, {"uses": -1},
        {"reason": "Call 13800138000"}, {"valid_until": "2026-03-01T00:00:00Z"},
        {"valid_from": "2026-05-01T00:00:00Z", "valid_until": "2026-04-01T00:00:00Z"},
    ):  # fmt: skip
        assert parlour.do(path, body | wrong).status_code == 422, wrong
    assert parlour.get("/v1/benefit-grants").json()["items"] == []


def test_a_use_is_given_back_once(parlour: Shop) -> None:
    used = use(parlour, "coffee").json()["use"]
    path = f"/v1/benefit-uses/{used}/restore"

    back = parlour.do(path, {"reason": "It was cold already"})
    again = parlour.do(path, {"reason": "And once more"})

    assert (back.status_code, back.json()["left"]) == (200, 1)
    assert again.json()["restored_at"] == back.json()["restored_at"]
    assert use(parlour, "coffee").status_code == 201
    assert code_of(use(parlour, "coffee")) == (409, "limit_reached")
    assert code_of(parlour.do("/v1/benefit-uses/use_x/restore", {"reason": "Nothing there"})) == (
        404, "benefit_use_not_found",
    )  # fmt: skip


def test_the_list_says_who_used_what_by_whose_grant(parlour: Shop) -> None:
    enrol(parlour, "card:2")
    give(parlour, "lounge", ref="card:2", uses=2)
    use(parlour, "coffee", store="S-1")
    parlour.clock.pass_(minutes=1)
    use(parlour, "lounge", "card:2", reference="R-7")

    items = parlour.get("/v1/benefit-uses").json()["items"]

    assert [(one["benefit"], one["how"]) for one in items] == [
        ("lounge", "till"),
        ("coffee", "till"),
    ]
    assert items[0]["granted_by"] == items[0]["used_by"] == "key:1"
    assert (items[0]["reference"], items[0]["carrier"]) == ("R-7", "person")
    assert (items[1]["granted_by"], items[1]["store"]) == ("", "S-1")
    for asked, wanted in (
        ({"member": "card:2"}, ["lounge"]), ({"benefit": "lounge"}, ["lounge"]),
        ({"since": "2026-03-04T01:00:30Z"}, ["lounge"]),
        ({"until": "2026-03-04T01:00:30Z"}, ["coffee"]), ({"used_by": "key:9"}, []),
    ):  # fmt: skip
        found = parlour.get("/v1/benefit-uses", **asked).json()["items"]
        assert [one["benefit"] for one in found] == wanted, asked
    page = parlour.get("/v1/benefit-uses", limit=1).json()
    assert [one["benefit"] for one in page["items"]] == ["lounge"]
    rest = parlour.get("/v1/benefit-uses", limit=1, cursor=page["next"]).json()
    assert ([one["benefit"] for one in rest["items"]], rest["next"]) == (["coffee"], None)


def test_a_frozen_member_uses_nothing(parlour: Shop) -> None:
    body = {"frozen": True, "reason": "Used in two cities at once"}
    assert parlour.client.post("/v1/members/card:1/freeze", json=body).status_code == 200

    assert code_of(use(parlour, "coffee")) == (409, "member_frozen")
    assert has(parlour)["coffee"]["why_not"] == "frozen"
