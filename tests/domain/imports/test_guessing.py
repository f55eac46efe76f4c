"""What columns mean is guessed from their names and from their cells; it never fails."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.imports.columns import column_at
from regulars.domain.imports.guessing import Doubt, Known, guess
from regulars.domain.imports.headers import ranks
from regulars.domain.imports.instants import stamp_of

KNOWN = Known("CNY", 2, "Asia/Shanghai", {})
texts = st.text(max_size=12)


def guessed(header: str, *rows: str) -> tuple[dict[str, object], set[Doubt]]:
    made = guess(header.split(","), [row.split(",") for row in rows], KNOWN)
    return made.mapping, set(made.doubts)


@given(columns=st.lists(texts, min_size=1, max_size=6), data=st.lists(st.lists(texts, min_size=6)))
def test_any_table_gets_a_guess_of_its_own_columns(
    columns: list[str], data: list[list[str]]
) -> None:
    rows = [row[: len(columns)] for row in data]
    made = guess(columns, rows, KNOWN)
    msgspec.json.encode(made.mapping)
    assert made.mapping["data"]["currency"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("小票号,会员卡号,交易时间,实付金额", "R1,1001,2026-03-01 10:15:00,12.50"),
        ("单号,会员号,下单时间,金额", "R1,M-7,2026/3/1 10:15,12.50"),
        ("Receipt No.,Card number,Date,Amount", "R1,1001,2026-03-01T10:15:00Z,12.50"),
        ("order_id,customerId,timestamp,net_amount", "R1,C9,1772331300,12.50"),
        ("订单编号,手机号,支付时间,支付金额", "R1,13800138000,2026年03月01日 10:15,¥12.50"),
    ],
)
def test_exports_of_many_makers_are_understood(header: str, row: str) -> None:
    mapping, doubts = guessed(header, row)
    names = header.split(",")
    assert doubts == set()
    assert mapping["id"] == f"{{{names[0]}}}"
    assert f"{{{names[1]}}}" in str(mapping["subject"])
    assert mapping["time"]["column"] == names[2]  # type: ignore[index]
    assert column_at(mapping, "/data/total") == names[3]


def test_mobile_numbers_under_any_name_are_told_to_be_phones() -> None:
    mapping, _ = guessed(
        "小票号,会员号,日期,金额", "R1,13800138000,2026-03-01,1", "R2,13900139000,2026-03-02,1"
    )
    assert mapping["subject"] == "phone:{会员号}"


def test_days_and_months_that_could_change_places_are_told() -> None:
    _, doubts = guessed("receipt,card,date,amount", "R1,1,03/04/2026 10:00,1.00")
    assert doubts == {Doubt.DAY_OR_MONTH}
    _, sure = guessed("receipt,card,date,amount", "R1,1,13/04/2026 10:00,1.00")
    assert sure == set()


def test_a_comma_may_be_the_decimal_mark() -> None:
    mapping, _ = guessed("receipt;card;date;amount".replace(";", ","), "R1,1,2026-03-01,1")
    assert "decimal" not in mapping["data"]["total"]  # type: ignore[index]
    made = guess(
        ["receipt", "card", "date", "amount"], [["R1", "1", "2026-03-01", "1.234,50"]], KNOWN
    )
    assert made.mapping["data"]["total"]["decimal"] == ","


def test_what_is_not_there_is_said() -> None:
    _, doubts = guessed("a,b", "1,2")
    assert doubts == {Doubt.NO_RECEIPT, Doubt.NO_MEMBER, Doubt.NO_TIME, Doubt.NO_AMOUNT}


@given(st.lists(texts, max_size=5))
def test_any_cells_have_a_stamp_or_none(cells: list[str]) -> None:
    stamp_of(cells)


@given(texts)
def test_any_header_has_a_rank_or_none(header: str) -> None:
    assert ranks("amount", [header]) in ([], [0])


def test_a_fault_leads_back_to_its_column() -> None:
    mapping = {"id": "{r}", "data": {"lines": [{"amount": {"column": "paid"}}], "store": "{s} 1"}}
    assert column_at(mapping, "/id") == "r"
    assert column_at(mapping, "/data/lines/4/amount") == "paid"
    assert column_at(mapping, "/data/store") == "s"
    assert column_at(mapping, "/columns/a~1b") == "a/b"
    assert column_at(mapping, "/data/nothing") is None
