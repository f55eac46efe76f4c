"""Finding a member by phone among a million: the number is brought into its form, hashed and looked
up, and the profile is read out of the vault and masked."""

import time
from random import Random

import msgspec
import psycopg

from bench.yard import NOW, Figure, Yard, cabinet, middle, unbound
from regulars.domain.ids import PHONE
from regulars.domain.masks import masked
from regulars.domain.personal import Profile
from regulars.services import members
from regulars.storage import vault
from regulars.storage.database import Database
from regulars.storage.programs import Versions

PEOPLE = 1_000_000
ASKED = 500
LIMIT_MS = 3.0

ENROL = """
insert into member (organization_id, enrolled_at) select 1, '2017-01-01' from generate_series(1, %s)
"""


def measure(yard: Yard) -> list[Figure]:
    """find_by_phone_ms: the median; the table has the 99th percentile too."""
    conninfo = yard.database("finding")
    db = Database(conninfo)
    drawers = cabinet(yard)
    with db.transaction(1) as tx:
        keys = drawers.keys(tx, 1)
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        connection.execute(ENROL, [PEOPLE])
        copy = "copy identity (organization_id, system, external_id, member_id) from stdin"
        with connection.cursor().copy(copy) as rows:
            for number in range(1, PEOPLE + 1):
                rows.write_row((1, PHONE, keys.hash_of(PHONE, _phone(number)), number))
        connection.execute("vacuum analyze")
    asked = Random(1).sample(range(1, PEOPLE + 1), ASKED)
    with db.transaction(1) as tx:
        for number in asked:
            plain = msgspec.json.encode(Profile(name="王小明", phone=_phone(number)))
            vault.write(tx, drawers, 1, member_id=number, plain=plain, now=NOW)
    versions, spent = Versions(1), []
    for number in asked:
        began = time.perf_counter()
        card = members.look(db, versions, keys.ref(PHONE, _phone(number)), NOW)
        with db.transaction(1) as tx:
            found = vault.read(tx, drawers, 1, [card.member.id])
        profile = msgspec.json.decode(found[number], type=Profile)
        assert masked(profile)["phone"]
        spent.append((time.perf_counter() - began) * 1000)
    db.close()
    yard.drop("finding")
    slow = sorted(spent)[int(len(spent) * 0.99)]
    typical = middle(spent)
    return [
        Figure("find_by_phone_ms", typical, "ms", LIMIT_MS, typical / LIMIT_MS, ASKED),
        Figure("find_by_phone_p99_ms", slow, "ms", LIMIT_MS, slow / LIMIT_MS, ASKED),
    ]


def _phone(number: int) -> str:
    return f"+86138{number:08d}"
