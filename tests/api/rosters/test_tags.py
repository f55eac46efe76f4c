"""Tags by hand: set for a while or for good, taken away, and what follows from them at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.conftest import PROGRAM, Shop

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.verification.verifying import verify

BENEFITS = """
benefits:
  - id: lounge
    name: {en: Lounge, zh-CN: 休息室}
    kind: service
    for: {tags: [guest]}
"""
PATH = "/v1/members/card:1/tags"


@pytest.fixture
def shop(bare: Shop) -> Shop:
    """A shop with a benefit for members with the tag `guest`; card:1 is a member."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM + BENEFITS,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    bare.buy(100)
    return bare


def tag(shop: Shop, code: str, **body: Any) -> Any:
    return shop.client.request("PUT", f"{PATH}/{code}", json=body)


def tags(shop: Shop) -> Any:
    return {one["tag"]: one["until"] for one in shop.get(PATH).json()["tags"]}


def benefits(shop: Shop) -> Any:
    return [one["benefit"] for one in shop.get("/v1/members/card:1/benefits").json()["items"]]


def test_a_tag_brings_its_benefits_at_once_and_takes_them_with_it(shop: Shop) -> None:
    assert benefits(shop) == []
    told = tag(shop, "guest")
    assert (told.status_code, told.json()["tags"][0]["rule"]) == (200, None)
    assert benefits(shop) == ["lounge"]
    gone = shop.client.request("DELETE", f"{PATH}/guest")
    assert (gone.status_code, gone.json()["tags"]) == (200, [])
    assert benefits(shop) == []
    assert verify(shop.db, DEFAULT_ORGANIZATION).is_clean


def test_a_tag_ends_when_it_says_and_its_end_can_be_moved_both_ways(shop: Shop) -> None:
    for until in ("2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", None):
        tag(shop, "guest", until=until)
        assert tags(shop) == {"guest": until}
    tag(shop, "guest", until="2026-03-05T01:00:00Z")
    shop.clock.pass_(days=1)
    assert tags(shop) == {}
    assert benefits(shop) == []


def test_the_same_twice_is_recorded_once(shop: Shop) -> None:
    for _ in range(2):
        assert tag(shop, "guest").status_code == 200
    for _ in range(2):
        assert shop.client.request("DELETE", f"{PATH}/guest").status_code == 200
    deeds = shop.get("/v1/audit", action="member.tags_changed").json()["items"]
    assert [one["after"] for one in deeds] == [
        {"set": [], "removed": ["guest"]},
        {"set": ["guest"], "removed": []},
    ]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("Guest", {}),
        ("call_13800138000", {}),
        ("x" * 64, {}),
        ("guest", {"until": "2026-03-04T00:59:00Z"}),
        ("guest", {"until": "tomorrow"}),
        ("guest", {"why": "not known here"}),
    ],
)
def test_what_is_no_tag_is_refused(shop: Shop, code: str, body: Any) -> None:
    assert tag(shop, code, **body).status_code == 422
    assert tags(shop) == {}


def test_tags_of_nobody_and_without_the_scope(shop: Shop) -> None:
    assert shop.client.request("PUT", "/v1/members/card:9/tags/guest", json={}).status_code == 404
    only = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_READ)}"}
    assert shop.client.request("PUT", f"{PATH}/guest", json={}, headers=only).status_code == 403
