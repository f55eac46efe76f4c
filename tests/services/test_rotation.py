"""Keys get successors while everything goes on, and old ones go when nothing hangs on them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from tests.conftest import LONG_AGO, cabinet
from tests.storage.test_consents import enrolled

from regulars.domain.audit import By
from regulars.domain.errors import KeyServiceFailed, PersonalDataUnusable
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member, State
from regulars.domain.personal import Profile
from regulars.gateways.key_services import file
from regulars.gateways.key_services.file import FileKeys
from regulars.services import rotation, veiling
from regulars.storage import members, outbox, profiles, vault
from regulars.storage import rotation as sealed
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet

BY = By(1, "cli:test")
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = NOW + rotation.SETTLED
MEI = Profile(name="Mei", phone="+8613800138000")

VERSIONED = """
select table_name, column_name from information_schema.columns
where table_schema = 'public' and column_name like '%key_version'
"""


def filled(db: Database, keys: Cabinet) -> int:
    """A member with a profile, and a letter; the member's number."""
    with db.transaction(1) as tx:
        number = enrolled(tx)
        profiles.keep(tx, keys, 1, member_id=number, profile=MEI, now=NOW)
        outbox.put(tx, keys, 1, letter=b"Dear Mei", at=NOW, expires_at=NOW + timedelta(days=1))
    return number


def name_of(db: Database, keys: Cabinet, number: int) -> str | None:
    with db.transaction(1) as tx:
        return profiles.read(tx, keys, 1, number).name


def test_all_is_sealed_anew_and_opens_as_before(db: Database) -> None:
    keys = cabinet()
    number = filled(db, keys)
    told: list[tuple[int, int]] = []

    done = rotation.rotate(
        db, keys, 1, by=BY, now=NOW, told=lambda count, everything: told.append((count, everything))
    )

    assert (done.version, done.resealed, done.dropped, done.kept) == (2, 2, (), (1,))
    assert told[-1] == (2, 2)
    with db.transaction(1) as tx:
        assert sealed.waiting(tx, 1, 2) == 0
        (letter,) = outbox.take(tx, keys, 1, now=NOW, limit=10, only=None)
    assert letter.letter == b"Dear Mei"
    for another in (keys, cabinet()):
        assert name_of(db, another, number) == "Mei"


def test_an_old_key_goes_when_nobody_can_be_using_it(db: Database) -> None:
    keys = cabinet()
    number = filled(db, keys)
    rotation.rotate(db, keys, 1, by=BY, now=NOW)
    assert rotation.drop_old(db, keys, 1, by=BY, now=NOW) == ((), (1,))

    assert rotation.drop_old(db, keys, 1, by=BY, now=LATER) == ((1,), ())

    assert rotation.drop_old(db, keys, 1, by=BY, now=LATER) == ((), ())
    assert name_of(db, cabinet(), number) == "Mei"
    with db.transaction(1) as tx:
        assert tx.execute(
            "select version from organization_key where purpose = 'data'"
        ).fetchall() == [(2,)]
        told = tx.execute("select action from audit where action like 'vault.%%' order by id")
        assert [row[0] for row in told] == ["vault.rotated", "vault.keys_dropped"]


def test_a_process_that_knew_the_old_key_seals_under_the_new_one(db: Database) -> None:
    keys, other = cabinet(), cabinet()
    number = filled(db, keys)
    assert name_of(db, other, number) == "Mei"
    rotation.rotate(db, keys, 1, by=BY, now=NOW)

    with db.transaction(1) as tx:
        outbox.put(tx, other, 1, letter=b"Hello", at=NOW, expires_at=NOW + timedelta(days=1))
        assert sealed.waiting(tx, 1, 2) == 0


