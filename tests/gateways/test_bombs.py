"""Files made to do harm: they are refused in good time, and in little memory."""

import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from regulars.domain.envelopes import MAX_EVENT_BYTES
from regulars.domain.errors import InvalidInput, Malformed, RegularsError, TooLarge
from regulars.gateways.files import bytes_of, tables
from regulars.gateways.files.bytes_of import unzipped
from regulars.gateways.files.mapping import mapping_of
from regulars.gateways.files.opening import open_events
from regulars.gateways.files.writing import write

NOW = datetime(2026, 5, 1, tzinfo=UTC)
MAPPING = """
id: "{id}"
subject: "card:{card}"
time: {column: at, zone: UTC}
data: {currency: USD, total: {column: paid, as: integer}}
"""
HEAD = "id,card,at,paid\n"
MIB = 1024 * 1024


def read_all(path: Path, mapping: Path | None = None) -> list[str]:
    """The codes of the refusals, "" for an event."""
    file = open_events(path, mapping)
    read = file.reader()
    found = []
    for record in file.records(0):
        try:
            read(record.raw, NOW)
            found.append("")
        except RegularsError as refusal:
            found.append(refusal.code)
    return found


def table(tmp_path: Path, content: bytes, name: str = "t.csv") -> list[str]:
    (tmp_path / "m.yaml").write_text(MAPPING)
    (tmp_path / name).write_bytes(content)
    return read_all(tmp_path / name, tmp_path / "m.yaml")


@pytest.fixture
def frugal() -> Iterator[None]:
    """Fails the test when it held more than 24 MiB at once."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 * MIB, f"{peak / MIB:.0f} MiB"


def bomb(path: Path, unpacked: int) -> None:
    """Zeros, a thousandth of their size."""
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(unpacked // MIB):
            file.write(b"0" * MIB)


@pytest.mark.usefixtures("frugal")
def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytes_of, "FREE_BYTES", 4 * MIB)
    for name in ("b.ndjson.gz", "b.csv.gz"):
        bomb(tmp_path / name, 64 * MIB)
        (tmp_path / "m.yaml").write_text(MAPPING)
        with pytest.raises(Malformed, match=r"unpacks to more than|more than \d+ characters"):
            read_all(tmp_path / name, tmp_path / "m.yaml")


@pytest.mark.usefixtures("frugal")
def test_endless_empty_lines_are_not_passed_over_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytes_of, "FREE_BYTES", 2 * MIB)
    (tmp_path / "b.ndjson.gz").write_bytes(gzip.compress(b"\n" * 8 * MIB))
    with pytest.raises(Malformed, match="unpacks to more than 200 times"):
        read_all(tmp_path / "b.ndjson.gz")


def test_what_is_honestly_compressed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytes_of, "FREE_BYTES", 1000)
    draw = random.Random(1)
    rows = [
        f"r{n},c{draw.randrange(10**6)},2026-01-01,{draw.randrange(10**4)}" for n in range(5000)
    ]
    content = gzip.compress((HEAD + "\n".join(rows)).encode())
    assert table(tmp_path, content, "t.csv.gz") == [""] * 5000


@pytest.mark.parametrize("cut", [0, 5, 20, -9])
def test_a_damaged_archive_is_refused_in_words(tmp_path: Path, cut: int) -> None:
    whole = gzip.compress(b"x" * 1000)
    (tmp_path / "a.ndjson.gz").write_bytes(whole[:cut] if cut else b"not gzip at all")
    with pytest.raises(Malformed, match=r"a\.ndjson\.gz is damaged"):
        read_all(tmp_path / "a.ndjson.gz")


def test_an_archive_within_an_archive_is_only_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(gzip.compress(b"0" * MIB)))
    assert set(read_all(tmp_path / "a.ndjson.gz")) <= {"malformed", "invalid_input", "too_large"}


@pytest.mark.usefixtures("frugal")
def test_a_line_without_end_is_one_refused_record(tmp_path: Path) -> None:
    with (tmp_path / "a.ndjson").open("wb") as file:
        for _ in range(40):
            file.write(b'{"id":"' + b"x" * MIB)
    assert read_all(tmp_path / "a.ndjson") == ["too_large"]
    assert TooLarge.code == "too_large"
    assert MAX_EVENT_BYTES < MIB


@pytest.mark.usefixtures("frugal")
@pytest.mark.parametrize(
    "endless",
    [b"x" * 8 * MIB, b"a," * 4 * MIB, b'"a\nb",' * MIB, b'"' + b"x\n" * 4 * MIB],
    ids=["one field", "many fields", "many lines", "a quote that never ends"],
)
def test_a_row_without_end_is_refused(tmp_path: Path, endless: bytes) -> None:
    with pytest.raises(Malformed):
        table(tmp_path, HEAD.encode() + endless)


@pytest.mark.usefixtures("frugal")
def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        table(tmp_path, b"x," * 4 * MIB)


def test_long_rows_up_to_the_limit_are_read_and_each_has_the_whole_of_it(tmp_path: Path) -> None:
    filler = ",".join(['"' + "y" * 60_000 + '\n"'] * 10)
    rows = "".join(f"r{n},c1,2026-01-01,5,{filler}\n" for n in range(4))
    assert len(rows) > tables.MAX_ROW
    head = HEAD.rstrip() + "".join(f",x{n}" for n in range(10)) + "\n"
    assert table(tmp_path, (head + rows).encode()) == [""] * 4


def test_parquet_that_says_it_is_enormous_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: dict[str, Any] = {
        "id": [f"r{n}" for n in range(3000)], "card": ["1"] * 3000, "at": ["2026-01-01"] * 3000,
        "paid": [5] * 3000,
    }  # fmt: skip
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(rows), out)
    assert table(tmp_path, out.getvalue(), "t.parquet") == [""] * 3000
    monkeypatch.setattr(tables, "MAX_CHUNK_BYTES", 1000)
    with pytest.raises(Malformed, match="more than 1000 bytes in one row group"):
        table(tmp_path, out.getvalue(), "t.parquet")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_parquet_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Malformed):
        table(tmp_path, content, "t.parquet")


def test_aliases_that_unfold_without_end_are_refused() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    laughs = "a0: &a0 [x, x, x]\n" + "\n".join(levels)
    with pytest.raises(Malformed, match="aliases"):
        mapping_of(MAPPING + laughs)
    with pytest.raises((Malformed, InvalidInput)):
        mapping_of("a: " + "[" * 5000)
    with pytest.raises((Malformed, InvalidInput)):
        mapping_of("!!python/object/apply:os.system ['true']")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "t.csv\x00.gz", "con", "-"])
def test_names_that_are_no_event_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises((InvalidInput, ValueError)):
        open_events(tmp_path / name, None)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "＝1+1"],
)
def test_no_cell_of_an_export_is_run_by_a_spreadsheet(text: str) -> None:
    out = io.BytesIO()
    write("csv", [{"a": text, "b": -5, "c": "plain"}], {"a": "text", "b": "int", "c": "text"}, out)
    line = out.getvalue().decode().partition("\n")[2]
    assert line.startswith(("'", "\"'"))
    assert ",-5,plain" in line, "numbers stay numbers"
    exact = io.BytesIO()
    write("ndjson", [{"a": text}], {"a": "text"}, exact)
    assert json.loads(exact.getvalue()) == {"a": text}, "for programs nothing is changed"


def test_what_unpacks_is_read_like_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\ntwo\n") + gzip.compress(b"three\n"))
    with (tmp_path / "a.gz").open("rb") as file:
        assert list(unzipped(file, tmp_path / "a.gz")) == [b"one\n", b"two\n", b"three\n"]
