"""What is killed: a counter that sells, reminds of, renews and takes back paid cards, and notes it.

`python -m tests.adversarial.memberships.membership_victim URL LOG COUNT`.
"""

import sys
from datetime import timedelta
from pathlib import Path

from tests.adversarial.memberships.test_membership_races import BY, NOW, house, money

from regulars.domain.ids import MemberRef
from regulars.services.memberships import ending, passing, selling
from regulars.services.memberships.selling import Sale
from regulars.storage.database import Database

SOON = NOW + timedelta(days=352)


def main(url: str, log: Path, members: int) -> None:
    """Take every member's card through its life; what was done before is found done."""
    counter = house(Database(url))
    with log.open("a", buffering=1) as answers:
        for n in range(1, members + 1):
            ref = MemberRef(None, "card", str(n))
            paid = Sale(pay="points")
            sold = selling.begin(counter, ref, "plus", paid, key=f"b{n}", by=BY, now=NOW)
            number = sold.membership.id
            answers.write(f"sold {n}\n")
            if not sold.membership.ended_how:
                passing.look(counter, SOON)
                selling.renew(counter, number, money(n), key=f"r{n}", by=BY, now=SOON)
                answers.write(f"renewed {n}\n")
            ending.refund(counter, number, reason="asked", key=f"x{n}", by=BY, now=SOON)
            answers.write(f"refunded {n}\n")
        answers.write("over\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
