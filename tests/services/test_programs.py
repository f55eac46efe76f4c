"""Publishing keeps every version, in order; examples mean the same as events that are sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from regulars.domain import trials
from regulars.domain.envelopes import arrive, check_against
from regulars.domain.errors import InvalidInput, ProgramInvalid, VersionConflict
from regulars.domain.ids import MemberRef
from regulars.domain.operations import PREFIX
from regulars.domain.plans import plan
from regulars.domain.programs.document import read, read_examples
from regulars.domain.programs.examples import Example
from regulars.domain.trials import Trial
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.intake.batch import Receipt
from regulars.services.intake.taking import Intake
from regulars.storage import members
from regulars.storage.database import Database

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
GROCERY = (EXAMPLES[0].parent / "grocery.yaml").read_text()
START = datetime(2017, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, tzinfo=UTC)

OPERATIONS = """
regulars: 1
program: tiny
name: {en: Tiny}
time_zone: UTC
money: EUR
currencies:
  points: {kind: spendable, name: {en: Points}, expiry: {after: P12M}, transferable: true}
rules:
  - {id: base, name: {en: Base}, on: purchase, earn: {currency: points, rate: 1, per: 1.00}}
returns: {spent: owe}
examples:
  - name: What is spent cannot be spent again, and a return that came first waits
    events:
      - type: return
        time: 2020-01-03T00:00:00Z
        data: {purchase_id: late, lines: [{line: 0}]}
        expect: {earn: {}}
      - type: purchase
        id: late
        time: 2020-01-02T00:00:00Z
        data: {currency: EUR, lines: [{amount: 1000}, {amount: 500}]}
        expect: {earn: {points: 15}}
      - type: regulars.redemption
        time: 2020-01-04T00:00:00Z
        data: {currency: points, amount: 6}
        expect: {refused: insufficient_points}
      - type: regulars.redemption
        time: 2020-01-04T00:00:00Z
        id: spent
        data: {currency: points, amount: 5}
        expect: {earn: {}}
      - type: return
        time: 2020-01-05T00:00:00Z
        data: {purchase_id: late}
        expect: {earn: {points: -5}}
      - type: purchase
        id: other-money
        time: 2020-01-06T00:00:00Z
        data: {currency: USD, total: 5}
        expect: {refused: invalid_input}
"""


def publish(db: Database, text: str, at: datetime = START) -> int:
    return programs.publish(db, 1, text, in_force_from=at, now=NOW).version


def test_versions_count_up_and_are_kept_as_published(db: Database) -> None:
    later = GROCERY.replace("rate: 1, per: 1.00", "rate: 1, per: 1.00 ")

    assert publish(db, GROCERY) == 1
    assert publish(db, later, START + timedelta(days=1)) == 2

    known = programs.versions(db, 1)
    assert [(one.version, one.in_force_from) for one in known] == [
        (1, START),
        (2, START + timedelta(days=1)),
    ]
    assert programs.document(db, 1, 1) == GROCERY
    assert programs.document(db, 1, 2) == later


@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(seconds=1)])
def test_a_version_begins_later_than_every_one_before(db: Database, earlier: timedelta) -> None:
    publish(db, GROCERY)

    with pytest.raises(VersionConflict, match="Version 1 is in force from"):
        publish(db, GROCERY, START - earlier)


def test_a_document_with_errors_is_not_published(db: Database) -> None:
    with pytest.raises(ProgramInvalid):
        publish(db, GROCERY.replace("time_zone: America/New_York", "time_zone: Mars/Base"))

    assert programs.versions(db, 1) == []


def test_a_document_whose_own_examples_fail_is_not_published(db: Database) -> None:
    text = GROCERY.replace("earn: {points: 17}", "earn: {points: 18}")

    with pytest.raises(ProgramInvalid, match="earned 17 points, not 18") as refused:
        publish(db, text)

    (fault,) = refused.value.faults
    assert fault.code == "example_fails"
    assert fault.line is not None
    assert "type: purchase" in text.splitlines()[fault.line - 1]


def test_there_is_no_version_before_the_first(db: Database) -> None:
    with pytest.raises(VersionConflict):
        programs.document(db, 1, 1)


@pytest.mark.parametrize(
    "text", [*(path.read_text() for path in EXAMPLES), OPERATIONS],
    ids=[*(path.stem for path in EXAMPLES), "operations"],
)  # fmt: skip
def test_examples_come_out_as_written_and_as_through_the_database(db: Database, text: str) -> None:
    trials_here = programs.run_examples(text)
    assert [(one.name, outcome.differences) for one in trials_here for outcome in one.outcomes] == [
        (one.name, ()) for one in trials_here for _ in one.outcomes
    ]

    publish(db, text, datetime(1990, 1, 2, tzinfo=UTC))
    intake = Intake(db, 1)
    for number, (example, played) in enumerate(zip(read_examples(text), trials_here, strict=True)):
        send_and_compare(db, intake, text, number=number, example=example, played=played)


def send_and_compare(
    db: Database, intake: Intake, text: str, *, number: int, example: Example, played: Trial
) -> None:
    """The example again, as events of a member of its own. Budgets are shared, so each document's
    budgets must be large enough for all its examples."""
    subject, source = f"example:{number}", f"example-{number}"
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        (member_id,) = members.new_ids(tx, 1)
        member = trials.first_member(plan(read(text)), example, member_id)
        members.enrol(tx, 1, [(MemberRef(None, "example", str(number)), member)])
    for outcome in played.outcomes:
        # What does not fit the program is refused at the door; of the product's own facts, inside.
        if outcome.refused == "invalid_input" and not outcome.step.type.startswith(PREFIX):
            with pytest.raises(InvalidInput):
                check_against(read(text), trials.event_of(outcome.step))
            continue
        event = trials.event_of(outcome.step)
        arrival = arrive(msgspec.structs.replace(event, subject=subject, source=source))
        (answer,) = intake.take_in([arrival], NOW)
        if isinstance(answer, Receipt):
            told = outcome.explanation
            assert told is not None
            assert answer.explanation.rules == told.rules
            assert trials.earned(answer.explanation) == trials.earned(told)
            assert answer.explanation.tiers == told.tiers
        else:
            assert answer.code == outcome.refused
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            state = members.read(tx, 1, [member_id])[member_id].state
        assert (state.tier.tier if state.tier else "") == outcome.tier or state.tier is None
