"""What was kept long enough goes once a day, and everybody can read what went."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from tests.adversarial.racing import buy, sent
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.access import Kind
from regulars.domain.errors import InternalFault
from regulars.domain.ids import MemberRef, parse_ref
from regulars.domain.members import Member, State
from regulars.domain.personal import Profile
from regulars.domain.retention import CLASSES, What
from regulars.services import retention
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage import members, outbox, profiles, sessions, vault
from regulars.storage.database import Database
from regulars.storage.retention import ENDINGS, NOT_BY_SCHEDULE

OLD = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
MEI = Profile(name="Mei", phone="+8613800138000")


def member(db: Database, name: str, *, since: datetime = OLD) -> int:
    with db.transaction(1) as tx:
        number = members.new_ids(tx, 1)[0]
        fresh = Member(number, since, State(), is_new=True)
        members.enrol(tx, 1, [(MemberRef(None, "card", name), fresh)])
        profile = Profile(name="Mei", email=f"{name}@example.com")
        profiles.keep(tx, cabinet(), 1, member_id=number, profile=profile, now=since)
    return number


def session(db: Database, number: int, at: datetime) -> None:
    with db.transaction(1) as tx:
        sessions.begin(
            tx, 1, kind=Kind.MEMBER, subject_id=number, secret_hash=f"{number}{at}".encode(),
            device="Firefox", at=at, expires_at=at + timedelta(days=30),
        )  # fmt: skip


def swept(db: Database, *, dry_run: bool = False, now: datetime = NOW) -> dict[What, int]:
    return {run.what: run.removed for run in retention.sweep(db, 1, now, dry_run=dry_run)}


def settle(db: Database, text: str) -> None:
    with db.transaction(1) as tx:
        tx.execute("update organization set settings = %s", [text])


def test_what_is_old_goes_and_what_is_young_stays(db: Database) -> None:
    number = member(db, "a1", since=NOW)
    session(db, number, OLD)
    session(db, number, NOW)
    with db.transaction(1) as tx:
        for at in (OLD, NOW):
            outbox.put(tx, cabinet(), 1, letter=b"x", at=at, expires_at=at)
            tx.execute(
                "insert into import_progress (organization_id, fingerprint, file, rows_done, "
                "rows_refused, rejects_bytes, updated_at) values (1, %s, 'x', 0, 0, 0, %s)",
                [str(at), at],
            )
            tx.execute(
                "insert into login_state (state_hash, organization_id, kind, browser_hash, "
                "expires_at) values (%s, 1, 'passkey', 'x', %s)",
                [str(at).encode(), at],
            )
    due = {
        What.SIGN_IN_CODES: 1, What.SESSIONS: 1, What.HELD_ENROLMENTS: 0,
        What.INACTIVE_MEMBERS: 0, What.MESSAGES: 1, What.REJECTED_IMPORTS: 1,
    }  # fmt: skip

    assert swept(db, dry_run=True) == due
    assert retention.is_due(db, 1, NOW), "a dry run is no run"
    assert swept(db) == due

    assert set(swept(db).values()) == {0}
    with db.transaction(1) as tx:
        assert tx.execute("select count(*) from session").fetchone() == (1,)
        assert tx.execute("select count(*) from outbox").fetchone() == (1,)


def test_what_went_is_on_record_and_the_next_run_is_due_in_a_day(db: Database) -> None:
    assert retention.is_due(db, 1, NOW)
    swept(db)
    assert not retention.is_due(db, 1, NOW + timedelta(hours=23))
    assert retention.is_due(db, 1, NOW + timedelta(days=1))
    known = retention.schedule(db, 1)
    assert {run.what for run in known.runs} == set(CLASSES) - set(NOT_BY_SCHEDULE)
    assert {run.kept_for for run in known.runs if run.what is What.SESSIONS} == {"P90D"}


def test_every_kind_of_record_has_an_end_or_says_why_not() -> None:
    assert set(CLASSES) == set(ENDINGS) | set(NOT_BY_SCHEDULE) | {What.INACTIVE_MEMBERS}


def test_who_no_longer_comes_is_forgotten_and_keeps_their_points(db: Database) -> None:
    published(db, document("owe"))
    gone, signs_in, buys, new = (member(db, name) for name in ("a1", "a2", "a3", "a4"))
    session(db, signs_in, NOW - timedelta(days=30))
    with db.transaction(1) as tx:
        tx.execute("update vault set updated_at = %s where member_id = %s", [NOW, new])
    intake = Intake(db, 1)
    intake.take_in([buy("p1", "card:a1", 1000), sent("v1", "visit", "card:a3", {})], NOW)
    with db.transaction(1) as tx:
        tx.execute("update event set occurred_at = %s where member_id = %s", [NOW, buys])
        tx.execute("update event set occurred_at = %s where member_id = %s", [OLD, gone])

    assert swept(db, dry_run=True)[What.INACTIVE_MEMBERS] == 1
    assert swept(db)[What.INACTIVE_MEMBERS] == 1

    with db.transaction(1) as tx:
        assert [vault.knows(tx, 1, one) for one in (gone, signs_in, buys, new)] == [
            False, True, True, True,
        ]  # fmt: skip
        assert members.identities(tx, 1, gone) == [("card", "a1")]
        member_ids = tx.execute(
            "select member_id, actor from audit where action = 'member.forgotten'"
        ).fetchall()
    assert member_ids == [(gone, "system")]
    (outcome,) = intake.take_in([buy("p2", "card:a1", 1000)], NOW)
    assert getattr(outcome, "member_id", None) == gone, "whoever comes back has what they had"
    with db.transaction(1) as tx:
        profiles.keep(tx, cabinet(), 1, member_id=gone, profile=MEI, now=NOW)


def test_an_organization_sets_its_own_periods_within_bounds(db: Database) -> None:
    number = member(db, "a1", since=NOW)
    session(db, number, NOW - timedelta(days=45))
    settle(db, '{"privacy": {"retention": {"sessions": "P30D"}}}')
    assert swept(db)[What.SESSIONS] == 0
    settle(db, '{"privacy": {"retention": {"sessions": "P10D"}}}')
    assert swept(db)[What.SESSIONS] == 1
    settle(db, '{"privacy": {"retention": {"sessions": "PT1H"}}}')
    with pytest.raises(InternalFault):
        swept(db)


def test_one_organization_does_not_sweep_another(db: Database) -> None:
    session(db, member(db, "a1"), OLD)
    with db.transaction(0) as tx:
        row = tx.execute(
            "insert into organization (code, name) values ('other', 'x') returning id"
        ).fetchone()
    assert row is not None
    assert {run.removed for run in retention.sweep(db, row[0], NOW)} == {0}
    with db.transaction(1) as tx:
        assert tx.execute("select count(*) from session").fetchone() == (1,)


def test_a_sweep_that_is_stopped_goes_on_the_next_time(db: Database) -> None:
    session(db, member(db, "a1", since=NOW), OLD)
    stop = Event()
    stop.set()
    assert list(retention.sweep(db, 1, NOW, stop=stop.is_set)) == []
    assert swept(db)[What.SESSIONS] == 1


def test_many_members_are_forgotten_by_stretches(db: Database) -> None:
    with db.transaction(1) as tx:
        ids = members.new_ids(tx, 25)
        members.enrol(
            tx, 1,
            [(MemberRef(None, "card", str(n)), Member(n, OLD, State(), is_new=True)) for n in ids],
        )  # fmt: skip
        for number in ids:
            vault.write(tx, cabinet(), 1, member_id=number, plain=b"{}", now=OLD)
    together, retention.MEMBERS_TOGETHER = retention.MEMBERS_TOGETHER, 10
    try:
        assert swept(db)[What.INACTIVE_MEMBERS] == 25
    finally:
        retention.MEMBERS_TOGETHER = together
    assert parse_ref("card:1").system == "card"
    assert verify(db, 1).is_clean
