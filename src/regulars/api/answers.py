"""What a sender is told of each event: what it earned, and why."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Raw, Struct

from regulars.api.explaining.following import FollowsAnswer, tell_following
from regulars.api.problems import encode, problem_of
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import RegularsError
from regulars.domain.explanations import TierMove
from regulars.domain.ids import EVENT, HOLD, MEMBER
from regulars.domain.ids import encode as outside
from regulars.domain.programs.phrases import LANGUAGES, language_of
from regulars.domain.reasons import reason_words
from regulars.services.intake.batch import Outcome, Receipt

OK, CREATED, ACCEPTED = 200, 201, 202

Instant = Annotated[datetime, Meta(tz=True)]


class LotAnswer(Struct, frozen=True):
    """Points earned together. `expires_at` null: not by date."""

    currency: str
    amount: int
    available_at: Instant
    expires_at: Instant | None


class TierMoveAnswer(Struct, frozen=True):
    """One change of tier, or of its term when both names are the same."""

    old: str
    new: str
    at: Instant
    why: str
    until: Instant | None


class TierAnswer(Struct, frozen=True):
    """The tier before and after the event, and each move between."""

    before: str
    after: str
    moves: list[TierMoveAnswer]


class RuleAnswer(Struct, frozen=True):
    """What one rule gave. `reason` is empty when nothing was held back."""

    rule: str
    points: int
    applied: bool
    reason: str
    detail: str


EXPLANATION = Meta(extra_json_schema={"items": {"$ref": "#/components/schemas/RuleAnswer"}})
"""The elements are written as JSON ahead of time; this is what they are."""


class EventAnswer(Struct, frozen=True):
    """What became of one event.

    `status`: decided; waiting for a return whose purchase has not come; refused for one that
    waited in vain. `repeat`: recorded before, and this is the first answer again.
    """

    event: str | None
    id: str
    source: str
    member: str | None
    status: str
    repeat: bool
    program_version: int
    earned: dict[str, int]
    lots: list[LotAnswer]
    tier: TierAnswer | None
    taken_back: dict[str, int]
    owed: dict[str, int]
    waived: dict[str, int]
    hold: str | None
    refused: str | None
    follows: FollowsAnswer | None
    explanation: Annotated[list[Raw], EXPLANATION]


def status_of(receipt: Receipt) -> int:
    """201 for what was decided now, 202 for a return that waits, 200 for a repeat."""
    if receipt.is_repeat:
        return OK
    return CREATED if receipt.status == "decided" else ACCEPTED


def answer_of(receipt: Receipt, arrival: Arrival, language: str) -> EventAnswer:
    """The answer to an event that was taken in. `language` is one of LANGUAGES."""
    told = receipt.explanation
    event = arrival.event
    return EventAnswer(
        outside(EVENT, receipt.event_id),
        event.id,
        event.source,
        outside(MEMBER, receipt.member_id),
        receipt.status,
        receipt.is_repeat,
        receipt.version,
        told.earned,
        [LotAnswer(*lot) for lot in told.lots],
        tier_answer(told.tier, told.tiers),
        told.taken,
        told.owed,
        told.waived,
        outside(HOLD, told.hold) if told.hold else None,
        told.refused or None,
        tell_following(told, language),
        [
            rule_answer(rule, points, reason, language)
            if points
            else _nothing(rule, reason, language)
            for rule, points, reason in told.rules
        ],
    )


def tier_answer(before: str, moves: list[TierMove]) -> TierAnswer | None:
    """The tier part of an answer; None under a program without tiers."""
    if not before:
        return None
    told = [TierMoveAnswer(move.old, move.new, move.at, move.why, move.until) for move in moves]
    return TierAnswer(before, moves[-1].new if moves else before, told)


def rule_answer(rule: str, points: int, reason: str, language: str) -> Raw:
    """One line of an explanation, as JSON."""
    told = RuleAnswer(rule, points, bool(points), reason, reason_words(reason, language))
    return Raw(encode(told))


@lru_cache(maxsize=4096)
def _nothing(rule: str, reason: str, language: str) -> Raw:
    """Most rules give nothing to most events, and always say so in the same words."""
    return rule_answer(rule, 0, reason, language)


def single(outcome: Outcome, arrival: Arrival, language: str) -> tuple[int, bytes]:
    """Status and body for the one event of a request. Refusals are raised."""
    if isinstance(outcome, RegularsError):
        raise outcome
    return status_of(outcome), encode(answer_of(outcome, arrival, language))


def item(outcome: Outcome, arrival: Arrival | None, language: str) -> bytes:
    """One element of the answer to a batch: its own status, and the answer or the problem."""
    if isinstance(outcome, RegularsError):
        problem = problem_of(outcome)
        return b'{"status":%d,"problem":%b}' % (problem.status, encode(problem))
    assert arrival is not None
    body = encode(answer_of(outcome, arrival, language))
    return b'{"status":%d,"answer":%b}' % (status_of(outcome), body)


@lru_cache(maxsize=256)
def language_in(header: str) -> str:
    """The language of ours that an Accept-Language header likes best; English without one."""
    best, weight = LANGUAGES[0], 0.0
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        liked = _weight(parameter)
        if tag and liked > weight:
            best, weight = language_of(tag), liked
    return best


def _weight(parameter: str) -> float:
    """The q of one language range; 1 without one, 0 for one that cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
