"""Copies for analysts: members under pseudonyms, and nothing that leads back to them."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.adversarial.racing import NOW, START, buy, operate, sent
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.audit import By
from regulars.domain.errors import InvalidInput, RegularsError
from regulars.domain.ids import parse_ref
from regulars.domain.operations import Adjustment, PointsTransfer
from regulars.domain.personal import Profile
from regulars.gateways.files.writing import write
from regulars.services import exports, members
from regulars.services.intake.taking import Intake
from regulars.storage import profiles
from regulars.storage.database import Database
from regulars.storage.programs import Versions

BY = By(1, "cli:test")
Export = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def filled(db: Database) -> Export:
    """Two members with cards and a phone, and events that name both; what an export says."""
    published(db, document("owe"))
    for card in ("card:4711", "card:4712"):
        made = members.enrol(
            db, Versions(1), [parse_ref(card), parse_ref(f"crm:{card[5:]}-c")], attributes={},
            enrolled_at=START, now=NOW,
        )  # fmt: skip
    with db.transaction(1) as tx:
        profiles.keep(
            tx, cabinet(), 1, member_id=made.card.member.id, now=NOW,
            profile=Profile(phone="+8613800138000"),
        )  # fmt: skip
    outcomes = Intake(db, 1).take_in(
        [
            buy("p1", "card:4711", 1000),
            operate("t1", "card:4711", PointsTransfer(to="card:4712", currency="points", amount=3)),
            operate("a1", "card:4711", Adjustment(currency="points", amount=3, reason="Li rang")),
            sent("r1", "referral", "card:4711", {"referee": "card:4712"}),
            sent("c1", "card_payment", "card:4711",
                 {"currency": "CNY", "amount": 5, "card": "62224711"}),
        ],
        NOW,
    )  # fmt: skip
    assert not [one for one in outcomes if isinstance(one, RegularsError)]

    def export(name: str, **more: Any) -> list[dict[str, Any]]:
        out = io.BytesIO()
        records = exports.export(db, cabinet(), 1, name, by=BY, now=NOW, **more)
        write("ndjson", records, exports.kind_of(name, **more).columns, out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return export


@pytest.mark.parametrize("name", list(exports.KINDS))
def test_nobody_is_named_in_what_analysts_get(filled: Export, name: str) -> None:
    text = json.dumps(filled(name))
    for value in ("4711", "4712", "crm:", "mem_", "~", "138", "Li rang", "to_id"):
        assert value not in text, text
    assert "psn_" in text


def test_one_member_has_one_pseudonym_everywhere(filled: Export) -> None:
    people = [row["member"] for row in filled("members")]
    assert len(set(people)) == len(people) == 2
    assert {row["member"] for row in filled("events")} == {people[0]}
    assert {row["member"] for row in filled("lots")} == set(people)
    assert {row["subject"] for row in filled("cloudevents")} == {f"pseudonym:{people[0]}"}
    (given,) = [row for row in filled("events") if row["type"] == "regulars.transfer"]
    assert given["data"] == {"amount": 3, "currency": "points", "to": f"pseudonym:{people[1]}"}
    assert people == [row["member"] for row in filled("members")]
    assert all(one.startswith("psn_") for one in people)


def test_who_moves_elsewhere_gets_the_numbers_but_no_hashes(filled: Export) -> None:
    told = filled("members", identified=True)
    assert [row["identities"] for row in told] == [
        ["card:4711", "crm:4711-c"], ["card:4712", "crm:4712-c"],
    ]  # fmt: skip
    facts = filled("cloudevents", identified=True)
    assert {row["subject"] for row in facts} == {"card:4711"}
    assert facts[1]["data"] == {"referee": "card:4712"}


def test_an_export_is_on_record_with_what_it_named(filled: Export, db: Database) -> None:
    filled("lots")
    filled("members", identified=True)
    with db.transaction(1) as tx:
        told = tx.execute("select after from audit where action = 'records.exported' order by id")
        assert [json.loads(after) for (after,) in told] == [
            {"what": "lots", "identified": False}, {"what": "members", "identified": True},
        ]  # fmt: skip


def test_what_nobody_knows_is_not_exported(db: Database) -> None:
    with pytest.raises(InvalidInput):
        next(exports.export(db, cabinet(), 1, "secrets", by=BY, now=NOW))
