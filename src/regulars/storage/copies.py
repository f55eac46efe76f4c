"""All that is kept about one member, table by table, for the copy that they may ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from regulars.storage.arrays import int_array
from regulars.storage.coupons import copying
from regulars.storage.database import Tx

ROWS_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows of a copy come from. `numbers`: those of a member's rows, in order; without it
    there are few, and `rows` asks for all. `columns`: what `rows` gives, in order."""

    columns: tuple[str, ...]
    rows: str
    numbers: str = ""


SOURCES: dict[str, Source] = {
    "member": Source(
        (
            "id", "enrolled_at", "tier", "attributes", "counted", "restricted_at", "frozen_at",
            "frozen_reason", "merged_at",
        ),
        """
select id, enrolled_at, tier, attributes, state, restricted_at, frozen_at, frozen_reason, merged_at
from member
where organization_id = %(organization)s and id = %(member)s
""",
    ),
    "identity": Source(
        ("system", "external_id"),
        """
select system, external_id from identity
where organization_id = %(organization)s and member_id = %(member)s
order by system, external_id
""",
    ),
    "account": Source(
        ("currency", "balance", "owed"),
        """
select currency, balance, owed from account
where organization_id = %(organization)s and member_id = %(member)s
order by currency
""",
    ),
    "lot": Source(
        (
            "lot", "event", "currency", "amount", "remaining", "expired", "earned_at",
            "available_at", "expires_at",
        ),
        """
select id, event_id, currency, amount, remaining, expired, earned_at, available_at, expires_at
from lot
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from lot where organization_id = %s and member_id = %s order by id",
    ),
    "lot_use": Source(
        ("lot", "event", "amount", "expired", "effective_at"),
        """
select lot_id, event_id, amount, expired, effective_at from lot_use
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from lot_use where organization_id = %s and member_id = %s order by id",
    ),
    "hold": Source(
        ("hold", "event", "currency", "amount", "opened_at", "expires_at", "closed_at", "state"),
        """
select id, event_id, currency, amount, opened_at, expires_at, closed_at, state from hold
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from hold where organization_id = %s and member_id = %s order by id",
    ),
    "transfer": Source(
        (
            "transfer", "event", "currency", "code", "debit", "credit", "amount", "effective_at",
            "recorded_at",
        ),
        """
select id, event_id, currency, code, debit, credit, amount, effective_at, recorded_at
from transfer
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from transfer where organization_id = %s and member_id = %s order by id",
    ),
    "event": Source(
        (
            "event", "id", "source", "type", "time", "received_at", "status", "program_version",
            "sent_by", "data", "decision",
        ),
        """
select id, external_id, source, type, occurred_at, received_at, status, version, sent_by, payload,
       decision
from event
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from event where organization_id = %s and member_id = %s order by id",
    ),
    "tier_change": Source(
        ("at", "until", "from", "to", "why", "event"),
        """
select effective_at, valid_until, old_tier, new_tier, why, event_id from tier_change
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "session": Source(
        ("device", "created_at", "seen_at", "expires_at", "ended_at"),
        """
select device, created_at, seen_at, expires_at, ended_at from session
where organization_id = %(organization)s and kind = 'member' and subject_id = %(member)s
order by id
""",
    ),
    "passkey": Source(
        ("name", "created_at", "used_at", "is_synced"),
        """
select name, created_at, used_at, is_synced from passkey
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "reservation": Source(
        (
            "what", "of", "for", "amount", "state", "opened_at", "expires_at", "closed_at",
            "restored_at",
        ),
        """
select kind, subject, owner_kind, amount, state, opened_at, expires_at, closed_at, restored_at
from reservation join quota on quota.id = quota_id
where reservation.organization_id = %(organization)s
    and reservation.id = any(%(ids)s::bigint[])
order by reservation.id
""",
        "select id from reservation where organization_id = %s and member_id = %s order by id",
    ),
    "notice": Source(
        ("at", "kind", "params", "read_at"),
        """
select at, kind, params, read_at from notice
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from notice where organization_id = %s and member_id = %s order by id",
    ),
    "redemption": Source(
        (
            "id", "reward", "quantity", "currency", "points", "cash_minor", "state", "way", "place",
            "carrier", "tracking", "placed_at", "changed_at",
        ),
        """
select redemption.id, reward.words, quantity, currency, points, cash_minor, redemption.state, way,
       place, carrier, tracking, placed_at, redemption.changed_at
from redemption join reward on reward.id = reward_id
where redemption.organization_id = %(organization)s and redemption.id = any(%(ids)s::bigint[])
order by redemption.id
""",
        "select id from redemption where organization_id = %s and member_id = %s order by id",
    ),
    "redemption_step": Source(
        ("redemption", "at", "state", "reason"),
        """
select redemption_id, at, redemption_step.state, reason
from redemption_step join redemption on redemption.id = redemption_id
where redemption_step.organization_id = %(organization)s
    and redemption.member_id = %(member)s
order by redemption_step.id
""",
    ),
    "stock_wait": Source(
        ("reward", "joined_at", "told_at"),
        """
select reward.words, joined_at, told_at
from stock_wait join reward_variant on reward_variant.id = variant_id
join reward on reward.id = reward_id
where stock_wait.organization_id = %(organization)s and member_id = %(member)s
order by stock_wait.id
""",
    ),
    "client_grant": Source(
        ("application", "scopes", "granted_at", "withdrawn_at"),
        """
select client.name, client_grant.scopes, granted_at, withdrawn_at
from client_grant join client on client.id = client_grant.client_number
where client_grant.organization_id = %(organization)s and member_id = %(member)s
order by client_grant.id
""",
    ),
    "enrolment": Source(
        ("state", "submitted_at", "decided_at", "score", "reasons", "decision_reason"),
        """
select state, submitted_at, decided_at, score, reasons, decision_reason from enrolment
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "approval": Source(
        ("what", "reason", "state", "requested_at", "decided_at"),
        """
select kind, reason, state, requested_at, decided_at from approval
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "membership": Source(
        (
            "membership", "card", "kind", "begun_at", "until", "ends_at", "renews", "ended_at",
            "ended_how", "ended_why",
        ),
        """
select id, card, kind, begun_at, until, ends_at, renews, ended_at, ended_how, ended_why
from membership
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "membership_term": Source(
        (
            "membership", "kind", "from", "until", "money", "price", "points_currency", "points",
            "payment", "sold_at", "refunded_at", "refunded", "refunded_points",
        ),
        """
select membership_id, membership_term.kind, starts_at, membership_term.ends_at, money, price,
       points_currency, points, payment, sold_at, refunded_at, refunded, refunded_points
from membership_term join membership on membership.id = membership_id
where membership_term.organization_id = %(organization)s and member_id = %(member)s
order by membership_term.id
""",
    ),
    "family_person": Source(
        ("membership", "state", "invited_at", "joined_at", "closed_at"),
        """
select membership_id, state, invited_at, joined_at, closed_at from family_person
where organization_id = %(organization)s and member_id = %(member)s
order by id
""",
    ),
    "play_name": Source(
        ("name", "since"),
        """
select name, joined_at from play_name
where organization_id = %(organization)s and member_id = %(member)s
""",
    ),
    "draw_chance": Source(
        ("draw", "amount", "given_at", "reason"),
        """
select title, amount, given_at, reason
from draw_chance join draw on draw.id = draw_id
where draw_chance.organization_id = %(organization)s and draw_chance.member_id = %(member)s
order by draw_chance.id
""",
    ),
    "draw_turn": Source(
        ("draw", "number", "roll", "rolled", "prize", "paid", "taken_at", "state", "handed_at"),
        """
select title, number, roll, rolled, prize, paid, taken_at, draw_turn.state, handed_at
from draw_turn join draw on draw.id = draw_id
where draw_turn.organization_id = %(organization)s and draw_turn.id = any(%(ids)s::bigint[])
order by draw_turn.id
""",
        "select id from draw_turn where organization_id = %s and member_id = %s order by id",
    ),
    "leaderboard_score": Source(
        ("leaderboard", "from", "score", "place"),
        """
select title, period, score, place
from leaderboard_score join leaderboard on leaderboard.id = leaderboard_id
where leaderboard_score.organization_id = %(organization)s
    and leaderboard_score.member_id = %(member)s
order by leaderboard_id, period
""",
    ),
    "benefit_grant": Source(
        ("benefit", "by", "which", "uses", "from", "until", "granted_at", "reason", "ended_at"),
        """
select benefit, carrier, source, uses, valid_from, valid_until, granted_at, reason, ended_at
from benefit_grant
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from benefit_grant where organization_id = %s and member_id = %s order by id",
    ),
    "benefit_use": Source(
        (
            "benefit", "by", "how", "partner", "store", "reference", "used_at", "restored_at",
            "restored_why",
        ),
        """
select benefit, carrier, how, partner, store, reference, used_at, restored_at, restored_why
from benefit_use
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from benefit_use where organization_id = %s and member_id = %s order by id",
    ),
    "customer_order": Source(
        (
            "id", "source", "external_id", "state", "currency", "total", "discount", "payable",
            "points_currency", "points", "store", "channel", "cart", "quote", "opened_at",
            "expires_at", "confirmed_at", "closed_at",
        ),
        """
select id, source, external_id, state, currency, total, discount, payable, points_currency, points,
       store, channel, cart, quote, opened_at, expires_at, confirmed_at, closed_at
from customer_order
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) order by id
""",
        "select id from customer_order where organization_id = %s and member_id = %s order by id",
    ),
    "order_return": Source(
        ("order", "external_id", "lines", "money", "points", "returned_at"),
        """
select order_id, order_return.external_id, lines, money, order_return.points, returned_at
from order_return join customer_order o on o.id = order_id
where order_return.organization_id = %(organization)s and o.member_id = %(member)s
order by order_return.id
""",
    ),
    "order_step": Source(
        ("order", "at", "what", "facts"),
        """
select order_id, at, what, facts from order_step join customer_order o on o.id = order_id
where order_step.organization_id = %(organization)s and o.member_id = %(member)s
order by order_step.id
""",
    ),
    **{table: Source(*parts) for table, parts in copying.ROWS.items()},
    "slot_booking": Source(
        ("benefit", "place", "starts_at", "state", "booked_at", "changed_at"),
        """
select benefit, place, starts_at, state, booked_at, changed_at
from slot_booking join slot on slot.id = slot_booking.slot_id
where slot_booking.organization_id = %(organization)s and slot_booking.member_id = %(member)s
order by slot_booking.id
""",
    ),
}  # fmt: skip
"""By table. What is sealed (vault, consent) and the audit trail are told by their own files."""

ELSEWHERE: dict[str, str] = {
    "vault": "The profile, opened.",
    "consent": "Consents with their proofs, opened.",
    "audit": "Who used the member's data, in words.",
}

LEFT_OUT: dict[str, str] = {
    "name_token": "Hashes of how the words of a name begin; the name is in the profile.",
    "member_attribute": "The attributes once more, one a row; they are with the member.",
    "activity": "The newest day among the events.",
    "active_day": "The days of the events.",
    "quota": "Sums of what was reserved and used; each use is told by itself.",
    "benefit_code": "A code that is shown for minutes; what was used by it is with the uses.",
    "login_state": "A sign-in under way; it lasts minutes, and is about a browser.",
}
"""Tables with something of a member that no copy tells, and why."""

JSON_COLUMNS = frozenset({"attributes", "counted", "data", "decision", "params", "reasons"})

Row = dict[str, object]


def numbers(tx: Tx, organization: int, member_id: int, table: str) -> list[int]:
    """The numbers of the member's rows, where there may be many."""
    source = SOURCES[table]
    return [number for (number,) in tx.execute(source.numbers.encode(), [organization, member_id])]


def rows(
    tx: Tx, organization: int, member_id: int, table: str, ids: Sequence[int] = ()
) -> list[Row]:
    """The rows with these numbers; all of them where there are few."""
    source = SOURCES[table]
    asked = {"organization": organization, "member": member_id, "ids": int_array(ids)}
    return [dict(_cells(source.columns, row)) for row in tx.execute(source.rows.encode(), asked)]


def _cells(columns: Sequence[str], row: Sequence[object]) -> Iterator[tuple[str, object]]:
    for name, value in zip(columns, row, strict=True):
        if name in JSON_COLUMNS and isinstance(value, str):
            yield name, msgspec.Raw(value.encode())
        else:
            yield name, value
