"""What time does to paid cards: a reminder once, a renewal in points, an end that frees places."""

from datetime import timedelta

from tests.adversarial.memberships.test_membership_races import BY, ME, NOW, house, money, ready

from regulars.domain.ids import MemberRef
from regulars.services.memberships import passing, reading, selling, sharing
from regulars.services.memberships.house import House
from regulars.services.memberships.selling import Sale
from regulars.storage import notices
from regulars.storage.database import Database

POINTS = Sale(pay="points", renews=True)


def told(db: Database) -> list[str]:
    with db.transaction(1) as tx:
        found = notices.page(tx, 1, 1, before=None, limit=20)
    return [one.kind for one in found if one.kind.startswith("card_")]


def begin(first: House, sale: Sale) -> int:
    return selling.begin(first, ME, "plus", sale, key="a", by=BY, now=NOW).membership.id


def test_the_holder_is_reminded_once_before_each_end(db: Database) -> None:
    number = begin(ready(db), money("a"))
    assert passing.look(house(db), NOW + timedelta(days=350)).reminded == 0
    soon = NOW + timedelta(days=352)
    assert passing.look(house(db), soon).reminded == 1
    assert passing.look(house(db), soon).reminded == 0
    assert told(db) == ["card_ends_soon"]
    selling.renew(house(db), number, money("b"), key="b", by=BY, now=soon)
    assert passing.look(house(db), soon + timedelta(days=1)).reminded == 0
    assert passing.look(house(db), soon + timedelta(days=365)).reminded == 1


def test_a_card_paid_in_points_renews_itself_as_long_as_there_are_any(db: Database) -> None:
    number = begin(ready(db, total=50_000), POINTS)
    day = NOW + timedelta(days=364, hours=1)
    first = passing.look(house(db), day)
    assert (first.renewed, first.not_renewed) == (0, 1)
    assert not reading.one(house(db), number).membership.renews
    assert set(told(db)) == {"card_not_renewed", "card_ends_soon"}


def test_a_renewal_by_itself_happens_once(db: Database) -> None:
    number = begin(ready(db, total=200_000), POINTS)
    assert passing.look(house(db), NOW + timedelta(days=300)).renewed == 0
    near = reading.one(house(db), number).membership.until - timedelta(hours=20)
    assert passing.look(house(db), near).renewed == 1
    assert passing.look(house(db), near).renewed == 0
    assert reading.one(house(db), number).membership.until.year == 2028


def test_an_end_frees_the_places_and_is_told(db: Database) -> None:
    first = ready(db, members=2)
    number = begin(first, money("a"))
    code = sharing.invite(first, number, member_id=None, by=BY, now=NOW).code
    sharing.join(first, MemberRef(None, "card", "2"), code, by=BY, now=NOW)
    over = NOW + timedelta(days=365 + 8)
    assert passing.look(house(db), over).ended == 1
    assert passing.look(house(db), over).ended == 0
    (person,) = sharing.people(house(db), number)
    assert person.state == "over"
    assert "card_ended" in told(db)
    with db.transaction(1) as tx:
        assert tx.execute("select used from quota where kind = 'seat'").fetchone() == (0,)
    again = selling.begin(house(db), ME, "plus", money("c"), key="c", by=BY, now=over)
    assert again.membership.id != number
