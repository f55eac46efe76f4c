"""Enrolments under way in PostgreSQL: tickets, what is held, and what was seen of late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

_COLUMNS = """
id, state, language, key_version, sealed, phone_hash, email_hash, device_hash, ip_hash,
referrer_hash, seconds_to_confirm, score, reasons, proven_at, ticket_expires_at, submitted_at,
decided_at, decided_by, decision_reason, member_id
"""

BEGIN = """
insert into enrolment (organization_id, ticket_hash, state, language, key_version, sealed,
                       phone_hash, email_hash, seconds_to_confirm, proven_at, ticket_expires_at)
values (%(organization)s, %(ticket)s, 'pending', %(language)s, %(version)s, %(sealed)s, %(phone)s,
        %(email)s, %(seconds)s, %(at)s, %(expires_at)s)
"""

OF_TICKET = f"""
select {_COLUMNS} from enrolment
where organization_id = %s and ticket_hash = %s and ticket_expires_at > %s
"""  # noqa: S608  # only the constant above is put in

LOCK_TICKET = OF_TICKET + "for update"

LOCK = f"""
select {_COLUMNS} from enrolment where organization_id = %s and id = %s for update
"""  # noqa: S608

# One of a person's addresses is enough to find that they wait already.
HELD = f"""
select {_COLUMNS} from enrolment
where organization_id = %(organization)s and state = 'held'
    and (phone_hash = %(phone)s or email_hash = %(email)s)
order by id
limit 1
for update
"""  # noqa: S608

PAGE = f"""
select {_COLUMNS} from enrolment
where organization_id = %s and state = %s and id > %s
order by id
limit %s
"""  # noqa: S608

TICKET = """
update enrolment set ticket_hash = %s, ticket_expires_at = %s
where organization_id = %s and id = %s
"""

DROP = "delete from enrolment where organization_id = %s and id = %s"

SUBMIT = """
update enrolment
set state = %(state)s, key_version = %(version)s, sealed = %(sealed)s, device_hash = %(device)s,
    ip_hash = %(ip)s, referrer_hash = %(referrer)s, score = %(score)s, reasons = %(reasons)s,
    submitted_at = %(at)s, ticket_expires_at = %(expires_at)s, member_id = %(member_id)s,
    decided_at = case when %(state)s = 'held' then null else %(at)s end
where organization_id = %(organization)s and id = %(id)s
"""

# What a decided enrolment held is elsewhere by now, or nowhere.
DECIDE = """
update enrolment
set state = %(state)s, decided_at = %(at)s, decided_by = %(by)s, decision_reason = %(reason)s,
    member_id = %(member_id)s, key_version = null, sealed = null
where organization_id = %(organization)s and id = %(id)s
"""

# Two who enrol at once from one place are looked at one after the other, so that each sees those
# before it.
QUEUE = """
select pg_advisory_xact_lock(%s, hashtext(name))
from (select name from unnest(%s::text[]) as asked (name) order by name) as places
"""

# All that is counted, in one statement; each count looks no further than MOST_COUNTED.
SEEN = """
select
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and device_hash = %(device)s and submitted_at > %(hour)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and device_hash = %(device)s and submitted_at > %(day)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and ip_hash = %(ip)s and submitted_at > %(hour)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and ip_hash = %(ip)s and submitted_at > %(day)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and referrer_hash = %(referrer)s and submitted_at > %(hour)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and referrer_hash = %(referrer)s and submitted_at > %(day)s limit %(most)s) as few),
    (select count(*) from (select from enrolment where organization_id = %(organization)s
        and phone_hash = any(%(neighbours)s::text[]) and submitted_at > %(minute)s
        limit %(most)s) as few),
    (select enrolled_at from member where organization_id = %(organization)s
        and id = %(referrer_id)s),
    (select coalesce(bool_or(device_hash = %(device)s), false) from enrolment
        where organization_id = %(organization)s and member_id = %(referrer_id)s),
    (select coalesce(bool_or(ip_hash = %(ip)s), false) from enrolment
        where organization_id = %(organization)s and member_id = %(referrer_id)s)
"""

# Tickets that nobody used.
FORGET_PENDING = """
delete from enrolment
where organization_id = %s and state = 'pending' and ticket_expires_at <= %s
"""

# The hashes of what was decided serve for counting, and for no longer than is counted.
FORGET_HASHES = """
update enrolment
set phone_hash = null, email_hash = null, device_hash = null, ip_hash = null, referrer_hash = null
where organization_id = %s and state in ('admitted', 'refused') and decided_at <= %s
    and coalesce(phone_hash, email_hash, device_hash, ip_hash, referrer_hash) is not null
