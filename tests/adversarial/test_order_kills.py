"""A till is killed between holding and capturing: nothing is lost, doubled or half done."""

from pathlib import Path

from tests.adversarial.killing import killed
from tests.adversarial.order_victim import main
from tests.adversarial.ordering import coupon, ready
from tests.adversarial.racing import proven

from regulars.storage.database import Database

ORDERS = 12

HALVES = """
select count(*) from customer_order o
where (o.state = 'confirmed') <> exists (
        select from event where event.id = o.event_id and type = 'purchase')
    or (o.state = 'confirmed') <> exists (
        select from hold where hold.id = o.hold_id and hold.state = 'captured')
    or exists (
        select from reservation r where r.owner_kind = 'order' and r.owner_id = o.id
            and r.state <> case o.state when 'confirmed' then 'captured' else 'open' end)
"""


def test_a_till_that_is_killed_leaves_no_half_orders(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    ready(db, 4)
    coupon(db, "KILLED", per_member=100)
    log = tmp_path / "answers"
    noted: list[str] = []
    for after in (3, 8):
        noted = killed("order_victim", db_url, log, ORDERS, after)
        with db.transaction(1) as tx:
            assert tx.execute(HALVES).fetchone() == (0,)
            kept = {
                name for (name,) in tx.execute(
                    "select external_id from customer_order where state = 'confirmed'"
                )
            }  # fmt: skip
        told = {f"K-{line.split()[1]}" for line in noted if line.startswith("confirmed")}
        assert told <= kept
    assert noted
    main(db_url, log, ORDERS)
    with db.transaction(1) as tx:
        states = tx.execute("select state, count(*) from customer_order group by state").fetchall()
        bought = tx.execute("select count(*) from event where source = 'till'").fetchone()
        used = tx.execute("select sum(used), sum(reserved) from quota where kind = 'template'")
        assert states == [("confirmed", ORDERS)]
        assert bought == (ORDERS + 4,)
        assert used.fetchone() == (ORDERS, 0)
    proven(db)
