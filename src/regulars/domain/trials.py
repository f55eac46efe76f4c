"""Plays a program's examples on the engine, in memory, and says what came out otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.decisions import World, advance, decide
from regulars.domain.envelopes import check_against, make_event
from regulars.domain.errors import InvalidInput, RegularsError
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ledger import Book
from regulars.domain.members import Member, State, TierState
from regulars.domain.operations import KINDS, PointsTransfer
from regulars.domain.plans import Plan
from regulars.domain.programs.examples import Example, Expectation, Start, Step
from regulars.domain.programs.findings import pointer_of
from regulars.domain.reversals import Bought

SOURCE = "example"
SUBJECT = "example:1"
MEMBER_ID = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to. `differences` is empty when everything was as expected.

    `explanation` is None for a refusal, whose code is `refused`; a return that waits for its
    purchase has an empty explanation. `tier` is held after the step; "" without a ladder.
    """

    step: Step
    explanation: Explanation | None
    refused: str
    tier: str
    differences: tuple[str, ...]

    @property
    def pointer(self) -> str:
        """The step's place in the document, a JSON pointer."""
        return pointer_of(self.step.pointer)


@dataclass(frozen=True, slots=True)
class Trial:
    """One example, played."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def is_passed(self) -> bool:
        """Whether everything was as expected."""
        return not any(outcome.differences for outcome in self.outcomes)


def play(plan: Plan, examples: Sequence[Example]) -> list[Trial]:
    """Decide every example under `plan`, each on a member of its own. Safe to repeat."""
    return [Trial(example.name, tuple(_Stage(plan, example).outcomes())) for example in examples]


def first_member(plan: Plan, example: Example, member_id: int = MEMBER_ID) -> Member:
    """The member of an example before its first event."""
    return started(plan, example.member, example.steps[0].time, member_id)


def started(plan: Plan, start: Start, at: datetime, member_id: int = MEMBER_ID) -> Member:
    """A member who begins as `start` says; enrolled at `at` unless it says otherwise."""
    enrolled_at = start.enrolled_at or at
    state = State(
        tier=TierState(start.tier, enrolled_at) if start.tier and plan.program.ladder else None,
        counts={"purchase": start.purchases} if start.purchases else {},
    )
    return Member(member_id, enrolled_at, state, dict(start.attributes))


def event_of(step: Step) -> Event:
    """The event that a step sends. Raises InvalidInput."""
    if step.type not in KINDS:
        head = {"id": step.id, "source": SOURCE, "type": step.type, "subject": SUBJECT}
        return make_event(head | {"time": step.time}, step.data, step.time).event
    try:
        data = msgspec.convert(step.data, KINDS[step.type])
    except msgspec.ValidationError as error:
        raise InvalidInput(f"This is no {step.type}: {error}.") from error
    if isinstance(data, PointsTransfer):
        raise InvalidInput("An example has one member only, who has nobody to give points to.")
    return Event(step.id, SOURCE, step.type, SUBJECT, step.time, step.time, data)


class _Stage:
    """The member, the ledger and the budgets of one example while it is played."""

    def __init__(self, plan: Plan, example: Example) -> None:
        self._plan = plan
        self._steps = example.steps
        self._member = first_member(plan, example)
        self._book = Book()
        self._budgets = dict(plan.budgets)
        self._bought: dict[str, Bought] = {}
        self._waiting: dict[str, list[Event]] = {}
        self._rows = 0

    def outcomes(self) -> list[Outcome]:
        return [self._play(step) for step in self._steps]

    def _play(self, step: Step) -> Outcome:
        explanation, refused, said = None, "", ""
        try:
            explanation = self._take_in(event_of(step))
        except RegularsError as refusal:
            refused, said = refusal.code, refusal.detail
        held = self._member.state.tier
        bottom = self._plan.bottom
        tier = held.tier if held else bottom
        wrong = _differences(step.expect, explanation, refused=refused, said=said, tier=tier)
        return Outcome(step, explanation, refused, tier, tuple(wrong))

    def _take_in(self, event: Event) -> Explanation:
        check_against(self._plan.program, event)
        data = event.data
        if isinstance(data, Return) and data.purchase_id not in self._bought:
            self._waiting.setdefault(data.purchase_id, []).append(event)
            return Explanation()
        explanation = self._decide(event)
        if isinstance(data, Purchase):
            for waiting in self._waiting.pop(event.id, []):
                self._decide_late(waiting)
        return explanation

    def _decide(self, event: Event) -> Explanation:
        data = event.data
        bought = self._bought[data.purchase_id] if isinstance(data, Return) else None
        decision = decide(self._plan, self._member, event, World(self._budgets, self._book, bought))
        self._rows += 1
        number = self._rows
        for place, lot in enumerate(decision.moves.lots):
            lot.id, lot.event_id = number * 100 + place, number
        for hold in decision.moves.opened_holds:
            # Holds count like the decisions that open them, so that a later step can name one.
            hold.id = number
        advance(self._member, self._book, decision)
        for rule, points in decision.budgets.items():
            self._budgets[rule] -= points
        told = decision.explanation
        if isinstance(data, Purchase):
            self._bought[event.id] = Bought(
                event_id=number,
                event=event,
                plan=self._plan,
                tier=told.tier,
                given=told.rules,
                returned={},
                scoped=told.lines,
            )
        if bought is not None and decision.returned is not None:
            bought.returned = decision.returned
        return told

    def _decide_late(self, event: Event) -> None:
        """A return that had come before its purchase; a refusal of it is nobody's answer."""
        try:
            self._decide(event)
        except RegularsError:
            return


