"""Many ways to one template at once: no more of its coupons are given out than can be used, and
whoever gets none is told so."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from tests.adversarial.racing import NOW, buy, proven, race
from tests.adversarial.test_coupon_races import BY, PROGRAM, RACERS, begun, house, raced, template

from regulars.domain.coupons.codes import code_of
from regulars.domain.coupons.templates import ClaimTerms, Template
from regulars.domain.ids import MemberRef
from regulars.domain.limits.refusals import LimitReached
from regulars.services import programs
from regulars.services.coupons import claiming, issuing, looking
from regulars.services.coupons.house import House
from regulars.storage.coupons import issuing as rows
from regulars.storage.coupons import rationing
from regulars.storage.coupons.issuing import Issue
from regulars.storage.database import Database

LEFT = 10
RULE = """  - id: thanks
    name: {en: A coupon for each purchase}
    on: purchase
    effects: [{coupon: ten}]
"""


def by_staff(made: Template, who: int) -> Callable[[House], object]:
    """Staff give it to one member; refused as the member would be who asks."""

    def deed(at: House) -> None:
        (one,) = issuing.give(at, made.id, [MemberRef(who)], key=f"k{who}", by=BY, now=NOW)
        if one.coupon is None:
            assert one.why_not in {"none_left", "enough"}
            raise LimitReached

    return deed


def by_claim(made: Template, who: int) -> Callable[[House], object]:
    return lambda at: claiming.claim(at, made.id, who, key=f"k{who}", now=NOW)


def by_code(code: str, who: int) -> Callable[[House], object]:
    return lambda at: claiming.enter(at, code, who, now=NOW)


def codes(db: Database, made: Template, count: int) -> list[str]:
    """Codes that are nobody's yet."""
    found = [code_of("", 1_000 + place) for place in range(count)]
    issues = [
        Issue(template_id=made.id, code=one, member_id=None, source="batch", issued_at=NOW,
              by="staff:1")
        for one in found
    ]  # fmt: skip
    with db.transaction(1) as tx:
        rows.issue(tx, 1, issues)
    return found


def there(db: Database, made: Template) -> tuple[int, int | None]:
    """How many coupons members have, and how many the template says that they have."""
    with db.transaction(1) as tx:
        counted = tx.execute(
            "select count(*) from coupon where member_id is not null and state <> 'revoked'"
        ).fetchone()
        given = tx.execute("select given from coupon_template where id = %s", [made.id]).fetchone()
    assert counted is not None
    assert given is not None
    return counted[0], given[0]


@RACERS
def test_all_ways_together_give_out_as_many_as_the_total_is_enough_for(
    db: Database, db_url: str, racers: int
) -> None:
    numbers = begun(db, racers)
    made = template(db, total=min(LEFT, racers // 2), claim=ClaimTerms())
    printed = codes(db, made, racers)
    deeds = [
        (by_staff(made, who), by_claim(made, who), by_code("SPRING", who), by_code(code, who))[
            place % 4
        ]
        for place, (who, code) in enumerate(zip(numbers, printed, strict=True))
    ]
    told = raced(db_url, deeds)
    given = min(LEFT, racers // 2)
    assert told == {"done": given, "limit_reached": racers - given}
    assert there(db, made) == (given, given)
    proven(db)


@RACERS
def test_one_member_gets_as_many_as_they_may_use_by_whatever_way(
    db: Database, db_url: str, racers: int
) -> None:
    (who,) = begun(db, 1)
    made = template(db, per_member=3, claim=ClaimTerms(per_member=100))
    printed = codes(db, made, racers)
    deeds: list[Callable[[House], object]] = []
    for place, code in enumerate(printed):
        claim = lambda at, key=f"c{place}": claiming.claim(at, made.id, who, key=key, now=NOW)  # noqa: E731
        # Who types many codes that they do not get has to wait: a few are enough.
        deeds.append(claim if place % 8 else by_code(code, who))
    assert raced(db_url, deeds) == {"done": 3, "limit_reached": racers - 3}
    assert there(db, made)[0] == 3


def test_purchases_at_the_same_moment_bring_as_many_as_there_are(db: Database, db_url: str) -> None:
    begun(db, 0)
    programs.publish(db, 1, PROGRAM + RULE, in_force_from=NOW - timedelta(days=8), now=NOW)
    made = template(db, total=LEFT)
    batches = [[buy(f"p{thread}-{one}", f"card:{thread}-{one}", 100) for one in range(5)]
               for thread in range(8)]  # fmt: skip
    outcomes = [one for batch in race(db_url, batches) for one in batch]
    missed = Counter(one.explanation.missed.get("ten", "") for one in outcomes)  # type: ignore[union-attr]
    assert missed == {"": LEFT, "none_left": 40 - LEFT}
    assert there(db, made) == (LEFT, LEFT)
    proven(db)


def test_what_is_revoked_while_others_are_given_out_is_free_again(
    db: Database, db_url: str
) -> None:
    numbers = begun(db, 24)
    made = template(db, total=8)
    gone = issuing.give(
        house(db), made.id, [MemberRef(one) for one in numbers[:8]], key="k", by=BY, now=NOW
    )
    coupons = [one.coupon.id for one in gone if one.coupon is not None]
    assert len(coupons) == 8
    deeds: list[Callable[[House], object]] = [
        lambda at, one=one: looking.set_state(at, [one], "revoked", why="", by=BY, now=NOW)
        for one in coupons
    ]
    told = raced(db_url, [*deeds, *(by_staff(made, who) for who in numbers[8:16])])
    assert 8 <= told["done"] <= 16
    raced(db_url, [by_staff(made, who) for who in numbers[16:]])
    assert there(db, made) == (8, 8)


def test_the_count_is_what_there_is(db: Database) -> None:
    numbers = begun(db, 3)
    made = template(db, total=2)
    issuing.give(house(db), made.id, [MemberRef(numbers[0])], key="k", by=BY, now=NOW)
    with db.transaction(1) as tx:
        assert rationing.lock(tx, 1, made, numbers, NOW).left == 1
        assert rationing.read(tx, 1, [made], numbers, NOW)[made.id].left == 1
    assert there(db, made) == (1, 1)
