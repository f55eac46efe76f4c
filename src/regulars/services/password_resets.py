"""A new password for whoever forgot theirs, by a letter to the address that is known."""

from datetime import datetime

import msgspec

from regulars.domain.access import Kind
from regulars.domain.audit import By, Deed
from regulars.domain.errors import LinkRefused
from regulars.domain.passwords import check_password
from regulars.domain.personal import normal_email
from regulars.domain.staff_letters import RESET, filled
from regulars.domain.staffing import RESET_LIFETIME
from regulars.gateways.messages.letters import Letter
from regulars.gateways.password_hashes import hash_password
from regulars.storage import (
    audit,
    authorizations,
    credentials,
    failed_tries,
    organizations,
    outbox,
    sessions,
    staff,
    staff_tokens,
)
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet
from regulars.storage.staff_tokens import Purpose

RESET_PAGE = "/console/password#"
"""What follows a # never leaves the browser: no log on the way has the token."""

ADDRESS = "address"
"""The kind of keyed hash that stands for a network address."""


def count(
    db: Database, cabinet: Cabinet, organization: int, email: str, *, address: str, now: datetime
) -> None:
    """Count a request for a letter, whether somebody has this address or not.

    Raises TooManyRequests, InvalidInput.
    """
    normal = normal_email(email)
    with db.transaction(organization) as tx:
        keys = cabinet.keys(tx, organization)
        tries = (
            failed_tries.reset_of(keys.hash_of(staff.EMAIL, normal)),
            failed_tries.reset_from(keys.hash_of(ADDRESS, address)),
        )
        failed_tries.begin_try(tx, organization, tries, now)


def request(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    email: str,
    *,
    by: By,
    public_url: str,
    now: datetime,
) -> int | None:
    """Write the letter, if somebody has this address; its number. Call it when the answer is gone:
    how long it takes tells whether somebody has. Raises InvalidInput."""
    normal = normal_email(email)
    with db.transaction(organization) as tx:
        keys = cabinet.keys(tx, organization)
        known = staff.find(tx, keys, normal, lock=True)
        company = organizations.get(tx, organization)
        if known is None or known.suspended_at is not None or company is None:
            return None
        if known.accepted_at is None:
            return None  # Their invitation is the way in.
        expires_at = now + RESET_LIFETIME
        token = staff_tokens.issue(
            tx, organization, known.id, Purpose.RESET, at=now, expires_at=expires_at
        )
        link = public_url + RESET_PAGE + token
        words = filled(RESET, known.language, organization=company.name, link=link)
        letter = Letter("email", normal, words.subject, words.text, known.language)
        audit.record(tx, by, [Deed("staff.password_reset_requested", known.name)], now)
        return outbox.put(
            tx,
            cabinet,
            organization,
            letter=msgspec.json.encode(letter),
            at=now,
            expires_at=expires_at,
        )


def finish(
    db: Database,
    cabinet: Cabinet,
    organization: int,
    token: str,
    password: str,
    *,
    trace: str,
    now: datetime,
) -> None:
    """Set the new password; all sessions end, applications have to ask anew, and tries that failed
    are forgotten. One-time codes are asked for as before. Raises LinkRefused, InvalidInput."""
    with db.transaction(organization) as tx:
        number = staff_tokens.look(tx, organization, token, Purpose.RESET, now)
        known = None if number is None else staff.get(tx, organization, number)
        company = organizations.get(tx, organization)
        if known is None or known.suspended_at is not None or company is None:
            raise LinkRefused
        keys = staff.keys_for(tx, cabinet, organization, known)
    profile = known.profile(keys)
    check_password(password, [profile.name, profile.email, company.name, company.code])
    password_hash = hash_password(password)
    with db.transaction(organization) as tx:
        if staff_tokens.use(tx, organization, token, Purpose.RESET, now) != known.id:
            raise LinkRefused
        staff.set_password(tx, organization, known.id, password_hash, now)
        ended = sessions.end(tx, organization, Kind.STAFF, known.id, at=now)
        gone = authorizations.withdraw_of_staff(tx, organization, known.id, now)
        names = [*(f"session:{one}" for one in ended), *(f"grant:{one}" for one in gone)]
        credentials.revoke(tx, organization, names, now)
        account = keys.hash_of(staff.EMAIL, profile.email)
        failed_tries.succeed(tx, organization, failed_tries.password_of(account))
        who = By(organization, known.name, trace)
        audit.record(tx, who, [Deed("staff.password_reset", known.name)], now)
