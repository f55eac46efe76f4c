"""Plays a program's examples on the engine and says where what comes out is not as expected."""

from typing import Any

import msgspec

from regulars.domain.decisions import World, advance, decide
from regulars.domain.errors import RegularsError
from regulars.domain.events import BUILT_IN, Event, Return
from regulars.domain.ledger import Book
from regulars.domain.members import Member, State, TierState
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read, read_examples
from regulars.domain.programs.examples import Example, Step
from regulars.domain.reversals import Bought


def differences(text: str) -> list[str]:
    """Every expectation of the document's examples that does not come true."""
    ready = plan(read(text))
    return [
        f"{example.name}: {wrong}"
        for example in read_examples(text)
        for wrong in _Rehearsal(ready, example).play()
    ]


class _Rehearsal:
    def __init__(self, ready: Plan, example: Example) -> None:
        self._plan = ready
        self._example = example
        start = example.member
        enrolled_at = start.enrolled_at or example.steps[0].time
        tier = TierState(start.tier, enrolled_at) if start.tier else None
        counts = {"purchase": start.purchases} if start.purchases else {}
        self._member = Member(1, enrolled_at, State(tier=tier, counts=counts))
        self._member.attributes = dict(start.attributes)
        self._book = Book()
        self._bought: dict[str, Bought] = {}

    def play(self) -> list[str]:
        return [
            f"step {number + 1}: {wrong}"
            for number, step in enumerate(self._example.steps)
            for wrong in self._step(number + 1, step)
        ]

    def _step(self, number: int, step: Step) -> list[str]:
        data: Any = step.data
        if step.type in BUILT_IN:
            data = msgspec.convert(step.data, BUILT_IN[step.type])
        event = Event(step.id, "example", step.type, "example:1", step.time, step.time, data)
        budgets = {rule.id: rule.budget for rule in self._plan.program.rules if rule.budget}
        world = World(budgets, self._book, None)
        if isinstance(data, Return):
            world.bought = self._bought[data.purchase_id]
        try:
            decision = decide(self._plan, self._member, event, world)
        except RegularsError as error:
            return [] if error.code == step.expect.refused else [f"refused: {error}"]
        if step.expect.refused:
            return [f"not refused, though {step.expect.refused} was expected"]
        for place, lot in enumerate(decision.moves.lots):
            lot.id, lot.event_id = number * 100 + place, number
        advance(self._member, self._book, decision)
        told = decision.explanation
        if step.type == "purchase":
            self._bought[step.id] = Bought(
                event_id=number,
                event=event,
                plan=self._plan,
                tier=told.tier,
                given=told.rules,
                returned={},
            )
        if world.bought is not None:
            assert decision.returned is not None
            world.bought.returned = decision.returned
        earned = told.earned | {code: -points for code, points in told.taken.items()}
        return _compare(step, earned, told.rules, self._member.state.tier)


def _compare(
    step: Step, earned: dict[str, int], rules: list[tuple[str, int, str]], tier: TierState | None
) -> list[str]:
    expect = step.expect
    wrong: list[str] = []
    if expect.earn is not None and earned != dict(expect.earn):
        wrong.append(f"earned {earned}, not {expect.earn}")
    points = {rule: given for rule, given, _ in rules}
    reasons = {rule: reason for rule, _, reason in rules}
    for rule, wanted in (expect.rules or {}).items():
        if points.get(rule, 0) != wanted:
            wrong.append(f"{rule} gave {points.get(rule)}, not {wanted}: {reasons.get(rule)}")
    for rule, reason in (expect.reasons or {}).items():
        if reasons.get(rule) != reason:
            wrong.append(f"{rule} said {reasons.get(rule)!r}, not {reason!r}")
    held = tier.tier if tier else None
    if expect.tier is not None and held != expect.tier:
        wrong.append(f"tier {held}, not {expect.tier}")
    return wrong
