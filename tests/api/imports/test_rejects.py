"""What an import rejects is told with its place and reason, corrected, and tried again."""

import csv
import io
from datetime import timedelta
from typing import Any

from tests.api.conftest import Shop
from tests.api.imports.sending import HEADER, MAPPING, imported, row, sent, start, table, work

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import retention
from regulars.services.intake import uploads


def rejected(shop: Shop, told: Any) -> Any:
    return shop.get(f"/v1/imports/{told['id']}/rejected").json()


def retry(shop: Shop, told: Any, records: list[Any]) -> Any:
    return shop.client.post(
        f"/v1/imports/{told['id']}/rejected:retry", json={"records": records}
    ).json()


def test_a_rejected_row_is_told_with_its_place_column_and_reason(shop: Shop) -> None:
    told = imported(shop, table([row("r1"), row("r2", "12,x"), row("", "1.00"), row("r4")]))

    found = rejected(shop, told)

    assert (told["state"], told["decided"], told["rejected"]) == ("done", 2, 2)
    assert found["columns"] == HEADER
    first, second = found["items"]
    assert (first["row"], first["code"]) == (3, "invalid_input")
    assert first["rows"] == [row("r2", "12,x")]
    assert "实付金额" in first["reason"]
    assert first["faults"][0]["column"] == "实付金额"
    assert (second["row"], second["faults"][0]["column"]) == (4, "小票号")


def test_a_corrected_row_is_taken_in_at_once_and_only_once(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "12,x"), row("r2", "no"), row("r3", "1.00")]))
    one, two = rejected(shop, told)["items"]
    fixed = [{"id": one["id"], "rows": [row("r1", "60.00")]}]

    answer = retry(shop, told, [*fixed, {"id": two["id"]}])
    again = retry(shop, told, fixed)

    assert [one["result"] for one in answer["items"]] == ["decided", "rejected"]
    assert answer["items"][1]["problem"]["code"] == "invalid_input"
    assert (answer["file"]["rejected"], answer["file"]["corrected"]) == (2, 1)
    assert again["items"][0]["result"] == "gone"
    assert [one["row"] for one in rejected(shop, told)["items"]] == [3]
    assert shop.balance("card:1001")["available"] == 122


def test_a_record_that_is_rejected_again_keeps_what_was_typed(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "12,x")]))
    (one,) = rejected(shop, told)["items"]

    retry(shop, told, [{"id": one["id"], "rows": [row("r1", "13,x")]}])

    assert rejected(shop, told)["items"][0]["rows"][0][9] == "13,x"


def test_the_download_opens_in_a_spreadsheet_and_runs_nothing(shop: Shop) -> None:
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(1)", "\t=1", "＝1", " =1"]
    body = table([row(f"r{n}", "x", sku=text) for n, text in enumerate(evil)])
    told = imported(shop, body, name="=evil.csv")

    answer = shop.client.get(f"/v1/imports/{told['id']}/rejected.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [one["商品编码"] for one in rows] == [f"'{cell}" for cell in evil]
    assert [one["rejected_row"] for one in rows] == [str(n + 2) for n in range(len(evil))]
    assert all(one["rejected_reason"] for one in rows)


def test_a_corrected_file_is_read_as_the_one_before(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "x"), row("r2", "2.00")]))
    text = shop.client.get(f"/v1/imports/{told['id']}/rejected.csv").content.decode("utf-8-sig")

    made = sent(shop, text.replace(",x,", ",5.00,").encode(), corrects=told["id"])
    start(shop, made["file"]["id"])
    work(shop)
    after = shop.get(f"/v1/imports/{made['file']['id']}").json()

    csv = {"delimiter": ",", "encoding": "utf-8-sig", "disarmed": True}
    plain = {**MAPPING, "type": "purchase", "source": "import", "window": 200}
    assert made["mapping"] == {**plain, "csv": csv}
    assert (after["decided"], after["corrects"]) == (1, told["id"])


def test_a_corrected_file_is_read_as_it_was_downloaded_whatever_the_first_was(shop: Shop) -> None:
    shop.client.post("/v1/members", json={"refs": ["card:1001", "phone:+8613800138000"]})
    rows = [row("r1", "x", phone="+8613800138000"), row("r2", phone="+8613800138000")]
    body = table(rows, delimiter=";").decode().encode("gb18030")
    style = {"delimiter": ";", "encoding": "gb18030"}
    told = imported(shop, body, {**MAPPING, "subject": "phone:{手机}", "csv": style})
    text = shop.client.get(f"/v1/imports/{told['id']}/rejected.csv").content.decode("utf-8-sig")
    assert "'+86138" in text, "no spreadsheet takes it for a formula"

    made = sent(shop, text.replace(",x,", ",5.00,").encode(), corrects=told["id"])
    start(shop, made["file"]["id"])
    work(shop)

    assert shop.get(f"/v1/imports/{made['file']['id']}").json()["decided"] == 1


def test_a_wrong_mapping_ends_before_the_table_is_full(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "MAX_REJECTED", 1_500)
    monkeypatch.setattr(uploads, "SAVE_EVERY_S", 0.0)
    body = table([row(f"r{n}") for n in range(6_000)])

    told = imported(shop, body, {**MAPPING, "time": {"column": "品类"}})

    assert (told["state"], told["failure"]) == ("failed", "too_many_rejected")
    assert told["records_done"] < 6_000


def test_rejected_rows_are_sealed_and_go_in_time(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "x", phone="13900139000")]))
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        kept = str(tx.execute("select rejected_record::text from rejected_record").fetchall())

    later = shop.clock() + timedelta(days=31)
    list(retention.sweep(shop.db, DEFAULT_ORGANIZATION, later))

    assert b"13900139000".hex() not in kept
    assert rejected(shop, told)["items"] == []


def test_looking_at_rejected_rows_is_on_record(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "x")]))

    rejected(shop, told)
    shop.client.get(f"/v1/imports/{told['id']}/rejected.csv")

    trail = shop.get("/v1/audit", limit=200).json()["items"]
    actions = [one["action"] for one in trail]
    for action in ("import.uploaded", "import.begun", "import.finished", "import.rejected_read",
                   "import.rejected_downloaded"):  # fmt: skip
        assert action in actions


def test_who_may_send_events_may_not_see_rejected_rows(shop: Shop) -> None:
    told = imported(shop, table([row("r1", "x")]))
    secret = shop.secret(Scope.EVENTS_WRITE, Scope.MEMBERS_READ)

    for path in ("rejected", "rejected.csv"):
        answer = shop.client.get(
            f"/v1/imports/{told['id']}/{path}", headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 403
