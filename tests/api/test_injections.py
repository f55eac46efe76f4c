"""What is sent is data wherever it goes: no statement, no path, no header, no line of a log, no
formula. Nothing sent makes the server fail."""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.api.conftest import PROGRAM, Shop

from regulars.gateways.log_lines import LogLines
from regulars.runtime import DEFAULT_ORGANIZATION

SQL = [
    "'; drop table member; --",
    "' or '1'='1",
    "1; select pg_sleep(5)",
    "') or true --",
    '"; delete from event; --',
    "$$; drop table event; $$",
    "\\'; drop table event; --",
    "{1,2}",
    "%s %(organization)s %%",
    "x\x01y",
    "card\\:1",
    "＇ or 1=1 --",
    "/* */ union select secret_hash from api_key",
]
PATHS = [
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd",
    "%00", "a%00.png", "%c0%ae%c0%ae/etc/passwd", "%ff%fe", "C:%5cwindows", "//evil.example/",
    "%0d%0aset-cookie:x=1", ";/etc/passwd", "*", "%25%32%65",
]  # fmt: skip

TABLES = """
select table_name from information_schema.tables where table_schema = current_schema
order by table_name
"""


def tables(shop: Shop) -> list[str]:
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        return [name for (name,) in tx.execute(TABLES)]


def fine(answer: Any) -> None:
    """Taken as data or refused in words; never a failure."""
    assert answer.status_code < 500, (answer.request.url, answer.text)
    assert "psycopg" not in answer.text
    assert "syntax error" not in answer.text.lower()


@pytest.mark.parametrize("text", SQL)
def test_sql_in_any_parameter_is_only_a_text(shop: Shop, text: str) -> None:
    shop.buy(5000)
    before = tables(shop)
    quoted = quote(text, safe="")
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"/v1/members/{quoted}", {}),
        (f"/v1/members/card:{quoted}", {}),
        (f"/v1/members/card:{quoted}/balances", {}),
        ("/v1/members", {"system": "card", "external_id": text}),
        ("/v1/members", {"system": text, "external_id": "1"}),
        ("/v1/members", {"cursor": text}),
        ("/v1/members", {"limit": text}),
        ("/v1/members/card:1/timeline", {"type": text}),
        ("/v1/members/card:1/timeline", {"cursor": text}),
        ("/v1/members/card:1/transfers", {"currency": text}),
        ("/v1/members/card:1/balances", {"as_of": text}),
        ("/v1/events", {"source": text, "id": text}),
        (f"/v1/events/{quoted}", {}),
        (f"/v1/programs/versions/{quoted}", {}),
        ("/v1/programs/diff", {"from": text, "to": text}),
        ("/v1/audit", {"actor": text, "action": text, "target": text, "trace": text}),
        ("/v1/audit", {"member": text, "from": text}),
        ("/v1/audit:verify", {"head": text}),
        ("/v1/members", {"sort": text, "order": text, "fields": text}),
    ]
    for path, params in asked:
        answer = shop.client.get(path, params=params or None)
        fine(answer)
        if answer.status_code == 200 and path.endswith("timeline"):
            assert answer.json()["items"] == [], "a text that is no type matches nothing"
    assert tables(shop) == before
    assert shop.balance()["available"] == 50


@pytest.mark.parametrize("text", SQL)
def test_sql_in_any_body_is_only_a_text(shop: Shop, text: str) -> None:
    shop.buy(5000)
    before = tables(shop)
    sent: list[tuple[str, Any]] = [
        ("/v1/events", shop.event(text, total=100)),
        ("/v1/events", shop.event("e1", total=100, source=text)),
        ("/v1/events", shop.event("e2", subject=f"card:{text}", total=100)),
        ("/v1/events", shop.event("e3", kind=text)),
        ("/v1/events", shop.event("e4", total=100, store=text, channel=text)),
        ("/v1/members", {"refs": [f"card:{text}"], "attributes": {"city": text}}),
        ("/v1/members", {"refs": ["card:9"], "attributes": {text: text}}),
        ("/v1/members/card:1/identities", {"ref": f"app:{text}"}),
        ("/v1/programs:lint", {"document": text}),
        ("/v1/programs:publish", {"document": PROGRAM, "note": text}),
    ]
    for path, body in sent:
        fine(shop.client.post(path, json=body))
    for path, body in (
        ("redemptions", {"currency": text, "amount": 1}),
        ("redemptions", {"currency": "points", "amount": 1, "reference": text}),
        ("adjustments", {"currency": "points", "amount": 1, "reason": text}),
        ("transfers", {"to": f"card:{text}", "currency": "points", "amount": 1}),
    ):
        fine(shop.do(f"/v1/members/card:1/{path}", body))
    fine(shop.client.patch("/v1/members/card:1", json={"attributes": {"city": text}},
                           headers={"If-Match": '"x"'}))  # fmt: skip
    assert tables(shop) == before
    told = shop.get("/v1/members/card:1/timeline", limit=200)
    assert told.status_code == 200


