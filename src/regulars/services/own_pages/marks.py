"""Whether anything has changed for a member since they last looked: asked often, so it is small."""

from regulars.domain.errors import MemberNotFound
from regulars.storage.database import Database
from regulars.storage.own_pages import happened


def mark(db: Database, organization: int, member_id: int) -> str:
    """Another one whenever something was decided for the member, or told to them.

    Raises MemberNotFound.
    """
    with db.transaction(organization) as tx:
        found = happened.mark(tx, organization, member_id)
    if found is None:
        raise MemberNotFound
    return found
