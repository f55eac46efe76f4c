"""Codes by which members use a benefit, in PostgreSQL: kept as keyed hashes, used once."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

# One code of a member and benefit at a time: whoever asks again has lost the one before.
DROP_OLD = """
delete from benefit_code
where organization_id = %s and member_id = %s and benefit = %s and use_id is null
"""

INSERT = """
insert into benefit_code (organization_id, code_hash, member_id, benefit, grant_id, made_at,
                          expires_at)
values (%s, %s, %s, %s, %s, %s, %s)
"""

FIND = """
select code_hash, member_id, benefit, grant_id, made_at, expires_at, use_id from benefit_code
where organization_id = %s and code_hash = %s
"""

LOCK = FIND + " for update"

USED = "update benefit_code set use_id = %s where organization_id = %s and code_hash = %s"

LATEST = """
select code_hash, member_id, benefit, grant_id, made_at, expires_at, use_id from benefit_code
where organization_id = %s and member_id = %s and benefit = %s
order by made_at desc
limit 1
"""


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for. `use_id`: what it was used for; None while it can be used."""

    code_hash: str
    member_id: int
    benefit: str
    grant_id: int | None
    made_at: datetime
    expires_at: datetime
    use_id: int | None

    def state_at(self, at: datetime) -> str:
        """open, used or over."""
        if self.use_id is not None:
            return "used"
        return "over" if at >= self.expires_at else "open"


def make(
    tx: Tx,
    organization: int,
    code: Code,
) -> None:
    """Write a code; the member's earlier one of the same benefit is void. The member is locked."""
    tx.execute(DROP_OLD, [organization, code.member_id, code.benefit])
    tx.execute(
        INSERT,
        [
            organization, code.code_hash, code.member_id, code.benefit, code.grant_id,
            code.made_at, code.expires_at,
        ],
    )  # fmt: skip


def find(tx: Tx, organization: int, code_hash: str) -> Code | None:
    """The code with this hash, whatever became of it; None for none."""
    row = tx.execute(FIND, [organization, code_hash]).fetchone()
    return None if row is None else Code(*row)


def lock(tx: Tx, organization: int, code_hash: str) -> Code | None:
    """The same, with nobody else using it until the transaction ends."""
    row = tx.execute(LOCK, [organization, code_hash]).fetchone()
    return None if row is None else Code(*row)


def latest(tx: Tx, organization: int, member_id: int, benefit: str) -> Code | None:
    """The newest code of a member for a benefit; None for none."""
    row = tx.execute(LATEST, [organization, member_id, benefit]).fetchone()
    return None if row is None else Code(*row)


def used(tx: Tx, organization: int, code_hash: str, use_id: int) -> None:
    """Note what a locked code was used for."""
    tx.execute(USED, [use_id, organization, code_hash])
