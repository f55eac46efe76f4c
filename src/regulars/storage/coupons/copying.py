"""What the copy that a member asks for tells of coupons, table by table."""

ROWS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "coupon": (
        (
            "id", "template", "code", "state", "source", "event", "valid_from", "valid_until",
            "issued_at", "issued_by", "claimed_at", "offered_until",
        ),
        """
select coupon.id, coupon_template.code, coupon.code, coupon.state, source, event_id, valid_from,
       valid_until, issued_at, issued_by, claimed_at, offered_until
from coupon join coupon_template on coupon_template.id = template_id
where coupon.organization_id = %(organization)s and coupon.id = any(%(ids)s::bigint[])
order by coupon.id
""",
        "select id from coupon where organization_id = %s and member_id = %s order by id",
    ),
    "coupon_change": (
        ("coupon", "at", "what", "why"),
        """
select coupon_id, at, what, why from coupon_change join coupon on coupon.id = coupon_id
where coupon_change.organization_id = %(organization)s and coupon.member_id = %(member)s
order by coupon_change.id
""",
        "",
    ),
    "coupon_gift": (
        ("coupon", "given_by_you", "state", "offered_at", "expires_at", "closed_at"),
        """
select coupon_id, giver_id = %(member)s, state, offered_at, expires_at, closed_at
from coupon_gift
where organization_id = %(organization)s
    and (giver_id = %(member)s or taker_id = %(member)s)
order by id
""",
        "",
    ),
    "coupon_use": (
        (
            "id", "reference", "cart", "discount", "sales", "reserved_at", "expires_at",
            "redeemed_at", "rolled_back_at",
        ),
        """
select id, reference, cart, discount, sales, reserved_at, expires_at, redeemed_at, rolled_back_at
from coupon_use
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from coupon_use where organization_id = %s and member_id = %s order by id",
    ),
    "coupon_redeemed": (
        ("coupon", "discount", "sales", "redeemed_at", "taken_back_at"),
        """
select coupon_id, discount, sales, redeemed_at, taken_back_at from coupon_redeemed
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from coupon_redeemed where organization_id = %s and member_id = %s order by id",
    ),
}  # fmt: skip
"""By table: what its columns are called, the rows, and the numbers of a member's rows where there
may be many. See `storage.copies.Source`."""
