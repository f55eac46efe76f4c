"""Whoever uses, makes or gives coupons is killed in the middle: nothing is lost, doubled or half
done, and beginning again does the rest."""

from pathlib import Path

from tests.adversarial import coupon_victim
from tests.adversarial.killing import killed
from tests.adversarial.racing import NOW, proven
from tests.adversarial.test_coupon_races import BY, begun, house, template

from regulars.domain.coupons.codes import code_of
from regulars.domain.runs.runs import RunKind, RunWish
from regulars.services.coupons import batches, campaigns
from regulars.services.runs import running
from regulars.services.runs.running import House as GivingHouse
from regulars.storage.coupons import issuing
from regulars.storage.coupons.issuing import Issue
from regulars.storage.database import Database
from regulars.storage.programs import Versions

USES, CODES, PEOPLE = 24, 1_500, 200
KILLED_AFTER = (6, 25, 48)
"""Answers, over all lives together."""


HALF_USES = """
select count(*) from coupon_use u
where exists (
        select from reservation r where r.owner_kind = 'coupon_use' and r.owner_id = u.id
            and r.state <> case when u.rolled_back_at is not null then 'restored'
                                when u.redeemed_at is not null then 'captured' else 'open' end)
    or not exists (
        select from reservation r where r.owner_kind = 'coupon_use' and r.owner_id = u.id)
    or (u.redeemed_at is not null) <> exists (
        select from coupon_redeemed d where d.owner_kind = 'coupon_use' and d.owner_id = u.id
            and (d.taken_back_at is null) = (u.rolled_back_at is null))
"""
HALF_BATCHES = """
select count(*) from coupon_batch b
where b.made <> (select count(*) from coupon where batch_id = b.id)
"""
HALF_RUNS = """
select count(*) from grant_run g
where g.granted <> (select count(*) from coupon where source = 'run')
    or g.granted <> (select count(distinct member_id) from coupon where source = 'run')
    or g.granted <> (select count(*) from notice where kind = 'coupon_received')
    or exists (select from coupon where source = 'run' and member_id > g.last_member)
"""
DONE = """
select (select count(*) from coupon_use where redeemed_at is not null and rolled_back_at is null),
       (select count(*) from coupon_use where rolled_back_at is not null),
       (select count(*) from coupon where source = 'batch'),
       (select count(*) from coupon where source = 'run'),
       (select granted from grant_run), (select state from grant_run)
"""


def ready(db: Database) -> None:
    """Members with a coupon each for every use, a batch and a run that are asked for."""
    numbers = begun(db, PEOPLE)
    made = template(db)
    rows = [
        Issue(
            template_id=made.id, code=code_of("", number), source="staff", issued_at=NOW,
            member_id=coupon_victim.member_of(number, min(numbers), PEOPLE), by="staff:1",
        )
        for number in range(USES)
    ]  # fmt: skip
    with db.transaction(1) as tx:
        issuing.issue(tx, 1, rows)
    batches.ask(house(db), made.id, size=CODES, note="", key="b", by=BY, now=NOW)
    wish = RunWish(kind=RunKind.COUPON, condition="", reason="Ten years", template_id=made.id)
    running.begin(
        GivingHouse(db, Versions(1)), wish,
        lambda tx, plan: campaigns.check(tx, 1, plan, made.id, NOW), key="r", by=BY, now=NOW,
    )  # fmt: skip


def noted(lines: list[str], what: str) -> set[str]:
    return {line.split()[1] for line in lines if line.startswith(what)}


def test_whoever_deals_with_coupons_is_killed_and_leaves_nothing_half_done(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    ready(db)
    log = tmp_path / "answers"
    for after in KILLED_AFTER:
        lines = killed("coupon_victim", db_url, log, USES, after)
        with db.transaction(1) as tx:
            for halves in (HALF_USES, HALF_BATCHES, HALF_RUNS):
                assert tx.execute(halves).fetchone() == (0,), halves
            kept = {
                key.removeprefix("k")
                for (key,) in tx.execute(
                    "select request_key from coupon_use where redeemed_at is not null"
                )
            }
        assert noted(lines, "redeemed") <= kept
    coupon_victim.main(db_url, log, USES)
    with db.transaction(1) as tx:
        rolled = len(range(0, USES, 3))
        assert tx.execute(DONE).fetchone() == (
            USES - rolled, rolled, CODES, PEOPLE, PEOPLE, "done",
        )  # fmt: skip
    proven(db)
