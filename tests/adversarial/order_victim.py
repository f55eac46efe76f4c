"""What is killed: a till that opens and confirms orders one after the other, and notes each answer.

`python -m tests.adversarial.order_victim URL LOG COUNT`.
"""

import sys
from pathlib import Path

from tests.adversarial.ordering import TILL, counter, done, one, opening

from regulars.domain.orders.states import OrderClosed
from regulars.services.orders.asking import Confirming, Opening
from regulars.storage.database import Database


def asked(number: int) -> Opening:
    """The order of this number: with points and a coupon."""
    return opening(f"K-{number}", f"card:{number % 4 + 1}", codes=["KILLED"], points=1)


def main(url: str, log: Path, orders: int) -> None:
    """Take every order through its life; what was done before is found done."""
    lane = counter(Database(url))
    with log.open("a", buffering=1) as answers:
        for number in range(orders):
            if isinstance(one(lane, asked(number)), OrderClosed):
                continue
            answers.write(f"opened {number}\n")
            opened = done(lane, asked(number))
            done(lane, Confirming(number=opened.order.id, by=TILL))
            answers.write(f"confirmed {number}\n")
        answers.write("over\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