"""

# That and why somebody was admitted is in the audit trail. What was held or refused goes by the
# schedule of retention.
FORGET_ADMITTED = """
delete from enrolment where organization_id = %s and state = 'admitted' and decided_at <= %s
"""

LOCK_CLASS = 0x656E_726F
"""First half of the advisory locks; the letters spell "enro"."""

MOST_COUNTED = 1000
COUNTED_FOR = timedelta(days=1)
ADMITTED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """One as it stands. `sealed` is None once it was decided."""

    id: int
    state: str
    language: str
    key_version: int | None
    sealed: bytes | None
    phone_hash: str | None
    email_hash: str | None
    device_hash: str | None
    ip_hash: str | None
    referrer_hash: str | None
    seconds_to_confirm: int | None
    score: int | None
    reasons: str
    proven_at: datetime
    ticket_expires_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    member_id: int | None


@dataclass(frozen=True, slots=True)
class Places:
    """Keyed hashes of where an enrolment comes from. `neighbours`: of the phones beside its own."""

    device: str | None
    ip: str
    referrer: str | None
    referrer_id: int | None
    neighbours: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """How many enrolments came before; and what is known of the referrer."""

    device_hour: int
    device_day: int
    ip_hour: int
    ip_day: int
    referrer_hour: int
    referrer_day: int
    neighbours: int
    referrer_enrolled_at: datetime | None
    is_device_of_referrer: bool
    is_ip_of_referrer: bool


def begin(
    tx: Tx,
    organization: int,
    *,
    ticket_hash: bytes,
    language: str,
    sealed: tuple[int, bytes],
    phone_hash: str | None,
    email_hash: str | None,
    seconds_to_confirm: int | None,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Write what an address was proven for. `sealed`: key version and text."""
    tx.execute(
        BEGIN,
        {
            "organization": organization,
            "ticket": ticket_hash,
            "language": language,
            "version": sealed[0],
            "sealed": sealed[1],
            "phone": phone_hash,
            "email": email_hash,
            "seconds": seconds_to_confirm,
            "at": at,
            "expires_at": expires_at,
        },
    )


def of_ticket(tx: Tx, organization: int, ticket_hash: bytes, now: datetime) -> Enrolment | None:
    """The enrolment of a ticket that still holds."""
    return _one(tx.execute(OF_TICKET, [organization, ticket_hash, now]).fetchone())


def lock_ticket(tx: Tx, organization: int, ticket_hash: bytes, now: datetime) -> Enrolment | None:
    """The same, with no one else using it until the transaction ends."""
    row = tx.execute(LOCK_TICKET.encode(), [organization, ticket_hash, now]).fetchone()
    return _one(row)


def lock(tx: Tx, organization: int, enrolment_id: int) -> Enrolment | None:
    """One by its number, with no one else deciding it until the transaction ends."""
    return _one(tx.execute(LOCK, [organization, enrolment_id]).fetchone())


def held(tx: Tx, organization: int, phone: str | None, email: str | None) -> Enrolment | None:
    """The enrolment that waits for somebody with one of these hashes."""
    asked = {"organization": organization, "phone": phone, "email": email}
    return _one(tx.execute(HELD, asked).fetchone())


def page(tx: Tx, organization: int, state: str, *, after: int, limit: int) -> list[Enrolment]:
    """Enrolments in a state, in the order in which their addresses were proven."""
    return [Enrolment(*row) for row in tx.execute(PAGE, [organization, state, after, limit])]


def renew_ticket(
    tx: Tx, organization: int, enrolment_id: int, ticket_hash: bytes, expires_at: datetime
) -> None:
    """Let an enrolment be asked about by a new ticket, and by no other."""
    tx.execute(TICKET, [ticket_hash, expires_at, organization, enrolment_id])


def drop(tx: Tx, organization: int, enrolment_id: int) -> None:
    """Forget an enrolment altogether."""
    tx.execute(DROP, [organization, enrolment_id])


def queue(tx: Tx, names: Iterable[str]) -> None:
    """Wait for others who enrol from one of these places, until they are done."""
    tx.execute(QUEUE, [LOCK_CLASS, text_array(names)])


def seen(tx: Tx, organization: int, places: Places, now: datetime) -> Seen:
    """What came before from the same places. Call `queue` first."""
    row = tx.execute(
        SEEN,
        {
            "organization": organization,
            "device": places.device,
            "ip": places.ip,
            "referrer": places.referrer,
            "referrer_id": places.referrer_id,
            "neighbours": text_array(places.neighbours),
            "minute": now - timedelta(minutes=1),
            "hour": now - timedelta(hours=1),
            "day": now - COUNTED_FOR,
            "most": MOST_COUNTED,
        },
    ).fetchone()
    assert row is not None
    return Seen(*row)


def submit(
    tx: Tx,
    organization: int,
    enrolment_id: int,
    *,
    state: str,
    sealed: tuple[int, bytes] | None,
    places: Places,
    score: int,
    reasons: str,
    at: datetime,
    expires_at: datetime,
    member_id: int | None,
) -> None:
    """Write what became of an enrolment when its form came. `sealed`: of one that is held."""
    tx.execute(
        SUBMIT,
        {
            "organization": organization,
            "id": enrolment_id,
            "state": state,
            "version": None if sealed is None else sealed[0],
            "sealed": None if sealed is None else sealed[1],
            "device": places.device,
            "ip": places.ip,
            "referrer": places.referrer,
            "score": score,
            "reasons": reasons,
            "at": at,
            "expires_at": expires_at,
            "member_id": member_id,
        },
    )


def decide(
    tx: Tx,
    organization: int,
    enrolment_id: int,
    *,
    state: str,
    by: str,
    reason: str,
    at: datetime,
    member_id: int | None,
) -> None:
    """Write what a person decided, and let go of what was held."""
    tx.execute(
        DECIDE,
        {
            "organization": organization,
            "id": enrolment_id,
            "state": state,
            "by": by,
            "reason": reason,
            "at": at,
            "member_id": member_id,
        },
    )


def forget(tx: Tx, organization: int, now: datetime) -> None:
    """Forget tickets that are over, hashes that are no longer counted, and admissions of long
    ago."""
    tx.execute(FORGET_PENDING, [organization, now])
    tx.execute(FORGET_HASHES, [organization, now - COUNTED_FOR])
    tx.execute(FORGET_ADMITTED, [organization, now - ADMITTED_FOR])


def _one(row: Sequence[Any] | None) -> Enrolment | None:
    return None if row is None else Enrolment(*row)
