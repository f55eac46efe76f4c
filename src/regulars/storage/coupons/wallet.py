"""What coupons an order may use: those of its member, and those asked for by code; set-wise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.domain.coupons import codes as coupon_codes
from regulars.domain.coupons.offers import Held
from regulars.domain.coupons.templates import Coupon, Template
from regulars.storage.arrays import int_array, text_array
from regulars.storage.coupons import templates
from regulars.storage.coupons.coupons import COLUMNS, JOINED, coupon_of
from regulars.storage.database import Later, Tx

COUNTED = 4
"""Columns behind those of a coupon: its template's revision, and how its limit is counted."""

MOST = 500
"""Coupons of one member that an order looks at, those that end soonest first."""

# Of a member's coupons those that are neither used up nor revoked nor over. The row of the limit
# is looked up by its key, and is there only for coupons that were ever reserved; what timed out is
# looked at without a job.
OF_MEMBERS = f"""
select {COLUMNS}, coupon_template.revision, coupon.quota_id, coupon.used, coupon.reserved
from unnest(%(members)s::bigint[]) as asked (member_id)
cross join lateral (
    select coupon.*, quota.id as quota_id, quota.used, quota.reserved from coupon
    left join lateral (
        select id, used, most, case when reserved = 0 then 0 else reserved - coalesce((
            select sum(amount)::bigint from reservation
            where quota_id = quota.id and state = 'open' and expires_at <= %(at)s
        ), 0) end as reserved
        from quota
        where quota.organization_id = coupon.organization_id and quota.kind = 'coupon'
            and quota.subject = coupon.id::text and quota.member_id = 0 and quota.period = ''
        limit 1
    ) as quota on true
    where coupon.organization_id = %(organization)s and coupon.member_id = asked.member_id
        and coupon.state <> 'revoked'
        and (coupon.valid_until is null or coupon.valid_until > %(at)s)
        and (quota.id is null or quota.used < quota.most)
    order by coupon.valid_until nulls last, coupon.id
    limit %(most)s
) as coupon
left join coupon_batch on coupon_batch.id = coupon.batch_id
join coupon_template on coupon_template.id = coupon.template_id
where coupon_template.state <> 'ended' and coupon_batch.state is distinct from 'revoked'
"""  # noqa: S608  # only the constant above is put in

BY_CODE = f"""
select {COLUMNS}, coupon_template.revision
from {JOINED}
join coupon_template on coupon_template.id = coupon.template_id
where coupon.organization_id = %s and coupon.code = any(%s::text[])
"""  # noqa: S608

BY_WORD = """
select id, revision, public_code from coupon_template
where organization_id = %s and public_code = any(%s::text[])
"""


@dataclass(frozen=True, slots=True)
class Wallets:
    """`of`: a member's own coupons, by the member's number. `counted`: number of the limit, uses
    and reservations of those of them that were ever reserved, by the coupon's number. `by_code`: by
    the code as it was asked for; what is not there is no code of ours."""

    of: dict[int, list[Held]] = field(default_factory=dict)
    counted: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    by_code: dict[str, Held] = field(default_factory=dict)


def wallets(
    tx: Tx, organization: int, member_ids: Iterable[int], codes: Iterable[str], at: datetime
) -> Wallets:
    """The coupons of these members, and those that these codes name, each with its template; in
    at most four statements for any number."""
    return ask(tx, organization, member_ids, codes, at)()


def ask(
    tx: Tx, organization: int, member_ids: Iterable[int], codes: Iterable[str], at: datetime
) -> Later[Wallets]:
    """The same, for a pipeline. Templates that this process does not know yet are asked for when
    the answer is."""
    cursor = tx.execute(
        OF_MEMBERS,
        {"organization": organization, "members": int_array(dict.fromkeys(member_ids)), "at": at,
         "most": MOST},
    )  # fmt: skip
    asked = {typed: coupon_codes.normal(typed) for typed in codes}
    wanted = sorted({code for code in asked.values() if coupon_codes.is_well_formed(code)})
    by_code, words = _ask_by_code(tx, organization, wanted), _ask_by_word(tx, organization, wanted)
    return lambda: _found(
        tx, organization, cursor.fetchall(), asked=asked, by_code=by_code(), words=words()
    )


def _found(
    tx: Tx,
    organization: int,
    rows: Sequence[Sequence[Any]],
    *,
    asked: Mapping[str, str],
    by_code: Mapping[str, tuple[Coupon, int]],
    words: Mapping[str, tuple[int, int]],
) -> Wallets:
    """`asked`: codes as they were typed, and as they are kept. A code of one coupon comes before
    the same word for all."""
    own = [(coupon_of(row[:-COUNTED]), row[-COUNTED]) for row in rows]
    known = templates.revised(
        tx,
        organization,
        [
            *((coupon.template_id, revision) for coupon, revision in own),
            *((coupon.template_id, revision) for coupon, revision in by_code.values()),
            *words.values(),
        ],
    )
    found = Wallets()
    for row in rows:
        if row[-3] is not None:
            found.counted[row[0]] = row[-3], row[-2], row[-1]
    for coupon, _ in own:
        if coupon.member_id is not None and coupon.template_id in known:
            held = Held(coupon, known[coupon.template_id])
            found.of.setdefault(coupon.member_id, []).append(held)
    for typed, code in asked.items():
        if code in by_code:
            coupon = by_code[code][0]
            found.by_code[typed] = Held(coupon, known[coupon.template_id], is_asked=True)
        elif code in words:
            found.by_code[typed] = word_of(known[words[code][0]])
    return found


def word_of(template: Template) -> Held:
    """The word for all, as a coupon that nobody has."""
    return Held(
        Coupon(
            id=0,
            template_id=template.id,
            batch_id=None,
            code=template.public_code or "",
            member_id=None,
            state="active",
            source="code",
            valid_from=None,
            valid_until=None,
            issued_at=template.made_at,
            issued_by=template.made_by,
            claimed_at=None,
            offered_until=None,
        ),
        template,
        is_asked=True,
    )


def _ask_by_code(
    tx: Tx, organization: int, wanted: Sequence[str]
) -> Later[dict[str, tuple[Coupon, int]]]:
    if not wanted:
        return dict
    cursor = tx.execute(BY_CODE, [organization, text_array(wanted)])

    def found() -> dict[str, tuple[Coupon, int]]:
        known = [(coupon_of(row[:-1]), row[-1]) for row in cursor.fetchall()]
        return {coupon.code: (coupon, revision) for coupon, revision in known}

    return found


def _ask_by_word(
    tx: Tx, organization: int, wanted: Sequence[str]
) -> Later[dict[str, tuple[int, int]]]:
    if not wanted:
        return dict
    cursor = tx.execute(BY_WORD, [organization, text_array(wanted)])
    return lambda: {word: (number, revision) for number, revision, word in cursor.fetchall()}
