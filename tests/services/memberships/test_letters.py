"""Holders are written to before a card ends: who wants it, by the way they want, once."""

from datetime import timedelta

import pytest
from tests.adversarial.memberships.test_membership_races import BY, ME, NOW, house, money, ready
from tests.services.memberships.letters import known, letters, yes

from regulars.domain.consents import Channel
from regulars.services.memberships import passing, selling
from regulars.services.memberships.selling import Sale
from regulars.storage import erasure
from regulars.storage.database import Database
from regulars.storage.memberships import due

SOON = NOW + timedelta(days=352)


def test_the_holder_reads_once_for_each_term_when_the_card_ends(db: Database) -> None:
    first = ready(db)
    number = selling.begin(first, ME, "plus", money("a"), key="a", by=BY, now=NOW).membership.id
    with db.transaction(1) as tx:
        known(tx, 1, [yes(Channel.EMAIL)])
    passing.look(house(db), SOON - timedelta(days=2))
    assert letters(db) == []
    for _ in range(2):
        passing.look(house(db), SOON)
    [letter] = letters(db)
    assert (letter.channel, letter.to) == ("email", "m1@example.com")
    assert letter.subject.endswith(": your Plus card ends on 4 March 2027")
    assert "Renew it on your pages" in letter.text
    selling.renew(house(db), number, money("b"), key="b", by=BY, now=SOON)
    passing.look(house(db), SOON + timedelta(days=1))
    assert len(letters(db)) == 1
    passing.look(house(db), SOON + timedelta(days=365))
    assert [one.subject[-4:] for one in letters(db)] == ["2027", "2028"]


def test_a_card_that_renews_itself_says_so_in_the_members_language(db: Database) -> None:
    first = ready(db)
    renewing = Sale(pay="points", renews=True)
    selling.begin(first, ME, "plus", renewing, key="a", by=BY, now=NOW)
    with db.transaction(1) as tx:
        known(tx, 1, [yes(Channel.SMS)], language="zh-Hans-CN")
    passing.look(house(db), SOON)
    [letter] = letters(db)
    assert (letter.channel, letter.to, letter.subject) == ("sms", "+8613800138001", "")
    assert "您的Plus 年卡将于2027年3月4日到期，届时将自动续费" in letter.text


@pytest.mark.parametrize(
    "who", ["silent", "no", "for news only", "unproven", "restricted", "unknown"]
)
def test_nobody_is_written_to_who_did_not_say_yes(db: Database, who: str) -> None:
    selling.begin(ready(db), ME, "plus", money("a"), key="a", by=BY, now=NOW)
    with db.transaction(1) as tx:
        if who == "no":
            known(tx, 1, [yes(Channel.EMAIL), yes(Channel.ANY, granted=False)])
        elif who == "unproven":
            known(tx, 1, [yes(Channel.EMAIL)], email_proven_at=None)
        elif who == "restricted":
            known(tx, 1, [yes(Channel.EMAIL)])
            erasure.restrict(tx, 1, 1, is_on=True, at=NOW)
        elif who != "unknown":
            known(tx, 1, [] if who == "silent" else [yes(Channel.POST)])
    assert passing.look(house(db), SOON).reminded == 1
    assert letters(db) == []


def test_what_is_cut_short_is_written_later_and_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling.begin(ready(db), ME, "plus", money("a"), key="a", by=BY, now=NOW)
    with db.transaction(1) as tx:
        known(tx, 1, [yes(Channel.EMAIL)])
    with monkeypatch.context() as broken:
        broken.setattr("regulars.services.memberships.writing.audit.record", _dies)
        with pytest.raises(ConnectionError):
            passing.look(house(db), SOON)
    assert letters(db) == []
    assert passing.look(house(db), SOON).reminded == 1
    assert len(letters(db)) == 1
    with db.transaction(1) as tx:
        assert not due.remind(tx, 1, "plus", soon=SOON, now=NOW, limit=9)


def _dies(*_: object) -> None:
    raise ConnectionError
