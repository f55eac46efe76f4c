"""Drafts under races, and between organizations."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from tests.conftest import LONG_AGO, cabinet
from tests.services.designing.story import PROGRAM, asked

from regulars.domain.audit import By, by_system
from regulars.domain.designing.refusals import DraftNotFound
from regulars.domain.errors import NotAllowed, RegularsError, StaleMark
from regulars.services import organizations, programs
from regulars.services.designing import drafts, simulations
from regulars.storage.database import Database
from regulars.storage.designing.drafts import MAX_REVISIONS, Draft

ORGANIZATION = 1
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
AT_ONCE = 6


def begin(db: Database, document: str = "one", organization: int = ORGANIZATION) -> Draft:
    return drafts.create(
        db, organization, name="Spring", document=document, from_version=None,
        by=By(organization, "staff:1"), now=NOW,
    )  # fmt: skip


def change(db: Database, number: int, document: str, mark: int | None, who: int = 1) -> Draft:
    return drafts.change(
        db, ORGANIZATION, number, name="Spring", document=document, revision=mark,
        by=By(ORGANIZATION, f"staff:{who}"), now=NOW,
    )  # fmt: skip


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """What each comes to, or its refusal; all begin at the same moment."""
    gate = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except RegularsError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_of_many_who_change_the_same_revision_one_does(db: Database) -> None:
    number = begin(db).id

    found = at_once(
        [lambda who=who: change(db, number, f"by {who}", 1, who) for who in range(AT_ONCE)]
    )

    winners = [one for one in found if isinstance(one, Draft)]
    assert len(winners) == 1
    assert sum(isinstance(one, StaleMark) for one in found) == AT_ONCE - 1
    now = drafts.get(db, ORGANIZATION, number)
    assert (now.revision, now.document) == (2, winners[0].document)
    assert all(now.changed_by in one.detail for one in found if isinstance(one, StaleMark))


def test_of_many_processes_one_takes_what_waits(db: Database) -> None:
    programs.publish(db, ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    for months in (1, 2):
        wanted = asked(PROGRAM, months=months)
        simulations.ask(db, ORGANIZATION, wanted, by=by_system(ORGANIZATION), now=NOW)

    found = at_once([lambda: simulations.take(db, ORGANIZATION, lambda: NOW)] * AT_ONCE)

    assert sum(one is not None for one in found) == 1


def test_what_a_draft_said_long_ago_is_forgotten(db: Database) -> None:
    number = begin(db).id
    with db.transaction(ORGANIZATION) as tx:
        tx.execute("update draft set revision = %s where id = %s", [MAX_REVISIONS, number])
        tx.execute("update draft_revision set revision = %s", [MAX_REVISIONS])
        tx.execute(
            "insert into draft_revision select draft_id, organization_id, 1, name, document,"
            " changed_by, changed_at from draft_revision"
        )

    change(db, number, "new", MAX_REVISIONS)

    kept = drafts.revisions(db, ORGANIZATION, number, before=None, limit=9)
    assert [one.revision for one in kept] == [MAX_REVISIONS + 1, MAX_REVISIONS]


def test_there_are_only_so_many(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    begin(db)
    begin(db)

    with pytest.raises(NotAllowed):
        begin(db)


def test_two_organizations_do_not_see_each_others_drafts(db: Database) -> None:
    programs.publish(db, ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    there = organizations.create(
        db, cabinet(), code="there", name="There", by=by_system(1), now=NOW
    ).id
    theirs = begin(db, "secret", there).id

    for look in (
        lambda: drafts.get(db, ORGANIZATION, theirs),
        lambda: drafts.revision(db, ORGANIZATION, theirs, 1),
        lambda: drafts.revisions(db, ORGANIZATION, theirs, before=None, limit=9),
        lambda: change(db, theirs, "mine", None),
        lambda: drafts.delete(db, ORGANIZATION, theirs, by=by_system(1), now=NOW),
        lambda: simulations.ask(
            db, ORGANIZATION, asked("", draft_id=theirs), by=by_system(1), now=NOW
        ),
    ):
        with pytest.raises(DraftNotFound):
            look()
    assert drafts.listed(db, ORGANIZATION, before=None, limit=9) == []
    assert drafts.get(db, there, theirs).document == "secret"
