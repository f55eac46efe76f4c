"""A shop that sells a paid card."""

from datetime import UTC, datetime

import pytest
from tests.api.conftest import PROGRAM, Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs

CARDS = """
cards:
  plus:
    name: {en: Plus card, zh-CN: Plus 年卡}
    price: 120.00
    points: {currency: points, amount: 300}
    term: P1Y
    trial: P30D
    remind: P14D
    grace: P7D
    refund: {full_within: P7D, then: pro_rata}
    family: {persons: 2, cooling: P30D, quota: shared}
  month:
    name: {en: Month card, zh-CN: 月卡}
    price: 9.90
    term: P1M
    remind: P3D
    refund: {full_within: P1D, then: nothing}
benefits:
  - id: plus_ten
    name: {en: Ten percent off, zh-CN: 九折}
    kind: percentage
    percent: 10
    for: {cards: [plus]}
  - id: lounge
    name: {en: Lounge, zh-CN: 休息室}
    kind: service
    for: {cards: [plus]}
    quota: {uses: 2, per: month}
"""

RULE = """
  - id: plus_points
    name: {en: Ten more with Plus, zh-CN: Plus 加十分}
    on: purchase
    earn: {currency: points, points: 10}
    audience: {cards: [plus]}
tiers:"""


@pytest.fixture
def club(bare: Shop) -> Shop:
    """The shop with two paid cards."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM.replace("\ntiers:", RULE) + CARDS,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    return bare
