"""Benefits that single members were given, beside what they have by what they are."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """A benefit for one member, to be written.

    `carrier`: by what it came: "person", "rule", "campaign", "draw", "challenge" and so on;
    `source`: which one, such as the rule's id. `uses`: how many it allows; None: as the benefit
    says. `event_id`: the event by which it came. `reason`: of a person, without personal data.
    """

    member_id: int
    benefit: str
    carrier: str
    valid_from: datetime
    granted_at: datetime
    granted_by: str
    source: str = ""
    event_id: int | None = None
    uses: int | None = None
    valid_until: datetime | None = None
    reason: str = ""
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A benefit that one member was given. `ended_at`: when it was taken back."""

    id: int
    member_id: int
    benefit: str
    carrier: str
    source: str
    event_id: int | None
    uses: int | None
    valid_from: datetime
    valid_until: datetime | None
    granted_by: str
    granted_at: datetime
    reason: str
    request_key: str
    ended_at: datetime | None
    ended_by: str
    ended_why: str

    def is_open(self, at: datetime) -> bool:
        """Whether it holds at this instant."""
        ends = [end for end in (self.valid_until, self.ended_at) if end is not None]
        return self.valid_from <= at and all(at < end for end in ends)
