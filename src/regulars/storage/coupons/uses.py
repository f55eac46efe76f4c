"""Uses of coupons in PostgreSQL: by shops that keep their own orders; and what each coupon gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.coupons.offers import PREFIX
from regulars.domain.ids import COUPON, TEMPLATE, decode
from regulars.domain.limits.limits import Owner
from regulars.domain.orders.quotes import Quote
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Tx

_COLUMNS = """id, member_id, reference, cart, answer, discount, sales, reserved_at, expires_at,
    redeemed_at, rolled_back_at, why, asked_by, digest"""

PUT = f"""
insert into coupon_use (organization_id, member_id, reference, cart, answer, discount, sales,
                        reserved_at, expires_at, redeemed_at, asked_by, request_key, digest)
values (%(organization)s, %(member)s, %(reference)s, %(cart)s, %(answer)s, %(discount)s, %(sales)s,
        %(now)s, %(expires_at)s, %(redeemed_at)s, %(by)s, %(key)s, %(digest)s)
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

ASKED = f"""
select {_COLUMNS} from coupon_use
where organization_id = %s and asked_by = %s and request_key = %s
"""  # noqa: S608

LOCK = f"""
select {_COLUMNS} from coupon_use where organization_id = %s and id = %s for no key update
"""  # noqa: S608

REDEEM = f"""
update coupon_use set redeemed_at = %s where organization_id = %s and id = %s
returning {_COLUMNS}
"""  # noqa: S608

ROLL_BACK = f"""
update coupon_use set rolled_back_at = %s, why = %s where organization_id = %s and id = %s
returning {_COLUMNS}
"""  # noqa: S608

RECORD = """
insert into coupon_redeemed (organization_id, owner_kind, owner_id, template_id, coupon_id,
                             member_id, discount, sales, redeemed_at)
select %(organization)s, owner_kind, owner_id, coalesce(fresh.template_id, coupon.template_id),
       coupon_id, fresh.member_id, discount, sales, %(now)s
from unnest(%(kinds)s::text[], %(owners)s::bigint[], %(templates)s::bigint[],
            %(coupons)s::bigint[], %(members)s::bigint[], %(discounts)s::bigint[],
            %(sales)s::bigint[])
    as fresh (owner_kind, owner_id, template_id, coupon_id, member_id, discount, sales)
left join coupon on coupon.id = fresh.coupon_id and coupon.organization_id = %(organization)s
"""

TAKE_BACK = """
update coupon_redeemed set taken_back_at = %(now)s
where organization_id = %(organization)s and owner_kind = %(kind)s and owner_id = %(owner)s
    and taken_back_at is null
    and (%(coupons)s::bigint[] is null or coupon_id = any(%(coupons)s::bigint[])
        or (coupon_id is null and template_id = any(%(words)s::bigint[])))
"""

OF_COUPON = """
select owner_kind, owner_id, member_id, discount, sales, redeemed_at, taken_back_at
from coupon_redeemed
where organization_id = %s and coupon_id = %s
order by id
"""


