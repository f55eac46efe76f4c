"""What every way of signing in needs: whose house it is, and the session in which each ends."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.access import Kind
from regulars.domain.audit import By, Deed
from regulars.domain.ids import EMAIL, PHONE
from regulars.domain.personal import normal_email, normal_phone
from regulars.domain.sign_in import SESSION_LIFETIME, STRONG_FOR, Address
from regulars.storage import audit, sessions
from regulars.storage.database import Database, Tx
from regulars.storage.sealing import Cabinet, OrganizationKeys

TICKET_PREFIX = "rgt_"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class House:
    """One organization as its members come to it."""

    db: Database
    cabinet: Cabinet
    organization: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a request comes from. `ip`: as `limits.address_of` tells it. `device`: in words, such
    as "Safari on iPhone". `trace`: its trace id. `language`: one of `phrases.LANGUAGES`."""

    ip: str
    device: str
    trace: str
    language: str
    now: datetime


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """A member with a session just begun. `secret` is told this once and kept nowhere."""

    member_id: int
    secret: str
    expires_at: datetime


def address_of(keys: OrganizationKeys, kind: str, text: str) -> Address:
    """An address in its one form. Raises InvalidInput."""
    assert kind in {PHONE, EMAIL}
    normal = normal_phone(text) if kind == PHONE else normal_email(text)
    return Address(kind, normal, keys.ref(kind, normal))


def begin_session(
    tx: Tx,
    house: House,
    member_id: int,
    at: Circumstances,
    *,
    how: str,
    is_strong: bool = False,
) -> SignedIn:
    """Sign a member in: always under a new secret, whatever the browser had before.

    `how` is for the record: "code", "passkey", "provider", "enrolment". `is_strong`: they have just
    shown themselves who they are; a third party's word is not that.
    """
    secret = sessions.new_secret(house.organization)
    expires_at = at.now + SESSION_LIFETIME
    number = sessions.begin(
        tx,
        house.organization,
        kind=Kind.MEMBER,
        subject_id=member_id,
        secret_hash=sessions.hash_of(secret),
        device=at.device,
        at=at.now,
        expires_at=expires_at,
        strong_until=at.now + STRONG_FOR if is_strong else None,
    )
    deed = Deed(
        "member.signed_in",
        f"session:{number}",
        member_id=member_id,
        after={"by": how, "device": at.device},
    )
    audit.record(tx, member_by(house, member_id, at), [deed], at.now)
    return SignedIn(member_id, secret, expires_at)


def member_by(house: House, member_id: int, at: Circumstances) -> By:
    """The member, for a record."""
    return By(house.organization, f"{Kind.MEMBER.value}:{member_id}", at.trace)


def new_ticket(organization: int) -> str:
    """A secret that tells its organization and nothing else."""
    return f"{TICKET_PREFIX}{organization}_{secrets.token_urlsafe(SECRET_BYTES)}"
