"""Members in PostgreSQL: found, enrolled, locked with their state, written back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member, State
from regulars.domain.reviews import next_review
from regulars.storage.arrays import int_array, json_texts, text_array, time_array
from regulars.storage.database import Later, Tx
from regulars.storage.overtaking import Overtaken

# One look into the index for each name, however many there are.
_NAMED = """
from unnest(%(systems)s::text[], %(external_ids)s::text[]) as asked (system, external_id)
cross join lateral (
    select member_id from identity
    where organization_id = %(organization)s and identity.system = asked.system
        and identity.external_id = asked.external_id
    limit 1
) as named
"""

RESOLVE = f"""
select asked.system, asked.external_id, named.member_id {_NAMED}
"""  # only the constant above is put in

# In id order, so that two batches that share members wait for each other and never in a ring.
LOCK = """
select id, enrolled_at, attributes, state, erased_at is not null, frozen_at is not null,
       merged_into
from member
where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
order by id
for no key update
"""

# The same by name. Who is meant is worked out beforehand, as an array: had the locked rows been
# joined with it, those that others changed while we waited would be joined anew, and be lost.
LOCK_NAMED = f"""
select id, enrolled_at, attributes, state, erased_at is not null, frozen_at is not null,
       merged_into
from member
where organization_id = %(organization)s and id = any(array(
    select named.member_id {_NAMED}
    union all
    select coalesce(merged_into, id) from member
    where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
))
order by id
for no key update
"""  # noqa: S608

READ = """
select id, enrolled_at, attributes, state, erased_at is not null, frozen_at is not null,
       merged_into
from member
where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
order by id
"""

# Whoever was merged into another member is meant to be that one from then on.
SURVIVORS = """
select id, merged_into from member
where organization_id = %(organization)s and id = any(%(ids)s::bigint[])
    and merged_into is not null
"""

NEXT_IDS = """
select nextval(pg_get_serial_sequence('member', 'id')) from generate_series(1, %s)
"""

ENROL = """
insert into member (id, organization_id, enrolled_at, attributes, state, tier, review_at)
overriding system value
select id, %(organization)s, enrolled_at, attributes, state, tier, review_at
from unnest(%(ids)s::bigint[], %(enrolled_at)s::timestamptz[],
            string_to_array(%(states)s, E'\\x01'), %(tiers)s::text[],
            %(review_at)s::timestamptz[], string_to_array(%(attributes)s, E'\\x01'))
    as fresh (id, enrolled_at, state, tier, review_at, attributes)
"""

NAME = """
insert into identity (organization_id, system, external_id, member_id)
select %(organization)s, system, external_id, member_id
from unnest(%(systems)s::text[], %(external_ids)s::text[], %(ids)s::bigint[])
    as fresh (system, external_id, member_id)
order by system, external_id
"""

SAVE = """
update member
set state = fresh.state, tier = fresh.tier, review_at = fresh.review_at,
    attributes = fresh.attributes
from unnest(%(ids)s::bigint[], string_to_array(%(states)s, E'\\x01'), %(tiers)s::text[],
            %(review_at)s::timestamptz[], string_to_array(%(attributes)s, E'\\x01'))
    as fresh (id, state, tier, review_at, attributes)
