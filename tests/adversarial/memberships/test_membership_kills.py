"""A counter is killed while it sells, renews and takes back cards: nothing half done or twice."""

from pathlib import Path

from tests.adversarial.killing import killed
from tests.adversarial.memberships.membership_victim import main
from tests.adversarial.memberships.test_membership_races import ready
from tests.adversarial.racing import proven
from tests.services.memberships.letters import known, letters, yes

from regulars.domain.consents import Channel
from regulars.storage.database import Database

MEMBERS = 6

HALVES = """
select count(*) from membership_term as term
join membership on membership.id = term.membership_id
left join hold on hold.id = term.hold_id
where (term.points > 0) <> (hold.state is not distinct from 'captured')
    or (membership.ended_how = 'refunded') <> (term.refunded_at is not null)
"""


def test_a_counter_that_is_killed_leaves_no_half_card(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    ready(db, MEMBERS)
    with db.transaction(1) as tx:
        for member in range(1, MEMBERS + 1):
            known(tx, member, [yes(Channel.EMAIL)])
        before = tx.execute("select sum(remaining)::bigint from lot").fetchone()
    log = tmp_path / "answers"
    for after in (2, 9):
        noted = killed("memberships.membership_victim", db_url, log, MEMBERS, after)
        assert noted
        with db.transaction(1) as tx:
            assert tx.execute(HALVES).fetchone() == (0,)
            ended = "select count(*) from membership where ended_how = 'refunded'"
            row = tx.execute(ended).fetchone()
        assert row is not None
        assert row[0] >= len({line for line in noted if line.startswith("refunded")})
    main(db_url, log, MEMBERS)
    with db.transaction(1) as tx:
        assert tx.execute(HALVES).fetchone() == (0,)
        cards = "select ended_how, count(*) from membership group by ended_how"
        assert tx.execute(cards).fetchall() == [("refunded", MEMBERS)]
        terms = "select count(*), count(distinct payment) from membership_term"
        assert tx.execute(terms).fetchone() == (2 * MEMBERS, MEMBERS + 1)
        told = "select kind, count(*) from notice where kind like 'card_%%' group by kind"
        assert tx.execute(told).fetchall() == [("card_ends_soon", MEMBERS)]
        after_all = tx.execute("select sum(remaining)::bigint from lot").fetchone()
    assert sorted(one.to for one in letters(db)) == [
        f"m{member}@example.com" for member in range(1, MEMBERS + 1)
    ]
    assert before is not None
    assert after_all is not None
    assert after_all[0] <= before[0]
    proven(db)
