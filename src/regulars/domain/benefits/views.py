"""A member as conditions and benefits see one at an instant: tier, stage, tags, paid cards."""

from datetime import datetime

from regulars.domain.lifecycle.lives import look_at
from regulars.domain.members import Member, MemberView, State
from regulars.domain.memberships.holding import held_codes
from regulars.domain.programs.model import Program


def view_of(
    program: Program, member: Member, *, tier: str, at: datetime, stage: str | None = None
) -> MemberView:
    """The member at `at`, with `tier` as it is held then. `stage`: where it is known already."""
    state = member.state
    return MemberView(
        tier,
        member.enrolled_at,
        state.counts.get("purchase", 0),
        member.attributes,
        stage=look_at(program, state, at).stage() if stage is None else stage,
        tags=tags_at(state, at) if state.tags else [],
        cards=held_codes(state.cards, at) if state.cards else [],
    )


def tags_at(state: State, at: datetime) -> list[str]:
    """The tags that the member has at `at`."""
    return [
        code
        for code, tag in state.tags.items()
        if tag.since <= at and (tag.until is None or at < tag.until)
    ]
