"""The transfers of all members: searched page by page, told in full, taken along as files."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pyarrow.parquet
import pytest
from tests.api.conftest import MORNING, Shop

from regulars.domain.access import Scope
from regulars.services.finance import transfers as searching
from regulars.storage.finance import spans

REDEEM = "/v1/members/card:1/redemptions"


@pytest.fixture(params=[2, 5, 16_384])
def length(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Stretches so short that a handful of transfers fills many."""
    monkeypatch.setattr(spans, "LENGTH", request.param)
    monkeypatch.setattr("regulars.storage.finance.transfers.LENGTH", request.param)
    return int(request.param)


def stocked(shop: Shop) -> None:
    """Two members who buy, one of whom also spends, over ten days."""
    for day in range(5):
        shop.buy(1000 + 100 * day, subject="card:1")
        shop.buy(500, subject="card:2")
        shop.clock.pass_(days=2)
    shop.do(REDEEM, {"currency": "points", "amount": 7})


def found(shop: Shop, **params: Any) -> list[dict[str, Any]]:
    """All that a search finds, over all pages."""
    items: list[dict[str, Any]] = []
    for page in pages(shop, **params):
        items += page["items"]
    return items


def pages(shop: Shop, **params: Any) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        answer = shop.get("/v1/transfers", **params, **more)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page
        cursor = page["next"]
        if cursor is None:
            return


def everything(shop: Shop) -> list[dict[str, Any]]:
    """The plain truth, from the members' own lists."""
    items: list[dict[str, Any]] = []
    for card in ("card:1", "card:2"):
        told = shop.get(f"/v1/members/{card}/transfers", limit=200).json()
        items += [one | {"member": told["member"]} for one in told["items"]]
    return items


def same(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> bool:
    def key(one: dict[str, Any]) -> str:
        return str(one["transfer"])

    return sorted(left, key=key) == sorted(right, key=key)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_every_transfer_is_found_once_newest_first(shop: Shop, length: int, limit: int) -> None:
    stocked(shop)
    spans.extend(shop.db, 1)

    items = found(shop, limit=limit)

    assert same(items, everything(shop))
    recorded = [one["recorded_at"] for one in items]
    assert recorded == sorted(recorded, reverse=True)


def at(day: int) -> str:
    return (MORNING + timedelta(days=day)).isoformat()


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"code": "redeem"}, lambda one: one["code"] == "redeem"),
        ({"code": ["redeem", "expire"]}, lambda one: one["code"] in {"redeem", "expire"}),
        ({"currency": "idle"}, lambda one: one["currency"] == "idle"),
        ({"account": "redeemed"}, lambda one: "redeemed" in {one["debit"], one["credit"]}),
        ({"least": 11, "most": 13}, lambda one: 11 <= one["amount"] <= 13),
        ({"from": at(2), "to": at(5)}, lambda one: at(2) <= one["effective_at"] < at(5)),
        ({"recorded_from": at(3)}, lambda one: one["recorded_at"] >= at(3)),
        ({"recorded_to": at(3)}, lambda one: one["recorded_at"] < at(3)),
        ({"rule": "idle"}, lambda one: one["code"] == "earn"),
        ({"rule": "weekend"}, lambda _: False),
        ({"code": "nothing-such"}, lambda _: False),
        ({"currency": "points", "code": "earn", "least": 12}, lambda one: (
            one["currency"] == "points" and one["code"] == "earn" and one["amount"] >= 12)),
    ],
)  # fmt: skip
def test_a_search_finds_exactly_what_is_asked_for(
    shop: Shop, length: int, params: dict[str, Any], wanted: Any
) -> None:
    stocked(shop)

    items = found(shop, **params)

    def fits(one: dict[str, Any]) -> bool:
        plain = one | {
            name: datetime.fromisoformat(one[name]).isoformat()
            for name in ("effective_at", "recorded_at")
        }
        return bool(wanted(plain))

    is_weekend = params.get("rule") == "weekend"
    truth = [one for one in everything(shop) if fits(one)]
    if is_weekend:
        assert {one["code"] for one in items} <= {"earn"}
    else:
        assert same(items, truth)


def test_one_member_is_searched_by_any_reference(shop: Shop) -> None:
    stocked(shop)
    own = next(one for one in everything(shop) if one["code"] == "redeem")["member"]

    for ref in ("card:1", own):
        items = found(shop, member=ref, limit=2)
        assert {one["member"] for one in items} == {own}
        assert same(items, [one for one in everything(shop) if one["member"] == own])
    assert shop.get("/v1/transfers", member="card:none").status_code == 404


