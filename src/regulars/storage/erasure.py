"""Erasing a member in PostgreSQL: what of each table goes, what is kept and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from regulars.storage.arrays import int_array, json_texts, text_array
from regulars.storage.database import Tx

_MINE = "organization_id = %(organization)s and member_id = %(member)s"

GONE: dict[str, str] = {
    "member_attribute": f"delete from member_attribute where {_MINE}",  # noqa: S608
    "name_token": f"delete from name_token where {_MINE}",  # noqa: S608
    "vault": f"delete from vault where {_MINE}",  # noqa: S608  # only the constant above is put in
    "sign_in_code": """
delete from sign_in_code using identity
where sign_in_code.organization_id = %(organization)s and account = identity.external_id
    and identity.organization_id = %(organization)s and identity.member_id = %(member)s
""",
    "identity": f"delete from identity where {_MINE}",  # noqa: S608
    "session": """
delete from session
where organization_id = %(organization)s and kind = 'member' and subject_id = %(member)s
""",
    "passkey": f"delete from passkey where {_MINE}",  # noqa: S608
    "play_name": f"delete from play_name where {_MINE}",  # noqa: S608
    "leaderboard_score": f"delete from leaderboard_score where {_MINE}",  # noqa: S608
    "login_state": f"delete from login_state where {_MINE}",  # noqa: S608
    "enrolment": f"delete from enrolment where {_MINE}",  # noqa: S608
    "refresh_token": """
delete from refresh_token using client_grant
where refresh_token.organization_id = %(organization)s and grant_id = client_grant.id
    and client_grant.organization_id = %(organization)s and client_grant.member_id = %(member)s
""",
    "authorization_code": """
delete from authorization_code using client_grant
where authorization_code.organization_id = %(organization)s and grant_id = client_grant.id
    and client_grant.organization_id = %(organization)s and client_grant.member_id = %(member)s
""",
    "client_grant": f"delete from client_grant where {_MINE}",  # noqa: S608
    "active_day": f"delete from active_day where {_MINE}",  # noqa: S608
    "notice": f"delete from notice where {_MINE}",  # noqa: S608
    "benefit_code": f"delete from benefit_code where {_MINE}",  # noqa: S608
    "stock_wait": f"delete from stock_wait where {_MINE}",  # noqa: S608
}
"""The statement that takes away all that a table has of a member, in the order in which they are
executed: `vault` holds the key of all that is sealed for the member, wherever it is."""

KEPT: dict[str, str] = {
    "account": "Sums of points; the books must go on to balance.",
    "activity": "The last day on which they were there, as events tell it.",
    "approval": "That a deed was approved. Its words are taken away.",
    "audit": "Who did what, when and why, without personal data: the use of it has to be shown.",
    "benefit_grant": "That a benefit was given. Its words are taken away.",
    "benefit_use": "That a benefit was used, as is counted. Its words are taken away.",
    "consent": "That there was a consent, and for what. Its proof cannot be opened any more.",
    "event": "What was earned, and why. What somebody typed is taken away.",
    "hold": "Points that were reserved.",
    "lot": "Points, and when they lapse.",
    "lot_use": "What points were spent on what.",
    "member": "The number that the books go by, and the tier. Attributes that no rule has read are "
    "taken away.",
    "quota": "How much of a limit they used; the sums must go on to hold.",
    "reservation": "What they used of what is limited; the sums must go on to hold.",
    "customer_order": "What was bought at which price, as the books have it. References are taken "
    "away.",
    "order_return": "What came back, which the books rest on.",
    "order_step": "What happened to an order. Its words are taken away.",
    "coupon": "Which coupons there were, and what was used of them. Nothing more can be used.",
    "coupon_change": "What was done with a coupon. Its words are taken away.",
    "coupon_gift": "That a coupon changed hands.",
    "coupon_redeemed": "What a coupon gave; the figures of its template must go on to hold.",
    "coupon_use": "What a coupon gave in a shop. References are taken away.",
    "redemption": "What was redeemed and what became of it. Where it went to is taken away.",
    "redemption_step": "What became of a redemption. Its words are taken away.",
    "draw_chance": "Which turns they were given; the sums go on to hold. Words are taken away.",
    "draw_turn": "That a draw was fair; every turn of it can be worked out anew.",
    "slot_booking": "That a place was taken. Its words are taken away.",
    "membership": "Which paid card was held when. Its words are taken away.",
    "membership_term": "What was paid for which term; the books of the cards must go on to hold.",
    "family_person": "That a card was shared; how many may share it must go on to hold.",
    "tier_change": "Which tier was held when.",
    "transfer": "Every movement of points; the books must go on to balance.",
}
"""What stays of an erased member, and why."""

# In the order of the index over each member's events.
EVENTS = """
select id, type, payload, decision, occurred_at from event
where organization_id = %(organization)s and member_id = %(member)s
    and (%(at)s::timestamptz is null or (occurred_at, id) < (%(at)s, %(id)s))
order by occurred_at desc, id desc
limit %(limit)s
"""

# Whom points were given to, stands in the event of who gave them.
GIVEN = """
select event.id, event.type, event.payload, event.decision
from lot join event on event.id = lot.event_id and event.organization_id = lot.organization_id
where lot.organization_id = %s and lot.member_id = %s and lot.after_seq is not null
order by event.id
for update of event
"""

# There is an index over these alone.
REFERRED = """
select id, type, payload, decision from event
where organization_id = %s and type = 'referral' and payload like any(%s::text[])
order by id
for update
"""

# Of what was sent a digest is kept, to know a repeat. It would show whether a guess is right.
SCRUB = """
update event
set payload = fresh.payload, decision = fresh.decision,
    digest = '00000000-0000-0000-0000-000000000000'
