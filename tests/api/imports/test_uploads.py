"""Importing a file over HTTP: it is understood, tried out, taken in once, and followed."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.imports.sending import MAPPING, imported, row, send, sent, start, table, work

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION


def files(shop: Shop) -> list[str]:
    application: Any = shop.client._application
    folder = application._house.runtime.settings.data / "imports" / str(DEFAULT_ORGANIZATION)
    return sorted(one.name for one in Path(folder).iterdir()) if folder.is_dir() else []


def test_a_chinese_export_is_understood_without_a_word(shop: Shop) -> None:
    made = sent(shop, table([row("r1"), row("r1", "7.00"), row("r2", card="1002")]))

    assert made["file"]["state"] == "uploaded"
    assert made["file"]["format"] == "csv"
    assert made["rows"][1][9] == "7.00"
    assert made["mapping"] == {**MAPPING, "type": "purchase", "source": "import", "window": 200}
    assert made["doubts"] == []
    assert made["fields"]["purchase"][2] == {
        "name": "currency", "kind": "text", "needed": True, "of_line": False,
    }  # fmt: skip


def test_rows_of_a_receipt_are_one_purchase_and_earn_once(shop: Shop) -> None:
    body = table([row("r1", "60.00"), row("r2", "5.00", card="1002"), row("r1", "40.00")])

    told = imported(shop, body)
    again = imported(shop, body)

    assert (told["state"], told["decided"], told["records_done"]) == ("done", 2, 2)
    assert (again["decided"], again["repeated"]) == (0, 2)
    assert shop.balance("card:1001")["available"] == 200, "a Sunday counts twice"
    assert shop.balance("card:1002")["available"] == 10
    assert files(shop) == []


def test_a_preview_tells_what_would_be_earned_and_writes_nothing(shop: Shop) -> None:
    made = sent(shop, table([row("r1", "60.00"), row("r2", "x"), row("r3", time="soon")]))

    answer = shop.client.post(f"/v1/imports/{made['file']['id']}:preview", json={
        "mapping": made["mapping"], "decide": 1,
    })  # fmt: skip

    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert (told["fine"], told["wrong"]) == (1, 2)
    first, second, third = told["items"]
    assert first["row"] == 2
    assert first["event"]["data"]["lines"][0]["amount"] == 6000
    assert first["decision"]["earned"]["points"] == 120
    assert first["decision"]["event"] is None
    assert second["problem"]["code"] == "invalid_input"
    assert third["problem"]["detail"].startswith("Column 交易时间 is no time")
    assert shop.events_written() == 0


def test_members_may_be_named_by_phone_and_the_number_is_stored_nowhere(shop: Shop) -> None:
    shop.client.post("/v1/members", json={"refs": ["card:1001", "phone:13800138000"]})
    body = table([row("r1", "60.00", phone="138 0013 8000"), row("r2", phone="13900139000")])

    told = imported(shop, body, {**MAPPING, "subject": "phone:{手机}"})

    assert (told["decided"], told["rejected"]) == (1, 1), "nobody is enrolled by phone alone"
    assert shop.balance("card:1001")["available"] == 120
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        stored = str(
            tx.execute("select event::text, identity::text from event, identity").fetchall()
            + tx.execute("select rejected_record::text from rejected_record").fetchall()
            + tx.execute("select file_import::text, audit::text from file_import, audit").fetchall()
        )
    for number in ("13900139000", "13800138000", "138 0013 8000", b"13900139000".hex()):
        assert number not in stored


def test_what_is_paused_waits_and_goes_on_where_it_was(shop: Shop) -> None:
    name = sent(shop, table([row(f"r{number}") for number in range(5)]))["file"]["id"]
    start(shop, name, MAPPING)

    paused = shop.client.post(f"/v1/imports/{name}:pause").json()
    work(shop)
    before = shop.events_written()
    shop.client.post(f"/v1/imports/{name}:resume")
    work(shop)

    assert (paused["state"], before) == ("paused", 0)
    assert shop.get(f"/v1/imports/{name}").json()["decided"] == 5
    assert shop.client.post(f"/v1/imports/{name}:pause").status_code == 409


def test_what_is_cancelled_is_taken_away(shop: Shop) -> None:
    name = sent(shop, table([row("r1")]))["file"]["id"]

    assert shop.client.post(f"/v1/imports/{name}:cancel").json()["state"] == "cancelled"
    start_again = shop.client.post(f"/v1/imports/{name}:start", json={"mapping": MAPPING})

    assert start_again.status_code == 409
    assert start_again.json()["code"] == "import_state_wrong"
    work(shop)


def test_events_in_json_need_no_mapping_and_may_be_compressed(shop: Shop) -> None:
    lines = [shop.event(f"e{number}", total=1000) for number in range(3)]
    text = "\n".join(json.dumps(line) for line in lines)

    told = imported(shop, gzip.compress(text.encode()), name="events.txt")

    assert (told["format"], told["decided"]) == ("ndjson", 3)


def test_a_file_in_gb18030_with_semicolons_is_read(shop: Shop) -> None:
    body = table([row("r1")], delimiter=";").decode().encode("gb18030")

    made = sent(shop, body)

    assert made["mapping"]["csv"] == {"delimiter": ";", "encoding": "gb18030"}
    assert imported(shop, body)["decided"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04whatever", "spreadsheet"),
        (b"%PDF-1.7", "no_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"\x1f\x8b\x08broken", "damaged"),
        (b'[{"id": "1"}]', "json_array"),
        (b"a,b,c\n", "no_rows"),
        (b"PAR1 is not all of it", "unreadable"),
        (b",".join(b"c%d" % n for n in range(300)) + b"\n1\n", "too_wide"),
        (b"x" * 5000 + b"\nrow\n", "no_header"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(shop: Shop, body: bytes, code: str) -> None:
    answer = send(shop, body)

    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "file_refused"
    assert answer.json()["errors"][0]["code"] == code
    assert files(shop) == []


def test_a_bomb_is_refused_before_it_unfolds(shop: Shop) -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 40_000_000, 9)
    assert len(bomb) < 1_000_000

    told = imported(shop, bomb, {"id": "{a}", "subject": "card:{b}", "time": {"column": "a"}})

    assert told["state"] == "failed"
    assert told["failure"] in {"malformed", "too_many_rejected"}


def test_a_mapping_opens_no_other_file(shop: Shop) -> None:
    name = sent(shop, table([row("r1")]))["file"]["id"]
    tables = {"t": {"file": "/etc/passwd", "key": "root", "match": "小票号"}}

    answer = shop.client.post(
        f"/v1/imports/{name}:preview", json={"mapping": {**MAPPING, "tables": tables}}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/mapping/tables"


def test_a_mapping_of_unknown_columns_does_not_start(shop: Shop) -> None:
    name = sent(shop, table([row("r1")]))["file"]["id"]

    answer = shop.client.post(
        f"/v1/imports/{name}:start", json={"mapping": {**MAPPING, "id": "{nope}"}}
    )

    assert answer.status_code == 422
    assert shop.get(f"/v1/imports/{name}").json()["state"] == "uploaded"


def test_a_file_is_at_most_as_large_as_the_operator_says(shop: Shop) -> None:
    application: Any = shop.client._application
    settings = application._house.runtime.settings
    object.__setattr__(settings, "import_megabytes", 1)

    answer = send(shop, b"a,b\n" + b"1,2\n" * 300_000)

    assert answer.status_code == 413
    assert files(shop) == []


def test_without_a_program_nothing_starts(bare: Shop) -> None:
    name = sent(bare, table([row("r1")]))["file"]["id"]

    answer = bare.client.post(f"/v1/imports/{name}:start", json={"mapping": MAPPING})

    assert answer.json()["code"] == "no_program_in_force"


def test_only_so_many_imports_wait_at_once(shop: Shop) -> None:
    names = [sent(shop, table([row("r1")]))["file"]["id"] for _ in range(20)]

    assert send(shop, table([row("r1")])).json()["code"] == "too_many_imports"
    shop.client.post(f"/v1/imports/{names[0]}:cancel")
    assert send(shop, table([row("r1")])).status_code == 201


def test_the_list_is_newest_first_and_in_pages(shop: Shop) -> None:
    names = [sent(shop, table([row("r1")]))["file"]["id"] for _ in range(3)]

    first = shop.get("/v1/imports", limit=2).json()
    second = shop.get("/v1/imports", limit=2, cursor=first["next"]).json()

    assert [one["id"] for one in first["items"] + second["items"]] == names[::-1]


def test_another_organization_finds_no_import(shop: Shop) -> None:
    name = sent(shop, table([row("r1")]))["file"]["id"]
    secret = shop.secret(Scope.EVENTS_WRITE)

    answer = shop.client.get(f"/v1/imports/{name}", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 403
    assert shop.get("/v1/imports/imp_0000000000000").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_sample_is_understood_and_taken_in_without_a_word(shop: Shop, language: str) -> None:
    answer = shop.client.get("/v1/imports/sample.csv", headers={"accept-language": language})
    made = sent(shop, answer.content)
    tried = shop.client.post(f"/v1/imports/{made['file']['id']}:preview", json={
        "mapping": made["mapping"], "records": 100,
    }).json()  # fmt: skip

    told = imported(shop, answer.content)

    assert made["doubts"] == []
    assert (tried["wrong"], told["rejected"]) == (0, 0)
    assert told["decided"] > 400
    data = tried["items"][0]["event"]["data"]
    assert set(data["lines"][0]) >= {"amount", "sku", "category", "brand"}
    assert data["store"]
    assert tried["items"][0]["event"]["time"][11:] != "16:00:00Z", "the time of day is read too"


def test_amounts_may_have_signs_and_groups_of_digits(shop: Shop) -> None:
    body = table([row("r1", "¥1,234.50"), row("r2", "￥ 7.00"), row("r3", "1,000")])

    assert imported(shop, body)["decided"] == 3
