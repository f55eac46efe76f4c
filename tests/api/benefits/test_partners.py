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
