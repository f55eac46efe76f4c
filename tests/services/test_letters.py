"""Letters wait sealed, are handed over once, tried again later, and go when nobody wants them."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.conftest import cabinet

from regulars.domain.errors import NotDelivered
from regulars.gateways.messages.letters import Letter
from regulars.services import letters
from regulars.storage import outbox
from regulars.storage.database import Database

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LETTER = Letter("sms", "+8613800138000", "", "your code is 482913", "en")


@dataclass
class Post:
    """Takes letters, or fails as it was told to."""

    failures: list[NotDelivered] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(letter)


def put(db: Database, minutes: int = 10) -> int:
    with db.transaction(1) as tx:
        return outbox.put(
            tx, cabinet(), 1, letter=msgspec.json.encode(LETTER), at=NOW,
            expires_at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip


def send(db: Database, post: Post, *, seconds: int = 0, only: int | None = None) -> int:
    now = NOW + timedelta(seconds=seconds)
    return letters.send(db, cabinet(), 1, post, now=now, only=only)


def waiting(db: Database) -> str:
    with db.transaction(1) as tx:
        return str(tx.execute("select * from outbox").fetchall())


def test_a_letter_waits_sealed_and_is_gone_once_it_was_sent(db: Database) -> None:
    number, post = put(db), Post()
    stored = waiting(db)

    assert send(db, post, only=number) == 1
    assert post.taken == [LETTER]
    assert "482913" not in stored
    assert "13800138000" not in stored
    assert waiting(db) == "[]"
    assert send(db, post) == 0


def test_what_failed_for_now_is_tried_again_ever_later(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    put(db)
    post = Post([NotDelivered("The bridge is away.", is_final=False) for _ in range(2)])

    tries = [second for second in range(0, 600, 20) if send(db, post, seconds=second)]
    with caplog.at_level(logging.DEBUG):
        assert "13800138000" not in caplog.text
    assert tries == [180]
    assert post.taken == [LETTER]


def test_what_was_refused_for_good_is_not_tried_again(db: Database) -> None:
    put(db)
    post = Post([NotDelivered("No such number.", is_final=True)])
    send(db, post)
    assert waiting(db) == "[]"
    assert post.taken == []


def test_a_letter_that_is_too_late_is_not_sent_and_goes(db: Database) -> None:
    put(db)
    post = Post()
    assert send(db, post, seconds=600) == 0
    with db.transaction(1) as tx:
        assert outbox.forget(tx, 1, NOW + timedelta(minutes=10)) == 1


def test_of_many_who_look_at_once_each_letter_is_taken_by_one(db: Database) -> None:
    for _ in range(20):
        put(db)
    posts = [Post() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        sent = sum(threads.map(lambda post: send(db, post), posts))
    assert sent == 20
    assert sum(len(post.taken) for post in posts) == 20
