"""Consents in PostgreSQL: what each member said yes or no to, only ever added to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain import consents
from regulars.domain.consents import Channel, Consent, How, Standing
from regulars.storage import vault
from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

RECORD = """
insert into consent (organization_id, member_id, purpose, channel, granted, said_at, recorded_at,
                     text_version, how, by_guardian, actor, proof)
select %(organization)s, %(member_id)s, purpose, channel, granted, said_at, %(at)s, text_version,
       how, by_guardian, %(by)s, %(proof)s
from unnest(%(purposes)s::text[], %(channels)s::text[], %(granted)s::boolean[],
            %(said_at)s::timestamptz[], %(texts)s::text[], %(hows)s::text[],
            %(guardians)s::boolean[])
    as fresh (purpose, channel, granted, said_at, text_version, how, by_guardian)
"""

# In the order in which they were recorded.
HISTORY = """
select purpose, channel, granted, said_at, text_version, how, actor, by_guardian, recorded_at,
       proof
from consent
where organization_id = %s and member_id = %s
order by id
"""

OF_MANY = """
select member_id, purpose, channel, granted, said_at, text_version, how, actor, by_guardian
from consent join member on member.id = consent.member_id
where consent.organization_id = %s and member_id = any(%s::bigint[]) and purpose = %s
    and member.restricted_at is null and member.erased_at is null
order by member_id, consent.id
"""

LEFT_ALONE = """
select true from member
where organization_id = %s and id = %s and (restricted_at is not null or erased_at is not null)
"""

PROOF = "consent"
"""Names the place under which a proof is sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One word of a member as it stands on record. `proof`: opened; None where there was none, or
    the member was forgotten since."""

    consent: Consent
    recorded_at: datetime
    proof: bytes | None


def record(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    *,
    member_id: int,
    consents: Sequence[Consent],
    proof: bytes | None,
    by: str,
    at: datetime,
) -> None:
    """Put words of one member on record. `by`: the actor who recorded them. `proof`: what shows
    all of them, in the open; it is sealed under the member's key, so the vault has to know the
    member. Raises MemberNotFound when there is a proof, and nothing is kept of the member."""
    if not consents:
        return
    sealed = None
    if proof is not None:
        sealed = vault.seal_for(
            tx, cabinet, organization, member_id=member_id, plain=proof, what=PROOF
        )
    tx.execute(
        RECORD,
        {
            "organization": organization,
            "member_id": member_id,
            "at": at,
            "by": by,
            "proof": sealed,
            "purposes": text_array(one.purpose for one in consents),
            "channels": text_array(one.channel.value for one in consents),
            "granted": _booleans(one.granted for one in consents),
            "said_at": time_array(one.at for one in consents),
            "texts": text_array(one.text_version for one in consents),
            "hows": text_array(one.how.value for one in consents),
            "guardians": _booleans(one.by_guardian for one in consents),
        },
    )


def history(tx: Tx, organization: int, member_id: int) -> list[Consent]:
    """All that a member said, in the order in which it was recorded."""
    return [_consent(row) for row in tx.execute(HISTORY, [organization, member_id])]


def proven(tx: Tx, cabinet: Cabinet, organization: int, member_id: int) -> list[Said]:
    """The same with the proofs. Opens the vault: for the member, and for who answers to them."""
    rows = tx.execute(HISTORY, [organization, member_id]).fetchall()
    has_key = vault.knows(tx, organization, member_id)
    found = []
    for row in rows:
        proof = None
        if row[9] is not None and has_key:
            proof = vault.open_for(
                tx, cabinet, organization, member_id=member_id, sealed=row[9], what=PROOF
            )
        found.append(Said(_consent(row), row[8], proof))
    return found


def standing(tx: Tx, organization: int, member_id: int, at: datetime) -> Standing:
    """The word that counts at `at`, for each purpose and channel ever spoken of."""
    return consents.standing(history(tx, organization, member_id), at)


def may(
    tx: Tx, organization: int, member_id: int, *, purpose: str, channel: Channel, at: datetime
) -> bool:
    """Whether the member may be approached: their word at `at` is yes, and the use of their data is
    not restricted. Also no once they were erased."""
    if tx.execute(LEFT_ALONE, [organization, member_id]).fetchone() is not None:
        return False
    return consents.may(history(tx, organization, member_id), purpose, channel, at)


def of_many(
    tx: Tx, organization: int, member_ids: Iterable[int], purpose: str
) -> dict[int, list[Consent]]:
    """What many members said of one purpose; those who said nothing, and those who are left alone,
    are left out."""
    found: dict[int, list[Consent]] = {}
    for number, *row in tx.execute(OF_MANY, [organization, int_array(member_ids), purpose]):
        found.setdefault(number, []).append(_consent(row))
    return found


def _consent(row: Sequence[Any]) -> Consent:
    purpose, channel, granted, at, text_version, how, by, by_guardian = row[:8]
    return Consent(
        purpose=purpose,
        channel=Channel(channel),
        granted=granted,
        at=at,
        text_version=text_version,
        how=How(how),
        by=by,
        by_guardian=by_guardian,
    )


def _booleans(values: Iterable[bool]) -> str:
    return "{" + ",".join("true" if value else "false" for value in values) + "}"
