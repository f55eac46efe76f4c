"""One-time codes: sent to whoever asks, known here or not, and tried under growing waits.

Until a code has come back nothing is looked up about its address: what is answered, and the
statements that are run for it, cannot differ between members and others.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import msgspec

from regulars.domain.errors import RegularsError, TooManyRequests
from regulars.domain.ids import PHONE
from regulars.domain.sign_in import Address, Purpose, code_letter
from regulars.domain.sign_in_refusals import CodeRefused
from regulars.domain.throttling import (
    CODE_DIGITS,
    CODE_LIFETIME,
    CODE_TRIES,
    CODES,
    SENDING,
    SENDING_BY_ADDRESS,
    SIGN_IN_BY_ADDRESS,
)
from regulars.gateways.messages.letters import Channel, Letter
from regulars.services.signing_in.house import Circumstances, House, address_of
from regulars.storage import failed_tries, organizations, outbox, sign_in_codes
from regulars.storage.database import Tx
from regulars.storage.failed_tries import Counted
from regulars.storage.sealing import OrganizationKeys


@dataclass(frozen=True, slots=True)
class Proof:
    """A code came back. `took`: since it was sent."""

    address: Address
    took: timedelta


def ask(house: House, kind: str, text: str, purpose: Purpose, at: Circumstances) -> int:
    """Have a code sent to an address; the number of the letter, which waits in the outbox.

    Raises InvalidInput for what is no address, TooManyRequests.
    """
    with house.db.transaction(house.organization) as tx:
        keys = house.cabinet.keys(tx, house.organization)
        address = address_of(keys, kind, text)
        return put(tx, house, keys=keys, address=address, purpose=purpose, at=at)


def put(
    tx: Tx,
    house: House,
    *,
    keys: OrganizationKeys,
    address: Address,
    purpose: Purpose,
    at: Circumstances,
) -> int:
    """The same within a transaction. Raises TooManyRequests."""
    failed_tries.begin_try(tx, house.organization, _sendings(keys, address, at), at.now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    until = at.now + CODE_LIFETIME
    sign_in_codes.send(
        tx,
        house.organization,
        account=address.account,
        purpose=purpose.value,
        code_hash=_hash(keys, address, purpose, code),
        at=at.now,
        expires_at=until,
    )
    shop = shop_name(tx, house)
    subject, words = code_letter(purpose, code, shop, at.language)
    return put_letter(
        tx, house, address, subject, words, language=at.language, at=at.now, expires_at=until
    )


def put_letter(
    tx: Tx,
    house: House,
    address: Address,
    subject: str,
    words: str,
    *,
    language: str,
    at: datetime,
    expires_at: datetime,
) -> int:
    """Let a letter to an address wait in the outbox; its number."""
    channel: Channel = "sms" if address.kind == PHONE else "email"
    letter = Letter(channel, address.text, "" if channel == "sms" else subject, words, language)
    return outbox.put(
        tx,
        house.cabinet,
        house.organization,
        letter=msgspec.json.encode(letter),
        at=at,
        expires_at=expires_at,
    )


def prove(
    tx: Tx,
    house: House,
    address: Address,
    *,
    purpose: Purpose,
    code: str,
    at: Circumstances,
) -> Proof | RegularsError:
    """Try a code. What comes of it is to be committed, a refusal too: it was counted.

    Wrong codes count by account, over all codes that were sent to it, and by network address. A
    code serves once. A try before its time is refused unseen.
    """
    keys = house.cabinet.keys(tx, house.organization)
    guesses = (
        Counted("code", address.account, CODES),
        Counted("code_from", keys.hash_of("ip", at.ip), SIGN_IN_BY_ADDRESS),
    )
    try:
        failed_tries.begin_try(tx, house.organization, guesses, at.now)
    except TooManyRequests as refusal:
        return refusal
    sent = sign_in_codes.alive(
        tx, house.organization, account=address.account, purpose=purpose.value, now=at.now
    )
    hoped = sent.code_hash if sent is not None and sent.tries < CODE_TRIES else ""
    if not compare_digest(hoped, _hash(keys, address, purpose, code)):
        if sent is not None:
            sign_in_codes.miss(tx, house.organization, sent.id)
        return CodeRefused()
    assert sent is not None
    sign_in_codes.use(tx, house.organization, sent.id, at.now)
    # One success takes one off what a network address did: it may be a shop's, with many behind
    # it, and it may be an attacker's with one phone of their own.
    failed_tries.succeed(tx, house.organization, *guesses)
    failed_tries.succeed(tx, house.organization, *_sendings(keys, address, at))
    return Proof(address, at.now - sent.sent_at)


def shop_name(tx: Tx, house: House) -> str:
    """What the organization is called in letters."""
    found = organizations.get(tx, house.organization)
    assert found is not None
    return found.name


def _sendings(
    keys: OrganizationKeys, address: Address, at: Circumstances
) -> tuple[Counted, Counted]:
    """Codes sent to an account, and from a network address; each counts like a failure."""
    return (
        Counted("code_sent", address.account, SENDING),
        Counted("code_sent_from", keys.hash_of("ip", at.ip), SENDING_BY_ADDRESS),
    )


def _hash(keys: OrganizationKeys, address: Address, purpose: Purpose, code: str) -> str:
    """Bound to the account and the purpose: a code serves nobody and nothing else."""
    return keys.hash_of("code", f"{address.account} {purpose.value} {code}")
