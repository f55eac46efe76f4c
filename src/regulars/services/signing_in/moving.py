"""Members change the phone or e-mail address by which they sign in, and prove the new one."""

from regulars.domain.access import Access
from regulars.domain.errors import RegularsError, SecondFactorNeeded
from regulars.domain.ids import MemberRef
from regulars.domain.sign_in import Purpose
from regulars.services.signing_in import codes
from regulars.services.signing_in.entering import note_proven
from regulars.services.signing_in.house import Circumstances, House, address_of
from regulars.storage import members
from regulars.storage.database import RACES, Tx


def ask(house: House, access: Access, kind: str, text: str, at: Circumstances) -> int:
    """Have a code sent to the new address; the number of the letter. The answer is the same
    whether anybody has the address. Raises InvalidInput, SecondFactorNeeded, TooManyRequests."""
    _demand_fresh(access)
    return codes.ask(house, kind, text, Purpose.CONFIRM, at)


def move(
    house: House, access: Access, kind: str, text: str, *, code: str, at: Circumstances
) -> None:
    """Try the code, and let the member be found by the new address from then on.

    Raises InvalidInput, SecondFactorNeeded, CodeRefused, TooManyRequests; IdentityTaken, to whom
    has proven that the address is theirs.
    """
    _demand_fresh(access)
    member_id = access.member_id
    assert member_id is not None

    def work(tx: Tx) -> RegularsError | None:
        members.lock_living(tx, house.organization, MemberRef(member_id))
        address = address_of(house.cabinet.keys(tx, house.organization), kind, text)
        proof = codes.prove(tx, house, address, purpose=Purpose.CONFIRM, code=code, at=at)
        if isinstance(proof, RegularsError):
            # Returned, not raised: that the code was wrong has to be counted.
            return proof
        note_proven(tx, house, member_id, address, at)
        return None

    refusal = house.db.retrying(house.organization, work, retry_on=RACES)
    if refusal is not None:
        raise refusal


def _demand_fresh(access: Access) -> None:
    """A session that somebody has got hold of is not enough to take a member over."""
    if not access.is_strong:
        raise SecondFactorNeeded("Show first that it is you: POST /v1/me/codes, or a passkey.")
