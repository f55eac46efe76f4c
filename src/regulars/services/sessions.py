"""Sessions of people who signed in: recognised, listed, ended."""

from datetime import datetime

from regulars.domain.access import (
    SUSPENDED,
    Access,
    Credential,
    Kind,
    Scope,
    organization_in,
    scopes_of,
)
from regulars.domain.audit import By, Deed
from regulars.domain.errors import SessionNotFound, StaffNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.staffing import NOTED_EVERY, SESSION_IDLE, ask_again_at, may_manage
from regulars.storage import audit, credentials, members, sessions, staff
from regulars.storage.database import Database, Tx
from regulars.storage.sessions import Session

OF_MEMBERS = frozenset({Scope.SELF_READ, Scope.SELF_WRITE})


def find(db: Database, secret: str, now: datetime) -> Credential | None:
    """What a session's secret stands for; None when there is none such, or it is over.

    That it is in use is noted every few minutes.
    """
    organization = organization_in(secret)
    if organization is None:
        return None
    with db.transaction(organization) as tx:
        session = sessions.find(tx, organization, sessions.hash_of(secret), now)
        if session is None:
            return None
        if session.kind is Kind.STAFF:
            found = _of_staff(tx, organization, session, now)
        else:
            found = _of_member(organization, session, now)
        if found is not None and now - session.seen_at >= NOTED_EVERY:
            sessions.touch(tx, organization, session.id, now)
    return found


def _of_staff(tx: Tx, organization: int, session: Session, now: datetime) -> Credential | None:
    if now - session.seen_at >= SESSION_IDLE:
        return None
    found = staff.get(tx, organization, session.subject_id)
    if found is None or found.suspended_at is not None:
        return None
    access = Access(
        organization,
        Kind.STAFF,
        found.id,
        found.name,
        scopes_of(found.roles) | {Scope.STAFF_SELF},
        session_id=session.id,
        is_strong=_is_strong(session, now),
    )
    return _credential(access, session, now)


def _of_member(organization: int, session: Session, now: datetime) -> Credential:
    access = Access(
        organization,
        Kind.MEMBER,
        session.subject_id,
        f"member:{session.subject_id}",
        OF_MEMBERS,
        member_id=session.subject_id,
        session_id=session.id,
        is_strong=_is_strong(session, now),
    )
    return _credential(access, session, now)


def _is_strong(session: Session, now: datetime) -> bool:
    return session.strong_until is not None and now < session.strong_until


def _credential(access: Access, session: Session, now: datetime) -> Credential:
    names = (f"session:{session.id}", access.name, SUSPENDED)
    return Credential(access, names, session.expires_at, ask_again_at(now, session.strong_until))


def own(db: Database, access: Access, now: datetime) -> list[Session]:
    """The caller's own live sessions, newest first."""
    with db.transaction(access.organization) as tx:
        return _live(tx, access.organization, access.kind, access.number, now)


def end_own(
    db: Database, access: Access, *, by: By, now: datetime, only: int | None = None
) -> None:
    """End one of the caller's own sessions, or with none named, all. Raises SessionNotFound."""
    with db.transaction(access.organization) as tx:
        _end(tx, access.organization, access.kind, access.number, by=by, now=now, only=only)


def of_staff(db: Database, access: Access, staff_id: int, now: datetime) -> list[Session]:
    """The live sessions of somebody on the staff. Raises NotYourRole, StaffNotFound."""
    with db.transaction(access.organization) as tx:
        _managed(tx, access, staff_id)
        return _live(tx, access.organization, Kind.STAFF, staff_id, now)


def end_of_staff(
    db: Database, access: Access, staff_id: int, *, by: By, now: datetime, only: int | None = None
) -> None:
    """End one session of somebody on the staff, or all.

    Raises NotYourRole, StaffNotFound, SessionNotFound.
    """
    with db.transaction(access.organization) as tx:
        _managed(tx, access, staff_id)
        _end(tx, access.organization, Kind.STAFF, staff_id, by=by, now=now, only=only)


def of_member(db: Database, organization: int, ref: MemberRef, now: datetime) -> list[Session]:
    """The live sessions of a member. Raises MemberNotFound."""
    with db.transaction(organization) as tx:
        number = members.must_get(tx, organization, ref).id
        return _live(tx, organization, Kind.MEMBER, number, now)


def end_of_member(
    db: Database,
    organization: int,
    ref: MemberRef,
    *,
    by: By,
    now: datetime,
    only: int | None = None,
) -> None:
    """End one session of a member, or all. Raises MemberNotFound, SessionNotFound."""
    with db.transaction(organization) as tx:
        number = members.must_get(tx, organization, ref).id
        _end(tx, organization, Kind.MEMBER, number, by=by, now=now, only=only)


def _managed(tx: Tx, access: Access, staff_id: int) -> None:
    found = staff.get(tx, access.organization, staff_id)
    if found is None:
        raise StaffNotFound
    if access.number != staff_id:
        may_manage(access, staff_id, found.roles, what="ends the sessions of")


def _live(tx: Tx, organization: int, kind: Kind, subject_id: int, now: datetime) -> list[Session]:
    found = sessions.listed(tx, organization, kind, subject_id, now)
    if kind is not Kind.STAFF:
        return found
    return [one for one in found if now - one.seen_at < SESSION_IDLE]


def _end(
    tx: Tx,
    organization: int,
    kind: Kind,
    subject_id: int,
    *,
    by: By,
    now: datetime,
    only: int | None,
) -> None:
    ended = sessions.end(tx, organization, kind, subject_id, at=now, only=only)
    if only is not None and not ended:
        raise SessionNotFound
    credentials.revoke(tx, organization, [f"session:{number}" for number in ended], now)
    action = f"{kind.value}.sessions_ended"
    member_id = subject_id if kind is Kind.MEMBER else None
    target = f"{kind.value}:{subject_id}"
    audit.record(tx, by, [Deed(action, target, member_id, after={"sessions": ended})], now)