@pytest.mark.parametrize(
    "condition",
    [
        "true); drop table member; --", "event.total > 0 or 1=1 --", "'; select 1; --' == '1'",
        "__import__('os').system('true')", "event.__class__", "().__class__.__bases__",
        "{}.get('x')", "open('/etc/passwd')", "event.total.as_integer_ratio()", "\x00", "🙂",
        "'" + "a" * 5000 + "' == ''", "(" * 500 + "true" + ")" * 500, "[" * 200,
        "'(a+)+$' == 'x'", "event.store.matches('(a+)+$')", "1 << 100000", "9" * 400 + " > 1",
        "size([1,2,3].map(x, [1,2,3].map(y, x*y))) > 0",
    ],
)  # fmt: skip
def test_a_condition_is_no_way_to_the_database_or_the_machine(shop: Shop, condition: str) -> None:
    document = PROGRAM.replace(
        "    on: purchase\n    earn: {currency: points, rate: 1, per: 1.00}",
        f"    on: purchase\n    when: {json.dumps(condition)}\n"
        "    earn: {currency: points, rate: 1, per: 1.00}",
    )
    assert document != PROGRAM
    before = tables(shop)
    for path in ("/v1/programs:lint", "/v1/programs:publish"):
        fine(shop.client.post(path, json={"document": document}))
    fine(shop.send(shop.event("after", total=100)))
    assert tables(shop) == before


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_where_it_belongs(shop: Shop, path: str) -> None:
    for front in ("/docs/assets/", "/v1/members/", "/v1/events/", "/", "/v1/programs/versions/"):
        answer = shop.client.get(front + path)
        fine(answer)
        assert "root:" not in answer.text
        assert "set-cookie" not in answer.headers
        location = answer.headers.get("location", "")
        assert "evil.example" not in location.partition("/v1")[0], location


@pytest.mark.parametrize(
    "value", ["a\r\nset-cookie: x=1", "a\nx: y", "a\x00b", "é" * 10, "x" * 5000]
)
def test_no_value_becomes_a_header(shop: Shop, value: str) -> None:
    shop.buy(5000)
    for params in ({"system": "card", "external_id": value}, {"limit": "1", "zzz": value}):
        answer = shop.client.get("/v1/members", params=params)
        fine(answer)
        assert "set-cookie" not in answer.headers
        assert "x" not in answer.headers
        assert "\n" not in str(dict(answer.headers))
    for name in (
        "Idempotency-Key",
        "If-Match",
        "Accept-Language",
        "traceparent",
        "X-Forwarded-For",
    ):
        if "\n" in value or "\x00" in value:
            continue  # No HTTP library sends these, and the server in front refuses them.
        answer = shop.client.post(
            "/v1/members/card:1/redemptions",
            json={"currency": "points", "amount": 1},
            headers={"Idempotency-Key": "k", name: value.encode()},
        )
        fine(answer)


