"""How many coupons of a template are given out where nobody asks for them by hand: no more than can
be used."""

from regulars.domain.coupons.templates import Terms


def left_of(terms: Terms, *, given: int, taken: int) -> int | None:
    """How many more coupons the uses that the template allows in all are enough for; None without
    end. `given`: coupons that members have; `taken`: uses that are used or reserved."""
    if terms.total is None:
        return None
    free = terms.total - max(given * terms.uses, taken)
    return max(-(-free // terms.uses), 0)


def has_enough(terms: Terms, *, had: int, taken: int) -> bool:
    """Whether a member with so many coupons, of which so much is used or reserved, could use no
    further one."""
    return terms.per_member is not None and max(had * terms.uses, taken) >= terms.per_member
