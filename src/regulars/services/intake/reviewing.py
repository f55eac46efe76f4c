"""Looking after members for whom something fell due: tiers, lapsed points, timed-out holds.

Each look is an event like any other: recorded, explained, replayed. Its id says at which of the
member's decisions it was found due, so that of two workers who find the same only one is heard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.ids import MEMBER, encode
from regulars.domain.operations import PREFIX, Review
from regulars.services.intake.taking import Intake
from regulars.storage import due, members
from regulars.storage.database import Database

SOURCE = PREFIX + "worker"
TYPE = PREFIX + "review"
MEMBERS_TOGETHER = 500
MOST_LEFT_OUT = 10_000
"""A pass that meets more members whom a look does not help, or somebody else looks after, ends."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One batch: members reviewed now, by somebody else at the same moment, and in vain."""

    reviewed: int = 0
    repeated: int = 0
    refused: int = 0


def review_due(db: Database, organization: int, intake: Intake, now: datetime) -> Iterator[Looked]:
    """Review every member with something due at `now`, batch by batch; tells of each when it is
    committed. Safe to repeat, and to run in several processes at once."""
    left_out: set[int] = set()
    before: set[int] = set()
    while len(left_out) <= MOST_LEFT_OUT:
        # As of one instant: whoever was reviewed by somebody else meanwhile is still told with the
        # number that they had, so that ours is found to be the same look.
        with db.snapshot(organization) as tx:
            found = due.members_due(
                tx, organization, now, limit=MEMBERS_TOGETHER, leave_out=left_out
            )
            # Whom a look has just not helped is not looked at again in this pass.
            left_out |= before.intersection(found)
            ids = [member_id for member_id in found if member_id not in left_out]
            known = members.read(tx, organization, ids)
        if not found:
            return
        before = set(ids)
        if not ids:
            continue
        arrivals = [_look(number, known[number].state.seq, now) for number in ids]
        outcomes = intake.take_in(arrivals, now)
        refused = [
            number
            for number, outcome in zip(ids, outcomes, strict=True)
            if isinstance(outcome, RegularsError)
        ]
        left_out.update(refused)
        repeated = sum(
            not isinstance(outcome, RegularsError) and outcome.is_repeat for outcome in outcomes
        )
        yield Looked(len(ids) - repeated - len(refused), repeated, len(refused))


def _look(member_id: int, seq: int, now: datetime) -> Arrival:
    name = encode(MEMBER, member_id)
    return arrive(
        Event(
            id=f"review:{name}:{seq}",
            source=SOURCE,
            type=TYPE,
            subject=name,
            time=now,
            received_at=now,
            data=Review(),
        )
    )