def test_a_page_ends_before_a_search_takes_too_long(
    shop: Shop, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_STRETCHES", 1)
    monkeypatch.setattr(searching, "MOST_BY_RULE", 1)
    stocked(shop)

    told = list(pages(shop, rule="base", code="earn", currency="points"))

    items = [one for page in told for one in page["items"]]
    assert same(items, [one for one in everything(shop) if one["code"] == "earn"
                        and one["currency"] == "points"])  # fmt: skip
    assert len(told) > 1 or length > 16


def test_what_is_being_written_is_not_summed_up_too_early(shop: Shop, length: int) -> None:
    """A transfer that has its number but is not committed would be missed for ever."""
    stocked(shop)
    insert = """
    insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
        currency, code, debit, credit)
    select 1, min(member_id), min(event_id), 999, now(), now(), 'points', 'earn', 'issued',
        'available' from transfer
    """
    with shop.db.transaction(1) as slow:
        slow.execute(insert)
        for _ in range(length if length < 16 else 1):
            with shop.db.transaction(1) as quick:
                quick.execute(insert.replace("999", "5"))
        spans.extend(shop.db, 1)

    assert [one["amount"] for one in found(shop, least=999)] == [999]


def test_a_transfer_is_told_with_both_sides_its_event_and_its_lots(shop: Shop) -> None:
    stocked(shop)
    (redeemed,) = found(shop, code="redeem")

    told = shop.get(f"/v1/transfers/{redeemed['transfer']}").json()

    assert told["transfer"] == redeemed
    assert told["sides"] == [
        {"side": "debit", "account": "available", "owner": "member", "amount": 7},
        {"side": "credit", "account": "redeemed", "owner": "program", "amount": 7},
    ]
    assert told["event"]["type"] == "regulars.redemption"
    (lot,) = told["lots"]
    assert (lot["amount"], lot["remaining"], lot["used"], lot["is_new"]) == (10, 3, 7, False)

    earned = found(shop, code="earn", currency="points", member="card:2")[0]
    whole = shop.get(f"/v1/transfers/{earned['transfer']}").json()
    assert [one["currency"] for one in whole["beside"]] == ["idle"]
    assert {(one["currency"], one["is_new"]) for one in whole["lots"]} == {
        ("points", True), ("idle", True),
    }  # fmt: skip
    assert whole["event"]["explanation"][0]["rule"] == "base"


def test_there_is_no_other_organizations_transfer(shop: Shop) -> None:
    stocked(shop)
    for other in ("trf_0000000000000", "evt_2v9c3n5x7k1qd", "x"):
        answer = shop.get(f"/v1/transfers/{other}")
        assert (answer.status_code, answer.json()["code"]) == (404, "transfer_not_found")


def read(answer: httpx.Response, form: str) -> list[dict[str, Any]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(answer.text)))
    if form == "ndjson":
        return [json.loads(line) for line in answer.content.splitlines()]
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(io.BytesIO(answer.content)).to_pylist()
    return rows


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_what_was_found_is_taken_along_under_pseudonyms(shop: Shop, length: int, form: str) -> None:
    stocked(shop)

    answer = shop.get("/v1/transfers:export", form=form, code="earn", currency="points")

    assert answer.status_code == 200, answer.text
    assert f".{form}" in answer.headers["content-disposition"]
    rows = read(answer, form)
    truth = found(shop, code="earn", currency="points")
    assert [(one["transfer"], int(one["amount"])) for one in rows] == [
        (one["transfer"], one["amount"]) for one in truth
    ]
    members = {one["member"] for one in rows}
    assert len(members) == 2
    assert not members & {one["member"] for one in truth}
    whole = {one["member"] for one in read(shop.get("/v1/transfers:export", form=form), form)}
    assert whole == members
    audit = shop.get("/v1/audit", action="transfers.exported").json()["items"]
    assert [one["after"] for one in audit] == [{"form": form}] * 2


def test_a_file_of_nothing_is_a_file(shop: Shop) -> None:
    stocked(shop)
    for form in ("csv", "ndjson", "parquet"):
        answer = shop.get("/v1/transfers:export", form=form, code="none")
        assert read(answer, form) == []
    assert shop.get("/v1/transfers:export", form="csv", code="none").text.startswith("transfer,")


@pytest.mark.parametrize(
    "params",
    [
        {"from": "yesterday"}, {"to": "2026-01-01"}, {"least": -1}, {"least": "many"},
        {"account": "bank"}, {"cursor": "x"}, {"limit": 500}, {"member": "::"},
        {"currency": "a\0b"}, {"rule": "\0"}, {"code": "\0"}, {"most": 2**80},
    ],
)  # fmt: skip
def test_what_cannot_be_searched_for_is_said(shop: Shop, params: dict[str, Any]) -> None:
    answer = shop.get("/v1/transfers", **params)
    assert answer.status_code == 422, answer.text


def test_reading_and_taking_along_are_two_rights(shop: Shop) -> None:
    stocked(shop)
    reader = {"Authorization": f"Bearer {shop.secret(Scope.LEDGER_READ)}"}
    taker = {"Authorization": f"Bearer {shop.secret(Scope.EXPORTS_READ)}"}

    assert shop.client.get("/v1/transfers", headers=reader).status_code == 200
    assert shop.client.get("/v1/transfers:export", headers=reader).status_code == 403
    assert shop.client.get("/v1/transfers", headers=taker).status_code == 403
    assert shop.client.get("/v1/transfers:export", headers=taker).status_code == 200
    veiled = shop.client.get("/v1/transfers?member=phone:%2B8613800138000", headers=reader)
    assert veiled.status_code == 403
