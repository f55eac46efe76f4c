"""What is killed: redeems without end, for money and points in turn, and pays; tells what it did.

`python -m tests.adversarial.mall.taker URL VARIANT MEMBERS`: a line for each answer.
"""

import sys
from contextlib import closing
from itertools import count

from tests.adversarial.mall.rushing import BY, NOW, desk, redeeming

from regulars.domain.mall.wishes import Wish
from regulars.services.mall import settling
from regulars.services.mall.redeeming import Taken
from regulars.storage.database import Database


def say(word: str, number: int) -> None:
    """A line at once, for whoever kills us may do so any moment."""
    sys.stdout.write(f"{word} {number}\n")
    sys.stdout.flush()


def main(url: str, variant: int, members: int) -> None:
    """Until somebody ends it."""
    with closing(Database(url, pool_size=2)) as db:
        taking, counter = redeeming(db), desk(db)
        for turn in count():
            wishes = [
                Wish(
                    member_id=member, variant_id=variant, key=f"k{turn}", digest="d", by="member:1"
                )
                for member in range(1, members + 1)
            ]
            for outcome in taking.take_in(wishes, NOW):
                if not isinstance(outcome, Taken):
                    continue
                number = outcome.redemption.id
                say("taken", number)
                if number % 2:
                    settling.pay(counter, number, reference="r", by=BY, now=NOW)
                    say("paid", number)
                else:
                    settling.cancel(counter, number, reason="", by=BY, now=NOW)
                    say("cancelled", number)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