def _differences(
    expect: Expectation,
    told: Explanation | None,
    *,
    refused: str,
    said: str,
    tier: str,
) -> list[str]:
    if told is None:
        if expect.refused == refused:
            return []
        wanted = f"{expect.refused!r} was expected" if expect.refused else "which was not expected"
        return [f"refused as {refused!r}, {wanted}: {said}"]
    if expect.refused is not None:
        return [f"not refused, though {expect.refused!r} was expected"]
    wrong: list[str] = []
    if expect.earn is not None:
        wrong += _compared("earned", expect.earn, earned(told), missing=0)
    points = {rule: given for rule, given, _ in told.rules}
    reasons = {rule: reason for rule, _, reason in told.rules}
    for rule, wanted_points in (expect.rules or {}).items():
        if points.get(rule, 0) != wanted_points:
            why = f" ({reasons[rule]})" if reasons.get(rule) else ""
            wrong.append(f"rule {rule} gave {points.get(rule, 0)}{why}, not {wanted_points}")
    wrong += _compared_reasons(expect.reasons or {}, reasons, points)
    if expect.tier is not None and expect.tier != tier:
        wrong.append(f"tier is {tier or 'none'}, not {expect.tier}")
    return wrong


def earned(told: Explanation) -> dict[str, int]:
    """What an event gave by currency; what a return took counts below nothing."""
    sums = dict(told.earned)
    for code, points in told.taken.items():
        sums[code] = sums.get(code, 0) - points
    return {code: points for code, points in sums.items() if points}


def _compared(
    verb: str, wanted: Mapping[str, int], found: Mapping[str, int], *, missing: int
) -> list[str]:
    return [
        f"{verb} {found.get(code, missing)} {code}, not {wanted.get(code, missing)}"
        for code in sorted({*wanted, *found})
        if found.get(code, missing) != wanted.get(code, missing)
    ]


def _compared_reasons(
    wanted: Mapping[str, str], reasons: Mapping[str, str], points: Mapping[str, Any]
) -> list[str]:
    wrong: list[str] = []
    for rule, reason in wanted.items():
        found = reasons.get(rule)
        if found == reason:
            continue
        if found is None:
            wrong.append(f"rule {rule} was not considered, where {reason!r} was expected")
        elif found:
            wrong.append(f"rule {rule} says {found!r}, not {reason!r}")
        else:
            wrong.append(f"rule {rule} gave {points[rule]}, where {reason!r} was expected")
    return wrong
