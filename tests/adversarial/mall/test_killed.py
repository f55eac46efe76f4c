"""Killed with -9 between holding and capturing: what was answered is there, and the books agree."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.adversarial.mall.rushing import stall
from tests.adversarial.racing import proven

from regulars.storage.database import Database

ROOT = Path(__file__).parents[3]
MEMBERS = 5


@pytest.mark.parametrize("answers", [1, 14])
def test_what_was_answered_is_there_and_the_rest_left_no_trace(
    db: Database, db_url: str, answers: int
) -> None:
    tree = stall(db, stock=10_000, members=MEMBERS, points=100_000, cash=100)
    number = str(tree.variants[0].id)
    command = [sys.executable, "-m", "tests.adversarial.mall.taker", db_url, number, str(MEMBERS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as victim:
        assert victim.stdout is not None
        told = [victim.stdout.readline().split() for _ in range(answers)]
        victim.kill()
        told += [line.split() for line in victim.stdout.read().splitlines()]
    with db.transaction(1) as tx:
        found = dict(tx.execute("select id, state from redemption").fetchall())
        steps = set(tx.execute("select redemption_id, state from redemption_step").fetchall())
        open_ones = tx.execute(
            "select count(*) from redemption where state = 'awaiting_payment' and not exists"
            " (select from hold where hold.id = hold_id and hold.state = 'open')"
        ).fetchone()
    words = {"taken": "awaiting_payment", "paid": "fulfilled", "cancelled": "cancelled"}
    for word, one in told:
        assert int(one) in found
        assert (int(one), words[word]) in steps
    assert open_ones == (0,)
    proven(db)
