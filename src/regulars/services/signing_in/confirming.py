"""Members who are signed in show once more who they are, by a fresh code."""

from regulars.domain.access import Access, Kind
from regulars.domain.errors import MemberNotFound, RegularsError
from regulars.domain.ids import EMAIL, PHONE
from regulars.domain.sign_in import Address, Purpose
from regulars.domain.sign_in_refusals import AddressUnproven
from regulars.services.signing_in import codes
from regulars.services.signing_in.house import (
    Circumstances,
    House,
    SignedIn,
    address_of,
    begin_session,
)
from regulars.storage import credentials, members, profiles, sessions
from regulars.storage.database import Tx


def ask(house: House, member_id: int, at: Circumstances) -> int:
    """Send a code to the member's own address; the number of the letter.

    Raises AddressUnproven where none is known, TooManyRequests.
    """
    with house.db.transaction(house.organization) as tx:
        keys = house.cabinet.keys(tx, house.organization)
        address = _address(tx, house, member_id)
        return codes.put(tx, house, keys=keys, address=address, purpose=Purpose.CONFIRM, at=at)


def confirm(house: House, access: Access, code: str, at: Circumstances) -> SignedIn:
    """Try the code. The session goes on under a new secret, and counts as strong for a while.

    Raises AddressUnproven, CodeRefused, TooManyRequests.
    """
    member_id, before = access.member_id, access.session_id
    assert member_id is not None
    assert before is not None

    def work(tx: Tx) -> SignedIn | RegularsError:
        address = _address(tx, house, member_id)
        proof = codes.prove(tx, house, address, purpose=Purpose.CONFIRM, code=code, at=at)
        if isinstance(proof, RegularsError):
            return proof
        sessions.end(tx, house.organization, Kind.MEMBER, member_id, at=at.now, only=before)
        credentials.revoke(tx, house.organization, [f"session:{before}"], at.now)
        return begin_session(tx, house, member_id, at, how="code", is_strong=True)

    with house.db.transaction(house.organization) as tx:
        outcome = work(tx)
    if isinstance(outcome, RegularsError):
        raise outcome
    return outcome


def _address(tx: Tx, house: House, member_id: int) -> Address:
    """The member's phone, or else their e-mail address, if it is known to be theirs."""
    if members.read(tx, house.organization, [member_id]).get(member_id) is None:
        raise MemberNotFound
    kept = profiles.read(tx, house.cabinet, house.organization, member_id)
    keys = house.cabinet.keys(tx, house.organization)
    if kept.phone is not None and kept.phone_proven_at is not None:
        return address_of(keys, PHONE, kept.phone)
    if kept.email is not None and kept.email_proven_at is not None:
        return address_of(keys, EMAIL, kept.email)
    raise AddressUnproven
