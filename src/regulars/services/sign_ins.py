"""Staff sign in by password and one-time code, and show that code again where it matters."""

from dataclasses import dataclass, field
from datetime import datetime

from regulars.domain.access import Access, Kind
from regulars.domain.audit import By, Deed, by
from regulars.domain.errors import (
    OrganizationSuspended,
    SecondFactorNeeded,
    SessionNotFound,
    SignInRefused,
)
from regulars.domain.personal import normal_email
from regulars.domain.second_factors import recovery_in, step_of
from regulars.domain.staffing import SESSION_LIFETIME, STRONG_FOR, person
from regulars.gateways.password_hashes import hash_password, is_outdated, is_password
from regulars.storage import (
    audit,
    credentials,
    failed_tries,
    organizations,
    sessions,
    staff,
    staff_tokens,
)
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet, OrganizationKeys
from regulars.storage.staff import Staff

ADDRESS = "address"
"""The kind of keyed hash that stands for a network address."""

NOBODY = "nobody"
"""Who acts where nobody has proved to be anybody."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody says who wants in. `address`: where from. `old_secret`: of the session that
    their browser had until now, which ends."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    code: str | None = field(repr=False)
    address: str = field(repr=False)
    device: str
    old_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just begun. `secret` is told this once and kept nowhere."""

    secret: str = field(repr=False)
    staff_id: int
    session_id: int
    expires_at: datetime
    is_strong: bool


def sign_in(
    db: Database,
    cabinet: Cabinet,
    organization: int | None,
    attempt: Attempt,
    *,
    trace: str,
    now: datetime,
) -> SignedIn:
    """Begin a session for whoever proves to be on the staff of `organization`, which is None where
    there is no such one.

    Raises SignInRefused, and takes as long, whatever was wrong; SecondFactorNeeded and
    OrganizationSuspended only to who has given the right password; TooManyRequests.
    """
    email = normal_email(attempt.email)
    if organization is None:
        is_password(None, attempt.password)
        raise SignInRefused
    with db.transaction(organization) as tx:
        keys = cabinet.keys(tx, organization)
        account = keys.hash_of(staff.EMAIL, email)
        where = keys.hash_of(ADDRESS, attempt.address)
        tries = (failed_tries.password_of(account), failed_tries.sign_in_from(where))
        failed_tries.begin_try(tx, organization, tries, now)
        found = staff.find(tx, keys, email)
    password_hash = None if found is None else found.password_hash
    is_right = is_password(password_hash, attempt.password)
    fresh_hash = None
    if is_right and password_hash is not None and is_outdated(password_hash):
        fresh_hash = hash_password(attempt.password)
    with db.transaction(organization) as tx:
        # Number 0 is nobody's, and looked for all the same.
        known = staff.get(tx, organization, 0 if found is None else found.id, lock=True)
        if known is None or not is_right or not _may_enter(known, password_hash):
            _note_failure(tx, organization, known, trace=trace, now=now)
            outcome: SignedIn | Exception = SignInRefused()
        elif _is_suspended(tx, organization):
            outcome = OrganizationSuspended()
        else:
            keys = staff.keys_for(tx, cabinet, organization, known)
            outcome = _enter(tx, keys, known, attempt, account=account, trace=trace, now=now)
        if isinstance(outcome, SignedIn):
            failed_tries.succeed(tx, organization, *tries)
            if fresh_hash is not None and password_hash is not None:
                staff.rehash(tx, organization, outcome.staff_id, old=password_hash, new=fresh_hash)
        elif isinstance(outcome, SecondFactorNeeded):
            failed_tries.take_back(tx, organization, *tries)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _may_enter(known: Staff, password_hash: str | None) -> bool:
    """Whether the password that was right is still theirs, and they are let in."""
    return known.suspended_at is None and known.password_hash == password_hash


def _is_suspended(tx: Tx, organization: int) -> bool:
    found = organizations.get(tx, organization)
    return found is None or found.suspended_at is not None


def _enter(
    tx: Tx,
    keys: OrganizationKeys,
    known: Staff,
    attempt: Attempt,
    *,
    account: str,
    trace: str,
    now: datetime,
) -> SignedIn | Exception:
    """Ask for the second factor of whoever has one, and begin the session."""
    organization = keys.organization
    is_strong = False
    if known.totp_at is not None:
        if not attempt.code:
            return SecondFactorNeeded()
        if not _take_code(tx, keys, known, attempt.code, account=account, now=now):
            _note_failure(tx, organization, known, trace=trace, now=now)
            return SignInRefused()
        is_strong = True
    if attempt.old_secret is not None:
        _end_old(tx, organization, known, attempt.old_secret, now)
    made = _begin(
        tx,
        organization,
        known.id,
        device=attempt.device,
        is_strong=is_strong,
        now=now,
        expires_at=now + SESSION_LIFETIME,
    )
    deed = Deed("staff.signed_in", known.name, after={"strong": is_strong})
    audit.record(tx, By(organization, known.name, trace), [deed], now)
    return made


