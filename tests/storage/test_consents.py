"""What members said is on record with its proof, and stays there."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.conftest import cabinet

from regulars.domain.consents import Channel, Consent, How
from regulars.domain.errors import MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member, State
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage import consents, members, vault
from regulars.storage.database import Database, Tx

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
FORM = b'{"ticked": ["marketing by sms"], "shown": "Mei"}'


def enrolled(tx: Tx) -> int:
    number = members.new_ids(tx, 1)[0]
    member = Member(number, NOW, State(), is_new=True)
    members.enrol(tx, DEFAULT_ORGANIZATION, [(MemberRef(None, "card", "1"), member)])
    return number


def word(channel: Channel, *, granted: bool, at: datetime = NOW) -> Consent:
    return Consent(
        purpose="marketing", channel=channel, granted=granted, at=at, text_version="2026-01",
        how=How.SELF, by="member:1",
    )  # fmt: skip


def test_what_was_said_is_found_in_its_order_with_its_proof(db: Database) -> None:
    keys = cabinet()
    later = NOW + timedelta(days=1)
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        member = enrolled(tx)
        vault.write(tx, keys, DEFAULT_ORGANIZATION, member_id=member, plain=b"{}", now=NOW)
        consents.record(
            tx, keys, DEFAULT_ORGANIZATION, member_id=member, proof=FORM, by="member:1", at=NOW,
            consents=[word(Channel.SMS, granted=True), word(Channel.EMAIL, granted=False)],
        )  # fmt: skip
        consents.record(
            tx, keys, DEFAULT_ORGANIZATION, member_id=member, proof=None, by="member:1", at=later,
            consents=[word(Channel.SMS, granted=False, at=later)],
        )  # fmt: skip
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        said = consents.proven(tx, keys, DEFAULT_ORGANIZATION, member)
        assert [(one.consent.channel, one.consent.granted, one.proof) for one in said] == [
            (Channel.SMS, True, FORM),
            (Channel.EMAIL, False, FORM),
            (Channel.SMS, False, None),
        ]
        then = consents.standing(tx, DEFAULT_ORGANIZATION, member, NOW)
        assert then["marketing", Channel.SMS].granted
        now = consents.standing(tx, DEFAULT_ORGANIZATION, member, later)
        assert not now["marketing", Channel.SMS].granted


def test_a_proof_is_unreadable_in_the_table_and_gone_with_the_key(db: Database) -> None:
    keys = cabinet()
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        member = enrolled(tx)
        vault.write(tx, keys, DEFAULT_ORGANIZATION, member_id=member, plain=b"{}", now=NOW)
        consents.record(
            tx, keys, DEFAULT_ORGANIZATION, member_id=member, proof=FORM, by="staff:1", at=NOW,
            consents=[word(Channel.SMS, granted=True)],
        )  # fmt: skip
        row = tx.execute("select proof from consent").fetchone()
        assert row is not None
        assert b"Mei" not in bytes(row[0])
        vault.destroy(tx, DEFAULT_ORGANIZATION, member)
        (left,) = consents.proven(tx, keys, DEFAULT_ORGANIZATION, member)
        assert (left.consent.granted, left.proof) == (True, None)


def test_no_proof_is_taken_of_a_member_without_a_key(db: Database) -> None:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        member = enrolled(tx)
        with pytest.raises(MemberNotFound):
            consents.record(
                tx, cabinet(), DEFAULT_ORGANIZATION, member_id=member, proof=FORM, by="staff:1",
                at=NOW, consents=[word(Channel.SMS, granted=True)],
            )  # fmt: skip


@pytest.mark.parametrize("statement", ["update consent set granted = true", "delete from consent"])
def test_what_was_said_cannot_be_changed(db: Database, statement: str) -> None:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        member = enrolled(tx)
        consents.record(
            tx, cabinet(), DEFAULT_ORGANIZATION, member_id=member, proof=None, by="staff:1",
            at=NOW, consents=[word(Channel.SMS, granted=False)],
        )  # fmt: skip
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        db.transaction(DEFAULT_ORGANIZATION) as tx,
    ):
        tx.execute(statement.encode())


def test_many_members_words_on_one_purpose_are_found_at_once(db: Database) -> None:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        member = enrolled(tx)
        consents.record(
            tx, cabinet(), DEFAULT_ORGANIZATION, member_id=member, proof=None, by="staff:1",
            at=NOW, consents=[word(Channel.SMS, granted=True)],
        )  # fmt: skip
        found = consents.of_many(tx, DEFAULT_ORGANIZATION, [member, member + 1], "marketing")
        assert {number: len(said) for number, said in found.items()} == {member: 1}
        assert not consents.of_many(tx, DEFAULT_ORGANIZATION, [member], "research")
