"""A flash sale in its first second: hundreds of buyers for a hundred pieces."""

import asyncio
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.adversarial.mall.rushing import NOW, redeeming, sale_of, stall, wish
from tests.adversarial.mall.test_mall_races import spent
from tests.adversarial.racing import proven
from tests.conftest import cabinet

from regulars.api.lanes.mall import MallDesk
from regulars.domain.errors import RegularsError
from regulars.runtime import Runtime
from regulars.services.sales.sold_out import LOOK_AGAIN_S, SoldOutBoard
from regulars.settings import Settings
from regulars.storage.database import Database

BUYERS, PIECES, PROCESSES = 400, 100, 3


def test_of_hundreds_of_buyers_exactly_a_hundred_win(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    tree = stall(db, stock=1000, members=BUYERS, points=10)
    sale = sale_of(db, tree, PIECES)

    async def buy(desk: MallDesk, member: int) -> str:
        try:
            taken = await desk.submit(1, wish(tree, member, "k", sale=sale))
        except RegularsError as refusal:
            return refusal.code
        return "again" if taken.is_repeat else "won"

    async def rush() -> Counter[str]:
        """Several processes' desks; every tenth buyer asks twice, at two of them."""
        loop = asyncio.get_running_loop()
        settings = Settings(data=tmp_path, database_url=db_url)
        with closing(Database(db_url, pool_size=8)) as own:
            runtime = Runtime(settings, own, cabinet(), clock=lambda: NOW)
            desks = [MallDesk(runtime, loop) for _ in range(PROCESSES)]
            asked = [buy(desks[n % PROCESSES], n + 1) for n in range(BUYERS)]
            asked += [buy(desks[(n + 1) % PROCESSES], n + 1) for n in range(0, BUYERS, 10)]
            told = Counter(await asyncio.gather(*asked))
            for desk in desks:
                await desk.close()
        return told

    told = asyncio.run(rush())
    assert told["won"] == PIECES
    assert told["won"] + told["again"] + told["sold_out"] == BUYERS + BUYERS // 10
    assert spent(db) == PIECES * 5
    with db.transaction(1) as tx:
        row = tx.execute("select count(*), count(distinct member_id) from redemption").fetchone()
    assert row == (PIECES, PIECES)
    proven(db)


def test_one_member_buys_once_though_they_ask_often(db: Database) -> None:
    tree = stall(db, stock=1000, members=1)
    sale = sale_of(db, tree, 5)
    outcomes = redeeming(db).take_in([wish(tree, 1, f"k{n}", sale=sale) for n in range(8)], NOW)
    assert Counter(getattr(one, "code", "won") for one in outcomes) == {
        "won": 1, "limit_reached": 7,
    }  # fmt: skip


def test_sold_out_is_told_from_memory_and_looked_at_again_after_a_second() -> None:
    ticks = [0.0]
    board = SoldOutBoard(tick=lambda: ticks[0])
    assert not board.says_no(1, 7, 3)
    board.note(1, 7, frozenset({5}))
    assert board.says_no(1, 7, 3)
    assert not board.says_no(1, 7, 5)  # a buyer is told what they bought
    assert not board.says_no(2, 7, 3)
    ticks[0] = LOOK_AGAIN_S
    assert not board.says_no(1, 7, 3)  # one is let through to look
    assert board.says_no(1, 7, 4)
    board.forget(1, 7)
    assert not board.says_no(1, 7, 4)
