"""What is due to go, table by table, and what went when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.retention import What
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_CODES = """
organization_id = %(organization)s and sent_at < %(before)s
"""

COUNT_CODES = f"""
select count(*) from sign_in_code where {_CODES}
"""  # noqa: S608  # only the constant above is put in

REMOVE_CODES = f"""
delete from sign_in_code where ctid = any(array(
    select ctid from sign_in_code where {_CODES} limit %(limit)s
))
"""  # noqa: S608

_TOKENS = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_TOKENS = f"""
select count(*) from staff_token where {_TOKENS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_TOKENS = f"""
delete from staff_token where ctid = any(array(
    select ctid from staff_token where {_TOKENS} limit %(limit)s
))
"""  # noqa: S608

_LOGINS = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_LOGINS = f"""
select count(*) from login_state where {_LOGINS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_LOGINS = f"""
delete from login_state where ctid = any(array(
    select ctid from login_state where {_LOGINS} limit %(limit)s
))
"""  # noqa: S608

_STAFF_LOGINS = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_STAFF_LOGINS = f"""
select count(*) from staff_login where {_STAFF_LOGINS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_STAFF_LOGINS = f"""
delete from staff_login where ctid = any(array(
    select ctid from staff_login where {_STAFF_LOGINS} limit %(limit)s
))
"""  # noqa: S608

_AUTHORIZATIONS = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_AUTHORIZATIONS = f"""
select count(*) from authorization_code where {_AUTHORIZATIONS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_AUTHORIZATIONS = f"""
delete from authorization_code where ctid = any(array(
    select ctid from authorization_code where {_AUTHORIZATIONS} limit %(limit)s
))
"""  # noqa: S608

_BENEFIT_CODES = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_BENEFIT_CODES = f"""
select count(*) from benefit_code where {_BENEFIT_CODES}
"""  # noqa: S608  # only the constant above is put in

REMOVE_BENEFIT_CODES = f"""
delete from benefit_code where ctid = any(array(
    select ctid from benefit_code where {_BENEFIT_CODES} limit %(limit)s
))
"""  # noqa: S608

_TRIES = """
organization_id = %(organization)s and last_at < %(before)s
"""

COUNT_TRIES = f"""
select count(*) from failed_try where {_TRIES}
"""  # noqa: S608  # only the constant above is put in

REMOVE_TRIES = f"""
delete from failed_try where ctid = any(array(
    select ctid from failed_try where {_TRIES} limit %(limit)s
))
"""  # noqa: S608

_SESSIONS = """
organization_id = %(organization)s and coalesce(ended_at, expires_at) < %(before)s
"""

COUNT_SESSIONS = f"""
select count(*) from session where {_SESSIONS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_SESSIONS = f"""
delete from session where ctid = any(array(
    select ctid from session where {_SESSIONS} limit %(limit)s
))
"""  # noqa: S608

_REFRESH_TOKENS = """
organization_id = %(organization)s and expires_at < %(before)s
"""

COUNT_REFRESH_TOKENS = f"""
select count(*) from refresh_token where {_REFRESH_TOKENS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_REFRESH_TOKENS = f"""
delete from refresh_token where ctid = any(array(
    select ctid from refresh_token where {_REFRESH_TOKENS} limit %(limit)s
))
"""  # noqa: S608

_ENROLMENTS = """
organization_id = %(organization)s and (
    (state = 'held' and submitted_at < %(before)s)
    or (state = 'pending' and ticket_expires_at < %(before)s)
    or (state = 'refused' and decided_at < %(before)s)
)
"""

COUNT_ENROLMENTS = f"""
select count(*) from enrolment where {_ENROLMENTS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_ENROLMENTS = f"""
delete from enrolment where ctid = any(array(
    select ctid from enrolment where {_ENROLMENTS} limit %(limit)s
))
"""  # noqa: S608

_LETTERS = """
organization_id = %(organization)s and created_at < %(before)s
"""

COUNT_LETTERS = f"""
select count(*) from outbox where {_LETTERS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_LETTERS = f"""
delete from outbox where ctid = any(array(
    select ctid from outbox where {_LETTERS} limit %(limit)s
))
"""  # noqa: S608

_NOTICES = """
organization_id = %(organization)s and at < %(before)s
"""

COUNT_NOTICES = f"""
select count(*) from notice where {_NOTICES}
"""  # noqa: S608  # only the constant above is put in

REMOVE_NOTICES = f"""
delete from notice where ctid = any(array(
    select ctid from notice where {_NOTICES} limit %(limit)s
))
"""  # noqa: S608

_IMPORTS = """
organization_id = %(organization)s and updated_at < %(before)s
"""

COUNT_IMPORTS = f"""
select count(*) from import_progress where {_IMPORTS}
"""  # noqa: S608  # only the constant above is put in

REMOVE_IMPORTS = f"""
delete from import_progress where ctid = any(array(
    select ctid from import_progress where {_IMPORTS} limit %(limit)s
))
"""  # noqa: S608

_REJECTED = """
organization_id = %(organization)s and created_at < %(before)s
"""

COUNT_REJECTED = f"""
select count(*) from rejected_record where {_REJECTED}
"""  # noqa: S608  # only the constant above is put in

REMOVE_REJECTED = f"""
delete from rejected_record where ctid = any(array(
    select ctid from rejected_record where {_REJECTED} limit %(limit)s
))
"""  # noqa: S608

# Files that nobody ever began to import; the worker takes the files themselves away.
_UNUSED = """
organization_id = %(organization)s and state = 'uploaded' and updated_at < %(before)s
"""

COUNT_UNUSED = f"""
select count(*) from file_import where {_UNUSED}
"""  # noqa: S608  # only the constant above is put in

REMOVE_UNUSED = f"""
delete from file_import where ctid = any(array(
    select ctid from file_import where {_UNUSED} limit %(limit)s
))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Ending:
    """Rows of one table that end before %(before)s: how many there are, and the statement that
    takes up to %(limit)s of them away."""

    count: str
    remove: str


ENDINGS: Mapping[What, Sequence[Ending]] = {
    What.SIGN_IN_CODES: (
        Ending(COUNT_CODES, REMOVE_CODES),
        Ending(COUNT_TOKENS, REMOVE_TOKENS),
        Ending(COUNT_LOGINS, REMOVE_LOGINS),
        Ending(COUNT_STAFF_LOGINS, REMOVE_STAFF_LOGINS),
        Ending(COUNT_AUTHORIZATIONS, REMOVE_AUTHORIZATIONS),
        Ending(COUNT_TRIES, REMOVE_TRIES),
        Ending(COUNT_BENEFIT_CODES, REMOVE_BENEFIT_CODES),
    ),
    What.SESSIONS: (
        Ending(COUNT_SESSIONS, REMOVE_SESSIONS),
        Ending(COUNT_REFRESH_TOKENS, REMOVE_REFRESH_TOKENS),
    ),
    What.HELD_ENROLMENTS: (Ending(COUNT_ENROLMENTS, REMOVE_ENROLMENTS),),
    What.MESSAGES: (
        Ending(COUNT_LETTERS, REMOVE_LETTERS),
        Ending(COUNT_NOTICES, REMOVE_NOTICES),
    ),
    What.REJECTED_IMPORTS: (
        Ending(COUNT_IMPORTS, REMOVE_IMPORTS),
        Ending(COUNT_REJECTED, REMOVE_REJECTED),
        Ending(COUNT_UNUSED, REMOVE_UNUSED),
    ),
}
"""By kind of record. Members who no longer come have a way of their own, below."""

NOT_BY_SCHEDULE: Mapping[What, str] = {
    What.AUDIT: "The trail is a chain that nothing can be taken out of; whoever owns the database "
    "puts an old part of it away.",
    What.APPROVALS: "Who decided what is on record as the trail is, and put away with it.",
}

# A stretch of all members of whom something is kept, and who of them has not been seen.
WINDOW = """
select member_id from vault
where organization_id = %(organization)s and member_id > %(after)s
order by member_id
limit %(limit)s
"""

INACTIVE = """
select member.id from member
join vault on vault.member_id = member.id
where member.organization_id = %(organization)s and member.id = any(%(ids)s::bigint[])
    and member.enrolled_at < %(before)s and vault.updated_at < %(before)s
    and not exists (
        select from event
        where event.member_id = member.id and event.occurred_at >= %(before)s
            and event.type <> 'regulars.review'
    )
    and not exists (
        select from session
        where session.organization_id = %(organization)s and session.kind = 'member'
            and session.subject_id = member.id and session.seen_at >= %(before)s
    )
order by member.id
"""

LOCK = """
select id from member
where organization_id = %s and id = any(%s::bigint[])
order by id
for no key update
"""

# What leads to the person goes; the number on the card stays, with the points on it.
FORGET = (
    "delete from vault where organization_id = %s and member_id = any(%s::bigint[])",
    """
delete from identity
where organization_id = %s and member_id = any(%s::bigint[])
    and (system in ('phone', 'email') or starts_with(system, 'idp.'))
""",
    "delete from passkey where organization_id = %s and member_id = any(%s::bigint[])",
    "delete from login_state where organization_id = %s and member_id = any(%s::bigint[])",
    "delete from enrolment where organization_id = %s and member_id = any(%s::bigint[])",
    """
delete from session
where organization_id = %s and kind = 'member' and subject_id = any(%s::bigint[])
""",
)

NOTE = """
insert into retention_run (organization_id, what, kept_for, older_than, run_at, removed)
values (%s, %s, %s, %s, %s, %s)
"""

LAST = "select max(run_at) from retention_run where organization_id = %s"

NEWEST = """
select distinct on (what) what, kept_for, older_than, run_at, removed from retention_run
where organization_id = %s
order by what, id desc
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took away of one kind of record: what counted from before `older_than`."""

    what: What
    kept_for: str
    older_than: datetime
    run_at: datetime
    removed: int


def remove(tx: Tx, organization: int, ending: Ending, *, before: datetime, limit: int) -> int:
    """Take up to `limit` rows away; how many went."""
    asked = {"organization": organization, "before": before, "limit": limit}
    return tx.execute(ending.remove.encode(), asked).rowcount


def count(tx: Tx, organization: int, ending: Ending, *, before: datetime) -> int:
    """How many rows are due to go."""
    row = tx.execute(
        ending.count.encode(), {"organization": organization, "before": before}
    ).fetchone()
    assert row is not None
    return int(row[0])


def window(tx: Tx, organization: int, *, after: int, limit: int) -> list[int]:
    """The next members of whom something is kept, by their numbers."""
    asked = {"organization": organization, "after": after, "limit": limit}
    return [number for (number,) in tx.execute(WINDOW, asked)]


def inactive(tx: Tx, organization: int, ids: Sequence[int], *, before: datetime) -> list[int]:
    """Those of them who did nothing since."""
    asked = {"organization": organization, "ids": int_array(ids), "before": before}
    return [number for (number,) in tx.execute(INACTIVE, asked)]


def lock(tx: Tx, organization: int, ids: Sequence[int]) -> None:
    """Let nobody change these members until the transaction ends."""
    tx.execute(LOCK, [organization, int_array(ids)])


def forget(tx: Tx, organization: int, ids: Sequence[int]) -> None:
    """Forget what leads to these members, who are locked."""
    for statement in FORGET:
        tx.execute(statement.encode(), [organization, int_array(ids)])


def note(tx: Tx, organization: int, run: Run) -> None:
    """Put on record what went."""
    tx.execute(
        NOTE,
        [organization, run.what.value, run.kept_for, run.older_than, run.run_at, run.removed],
    )


def last_run(tx: Tx, organization: int) -> datetime | None:
    """When the schedule was last executed."""
    row = tx.execute(LAST, [organization]).fetchone()
    return None if row is None else row[0]


def newest(tx: Tx, organization: int) -> list[Run]:
    """The newest run of each kind of record."""
    return [Run(What(row[0]), *row[1:]) for row in tx.execute(NEWEST, [organization])]