@dataclass(frozen=True, slots=True)
class Use:
    """A use by a shop. `sales`: what is to be paid, minor units. `answer`: JSON text."""

    id: int
    member_id: int
    reference: str
    cart: str
    answer: str
    discount: int
    sales: int
    reserved_at: datetime
    expires_at: datetime | None
    redeemed_at: datetime | None
    rolled_back_at: datetime | None
    why: str
    asked_by: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What one coupon gave. `coupon_id` None: by the word for all; `template_id` None: that of the
    coupon. Minor units."""

    owner: Owner
    owner_id: int
    template_id: int | None
    coupon_id: int | None
    member_id: int
    discount: int
    sales: int


@dataclass(frozen=True, slots=True)
class Once:
    """One time that a coupon was redeemed."""

    owner: str
    owner_id: int
    member_id: int
    discount: int
    sales: int
    redeemed_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUse:
    """A use to keep. `expires_at` None: redeemed at once."""

    member_id: int
    reference: str
    cart: str
    answer: str
    discount: int
    sales: int
    expires_at: datetime | None
    by: str
    key: str
    digest: str


def put(tx: Tx, organization: int, new: NewUse, now: datetime) -> Use:
    """Keep a use. Raises UniqueViolation for a key that is taken."""
    row = tx.execute(
        PUT,
        {"organization": organization, "member": new.member_id, "reference": new.reference,
         "cart": new.cart, "answer": new.answer, "discount": new.discount, "sales": new.sales,
         "now": now, "expires_at": new.expires_at,
         "redeemed_at": now if new.expires_at is None else None, "by": new.by, "key": new.key,
         "digest": new.digest},
    ).fetchone()  # fmt: skip
    assert row is not None
    return Use(*row)


def asked_for(tx: Tx, organization: int, by: str, key: str) -> Use | None:
    """The use that was made for this very request before."""
    row = tx.execute(ASKED, [organization, by, key]).fetchone()
    return None if row is None else Use(*row)


def lock(tx: Tx, organization: int, number: int) -> Use | None:
    """A use, with nobody else changing it until the transaction ends."""
    row = tx.execute(LOCK, [organization, number]).fetchone()
    return None if row is None else Use(*row)


def redeem(tx: Tx, organization: int, number: int, now: datetime) -> Use:
    """A locked use is for good."""
    row = tx.execute(REDEEM, [now, organization, number]).fetchone()
    assert row is not None
    return Use(*row)


def roll_back(tx: Tx, organization: int, number: int, *, why: str, now: datetime) -> Use:
    """A locked use never was."""
    row = tx.execute(ROLL_BACK, [now, why, organization, number]).fetchone()
    assert row is not None
    return Use(*row)


def record(tx: Tx, organization: int, rows: Sequence[Redeemed], now: datetime) -> None:
    """Note what coupons gave, for the statistics: by a shop's use, or by an order that was
    confirmed."""
    if not rows:
        return
    tx.execute(
        RECORD,
        {
            "organization": organization,
            "now": now,
            "kinds": text_array(one.owner.value for one in rows),
            "owners": int_array(one.owner_id for one in rows),
            "templates": int_array(one.template_id for one in rows),
            "coupons": int_array(one.coupon_id for one in rows),
            "members": int_array(one.member_id for one in rows),
            "discounts": int_array(one.discount for one in rows),
            "sales": int_array(one.sales for one in rows),
        },
    )


def by_order(order_id: int, member_id: int, made: Quote) -> list[Redeemed]:
    """What coupons gave in an order that was confirmed."""
    return [
        Redeemed(
            owner=Owner.ORDER,
            owner_id=order_id,
            template_id=decode(TEMPLATE, one.ref.removeprefix(PREFIX)),
            coupon_id=decode(COUPON, one.ref.removeprefix(PREFIX)),
            member_id=member_id,
            discount=one.off,
            sales=made.payable,
        )
        for one in made.applied
        if one.ref.startswith(PREFIX)
    ]


def take_back(
    tx: Tx, organization: int, owner: Owner, owner_id: int, now: datetime,
    *, only: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """What was redeemed was given back: all of it, or only what these refs of offers name, coupons
    and words for all."""
    named = None if only is None else [ref.removeprefix(PREFIX) for ref in only]
    tx.execute(
        TAKE_BACK,
        {"organization": organization, "kind": owner.value, "owner": owner_id, "now": now,
         "coupons": None if named is None else _numbers(COUPON, named),
         "words": _numbers(TEMPLATE, named or [])},
    )  # fmt: skip


def _numbers(prefix: str, names: Iterable[str]) -> str:
    """The numbers of those that are of this kind, as a parameter of a statement."""
    found = (decode(prefix, name) for name in names)
    return int_array(number for number in found if number is not None)


def of_coupon(tx: Tx, organization: int, number: int) -> list[Once]:
    """All times that a coupon was redeemed, oldest first."""
    return [Once(*row) for row in tx.execute(OF_COUPON, [organization, number])]
