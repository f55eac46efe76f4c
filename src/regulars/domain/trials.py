"""Plays a program's examples on the engine, in memory, and says what came out otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.budgets.sums import left_of
from regulars.domain.decisions import World, advance, decide
from regulars.domain.envelopes import check_against, make_event
from regulars.domain.errors import InvalidInput, RegularsError
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ledger import Book
from regulars.domain.lifecycle.occasions import reached
from regulars.domain.members import CardState, Member, State, TierState
from regulars.domain.operations import KINDS, PointsTransfer
from regulars.domain.plans import Plan
from regulars.domain.programs.examples import Example, Expectation, Start, Step
from regulars.domain.programs.findings import pointer_of
from regulars.domain.reversals import Bought
from regulars.domain.trial_phrases import reason, say

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


def play(plan: Plan, examples: Sequence[Example], lang: str = "en") -> list[Trial]:
    """Decide every example under `plan`, each on a member of its own. Safe to repeat. `lang`: one
    of LANGUAGES, for what came out otherwise."""
    return [
        Trial(example.name, tuple(_Stage(plan, example, lang).outcomes())) for example in examples
    ]


def first_member(plan: Plan, example: Example, member_id: int = MEMBER_ID) -> Member:
    """The member of an example before its first event."""
    return started(plan, example.member, example.steps[0].time, member_id)


def started(plan: Plan, start: Start, at: datetime, member_id: int = MEMBER_ID) -> Member:
    """A member who begins as `start` says; enrolled at `at` unless it says otherwise."""
    enrolled_at = start.enrolled_at or at
    state = State(
        tier=TierState(start.tier, enrolled_at) if start.tier and plan.program.ladder else None,
        counts={"purchase": start.purchases} if start.purchases else {},
        cards={code: CardState(enrolled_at, until, until) for code, until in start.cards.items()},
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

    def __init__(self, plan: Plan, example: Example, lang: str) -> None:
        self._plan = plan
        self._lang = lang
        self._steps = example.steps
        self._member = first_member(plan, example)
        self._book = Book()
        self._used: dict[str, int] = {}
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
        wrong = _differences(
            step.expect, explanation, refused=refused, said=said, tier=tier, lang=self._lang
        )
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
        left = left_of(self._plan, self._used, event.time)
        decision = decide(self._plan, self._member, event, World(left, self._book, bought))
        self._rows += 1
        number = self._rows
        for place, lot in enumerate(decision.moves.lots):
            lot.id, lot.event_id = number * 100 + place, number
        for hold in decision.moves.opened_holds:
            # Holds count like the decisions that open them, so that a later step can name one.
            hold.id = number
        advance(self._member, self._book, decision)
        for rule, points in decision.budgets.items():
            self._used[rule] = self._used.get(rule, 0) + points
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
                granted=told.granted,
            )
        if bought is not None and decision.returned is not None:
            bought.returned = decision.returned
        for occasion in told.occasions:
            self._decide(
                reached(self._member.id, self._member.state.seq, occasion, event.time, event.time)
            )
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
    lang: str,
) -> list[str]:
    if told is None:
        if expect.refused == refused:
            return []
        name = "was_expected" if expect.refused else "not_expected"
        wanted = say(lang, name, wanted=expect.refused)
        return [say(lang, "refused", refused=refused, wanted=wanted, said=said)]
    if expect.refused is not None:
        return [say(lang, "not_refused", wanted=expect.refused)]
    wrong: list[str] = []
    if expect.earn is not None:
        wrong += _compared(lang, expect.earn, earned(told))
    points = {rule: given for rule, given, _ in told.rules}
    reasons = {rule: why for rule, _, why in told.rules}
    for rule, wanted_points in (expect.rules or {}).items():
        if points.get(rule, 0) != wanted_points:
            why = ""
            if reasons.get(rule):
                why = say(lang, "why", reason=reason(lang, reasons[rule]))
            found = points.get(rule, 0)
            wrong.append(say(lang, "gave", rule=rule, found=found, why=why, wanted=wanted_points))
    wrong += _compared_reasons(lang, expect.reasons or {}, reasons, points)
    if expect.tier is not None and expect.tier != tier:
        wrong.append(say(lang, "tier", tier=tier or say(lang, "no_tier"), wanted=expect.tier))
    return wrong


def earned(told: Explanation) -> dict[str, int]:
    """What an event gave by currency; what a return took counts below nothing."""
    sums = dict(told.earned)
    for code, points in told.taken.items():
        sums[code] = sums.get(code, 0) - points
    return {code: points for code, points in sums.items() if points}


def _compared(lang: str, wanted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    return [
        say(lang, "earned", found=found.get(code, 0), code=code, wanted=wanted.get(code, 0))
        for code in sorted({*wanted, *found})
        if found.get(code, 0) != wanted.get(code, 0)
    ]


def _compared_reasons(
    lang: str,
    wanted: Mapping[str, str],
    reasons: Mapping[str, str],
    points: Mapping[str, Any],
) -> list[str]:
    wrong: list[str] = []
    for rule, code in wanted.items():
        found = reasons.get(rule)
        if found == code:
            continue
        expected = reason(lang, code)
        if found is None:
            wrong.append(say(lang, "not_considered", rule=rule, wanted=expected))
        elif found:
            wrong.append(say(lang, "says", rule=rule, found=reason(lang, found), wanted=expected))
        else:
            wrong.append(say(lang, "gave_though", rule=rule, found=points[rule], wanted=expected))
    return wrong
