"""How many coupons of a template may still be given out, by what members have and have used."""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.coupons.rationing import Ration, is_rationed, ration
from regulars.domain.coupons.templates import Template
from regulars.domain.limits.limits import Key, Limit, LimitKind, Room
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.limits import quotas

GIVEN = """
select id, given from coupon_template
where organization_id = %s and id = any(%s::bigint[]) and given is not null
"""

LOCK = """
select given from coupon_template where organization_id = %s and id = %s for no key update
"""

COUNT = """
select template_id, count(*) from coupon
where organization_id = %s and template_id = any(%s::bigint[]) and member_id is not null
    and state <> 'revoked'
group by template_id
"""

KEEP = "update coupon_template set given = %s where organization_id = %s and id = %s"

ADD = """
update coupon_template set given = given + 1
where organization_id = %s and id = %s and given is not null
"""

# Who is just counting is waited for: they have not seen what is revoked.
FORGET = """
update coupon_template set given = null
where organization_id = %(organization)s and id in (
    select template_id from coupon
    where organization_id = %(organization)s and id = any(%(coupons)s::bigint[])
)
"""

HAD = """
select template_id, member_id, count(*) from coupon
where organization_id = %s and member_id = any(%s::bigint[]) and template_id = any(%s::bigint[])
    and state <> 'revoked'
group by template_id, member_id
"""


def lock(
    tx: Tx, organization: int, template: Template, members: Sequence[int], now: datetime
) -> Ration:
    """What is left of a template for these members, who are locked: nobody else gives out of it
    until the transaction ends, where it has a total."""
    given = 0
    if template.terms.total is not None:
        row = tx.execute(LOCK, [organization, template.id]).fetchone()
        assert row is not None, "templates of which there are coupons stay"
        (known,) = row
        if known is None:
            known = _counted(tx, organization, [template.id]).get(template.id, 0)
            tx.execute(KEEP, [known, organization, template.id])
        given = known
    found = _rations(tx, organization, [template], members, given={template.id: given}, now=now)
    return found[template.id]


def read(
    tx: Tx, organization: int, found: Sequence[Template], members: Sequence[int], now: datetime
) -> dict[int, Ration]:
    """What is left of each of these templates for these members, by its number; to tell it."""
    totals = [one.id for one in found if one.terms.total is not None]
    given: dict[int, int] = {}
    if totals:
        given = dict(tx.execute(GIVEN, [organization, int_array(totals)]).fetchall())
        given |= _counted(tx, organization, [one for one in totals if one not in given])
    return _rations(tx, organization, found, members, given=given, now=now)


def count_one(tx: Tx, organization: int, template_id: int) -> None:
    """A coupon that was nobody's is a member's now."""
    tx.execute(ADD, [organization, template_id])


def forget(tx: Tx, organization: int, coupons: Sequence[int]) -> None:
    """Coupons were revoked: their templates are counted anew at the next need."""
    if coupons:
        tx.execute(FORGET, {"organization": organization, "coupons": int_array(coupons)})


def _counted(tx: Tx, organization: int, numbers: Sequence[int]) -> dict[int, int]:
    if not numbers:
        return {}
    return dict(tx.execute(COUNT, [organization, int_array(numbers)]).fetchall())


def _rations(
    tx: Tx, organization: int, found: Sequence[Template], members: Sequence[int], *,
    given: dict[int, int], now: datetime,
) -> dict[int, Ration]:  # fmt: skip
    told = {one.id: Ration() for one in found}
    rationed = [one for one in found if is_rationed(one.terms)]
    if not rationed:
        return told
    had = _had(tx, organization, rationed, members)
    limits = [limit for one in rationed for limit in _limits(one, members)]
    rooms = quotas.read(tx, organization, limits, now)
    for one in rationed:
        own = {limit.member_id: _taken(rooms, limit) for limit in _limits(one, members)}
        told[one.id] = ration(
            one.terms,
            given=given.get(one.id, 0),
            taken=own.get(0, 0),
            had={number: had.get((one.id, number), 0) for number in members},
            used=own,
        )
    return told


def _had(
    tx: Tx, organization: int, found: Sequence[Template], members: Sequence[int]
) -> dict[tuple[int, int], int]:
    numbers = [one.id for one in found if one.terms.per_member is not None]
    if not numbers or not members:
        return {}
    rows = tx.execute(HAD, [organization, int_array(members), int_array(numbers)])
    return {(template, member): count for template, member, count in rows}


def _limits(template: Template, members: Sequence[int]) -> list[Limit]:
    """What its uses are counted by: all of them, and those of each of these members."""
    terms, subject = template.terms, str(template.id)
    limits = []
    if terms.total is not None:
        limits.append(Limit(LimitKind.TEMPLATE, subject, most=terms.total))
    if terms.per_member is not None:
        limits += [
            Limit(LimitKind.TEMPLATE, subject, number, most=terms.per_member) for number in members
        ]
    return limits


def _taken(rooms: dict[Key, Room], limit: Limit) -> int:
    room = rooms[limit.key]
    return room.used + room.reserved
