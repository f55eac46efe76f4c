"""Making one member of two in PostgreSQL: what changes hands, what ends, and who became whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx
from regulars.storage.limits import uniting as limits

FREEZE = """
update member
set frozen_at = case when %(on)s then coalesce(frozen_at, %(at)s) end,
    frozen_reason = case
        when not %(on)s then '' when frozen_at is null then %(reason)s else frozen_reason end
where organization_id = %(organization)s and id = %(member)s
returning frozen_at, frozen_reason
"""

STATUS = """
select frozen_at, frozen_reason, restricted_at, erased_at, merged_into, merged_at
from member where organization_id = %s and id = %s
"""

MERGED = """
select id from member where organization_id = %s and merged_into = %s order by id
"""

# Chains end at once: whoever was merged into the duplicate before belongs to the survivor now.
POINT = """
update member set merged_into = %(survivor)s, merged_at = coalesce(merged_at, %(at)s)
where organization_id = %(organization)s
    and (id = %(duplicate)s or merged_into = %(duplicate)s)
"""

_HANDED = "organization_id = %(organization)s and member_id = %(duplicate)s"

HANDED_OVER = {
    "identity": f"update identity set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    # What the survivor was told under the same key, the duplicate need not have been told too.
    "notice": f"""
update notice set member_id = %(survivor)s
where {_HANDED} and (request_key = '' or not exists (
    select from notice as own
    where own.organization_id = notice.organization_id and own.member_id = %(survivor)s
        and own.request_key = notice.request_key
))
""",  # noqa: S608
    # What was used of it stays with who used it; what is left is the survivor's.
    "benefit_grant": f"update benefit_grant set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    "coupon": f"update coupon set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    "coupon_gift": """
update coupon_gift
set giver_id = case when giver_id = %(duplicate)s then %(survivor)s else giver_id end,
    taker_id = case when taker_id = %(duplicate)s then %(survivor)s else taker_id end
where organization_id = %(organization)s
    and (giver_id = %(duplicate)s or taker_id = %(duplicate)s)
""",
    "stock_wait": f"""
update stock_wait set member_id = %(survivor)s
where {_HANDED} and (told_at is not null or not exists (
    select from stock_wait as own
    where own.organization_id = stock_wait.organization_id and own.told_at is null
        and own.member_id = %(survivor)s and own.variant_id = stock_wait.variant_id
))
""",  # noqa: S608
    # What is over by then is closed, so that the other's card of the same kind can stand beside it.
    "expired_membership": """
update membership set ended_at = ends_at, ended_how = 'expired', ended_by = 'system'
where organization_id = %(organization)s and member_id in (%(survivor)s, %(duplicate)s)
    and ended_at is null and ends_at <= %(at)s
""",
    "membership": f"update membership set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    "family_person": f"update family_person set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    # What was used of them is counted with the limits.
    "draw_chance": f"update draw_chance set member_id = %(survivor)s where {_HANDED}",  # noqa: S608
    # Returns that wait for their purchase have not been decided: they are nobody's history yet.
    "waiting": f"""
update event set member_id = %(survivor)s where {_HANDED} and status = 'waiting'
""",  # noqa: S608  # only the constant above is put in
}
"""What becomes the survivor's, and the statement that hands it over."""

ENDED = {
    "passkey": f"delete from passkey where {_HANDED}",  # noqa: S608
    "play_name": f"delete from play_name where {_HANDED}",  # noqa: S608
    "leaderboard_score": f"delete from leaderboard_score where {_HANDED}",  # noqa: S608
    "benefit_code": f"delete from benefit_code where {_HANDED} and use_id is null",  # noqa: S608
    "login_state": f"delete from login_state where {_HANDED}",  # noqa: S608
    "refresh_token": """
delete from refresh_token using client_grant
where refresh_token.organization_id = %(organization)s and grant_id = client_grant.id
    and client_grant.organization_id = %(organization)s
    and client_grant.member_id = %(duplicate)s
""",
    "authorization_code": """
delete from authorization_code using client_grant
where authorization_code.organization_id = %(organization)s and grant_id = client_grant.id
    and client_grant.organization_id = %(organization)s
    and client_grant.member_id = %(duplicate)s
""",
    "client_grant": f"delete from client_grant where {_HANDED}",  # noqa: S608
}
"""What the duplicate could sign in with or had allowed: the survivor has their own."""

SYSTEMS = """
select distinct system from identity where organization_id = %s and member_id = %s order by system
"""

# The last day on which either was there.
ACTIVITY = """
insert into activity (member_id, organization_id, active_on)
select %(survivor)s, %(organization)s, active_on from activity
where organization_id = %(organization)s and member_id = %(duplicate)s
on conflict (member_id) do update
set active_on = greatest(activity.active_on, excluded.active_on)
"""

NO_ACTIVITY = "delete from activity where organization_id = %s and member_id = %s"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member is beside their points; None for what does not hold."""

    frozen_at: datetime | None
    frozen_reason: str
    restricted_at: datetime | None
    erased_at: datetime | None
    merged_into: int | None
    merged_at: datetime | None


NOTHING = Standing(None, "", None, None, None, None)
"""Of a member of whom nothing of this holds."""


def freeze(
    tx: Tx, organization: int, member_id: int, *, is_on: bool, reason: str, at: datetime
) -> datetime | None:
    """Freeze a locked member, or lift it; since when it holds. One that holds keeps its beginning
    and its reason."""
    asked = {
        "organization": organization, "member": member_id, "on": is_on, "reason": reason, "at": at,
    }  # fmt: skip
    row = tx.execute(FREEZE, asked).fetchone()
    return None if row is None else row[0]


def standing(tx: Tx, organization: int, member_id: int) -> Standing | None:
    """What the member is; None for none."""
    row = tx.execute(STATUS, [organization, member_id]).fetchone()
    return None if row is None else Standing(*row)


def merged(tx: Tx, organization: int, member_id: int) -> list[int]:
    """The numbers of those who were merged into this member."""
    return [number for (number,) in tx.execute(MERGED, [organization, member_id])]


def systems(tx: Tx, organization: int, member_id: int) -> list[str]:
    """The systems by whose ids the member is known."""
    return [system for (system,) in tx.execute(SYSTEMS, [organization, member_id])]


def hand_over(
    tx: Tx, organization: int, *, duplicate: int, survivor: int, at: datetime
) -> dict[str, int]:
    """Give names and what waits to the survivor, end what the duplicate signed in with, and note
    who became whom; rows by table. Both are locked."""
    asked = {
        "organization": organization, "duplicate": duplicate, "survivor": survivor, "at": at,
    }  # fmt: skip
    done = {
        table: tx.execute(statement, asked).rowcount
        for table, statement in {**HANDED_OVER, **ENDED}.items()
    }
    done["reservation"] = limits.unite(tx, organization, duplicate=duplicate, survivor=survivor)
    tx.execute(ACTIVITY, asked)
    tx.execute(NO_ACTIVITY, [organization, duplicate])
    tx.execute(POINT, asked)
    return done


def all_of(tx: Tx, organization: int, member_id: int) -> Sequence[int]:
    """The member's number and those of whoever was merged into them, for what is told of both."""
    return (member_id, *merged(tx, organization, member_id))
