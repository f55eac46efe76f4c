"""Pages for people and for those who watch over the process."""

import re

import psycopg
from tests.api.conftest import Shop
from tests.api.test_access import AT_THE_DOOR, OPEN
from tests.conftest import owner_url

from regulars.api.openapi import document


def test_the_process_lives_and_is_ready(bare: Shop) -> None:
    assert bare.get("/healthz").json() == {"status": "ok"}
    assert bare.get("/readyz").json() == {"status": "ready", "missing": []}


def test_a_process_without_its_migrations_is_not_ready(bare: Shop, db_url: str) -> None:
    with psycopg.connect(owner_url(db_url)) as connection:
        connection.execute("delete from migration")

    answer = bare.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["missing"][0] == "0001_foundation.sql"


def test_metrics_count_events_batches_and_requests(shop: Shop) -> None:
    shop.buy(100)
    shop.send(shop.event("auto-1", total=100))
    shop.get("/v1/members/card:1")
    shop.get("/v1/nowhere")

    text = shop.get("/metrics").text

    assert 'regulars_events_total{outcome="decided"} 1.0' in text
    assert re.search(r'regulars_events_total\{outcome="(repeat|event_conflict)"\} 1.0', text)
    assert "regulars_batch_events_sum 2.0" in text
    assert "regulars_queue_events 0.0" in text
    assert 'route="/v1/members/{ref}",status="200"' in text
    assert 'route="/v1/events",status="201"' in text
    assert 'route="unknown",status="404"' in text


def test_the_pages_fetch_nothing_from_elsewhere(bare: Shop) -> None:
    for path in ("/", "/docs", "/docs/problems"):
        page = bare.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
            assert address.startswith("/"), address
            assert bare.get(address).status_code == 200, address
    assert len(bare.get("/docs/assets/swagger-ui-bundle.js").content) > 1_000_000


def test_no_other_file_is_served_as_an_asset(bare: Shop) -> None:
    for name in ("redoc.standalone.js", "..%2F..%2Fcore.py", "__init__.py"):
        assert bare.get(f"/docs/assets/{name}").status_code == 404


def test_the_openapi_document_describes_every_route_completely(bare: Shop) -> None:
    told = bare.get("/openapi.json").json()

    assert told["openapi"].startswith("3.1")
    text = str(told)
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in told["components"]["schemas"], name
    assert "HTTPValidationError" not in text
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            if path.startswith("/v1"):
                is_open = path in OPEN or f"{method.upper()} {path}" in AT_THE_DOOR
                assert is_open or operation["security"], where
                always = {"422", "500"} if is_open else {"401", "403", "422", "500", "503"}
                assert always <= set(operation["responses"]), where
            if method in {"post", "patch"} and path.startswith("/v1"):
                kinds = operation.get("requestBody", {}).get("content", {})
                for kind, body in kinds.items():
                    assert "schema" in body, where
                    is_file = kind.endswith(("ndjson", "octet-stream"))
                    assert is_file or {"example", "examples"} & set(body), where


def test_the_document_is_made_once(bare: Shop) -> None:
    app = bare.client._application._app

    assert document(app) is document(app)
