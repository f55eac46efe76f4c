"""Codes that a till asks for and that name no coupon: counted before anything is priced, so that
neither a price nor a refusal tells a guesser whether there is such a code."""

from datetime import datetime

from regulars.domain.coupons import codes
from regulars.domain.ids import MemberRef
from regulars.domain.orders.carts import Cart
from regulars.storage import failed_tries, members
from regulars.storage.coupons import guessing, wallet
from regulars.storage.database import Database, Tx


def check_codes(
    db: Database, organization: int, cart: Cart, ref: MemberRef, *, caller: str, now: datetime
) -> None:
    """Count a cart with unknown codes against the caller and the member; one whose codes are all
    known makes the caller's others good. Raises TooManyRequests for who asked for too many."""
    if not cart.codes:
        return

    def work(tx: Tx) -> None:
        by_caller = guessing.by_caller(caller)
        counted = [by_caller]
        member = members.resolve(tx, organization, [ref]).get(ref)
        if member is not None:
            counted.append(guessing.by_member(member))
        guessing.refuse(tx, organization, counted, now)
        known = wallet.wallets(tx, organization, [], cart.codes, now).by_code
        named = [code for code in cart.codes if codes.is_well_formed(codes.normal(code))]
        if any(code not in known for code in named):
            failed_tries.begin_try(tx, organization, counted, now)
        elif named:
            failed_tries.succeed(tx, organization, by_caller)

    db.retrying(organization, work)
