"""What staff do to their own sign-in: their password, their one-time codes, their name."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import pyotp

from regulars.domain.access import Access, Kind
from regulars.domain.audit import Deed, by
from regulars.domain.errors import InvalidInput, SecondFactorNeeded, SignInRefused, StaffNotFound
from regulars.domain.passwords import check_password
from regulars.domain.second_factors import (
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LETTERS,
    link_of,
    step_of,
    written,
)
from regulars.domain.staff_letters import CHANGED, filled
from regulars.domain.staffing import INVITATION_LIFETIME, person
from regulars.gateways.messages.letters import Letter
from regulars.gateways.password_hashes import hash_password, is_password
from regulars.storage import (
    audit,
    credentials,
    failed_tries,
    organizations,
    outbox,
    sessions,
    staff,
    staff_tokens,
)
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet, OrganizationKeys
from regulars.storage.staff import Staff


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is signed in, at work on their own account. `public_url`: for letters."""

    db: Database
    cabinet: Cabinet
    access: Access
    trace: str
    now: datetime
    public_url: str = ""

    @property
    def organization(self) -> int:
        """Whose staff they are."""
        return self.access.organization


@dataclass(frozen=True, slots=True)
class Seed:
    """The secret of one-time codes, and the address that an authenticator app reads."""

    secret: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody knows their password now. `password_hash`: of it; none for staff who sign in by
    an identity provider only, and prove it by a session that has just begun."""

    keys: OrganizationKeys = field(repr=False)
    email: str = field(repr=False)
    name: str = field(repr=False)
    password_hash: str | None = field(repr=False)


FRESH = timedelta(minutes=10)
"""How old a session may be that proves as much as a password, of staff who have none."""


def begin_totp(account: Account, password: str) -> Seed:
    """Make a secret for one-time codes. They are asked for once `confirm_totp` has seen one.

    Raises SignInRefused for a wrong password, InvalidInput where codes are asked for already.
    """
    proof = _prove(account, password)
    with account.db.transaction(account.organization) as tx:
        known = _locked(tx, account, proof)
        if known.totp_at is not None:
            raise InvalidInput("One-time codes are set up already. Remove them first.")
        company = organizations.get(tx, account.organization)
        assert company is not None
        secret = pyotp.random_base32()
        staff.begin_totp(tx, proof.keys, known.id, secret)
        _record(tx, account, "staff.totp_begun")
    return Seed(secret, link_of(secret, account=proof.email, issuer=company.name))


def confirm_totp(account: Account, code: str) -> list[str]:
    """Ask for one-time codes from now on, as the first of them is right; the recovery codes, which
    are told this once. Raises SignInRefused, InvalidInput, TooManyRequests."""
    fresh = _new_codes()
    with account.db.transaction(account.organization) as tx:
        known = _locked(tx, account)
        keys = staff.keys_for(tx, account.cabinet, account.organization, known)
        secret = known.totp(keys)
        if secret is None or known.totp_at is not None:
            raise InvalidInput("There is nothing to confirm: begin with POST /v1/staff/me/totp.")
        counted = failed_tries.code_of(keys.hash_of(staff.EMAIL, known.profile(keys).email))
        failed_tries.begin_try(tx, account.organization, [counted], account.now)
        step = step_of(secret, code, now=account.now, after=known.totp_step)
        if step is not None:
            staff.use_step(tx, account.organization, known.id, step)
            staff.confirm_totp(tx, account.organization, known.id, account.now)
            staff_tokens.set_codes(tx, account.organization, known.id, fresh)
            failed_tries.succeed(tx, account.organization, counted)
            _record(tx, account, "staff.totp_confirmed")
    if step is None:
        raise SignInRefused("The code is not right. Is the clock of your device?")
    return [written(one) for one in fresh]


def end_totp(account: Account, password: str) -> None:
    """Ask for one-time codes no more. Raises SignInRefused for a wrong password, and
    SecondFactorNeeded unless one was shown of late."""
    _demand_shown(account)
    proof = _prove(account, password)
    with account.db.transaction(account.organization) as tx:
        known = _locked(tx, account, proof)
        staff.end_totp(tx, account.organization, known.id)
        staff_tokens.set_codes(tx, account.organization, known.id, ())
        _end_others(tx, account)
        _record(tx, account, "staff.totp_removed")


def renew_codes(account: Account) -> list[str]:
    """New recovery codes in the place of the old. Raises SecondFactorNeeded, InvalidInput."""
    _demand_shown(account)
    fresh = _new_codes()
    with account.db.transaction(account.organization) as tx:
        known = _locked(tx, account)
        if known.totp_at is None:
            raise InvalidInput("Recovery codes stand in for one-time codes: set those up first.")
        staff_tokens.set_codes(tx, account.organization, known.id, fresh)
        _record(tx, account, "staff.recovery_codes_renewed")
    return [written(one) for one in fresh]


def change_password(account: Account, old: str, new: str) -> int:
    """Choose another password; all other sessions end. The number of the letter that tells of it.

    Raises SignInRefused for a wrong old one, InvalidInput for a poor new one.
    """
    proof = _prove(account, old)
    if proof.password_hash is None:
        raise InvalidInput("You sign in by your company's provider. Ask for a password by e-mail.")
    with account.db.transaction(account.organization) as tx:
        company = organizations.get(tx, account.organization)
    assert company is not None
    check_password(new, [proof.name, proof.email, company.name, company.code])
    fresh = hash_password(new)
    with account.db.transaction(account.organization) as tx:
        known = _locked(tx, account, proof)
        staff.set_password(tx, account.organization, known.id, fresh, account.now)
        staff_tokens.void(tx, account.organization, known.id, account.now)
        _end_others(tx, account)
        _record(tx, account, "staff.password_changed")
        words = filled(CHANGED, known.language, organization=company.name, link=account.public_url)
        letter = Letter("email", proof.email, words.subject, words.text, known.language)
        return outbox.put(
            tx,
            account.cabinet,
            account.organization,
            letter=msgspec.json.encode(letter),
            at=account.now,
            expires_at=account.now + INVITATION_LIFETIME,
        )


def _prove(account: Account, password: str) -> Proof:
    """Raises SignInRefused, TooManyRequests; StaffNotFound for somebody who is gone."""
    number = person(account.access)
    with account.db.transaction(account.organization) as tx:
        known = staff.get(tx, account.organization, number)
        if known is None:
            raise StaffNotFound
        keys = staff.keys_for(tx, account.cabinet, account.organization, known)
        profile = known.profile(keys)
        if known.password_hash is None:
            _demand_fresh(tx, account)
            return Proof(keys, profile.email, profile.name, None)
        counted = failed_tries.password_of(keys.hash_of(staff.EMAIL, profile.email))
        failed_tries.begin_try(tx, account.organization, [counted], account.now)
    is_right = is_password(known.password_hash, password)
    with account.db.transaction(account.organization) as tx:
        if is_right:
            failed_tries.succeed(tx, account.organization, counted)
        else:
            _record(tx, account, "staff.password_failed")
    if not is_right:
        raise SignInRefused("This is not your password.")
    return Proof(keys, profile.email, profile.name, known.password_hash)


def _demand_fresh(tx: Tx, account: Account) -> None:
    """Raises SignInRefused unless the session has just begun."""
    live = sessions.listed(tx, account.organization, Kind.STAFF, account.access.number, account.now)
    own = next((one for one in live if one.id == account.access.session_id), None)
    if own is None or account.now - own.created_at > FRESH:
        raise SignInRefused("Sign in anew first; this session has gone on for a while.")


def _demand_shown(account: Account) -> None:
    """Raises SecondFactorNeeded."""
    person(account.access)
    if not account.access.is_strong:
        raise SecondFactorNeeded


def _locked(tx: Tx, account: Account, proof: Proof | None = None) -> Staff:
    """The caller, whom nobody else changes meanwhile; with `proof`, only while it still holds."""
    known = staff.get(tx, account.organization, person(account.access), lock=True)
    if known is None:
        raise StaffNotFound
    if proof is not None and known.password_hash != proof.password_hash:
        raise SignInRefused("Your password was changed meanwhile.")
    return known


def _end_others(tx: Tx, account: Account) -> None:
    ended = sessions.end(
        tx,
        account.organization,
        Kind.STAFF,
        account.access.number,
        at=account.now,
        keep=account.access.session_id,
    )
    names = [f"session:{number}" for number in ended]
    credentials.revoke(tx, account.organization, names, account.now)


def _record(tx: Tx, account: Account, action: str) -> None:
    who = by(account.access, account.trace)
    audit.record(tx, who, [Deed(action, f"staff:{account.access.number}")], account.now)


def _new_codes() -> list[str]:
    return [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LETTERS))
        for _ in range(RECOVERY_CODES)
    ]