def _take_code(
    tx: Tx, keys: OrganizationKeys, known: Staff, code: str, *, account: str, now: datetime
) -> bool:
    """Use up a one-time or recovery code; whether it was one. Raises TooManyRequests.

    The row of `known` is locked, so each code counts once, whoever comes with it at the same time.
    """
    counted = failed_tries.code_of(account)
    failed_tries.begin_try(tx, keys.organization, [counted], now)
    secret, recovery = known.totp(keys), recovery_in(code)
    assert secret is not None, "whoever is asked for a code has a secret"
    step = step_of(secret, code, now=now, after=known.totp_step)
    if step is not None:
        is_right = staff.use_step(tx, keys.organization, known.id, step)
    else:
        is_right = recovery is not None and staff_tokens.use_code(
            tx, keys.organization, known.id, recovery, now
        )
    if is_right:
        failed_tries.succeed(tx, keys.organization, counted)
    return is_right


def _begin(
    tx: Tx,
    organization: int,
    staff_id: int,
    *,
    device: str,
    is_strong: bool,
    now: datetime,
    expires_at: datetime,
) -> SignedIn:
    secret, number = sessions.begin_new(
        tx,
        organization,
        kind=Kind.STAFF,
        subject_id=staff_id,
        device=device,
        at=now,
        expires_at=expires_at,
        strong_until=now + STRONG_FOR if is_strong else None,
    )
    return SignedIn(secret, staff_id, number, expires_at, is_strong)


def _end_old(tx: Tx, organization: int, known: Staff, secret: str, now: datetime) -> None:
    """End the session that the browser had, if it was of the same person."""
    old = sessions.find(tx, organization, sessions.hash_of(secret), now)
    if old is not None and (old.kind, old.subject_id) == (Kind.STAFF, known.id):
        sessions.end(tx, organization, Kind.STAFF, known.id, at=now, only=old.id)
        credentials.revoke(tx, organization, [f"session:{old.id}"], now)


def _note_failure(
    tx: Tx, organization: int, known: Staff | None, *, trace: str, now: datetime
) -> None:
    target = "staff:unknown" if known is None else known.name
    who = By(organization, NOBODY, trace)
    audit.record(tx, who, [Deed("staff.sign_in_failed", target)], now)


def strengthen(
    db: Database, cabinet: Cabinet, access: Access, code: str, *, trace: str, now: datetime
) -> SignedIn:
    """Show the second factor in a session. A new session takes its place, with the same end.

    Raises SignInRefused, SecondFactorNeeded where none was set up, TooManyRequests.
    """
    organization, number = access.organization, person(access)
    with db.transaction(organization) as tx:
        known = staff.get(tx, organization, number, lock=True)
        if known is None or known.totp_at is None:
            raise SecondFactorNeeded("Set up one-time codes first: POST /v1/staff/me/totp.")
        keys = staff.keys_for(tx, cabinet, organization, known)
        account = keys.hash_of(staff.EMAIL, known.profile(keys).email)
        outcome: SignedIn | None = None
        if _take_code(tx, keys, known, code, account=account, now=now):
            outcome = _replace(tx, access, now)
            action = "staff.second_factor_shown"
        else:
            action = "staff.second_factor_failed"
        audit.record(tx, by(access, trace), [Deed(action, known.name)], now)
    if outcome is None:
        raise SignInRefused("The code is not right, or was used before.")
    return outcome


def _replace(tx: Tx, access: Access, now: datetime) -> SignedIn:
    """A session in the place of the caller's, which ends: who had its secret gains nothing."""
    organization, number = access.organization, access.number
    live = sessions.listed(tx, organization, Kind.STAFF, number, now)
    old = next((one for one in live if one.id == access.session_id), None)
    if old is None:
        raise SessionNotFound
    sessions.end(tx, organization, Kind.STAFF, number, at=now, only=old.id)
    credentials.revoke(tx, organization, [f"session:{old.id}"], now)
    return _begin(
        tx,
        organization,
        number,
        device=old.device,
        is_strong=True,
        now=now,
        expires_at=old.expires_at,
    )
