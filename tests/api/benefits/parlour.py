"""A shop with benefits: for everybody, for gold, for whoever they are given to, by appointment."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.api.conftest import PROGRAM, Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs

BENEFITS = """
benefits:
  - id: coffee
    name: {en: A coffee a day, zh-CN: 每日一杯咖啡}
    kind: gift
    item: A coffee
    for: everyone
    quota: {uses: 1, per: day}
  - id: lounge
    name: {en: The lounge, zh-CN: 贵宾室}
    kind: service
    for: {tiers: [gold]}
    quota: {uses: 2, per: month}
  - id: skin
    name: {en: Skin care, zh-CN: 皮肤护理}
    kind: service
    quota: {uses: 2, per: grant}
    valid: P90D
    appointment: true
  - id: wash
    name: {en: Car wash, zh-CN: 洗车}
    kind: partner_service
    for: everyone
    quota: {uses: 1, per: month}
    partner: sparkle
  - id: back
    name: {en: Points back, zh-CN: 返积分}
    kind: cashback
    for: {tiers: [gold]}
    cashback: {currency: points, rate: 1, per: 10.00}
"""


@pytest.fixture
def parlour(bare: Shop) -> Shop:
    """An application with benefits in force, and a member card:1."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM + BENEFITS,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    enrol(bare, "card:1")
    return bare


def enrol(shop: Shop, ref: str) -> str:
    """A new member; our id of them."""
    answer = shop.client.post("/v1/members", json={"refs": [ref]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["member"])


def has(shop: Shop, ref: str = "card:1") -> dict[str, Any]:
    """What the member can use, by benefit; of several of one benefit the last."""
    answer = shop.get(f"/v1/members/{ref}/benefits")
    assert answer.status_code == 200, answer.text
    return {one["benefit"]: one for one in answer.json()["items"]}


def use(
    shop: Shop, benefit: str, ref: str = "card:1", key: str = "", **more: Any
) -> httpx.Response:
    return shop.do(f"/v1/members/{ref}/benefit-uses", {"benefit": benefit, **more}, key)


def give(shop: Shop, benefit: str, ref: str = "card:1", **more: Any) -> Any:
    """A grant that was given; the answer."""
    body = {"benefit": benefit, "reason": "Waited for an hour", **more}
    answer = shop.do(f"/v1/members/{ref}/benefit-grants", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")