where member.id = fresh.id
"""

IDENTITIES = """
select system, external_id from identity
where organization_id = %s and member_id = %s
order by system, external_id
"""

RESTRICTED = "select restricted_at from member where organization_id = %s and id = %s"

ALL_IDENTITIES = """
select member_id, system, external_id from identity
where organization_id = %s and member_id = any(%s::bigint[])
order by member_id, system, external_id
"""

_state = msgspec.json.Decoder(State)
_attributes = msgspec.json.Decoder(dict[str, bool | int | str])
_encode = msgspec.json.Encoder().encode


def resolve(tx: Tx, organization: int, refs: Iterable[MemberRef]) -> dict[MemberRef, int]:
    """The ids of the members that `refs` name; those unknown are left out. Of one who was merged
    into another, that of the other."""
    named = list({ref for ref in refs if ref.id is None})
    found = {ref: ref.id for ref in refs if ref.id is not None}
    if found:
        asked = {"organization": organization, "ids": int_array(found.values())}
        merged: dict[int, int] = dict(tx.execute(SURVIVORS, asked).fetchall())
        found = {ref: merged.get(number, number) for ref, number in found.items()}
    if named:
        rows = tx.execute(
            RESOLVE,
            {
                "organization": organization,
                "systems": text_array(ref.system for ref in named),
                "external_ids": text_array(ref.external_id for ref in named),
            },
        )
        found |= {MemberRef(None, system, name): number for system, name, number in rows}
    return found


def lock(tx: Tx, organization: int, ids: Iterable[int]) -> dict[int, Member]:
    """The members, with no one else changing them until the transaction ends."""
    return _members(tx, LOCK, organization, ids)


def lock_named(
    tx: Tx, organization: int, refs: Sequence[MemberRef]
) -> Later[dict[MemberRef, Member]]:
    """The members that `refs` name, with no one else changing them until the transaction ends.
    Those unknown are left out; one member under two names is one object.

    Raises Overtaken when one of them was merged into another meanwhile.
    """
    named = [ref for ref in refs if ref.id is None]
    asked = {
        "organization": organization,
        "systems": text_array(ref.system for ref in named),
        "external_ids": text_array(ref.external_id for ref in named),
        "ids": int_array(ref.id for ref in refs if ref.id is not None),
    }
    # The names first: whoever is named by then is locked by the statement that follows.
    names = tx.execute(RESOLVE, asked)
    merged = tx.execute(SURVIVORS, asked) if len(named) < len(refs) else None
    cursor = tx.execute(LOCK_NAMED, asked)

    def found() -> dict[MemberRef, Member]:
        by_name = {MemberRef(None, row[0], row[1]): row[2] for row in names.fetchall()}
        survivors: dict[int, int] = {} if merged is None else dict(merged.fetchall())
        known = {row[0]: _member(row) for row in cursor.fetchall()}
        by_id = {ref: survivors.get(ref.id, ref.id) for ref in refs if ref.id is not None}
        if any(one.merged_into is not None for one in known.values()) or any(
            number not in known for number in by_name.values()
        ):
            raise Overtaken
        # Who was erased while we waited has lost the names that were found before.
        by_name = {ref: number for ref, number in by_name.items() if not known[number].is_erased}
        return {ref: known[number] for ref, number in (by_name | by_id).items() if number in known}

    return found


def lock_living(tx: Tx, organization: int, ref: MemberRef) -> Member:
    """The member that `ref` names, with no one else changing them until the transaction ends.

    Raises MemberNotFound, also for one who was erased meanwhile: nothing may be added to them.
    """
    number = resolve(tx, organization, [ref]).get(ref)
    member = None if number is None else lock(tx, organization, [number]).get(number)
    if member is not None and member.merged_into is not None:
        # Merged while we waited.
        member = lock(tx, organization, [member.merged_into]).get(member.merged_into)
    if member is None or member.is_erased:
        raise MemberNotFound("There is no member of this reference.")
    return member


def read(tx: Tx, organization: int, ids: Iterable[int]) -> dict[int, Member]:
    """The members as they are, without a lock."""
    return _members(tx, READ, organization, ids)


def get(tx: Tx, organization: int, ref: MemberRef) -> Member | None:
    """The member that `ref` names, without a lock."""
    number = resolve(tx, organization, [ref]).get(ref)
    return None if number is None else read(tx, organization, [number]).get(number)


def must_get(tx: Tx, organization: int, ref: MemberRef) -> Member:
    """The same. Raises MemberNotFound."""
    member = get(tx, organization, ref)
    if member is None:
        raise MemberNotFound("There is no member of this reference.")
    return member


def restricted_at(tx: Tx, organization: int, member_id: int) -> datetime | None:
    """Since when the use of the member's data is restricted; None where it is not."""
    row = tx.execute(RESTRICTED, [organization, member_id]).fetchone()
    return None if row is None else row[0]


def _members(tx: Tx, query: str, organization: int, ids: Iterable[int]) -> dict[int, Member]:
    rows = tx.execute(query, {"organization": organization, "ids": int_array(ids)})
    return {row[0]: _member(row) for row in rows}


def _member(row: Sequence[Any]) -> Member:
    number, enrolled_at, attributes, state, is_erased, is_frozen, merged_into = row
    return Member(
        number,
        enrolled_at,
        _state.decode(state),
        _attributes.decode(attributes) if attributes != "{}" else {},
        is_erased=is_erased,
        is_frozen=is_frozen,
        merged_into=merged_into,
    )


def new_ids(tx: Tx, count: int) -> list[int]:
    """Ids for members that may be enrolled."""
    return [number for (number,) in tx.execute(NEXT_IDS, [count])]


def enrol(tx: Tx, organization: int, fresh: Sequence[tuple[MemberRef, Member]]) -> None:
    """Add members under their first identity. Raises UniqueViolation when somebody else enrolled
    one of them at the same moment; the caller tries again and finds them."""
    members = [member for _, member in fresh]
    tx.execute(
        ENROL,
        _columns(members)
        | {
            "organization": organization,
            "enrolled_at": time_array(member.enrolled_at for member in members),
        },
    )
    name(tx, organization, [(ref, member.id) for ref, member in fresh])


def name(tx: Tx, organization: int, named: Sequence[tuple[MemberRef, int]]) -> None:
    """Give members further identities. Raises UniqueViolation when one is taken."""
    tx.execute(
        NAME,
        {
            "organization": organization,
            "systems": text_array(ref.system for ref, _ in named),
            "external_ids": text_array(ref.external_id for ref, _ in named),
            "ids": int_array(number for _, number in named),
        },
    )


def save(tx: Tx, members: Sequence[Member]) -> None:
    """Write state, tier and attributes back. The members are locked."""
    tx.execute(SAVE, _columns(members))


def _columns(members: Sequence[Member]) -> dict[str, object]:
    encode = _encode
    tiers = [member.state.tier for member in members]
    return {
        "ids": int_array(member.id for member in members),
        "states": json_texts(encode(member.state).decode() for member in members),
        "tiers": text_array("" if tier is None else tier.tier for tier in tiers),
        "review_at": time_array(next_review(member.state) for member in members),
        "attributes": json_texts(
            encode(member.attributes).decode() if member.attributes else "{}" for member in members
        ),
    }


def identities(tx: Tx, organization: int, member_id: int) -> list[tuple[str, str]]:
    """The (system, external id) pairs by which the member is known."""
    return [(system, name) for system, name in tx.execute(IDENTITIES, [organization, member_id])]


def identities_of(
    tx: Tx, organization: int, member_ids: Iterable[int]
) -> dict[int, list[tuple[str, str]]]:
    """The same for many members; those without any are left out."""
    found: dict[int, list[tuple[str, str]]] = {}
    for member_id, system, external_id in tx.execute(
        ALL_IDENTITIES, [organization, int_array(member_ids)]
    ):
        found.setdefault(member_id, []).append((system, external_id))
    return found
