"""Many workers at runs of coupons, while staff stop them: nobody gets two of one run, no more are
given than the template's total is enough for, and what the run says is what was given."""

from collections.abc import Callable
from contextlib import closing
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import NOW, proven
from tests.adversarial.test_coupon_races import BY, begun, template

from regulars.domain.runs.runs import RunKind, RunWish
from regulars.services.coupons import campaigns
from regulars.services.runs import running
from regulars.services.runs.running import House
from regulars.storage.database import Database
from regulars.storage.programs import Versions
from regulars.worker.giving import HANDS

PEOPLE, WORKERS = 60, 6
TOLD = """
select run.state, run.refusal, run.granted, count(coupon.id), count(distinct coupon.member_id)
from grant_run run
left join coupon on source = 'run' and starts_with(coupon.request_key, 'run:' || run.id || ':')
group by run.id
order by run.id
"""


def house(db: Database) -> House:
    return House(db, Versions(1))


def begin(db: Database, number: int, count: int) -> list[int]:
    """So many runs of one template."""
    wish = RunWish(kind=RunKind.COUPON, condition="", reason="Ten years", template_id=number)
    return [
        running.begin(
            house(db), wish, lambda tx, plan: campaigns.check(tx, 1, plan, number, NOW),
            key=f"r{place}", by=BY, now=NOW,
        )[0].id
        for place in range(count)
    ]  # fmt: skip


def worked(db_url: str, beside: Callable[[Database], object] | None = None) -> None:
    """Let all workers step at once until nothing waits; `beside`: what somebody else does."""
    faults: list[Exception] = []
    barrier = Barrier(WORKERS + (beside is not None))

    def work(db: Database) -> None:
        try:
            barrier.wait()
            # Who finds every run taken looks again: it may be done by then.
            for _ in range(PEOPLE):
                running.step(house(db), HANDS, NOW)
        except Exception as fault:
            faults.append(fault)

    def disturb(db: Database) -> None:
        barrier.wait()
        assert beside is not None
        beside(db)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=work, args=(db,)) for _ in range(WORKERS)]
        if beside is not None:
            threads.append(Thread(target=disturb, args=(db,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while running.step(house(db), HANDS, NOW) is not None:
            pass
    assert not faults, faults


@pytest.fixture(autouse=True)
def little_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TOGETHER", 5)


def test_many_workers_give_everybody_one_of_each_run(db: Database, db_url: str) -> None:
    begun(db, PEOPLE)
    begin(db, template(db).id, 3)
    worked(db_url)
    with db.transaction(1) as tx:
        found = tx.execute(TOLD).fetchall()
    assert found == [("done", "", PEOPLE, PEOPLE, PEOPLE)] * 3
    proven(db)


def test_runs_of_one_template_together_give_no_more_than_its_total(
    db: Database, db_url: str
) -> None:
    begun(db, PEOPLE)
    begin(db, template(db, total=37).id, 3)
    worked(db_url)
    with db.transaction(1) as tx:
        found = tx.execute(TOLD).fetchall()
    assert sum(row[2] for row in found) == sum(row[3] for row in found) == 37
    assert {row[:2] for row in found} == {("done", "limit_reached")}


def test_a_run_that_is_stopped_amid_its_work_says_what_it_gave(db: Database, db_url: str) -> None:
    begun(db, PEOPLE)
    (run,) = begin(db, template(db).id, 1)
    worked(db_url, lambda at: running.stop(house(at), RunKind.COUPON, run, by=BY, now=NOW))
    with db.transaction(1) as tx:
        (told,) = tx.execute(TOLD).fetchall()
    state, _, granted, there, members = told
    assert state in {"stopped", "done"}
    assert granted == there == members
