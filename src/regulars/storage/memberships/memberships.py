"""Paid memberships and their terms in PostgreSQL. Whoever changes one has locked its member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.memberships.memberships import Membership, Term, TermKind
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = """
membership.id, membership.member_id, membership.card, membership.kind, membership.begun_at,
membership.until, membership.ends_at, membership.renews, membership.ended_at,
membership.ended_how, membership.ended_by, membership.ended_why, membership.ended_key
"""

NEXT_ID = "select nextval('membership_id_seq')"

GET = f"""
select {_COLUMNS} from membership where organization_id = %s and id = %s
"""  # noqa: S608  # only the constant above is put in

LOCK = GET + " for update"

OF_MEMBERS = f"""
select {_COLUMNS} from membership
where organization_id = %s and member_id = any(%s::bigint[])
order by id desc
"""  # noqa: S608

INSERT = """
insert into membership (id, organization_id, member_id, card, kind, begun_at, until, ends_at,
                        renews)
values (%(id)s, %(organization)s, %(member)s, %(card)s, %(kind)s, %(begun)s, %(until)s, %(ends)s,
        %(renews)s)
"""

EXTEND = """
update membership
set kind = 'paid', until = %(until)s, ends_at = %(ends)s,
    renews = coalesce(%(renews)s, renews)
where organization_id = %(organization)s and id = %(id)s
"""

CLOSE = """
update membership
set ended_at = %s, ended_how = %s, ended_by = %s, ended_why = %s, ended_key = %s, renews = false
where organization_id = %s and id = %s and ended_at is null
"""

# Whoever took the card up again after its end: what is over is closed first.
CLOSE_EXPIRED = """
update membership set ended_at = ends_at, ended_how = 'expired', ended_by = 'system'
where organization_id = %s and member_id = %s and card = %s and ended_at is null and ends_at <= %s
"""

SET_RENEWS = "update membership set renews = %s where organization_id = %s and id = %s"

_TERM = """
id, kind, starts_at, ends_at, version, money, price, points_currency, points, hold_id, payment,
event_id, sold_at, sold_by, refunded_at, refunded, refunded_points, refunded_by
"""
_TERM_NAMES = tuple(_TERM.replace("\n", " ").strip().split(", "))

INSERT_TERM = """
insert into membership_term (organization_id, membership_id, kind, starts_at, ends_at, version,
    money, price, points_currency, points, hold_id, payment, event_id, sold_at, sold_by,
    request_key, digest)
values (%(organization)s, %(membership)s, %(kind)s, %(starts)s, %(ends)s, %(version)s, %(money)s,
    %(price)s, %(points_currency)s, %(points)s, %(hold)s, %(payment)s, %(event)s, %(at)s, %(by)s,
    %(key)s, %(digest)s::uuid)
returning id
"""

TERMS = f"""
select membership_id, {_TERM} from membership_term
where organization_id = %s and membership_id = any(%s::bigint[])
order by id
"""  # noqa: S608

ASKED = """
select id, membership_id, digest::text from membership_term
where organization_id = %s and sold_by = %s and request_key = %s
"""

PAID_BY = "select 1 from membership_term where organization_id = %s and payment = %s"

REFUND = """
update membership_term
set refunded_at = %(at)s, refunded = fresh.money, refunded_points = fresh.points,
    refunded_by = %(by)s
from unnest(%(ids)s::bigint[], %(money)s::bigint[], %(points)s::bigint[])
    as fresh (id, money, points)
where membership_term.organization_id = %(organization)s and membership_term.id = fresh.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A term to be written. `digest`: of what was asked for, under `key`."""

    membership_id: int
    kind: TermKind
    starts_at: datetime
    ends_at: datetime
    version: int
    money: str
    price: int
    points_currency: str
    points: int
    hold_id: int | None
    payment: str
    event_id: int
    by: str
    key: str
    digest: str


def next_id(tx: Tx) -> int:
    """A number for a membership that begins."""
    row = tx.execute(NEXT_ID).fetchone()
    assert row is not None
    return int(row[0])


def get(tx: Tx, organization: int, number: int) -> Membership | None:
    """One membership; None for none."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def lock(tx: Tx, organization: int, number: int) -> Membership | None:
    """The same, with nobody else changing it until the transaction ends."""
    return _one(tx.execute(LOCK, [organization, number]).fetchone())


