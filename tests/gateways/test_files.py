"""Files give their records in order, grouped and looked up, and the same ones in each run."""

import gzip
import pickle
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.docs.pages import DOCS, blocks

from regulars.domain.envelopes import MAX_EVENT_BYTES, Arrival
from regulars.domain.errors import InvalidInput, Malformed, RegularsError
from regulars.gateways.files.building import MAX_ROWS_IN_GROUP
from regulars.gateways.files.grouping import grouped
from regulars.gateways.files.mapping import mapping_of
from regulars.gateways.files.opening import open_events

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LINE = (
    '{"id":"%s","source":"t","type":"visit","subject":"card:1","time":"2025-01-01T00:00:00Z",'
    '"data":{}}'
)
MAPPING = """
id: "{id}"
subject: "card:{card}"
type: {column: kind, values: {V: visit, P: purchase}}
time: {column: at, zone: UTC}
data:
  currency: USD
  total: {column: paid, as: integer}
"""


def arrivals(path: Path, mapping: Path | None = None, skip: int = 0) -> list[Arrival | str]:
    """What each record comes to: an event, or the code of the refusal."""
    file = open_events(path, mapping)
    read = pickle.loads(pickle.dumps(file.reader()))  # As it travels to a lane.
    found: list[Arrival | str] = []
    for record in file.records(skip):
        try:
            found.append(read(record.raw, NOW))
        except RegularsError as refusal:
            found.append(refusal.code)
    assert file.share_read() == 1.0
    return found


def ids(found: Sequence[Arrival | str]) -> list[str]:
    return [one if isinstance(one, str) else one.event.id for one in found]


def mapped(tmp_path: Path, text: str, table: str, name: str = "t.csv") -> list[Arrival | str]:
    (tmp_path / "m.yaml").write_text(text)
    (tmp_path / name).write_text(table)
    return arrivals(tmp_path / name, tmp_path / "m.yaml")


def test_lines_are_read_plain_and_compressed_from_any_place_on(tmp_path: Path) -> None:
    text = "\n".join(LINE % number for number in range(5)) + "\n\n" + LINE % "last"
    (tmp_path / "a.ndjson").write_text(text)
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(text.encode()))

    whole = ids(arrivals(tmp_path / "a.ndjson"))

    assert whole == ["0", "1", "2", "3", "4", "last"]
    assert ids(arrivals(tmp_path / "a.ndjson.gz")) == whole
    assert ids(arrivals(tmp_path / "a.ndjson", skip=4)) == ["4", "last"]


def test_a_line_without_end_is_one_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(f"{LINE % 1}\n{'x' * (3 * MAX_EVENT_BYTES)}\n{LINE % 2}\n")

    assert ids(arrivals(tmp_path / "a.ndjson")) == ["1", "too_large", "2"]


def test_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / f"{name}.ndjson").write_text(text)
    one, same, other = (
        open_events(tmp_path / f"{name}.ndjson", None).fingerprint for name in "abc"
    )

    assert one == same != other