from unnest(%(ids)s::bigint[], string_to_array(%(payloads)s, E'\\x01'),
            string_to_array(%(decisions)s, E'\\x01'))
    as fresh (id, payload, decision)
where event.organization_id = %(organization)s and event.id = fresh.id
"""

FORGET_WORDS: dict[str, str] = {
    "draw_chance": f"update draw_chance set reason = '' where {_MINE}",  # noqa: S608
    "approval": f"""
update approval
set reason = '(erased)', note = '',
    payload = jsonb_set(payload::jsonb, '{{reason}}', '"(erased)"', false)::text
where {_MINE}
""",  # noqa: S608  # only the constant above is put in
    "benefit_grant": f"""
update benefit_grant set reason = '', ended_why = '' where {_MINE}
""",  # noqa: S608
    "benefit_use": f"""
update benefit_use set store = '', reference = '', restored_why = '' where {_MINE}
""",  # noqa: S608
    "customer_order": f"update customer_order set confirmation = '' where {_MINE}",  # noqa: S608
    "order_step": """
update order_step set facts = ''
where organization_id = %(organization)s and order_id in (
    select id from customer_order
    where organization_id = %(organization)s and member_id = %(member)s
)
""",
    "redemption": f"""
update redemption set sealed = null, carrier = '', tracking = '', payment_reference = ''
where {_MINE}
""",  # noqa: S608
    "redemption_step": """
update redemption_step set reason = ''
where organization_id = %(organization)s and redemption_id in (
    select id from redemption
    where organization_id = %(organization)s and member_id = %(member)s
)
""",
    "coupon_change": """
update coupon_change set why = ''
where organization_id = %(organization)s and coupon_id in (
    select id from coupon
    where organization_id = %(organization)s and member_id = %(member)s
)
""",
    "coupon_use": f"update coupon_use set reference = '', why = '' where {_MINE}",  # noqa: S608
    "slot_booking": f"update slot_booking set why = '' where {_MINE}",  # noqa: S608
    "membership": f"update membership set ended_why = '' where {_MINE}",  # noqa: S608
}
"""What somebody typed, where the row itself stays."""

ERASE = """
update member
set erased_at = %(at)s, restricted_at = null, frozen_at = null, frozen_reason = '',
    attributes = %(attributes)s
where organization_id = %(organization)s and id = %(member)s
"""

ERASED_AT = "select erased_at from member where organization_id = %s and id = %s"

RESTRICT = """
update member set restricted_at = case when %(on)s then coalesce(restricted_at, %(at)s) end
where organization_id = %(organization)s and id = %(member)s
returning restricted_at
"""

EVENTS_TOGETHER = 1_000


class Remnant(msgspec.Struct, frozen=True):
    """What an event says beside the points: its data and its explanation, JSON."""

    id: int
    type: str
    payload: str
    decision: str


def erased_at(tx: Tx, organization: int, member_id: int) -> datetime | None:
    """When the member was erased."""
    row = tx.execute(ERASED_AT, [organization, member_id]).fetchone()
    return None if row is None else row[0]


def events(tx: Tx, organization: int, member_id: int) -> Iterator[list[Remnant]]:
    """All events of a locked member, some at a time."""
    asked: dict[str, object] = {"organization": organization, "member": member_id}
    asked |= {"at": None, "id": None, "limit": EVENTS_TOGETHER}
    while rows := tx.execute(EVENTS, asked).fetchall():
        yield [Remnant(*row[:4]) for row in rows]
        asked |= {"at": rows[-1][4], "id": rows[-1][0]}


def given(tx: Tx, organization: int, member_id: int) -> list[Remnant]:
    """The events by which other members gave points to this one."""
    return [Remnant(*row) for row in tx.execute(GIVEN, [organization, member_id])]


def referred(tx: Tx, organization: int, names: Sequence[str]) -> list[Remnant]:
    """Referrals that seem to name one of `names`."""
    if not names:
        return []
    wanted = text_array("%" + _like(msgspec.json.encode(name).decode()) + "%" for name in names)
    return [Remnant(*row) for row in tx.execute(REFERRED, [organization, wanted])]


def scrub(tx: Tx, organization: int, left: Sequence[Remnant]) -> None:
    """Write what is left of events."""
    tx.execute(
        SCRUB,
        {
            "organization": organization,
            "ids": int_array(one.id for one in left),
            "payloads": json_texts(one.payload for one in left),
            "decisions": json_texts(one.decision for one in left),
        },
    )


def take_away(tx: Tx, organization: int, member_id: int) -> dict[str, int]:
    """Take away all that can go; how many rows of each table."""
    asked = {"organization": organization, "member": member_id}
    for statement in FORGET_WORDS.values():
        tx.execute(statement, asked)
    return {table: tx.execute(statement, asked).rowcount for table, statement in GONE.items()}


def mark(tx: Tx, organization: int, member_id: int, *, attributes: str, at: datetime) -> None:
    """Note that the member was erased; `attributes`: JSON of those that are left."""
    tx.execute(
        ERASE,
        {"organization": organization, "member": member_id, "attributes": attributes, "at": at},
    )


def restrict(
    tx: Tx, organization: int, member_id: int, *, is_on: bool, at: datetime
) -> datetime | None:
    """Begin or end a restriction; since when it holds. One that holds keeps its beginning."""
    asked = {"organization": organization, "member": member_id, "on": is_on, "at": at}
    row = tx.execute(RESTRICT, asked).fetchone()
    return None if row is None else row[0]


def _like(text: str) -> str:
    """Text for a pattern, taken as it is."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
