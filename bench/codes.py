"""A million coupon codes, made as the run makes them: drawn by chance, checked, stored, counted."""

import time

from bench.yard import NOW, Figure, Yard
from regulars.domain.audit import By
from regulars.domain.coupons.templates import Give, TemplateState, Terms
from regulars.services.coupons import batches, templates
from regulars.services.coupons.batches import CodesOrder
from regulars.services.coupons.house import House
from regulars.services.coupons.templates import Wish
from regulars.storage.database import Database
from regulars.storage.programs import Versions

CODES = 1_000_000
LIMIT_S = 60.0
BY = By(1, "cli:bench")


def measure(yard: Yard) -> list[Figure]:
    """codes_million_s: from the first code drawn to the last one committed."""
    db = Database(yard.database("codes"))
    house = House(db, Versions(1))
    terms = Terms(give=Give.AMOUNT, currency="USD", amount=1_000)
    made = templates.create(house, "bench", Wish({"en": "Ten off"}, terms), by=BY, now=NOW)
    templates.move(house, made.id, TemplateState.ACTIVE, why="", by=BY, now=NOW)
    batch, _ = batches.ask(house, made.id, size=CODES, note="", key="bench", by=BY, now=NOW)
    began = time.perf_counter()
    done = batches.make(db, 1, CodesOrder(batch.id), told=lambda _done, _of: None, now=NOW)
    spent = time.perf_counter() - began
    assert done.codes == CODES
    db.close()
    yard.drop("codes")
    return [Figure("codes_million_s", spent, "s", LIMIT_S, spent / LIMIT_S, 1)]