def of_members(tx: Tx, organization: int, members: Iterable[int]) -> list[Membership]:
    """All memberships of these members, the newest first."""
    rows = tx.execute(OF_MEMBERS, [organization, int_array(members)])
    return [Membership(*row) for row in rows]


def insert(tx: Tx, organization: int, fresh: Membership) -> None:
    """Write a membership that begins; one of the same card that is over by then is closed. Raises
    UniqueViolation where the member holds the card."""
    asked = [organization, fresh.member_id, fresh.card, fresh.begun_at]
    tx.execute(CLOSE_EXPIRED, asked)
    tx.execute(
        INSERT,
        {
            "id": fresh.id, "organization": organization, "member": fresh.member_id,
            "card": fresh.card, "kind": fresh.kind, "begun": fresh.begun_at,
            "until": fresh.until, "ends": fresh.ends_at, "renews": fresh.renews,
        },
    )  # fmt: skip


def extend(
    tx: Tx,
    organization: int,
    number: int,
    *,
    until: datetime,
    ends_at: datetime,
    renews: bool | None,
) -> None:
    """It is paid for until then. `renews` None: as it was."""
    asked = {
        "id": number, "organization": organization, "until": until, "ends": ends_at,
        "renews": renews,
    }  # fmt: skip
    tx.execute(EXTEND, asked)


def close(
    tx: Tx, organization: int, number: int, *, how: str, by: str, why: str, key: str, at: datetime
) -> None:
    """End it. `key`: under which `by` asked for it."""
    tx.execute(CLOSE, [at, how, by, why, key, organization, number])


def set_renews(tx: Tx, organization: int, number: int, *, renews: bool) -> None:
    """Note whether it is to be renewed by itself."""
    tx.execute(SET_RENEWS, [renews, organization, number])


def insert_term(tx: Tx, organization: int, fresh: NewTerm, at: datetime) -> int:
    """Write a term; its number. Raises UniqueViolation for a request or a payment that is known."""
    row = tx.execute(
        INSERT_TERM,
        {
            "organization": organization, "membership": fresh.membership_id,
            "kind": fresh.kind.value, "starts": fresh.starts_at, "ends": fresh.ends_at,
            "version": fresh.version, "money": fresh.money, "price": fresh.price,
            "points_currency": fresh.points_currency, "points": fresh.points,
            "hold": fresh.hold_id, "payment": fresh.payment, "event": fresh.event_id, "at": at,
            "by": fresh.by, "key": fresh.key, "digest": fresh.digest,
        },
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def terms(tx: Tx, organization: int, memberships: Iterable[int]) -> dict[int, list[Term]]:
    """The terms of these memberships, the oldest first."""
    found: dict[int, list[Term]] = {}
    for row in tx.execute(TERMS, [organization, int_array(memberships)]):
        told = dict(zip(_TERM_NAMES, row[1:], strict=True))
        found.setdefault(row[0], []).append(Term(**told | {"kind": TermKind(told["kind"])}))
    return found


def asked(tx: Tx, organization: int, by: str, key: str) -> tuple[int, int, str] | None:
    """(term, membership, digest) of what this caller has asked for under the key."""
    return tx.execute(ASKED, [organization, by, key]).fetchone()


def is_paid_by(tx: Tx, organization: int, payment: str) -> bool:
    """Whether a term was paid for by this payment."""
    return tx.execute(PAID_BY, [organization, payment]).fetchone() is not None


def refund(
    tx: Tx, organization: int, parts: Sequence[tuple[int, int, int]], *, by: str, at: datetime
) -> None:
    """Note what is paid back: (term, money, points)."""
    tx.execute(
        REFUND,
        {
            "organization": organization, "at": at, "by": by,
            "ids": int_array(term for term, _, _ in parts),
            "money": int_array(money for _, money, _ in parts),
            "points": int_array(points for _, _, points in parts),
        },
    )  # fmt: skip


def _one(row: Sequence[Any] | None) -> Membership | None:
    return None if row is None else Membership(*row)
