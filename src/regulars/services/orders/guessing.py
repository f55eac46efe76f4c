"""Codes that a till asks for and that name no coupon: counted before anything is priced, so that
neither a price nor a refusal tells a guesser whether there is such a code."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.coupons import codes
from regulars.domain.ids import MemberRef
from regulars.storage import failed_tries, members
from regulars.storage.coupons import guessing, wallet
from regulars.storage.database import Database, Tx
from regulars.storage.orders import orders
from regulars.storage.orders.orders import Key


def check_codes(
    db: Database, organization: int, typed: Sequence[str], ref: MemberRef, *, caller: str,
    now: datetime, reported: Key | None = None,
) -> None:  # fmt: skip
    """Count unknown codes against the caller and the member; where all are known, the caller's
    others are good. `reported`: the order that they were honoured for; once it is recorded, nobody
    learns anything by sending it again. Raises TooManyRequests for who asked for too many."""
    if not typed:
        return

    def work(tx: Tx) -> None:
        if reported is not None and orders.is_recorded(tx, organization, reported):
            return
        by_caller = guessing.by_caller(caller)
        counted = [by_caller]
        member = members.resolve(tx, organization, [ref]).get(ref)
        if member is not None:
            counted.append(guessing.by_member(member))
        guessing.refuse(tx, organization, counted, now)
        known = wallet.wallets(tx, organization, [], typed, now).by_code
        named = [code for code in typed if codes.is_well_formed(codes.normal(code))]
        if any(code not in known for code in named):
            failed_tries.begin_try(tx, organization, counted, now)
        elif named:
            failed_tries.succeed(tx, organization, by_caller)

    db.retrying(organization, work)