BODIES = {
    "a deep array": b"[" * 200_000,
    "a deep object": b'{"a":' * 100_000,
    "deep and closed": b"[" * 20_000 + b"]" * 20_000,
    "overlong UTF-8": b'{"specversion":"1.0","id":"\xc0\xaf"}',
    "half a surrogate": b'{"specversion":"1.0","id":"\\ud800"}',
    "a raw surrogate": b'{"id":"\xed\xa0\x80"}',
    "a byte order mark": b'\xef\xbb\xbf{"id":"x"}',
    "UTF-16": '{"id":"x"}'.encode("utf-16"),
    "NUL": b'{"id":"a\x00b"}',
    "an escaped NUL": b'{"currency":"a\\u0000b","amount":1}',
    "a huge number": b'{"currency":"points","amount":' + b"9" * 5000 + b"}",
    "a huge exponent": b'{"currency":"points","amount":1e999999999}',
    "NaN": b'{"currency":"points","amount":NaN}',
    "two documents": b'{"currency":"points","amount":1}{"currency":"points","amount":2}',
    "a prototype": b'{"__proto__":{"admin":true},"currency":"points","amount":1}',
    "a comment": b'{"currency":"points",/* */"amount":1}',
    "an array of a million": b"[" + b"0," * 100_000 + b"0]",
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_makes_the_server_fail(shop: Shop, name: str) -> None:
    shop.buy(5000)
    body = BODIES[name]
    for method, path in (
        ("POST", "/v1/events"), ("POST", "/v1/events:preview"), ("POST", "/v1/members"),
        ("PATCH", "/v1/members/card:1"), ("POST", "/v1/members/card:1/identities"),
        ("POST", "/v1/members/card:1/redemptions"), ("POST", "/v1/members/card:1/holds"),
        ("POST", "/v1/programs:lint"), ("POST", "/v1/programs:publish"),
    ):  # fmt: skip
        for kind in ("application/json", "application/cloudevents-batch+json",
                     "application/x-ndjson"):  # fmt: skip
            answer = shop.client.request(
                method, path, content=body,
                headers={"Content-Type": kind, "Idempotency-Key": "k1"},
            )  # fmt: skip
            fine(answer)
            if answer.headers["content-type"] == "application/x-ndjson":
                assert all(json.loads(line)["status"] < 500 for line in answer.text.splitlines())
            else:
                assert answer.status_code >= 400, (path, kind)
    assert shop.balance()["available"] == 50


def test_of_a_key_that_stands_twice_every_reader_of_ours_takes_the_last(shop: Shop) -> None:
    shop.buy(5000)
    body = b'{"currency":"points","amount":50,"amount":1}'
    answer = shop.client.post(
        "/v1/members/card:1/redemptions", content=body,
        headers={"Content-Type": "application/json", "Idempotency-Key": "k1"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert answer.json()["transfers"][0]["amount"] == 1
    assert shop.balance()["available"] == 49
    kept = shop.get(f"/v1/events/{answer.json()['event']}").json()["data"]
    assert kept == {"currency": "points", "amount": 1}, "what is kept has it once"


def test_nothing_that_was_sent_forges_a_line_of_the_log(
    shop: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = "x\n2026-03-04T01:00:00.000Z INFO regulars.api trace=- All is well alice@example.org"

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(forged)

    monkeypatch.setattr("regulars.services.rosters.listing.page", fail)
    with caplog.at_level(logging.DEBUG):
        answer = shop.get("/v1/members")
        shop.get("/v1/events/" + quote(forged))
        shop.get("/v1/members", system="card", external_id=forged)

    assert answer.status_code == 500
    # The client of this test logs what it asks; it is none of ours.
    ours = [record for record in caplog.records if record.name != "httpx"]
    written = "\n".join(LogLines().format(record) for record in ours)
    name = answer.json()["instance"]
    assert name in written, "the failure can be found by what its caller was told"
    for line in written.splitlines():
        assert line.startswith(" ") or line.split(" ")[1] in {"DEBUG", "INFO", "WARNING", "ERROR"}
    assert "All is well" not in written
    assert "alice" not in written


def test_what_is_imported_is_only_data(
    shop: Shop, tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import key_file
    from typer.testing import CliRunner

    from regulars.cli.main import app

    monkeypatch.setenv("REGULARS_DATABASE_URL", db_url)
    monkeypatch.setenv("REGULARS_KEY_FILE", str(key_file()))
    monkeypatch.setenv("REGULARS_DATA", str(tmp_path))
    before = tables(shop)
    path = tmp_path / "evil.ndjson"
    names = [
        *SQL,
        "=1+1",
        "../../x",
        "\x1b[2J",
        "a\\u0000b",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "`true`",
    ]
    events = [
        shop.event(name, subject=f"card:{name}", total=100, store=name, source=name)
        for name in names
    ]
    path.write_text("\n".join(json.dumps(event) for event in events))
    result = CliRunner().invoke(app, ["import", str(path), "--lanes", "1"])
    assert result.exit_code in {0, 1}, result.output + repr(result.exception)
    assert "\x1b[2J" not in result.output
    assert tables(shop) == before
    assert shop.get("/v1/audit:verify").json()["clean"]
    export = CliRunner().invoke(app, ["export", "events", "--format", "csv"])
    assert export.exit_code == 0, repr(export.exception)
    for line in export.stdout.splitlines()[1:]:
        assert ",=" not in line
        assert ',"=' not in line
