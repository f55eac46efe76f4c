"""The register of processing says of every table what it holds of people."""

import pytest

from regulars.domain.personal import FIELDS
from regulars.domain.privacy import PrivacyPolicy, retention_of
from regulars.domain.registers import Nature, entry
from regulars.services.registers import register
from regulars.storage import registers
from regulars.storage.database import Database


def test_every_table_says_what_it_holds(db: Database) -> None:
    with db.transaction(1) as tx:
        tables = registers.tables(tx)
    assert [name for name, comment in tables.items() if not comment] == []
    told = {one.where: one for one in register(db, 1)}
    assert set(tables) <= set(told)
    assert {f"profile.{name}" for name in FIELDS} <= set(told)


def test_periods_are_those_of_the_organization(db: Database) -> None:
    def kept(where: str) -> str:
        return next(one.kept for one in register(db, 1) if one.where == where)

    assert kept("session") == "P90D after ended"
    assert kept("vault") == "until erasure, or P36M after last seen"
    with db.transaction(1) as tx:
        tx.execute(
            "update organization set settings = %s",
            ['{"privacy": {"retention": {"sessions": "P30D"}}}'],
        )
    assert kept("session") == "P30D after ended"


def test_what_is_sealed_is_told_as_personal(db: Database) -> None:
    personal = {one.where for one in register(db, 1) if one.nature is Nature.PERSONAL}
    assert {
        "vault",
        "vault.sealed",
        "staff.sealed",
        "enrolment.sealed",
        "consent.proof",
    } <= personal
    assert "audit" not in personal


@pytest.mark.parametrize("comment", ["", "personal", "secret; for fun; for good", "none; a; b; c"])
def test_a_comment_of_another_shape_is_refused(comment: str) -> None:
    with pytest.raises(ValueError, match=r"x|secret"):
        entry("x", comment, retention_of(PrivacyPolicy()))
