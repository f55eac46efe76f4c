"""What is killed: a shop that uses coupons one after the other, a process that makes codes, and a
worker that gives a coupon to everybody, all at the same time; each notes what it has done.

`python -m tests.adversarial.coupon_victim URL LOG USES`. The first batch and the first run there
are, and codes 0 to USES of the members in turn, are what it works on.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

from tests.adversarial.racing import NOW

from regulars.domain.coupons.codes import code_of
from regulars.domain.ids import MemberRef
from regulars.domain.orders.carts import Cart, CartLine
from regulars.services.coupons import batches, using
from regulars.services.coupons.house import House
from regulars.services.coupons.using import Wish
from regulars.services.runs import running
from regulars.services.runs.running import House as GivingHouse
from regulars.storage.database import Database
from regulars.storage.programs import Versions
from regulars.worker.giving import HANDS

CODES_TOGETHER, MEMBERS_TOGETHER = 100, 15
"""So little at a time that a kill comes in the middle."""

Note = Callable[[str], object]


def member_of(number: int, first: int, people: int) -> int:
    """Whose coupon the code of this number is."""
    return first + number % people


def shop(db: Database, note: Note, uses: int) -> None:
    """Reserve and redeem every coupon, and roll every third of them back."""
    house = House(db, Versions(1))
    with db.transaction(1) as tx:
        first, people = tx.execute("select min(id), count(*) from member").fetchone() or (0, 0)
    for number in range(uses):
        cart = Cart(currency="CNY", lines=(CartLine(amount=5_000),), codes=(code_of("", number),))
        who = MemberRef(member_of(number, first, people))
        wish = Wish(member=who, cart=cart, seconds=900)
        made, _ = using.use(house, wish, caller="key:1", key=f"k{number}", now=NOW)
        note(f"reserved {number}\n")
        if made.rolled_back_at is None:
            using.redeem(house, made.id, NOW)
            note(f"redeemed {number}\n")
        if number % 3 == 0:
            using.roll_back(house, made.id, why="Not paid", now=NOW)
            note(f"rolled {number}\n")


def make(db: Database, note: Note) -> None:
    """Make the codes that are still to be made."""
    batches.make(
        db, 1, batches.CodesOrder(1), told=lambda done, _: note(f"codes {done}\n"), now=NOW
    )


def give(db: Database, note: Note) -> None:
    """Do the run to its end."""
    house = GivingHouse(db, Versions(1))
    while (part := running.step(house, HANDS, NOW)) is not None:
        note(f"gave {part}\n")


def main(url: str, log: Path, uses: int) -> None:
    """Do all that is still to be done."""
    with closing(Database(url)) as db, log.open("a", buffering=1) as answers:
        work = [
            Thread(target=shop, args=(db, answers.write, uses)),
            Thread(target=make, args=(db, answers.write)),
            Thread(target=give, args=(db, answers.write)),
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        answers.write("over\n")


if __name__ == "__main__":
    batches.ROWS_TOGETHER, running.TOGETHER = CODES_TOGETHER, MEMBERS_TOGETHER  # type: ignore[misc]
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
