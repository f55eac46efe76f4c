"""A partner uses the benefits that name it, and neither sees nor touches anything else."""

from typing import Any

import httpx
from tests.api.benefits.parlour import code_of, has
from tests.api.benefits.test_codes import me, shown
from tests.api.conftest import Shop

from regulars.domain.access import Scope


class Partner:
    """A partner's till with a key of its own."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.secret = shop.secret(Scope.PARTNER_USE)
        self.actor = "key:2"

    def use(self, code: str, key: str = "p1") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key}
        return self.shop.client.post(
            "/v1/partner/benefit-uses", json={"code": code}, headers=headers
        )

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.shop.client.get(path, headers=headers)


def seat(shop: Shop, partner: str | None, actor: str = "key:2") -> httpx.Response:
    return shop.client.request("PUT", f"/v1/partner-seats/{actor}", json={"partner": partner})


def test_a_partner_uses_what_names_it_and_nothing_else(parlour: Shop) -> None:
    partner, person = Partner(parlour), me(parlour)
    wash, coffee = shown(person, "wash")["code"], shown(person, "coffee")["code"]
    assert code_of(partner.use(wash)) == (403, "not_your_benefit")

    assert seat(parlour, "sparkle").json()["items"][0]["partner"] == "sparkle"

    assert code_of(partner.use(coffee)) == (403, "not_your_benefit")
    used = partner.use(wash)
    assert (used.status_code, used.json()["benefit"]) == (201, "wash")
    assert "member" not in used.json()
    assert partner.use(wash).headers["idempotent-replayed"] == "true"
    assert has(parlour)["coffee"]["quota"]["left"] == 1
    told = partner.get("/v1/partner/benefit-uses").json()["items"]
    assert [(one["benefit"], one["use"]) for one in told] == [("wash", used.json()["use"])]


def test_who_works_for_it_no_more_uses_nothing(parlour: Shop) -> None:
    partner = Partner(parlour)
    code = shown(me(parlour), "wash")["code"]
    seat(parlour, "sparkle")
    seat(parlour, "polish")
    assert code_of(partner.use(code)) == (403, "not_your_benefit")
    assert seat(parlour, None).json()["items"] == []
    assert code_of(partner.use(code)) == (403, "not_your_benefit")


def test_a_partner_sees_no_member(parlour: Shop) -> None:
    partner = Partner(parlour)
    seat(parlour, "sparkle")
    for path in ("/v1/members/card:1/benefits", "/v1/benefit-uses", "/v1/partner-seats"):
        assert partner.get(path).status_code == 403, path


def till(shop: Shop, partner: str, name: str = "Till 1") -> Any:
    body = {"partner": partner, "name": name}
    answer = shop.client.post("/v1/partner-seats", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_till_is_let_in_with_a_key_that_can_do_nothing_else(parlour: Shop) -> None:
    made = till(parlour, "sparkle")
    partner = Partner(parlour)
    partner.secret = made["secret"]
    assert partner.use(shown(me(parlour), "wash")["code"]).status_code == 201
    for path in ("/v1/members/card:1", "/v1/orders", "/v1/partners", "/v1/partner-seats"):
        assert partner.get(path).status_code == 403, path
    [seated] = parlour.get("/v1/partner-seats").json()["items"]
    assert (seated["actor"], seated["name"], seated["is_open"]) == (made["actor"], "Till 1", True)
    assert "secret" not in seated


def test_no_partner_acts_or_reads_as_another(parlour: Shop) -> None:
    mine, other = Partner(parlour), Partner(parlour)
    mine.secret = till(parlour, "sparkle")["secret"]
    other.secret = till(parlour, "polish")["secret"]
    wash = shown(me(parlour), "wash")["code"]
    headers = {"Authorization": f"Bearer {other.secret}"}

    assert code_of(other.use(wash)) == (403, "not_your_benefit")
    grab = parlour.client.request(
        "PUT", "/v1/partner-seats/key:3", json={"partner": "sparkle"}, headers=headers
    )
    assert grab.status_code == 403
    more = parlour.client.post(
        "/v1/partner-seats", json={"partner": "sparkle", "name": "x"}, headers=headers
    )
    assert more.status_code == 403
    assert {one["partner"] for one in parlour.get("/v1/partner-seats").json()["items"]} == {
        "sparkle",
        "polish",
    }

    used = mine.use(wash, key="same").json()["use"]
    assert code_of(other.use(wash, key="same"))[1] == "benefit_code_invalid"
    assert other.get("/v1/partner/benefit-uses").json()["items"] == []
    undo = parlour.client.post(
        f"/v1/benefit-uses/{used}/restore", json={"reason": "mine now"}, headers=headers
    )
    assert undo.status_code == 403
    assert [one["use"] for one in mine.get("/v1/partner/benefit-uses").json()["items"]] == [used]


def test_who_changes_to_another_partner_leaves_what_was_used_at_the_first(parlour: Shop) -> None:
    partner = Partner(parlour)
    seat(parlour, "sparkle")
    assert partner.use(shown(me(parlour), "wash")["code"]).status_code == 201
    seat(parlour, "polish")
    assert partner.get("/v1/partner/benefit-uses").json()["items"] == []
    seat(parlour, None)
    assert code_of(partner.get("/v1/partner/benefit-uses")) == (403, "not_your_benefit")


def test_only_who_may_use_partners_benefits_gets_a_seat(parlour: Shop) -> None:
    parlour.secret(Scope.MEMBERS_READ)
    for actor in ("key:2", "key:99", "staff:77", "client:1"):
        refused = seat(parlour, "sparkle", actor)
        assert code_of(refused) == (422, "invalid_input"), actor
    assert parlour.get("/v1/partner-seats").json()["items"] == []


def test_a_key_that_was_revoked_keeps_its_seat_and_uses_nothing(parlour: Shop) -> None:
    made = till(parlour, "sparkle")
    parlour.client.request("DELETE", f"/v1/keys/{made['actor'].removeprefix('key:')}")
    [seated] = parlour.get("/v1/partner-seats").json()["items"]
    assert seated["is_open"] is False
    assert code_of(seat(parlour, "polish", made["actor"])) == (422, "invalid_input")


def test_what_partners_may_use_and_what_was_used_there_is_told(parlour: Shop) -> None:
    partner = Partner(parlour)
    seat(parlour, "sparkle")
    partner.use(shown(me(parlour), "wash")["code"])
    [told] = parlour.get("/v1/partners").json()["items"]
    assert told["benefits"] == [{"benefit": "wash", "name": "Car wash"}]
    assert (told["partner"], told["seats"], told["uses"], told["members"]) == ("sparkle", 1, 1, 1)
    since = {"since": "2099-01-01T00:00:00Z"}
    [told] = parlour.client.get("/v1/partners", params=since).json()["items"]
    assert (told["uses"], told["last_used_at"]) == (0, None)
    for name, count in (("sparkle", 1), ("polish", 0)):
        listed = parlour.client.get("/v1/benefit-uses", params={"partner": name}).json()["items"]
        assert len(listed) == count