def test_rows_take_type_and_values_from_columns(tmp_path: Path) -> None:
    table = "id,card,kind,at,paid\n1,7,P,2025-01-01,500\n2,8,V,2025-01-02,\n3,9,X,2025-01-02,1\n"

    bought, _, odd = mapped(tmp_path, MAPPING, table)

    assert isinstance(bought, Arrival)
    assert (bought.event.type, bought.event.subject, bought.event.data.total) == (
        "purchase", "card:7", 500,
    )  # fmt: skip
    assert isinstance(odd, Arrival)  # Unknown types are the program's matter.
    assert odd.event.type == "X"


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("1,7,P,2025-01-01\n", "invalid_input"),  # Too short: nothing was paid, no total.
        ("1,7,P,2025-01-01,5,6\n", "invalid_input"),
        ("1,,P,2025-01-01,5\n", "invalid_input"),
        (",7,P,2025-01-01,5\n", "invalid_input"),
        ("1,7,P,,5\n", "invalid_input"),
        ("1,7,regulars.adjustment,2025-01-01,5\n", "invalid_input"),
    ],
)
def test_rows_with_something_wrong_are_refused_alone(
    tmp_path: Path, table: str, wanted: str
) -> None:
    good = "2,7,P,2025-01-01,5\n"

    assert ids(mapped(tmp_path, MAPPING, "id,card,kind,at,paid\n" + table + good)) == [wanted, "2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"{id}"', '"{nothing}"'), "no column 'nothing'"),
        (("zone: UTC", "zone: Mars"), "no time zone"),
        (("paid, as: integer", "paid, as: number"), "wrong"),
        (("total:", "lines: [1, 2]\n  total:"), "one entry"),
        (("time: {column: at, zone: UTC}\n", ""), "time"),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_read(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    with pytest.raises(RegularsError, match=words):
        mapped(tmp_path, MAPPING.replace(*change), "id,card,kind,at,paid\n")


def test_a_mapping_that_is_no_yaml_is_malformed() -> None:
    with pytest.raises(Malformed):
        mapping_of("a: [1")
    with pytest.raises(InvalidInput):
        mapping_of("- 1")


def test_parquet_rows_are_grouped_and_looked_up(tmp_path: Path) -> None:
    rows = {
        "receipt": [1, 1, 2],
        "sku": [10, 11, 12],
        "paid": [1.25, 0.1 + 0.2 - 0.3, 3.0],
        "at": [datetime(2025, 1, 1, 9)] * 3,  # noqa: DTZ001  # the mapping names the zone
        "unused": ["x"] * 3,
    }
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "t.parquet")
    (tmp_path / "products.csv").write_text("sku;dept\n10;A\n11;B\n")
    (tmp_path / "m.yaml").write_text(
        "id: '{receipt}'\nsubject: 'card:{receipt}'\ntime: {column: at, zone: Asia/Shanghai}\n"
        "group_by: receipt\ncsv: {delimiter: ';'}\n"
        "tables: {product: {file: products.csv, key: sku, match: sku}}\n"
        "data:\n  currency: CNY\n"
        "  lines: [{amount: {column: paid, as: money}, category: '{product.dept}'}]\n"
    )

    first, second = arrivals(tmp_path / "t.parquet", tmp_path / "m.yaml")

    assert isinstance(first, Arrival)
    assert [(line.amount, line.category) for line in first.event.data.lines] == [
        (125, "A"), (0, "B"),
    ]  # fmt: skip
    assert first.event.time == datetime(2025, 1, 1, 1, tzinfo=UTC)
    assert isinstance(second, Arrival)
    assert second.event.data.lines[0].category is None


def test_a_file_that_breaks_off_says_after_which_line(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING)
    (tmp_path / "t.csv").write_bytes(b"id,card,kind,at,paid\n1,7,P,2025-01-01,5\n2,\xff\n")

    with pytest.raises(Malformed, match=r"t\.csv cannot be read after line"):
        arrivals(tmp_path / "t.csv", tmp_path / "m.yaml")


def test_what_is_called_parquet_and_is_none_is_malformed(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no Parquet"):
        mapped(tmp_path, MAPPING, "x", "t.parquet")


@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 6))
def test_grouping_loses_no_row_and_opens_no_more_than_the_window(
    keys: list[int], window: int
) -> None:
    rows: list[tuple[Any, ...]] = [(key, number) for number, key in enumerate(keys)]

    groups = list(grouped(rows, 0, window))

    assert sorted(row for _, group in groups for row in group) == sorted(rows)
    assert all(len({row[0] for row in group}) == 1 for _, group in groups)
    assert all(group[0][1] == number - 1 for number, group in groups)
    if window > len(set(keys)):
        assert len(groups) == len(set(keys))


def test_a_group_that_never_ends_stays_small() -> None:
    ((_, group),) = grouped(((1,) for _ in range(10_000)), 0, 1)

    assert len(group) == MAX_ROWS_IN_GROUP + 1


def test_the_mapping_of_the_guide_is_one() -> None:
    (text,) = (
        block.text for block in blocks(DOCS / "how-to" / "import.md") if block.language == "yaml"
    )

    assert mapping_of(text).group_by == "receipt"
    assert yaml.safe_load(text)["tables"]