def test_a_rotation_that_was_broken_off_is_carried_on(db: Database) -> None:
    keys = cabinet()
    filled(db, keys)
    with db.transaction(1) as tx:
        keys.renew(tx, 1, NOW)

    done = rotation.rotate(db, keys, 1, by=BY, now=NOW)

    assert (done.version, done.resealed) == (2, 2)
    assert rotation.rotate(db, keys, 1, by=BY, now=LATER).version == 3


def test_a_key_stays_while_something_hangs_on_it(db: Database) -> None:
    keys = cabinet()
    filled(db, keys)
    with db.transaction(1) as tx:
        keys.renew(tx, 1, NOW)
    assert rotation.drop_old(db, keys, 1, by=BY, now=LATER) == ((), (1,))


def test_members_change_their_data_while_keys_are_rotated(db: Database, db_url: str) -> None:
    keys = cabinet()
    with db.transaction(1) as tx:
        ids = members.new_ids(tx, 40)
        members.enrol(
            tx, 1,
            [(MemberRef(None, "card", str(n)), Member(n, NOW, State(), is_new=True)) for n in ids],
        )  # fmt: skip
        for number in ids:
            profiles.keep(tx, keys, 1, member_id=number, profile=Profile(name="A1"), now=NOW)
    faults: list[Exception] = []

    def change() -> None:
        own_keys = cabinet()
        with closing(Database(db_url, pool_size=2)) as own:
            for number in ids:
                try:
                    with own.transaction(1) as tx:
                        members.lock_living(tx, 1, MemberRef(number))
                        profiles.keep(
                            tx, own_keys, 1, member_id=number, profile=Profile(name="B2"), now=NOW
                        )
                except Exception as fault:
                    faults.append(fault)

    thread = Thread(target=change)
    thread.start()
    for _ in range(3):
        rotation.rotate(db, keys, 1, by=BY, now=NOW)
    thread.join()

    assert not faults, faults
    rotation.rotate(db, keys, 1, by=BY, now=NOW)
    rotation.drop_old(db, keys, 1, by=BY, now=LATER)
    assert {name_of(db, cabinet(), number) for number in ids} == {"B2"}


def test_every_sealed_column_is_rotated(db: Database) -> None:
    with db.transaction(1) as tx:
        there = set(tx.execute(VERSIONED.encode()).fetchall())
    known = {(one.table, one.version) for one in sealed.SEALED} | {("vault", "key_version")}
    assert there == known


def test_the_master_key_gets_a_successor(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "master.keys"
    file.create(path, LONG_AGO.date())
    first = path.read_text()
    keys = Cabinet(FileKeys(path))
    with db.transaction(1) as tx:
        tx.execute("delete from organization_key")
    veiling.begin(db, keys, 1, NOW)
    number = filled(db, keys)

    file.rotate(path, NOW.date())
    count = rotation.rewrap_all(db, keys, by=lambda number: By(number, "cli:test"), now=NOW)

    assert count == 2
    newest = path.read_text().splitlines()[-1]
    path.write_text(newest + "\n")
    assert name_of(db, Cabinet(FileKeys(path)), number) == "Mei"
    path.write_text(first)
    with pytest.raises(KeyServiceFailed):
        name_of(db, Cabinet(FileKeys(path)), number)


def test_a_sealed_text_that_was_moved_does_not_open(db: Database) -> None:
    keys = cabinet()
    with db.transaction(1) as tx:
        one = enrolled(tx)
        profiles.keep(tx, keys, 1, member_id=one, profile=MEI, now=NOW)
        two = members.new_ids(tx, 1)[0]
        members.enrol(
            tx, 1, [(MemberRef(None, "card", "2"), Member(two, NOW, State(), is_new=True))]
        )
        vault.write(tx, keys, 1, member_id=two, plain=b"{}", now=NOW)
        tx.execute(
            "update vault set (wrapped_key, sealed) = "
            "(select wrapped_key, sealed from vault where member_id = %s) where member_id = %s",
            [one, two],
        )
        with pytest.raises(PersonalDataUnusable):
            vault.read(tx, keys, 1, [two])
