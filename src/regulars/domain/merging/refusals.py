"""What is refused because of what a member is: frozen, or not fit to be made one with another."""

from regulars.domain.errors import RegularsError


class MemberFrozen(RegularsError):
    """The member is frozen: points come in, and none can be spent until that is lifted."""

    code = "member_frozen"


class MergeRefused(RegularsError):
    """These two members cannot be made one."""

    code = "merge_refused"
