"""Programs with tiers, and lives that climb them."""

from datetime import datetime
from typing import Any

from tests.domain.builders import (
    Life,
    at,
    bought,
    ladder,
    program,
    rung,
    span,
)

from regulars.domain.periods import Unit
from regulars.domain.plans import plan
from regulars.domain.programs.model import Program

SILVER, GOLD = rung("silver", {"spend": 100}, {"spend": 80}), rung("gold", {"spend": 300})


def climbing(*rungs: Any, **policy: Any) -> Program:
    return program(ladder=ladder(*(rungs or (SILVER, GOLD)), **policy))


def spend(life: Life, *acts: tuple[str, int]) -> Life:
    for number, (when, amount) in enumerate(acts):
        life.do(bought(f"p{number}@{when}", at(when), amount))
    return life


def moves(life: Life) -> list[tuple[str, str, str]]:
    """(old, new, why) in the order in which they were decided."""
    return [(m.old, m.new, m.why) for told in life.told.values() for m in told.tiers]


def held_until(life: Life) -> datetime | None:
    assert life.member.state.tier is not None
    return life.member.state.tier.until


def graceful() -> Life:
    return spend(
        Life(climbing(SILVER, grace=span("P30D"), valid=span("P12M"))), ("2023-06-01", 100)
    )


def reviewing(unit: Unit = Unit.MONTH, **policy: Any) -> Program:
    return climbing(SILVER, GOLD, review=unit, **policy)


def switch(life: Life, rules_of: Program) -> None:
    life.plan = plan(rules_of, life.plan.version + 1)
