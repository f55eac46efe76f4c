"""Requests made up from the OpenAPI document, good and bad: none makes the server fail, and every
answer is one that the document describes."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import PROGRAM
from tests.serving import serving

from regulars.api.app import create_app
from regulars.api.examples import PURCHASE
from regulars.api.openapi import document

EXAMPLES_A_ROUTE = 12
MAX_SECONDS = 10

schema = schemathesis.openapi.from_dict(document(create_app()))


@schemathesis.serializer("application/x-ndjson")
def lines(_context: object, value: object) -> bytes:
    return str(value).encode(errors="replace")


@pytest.fixture(scope="module")
def served(server_url: str, template: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A server that knows the member and the purchase of the examples."""
    with serving(server_url, template, PROGRAM) as (address, secret):
        headers = {"Authorization": f"Bearer {secret}"}
        sent = httpx.post(f"{address}/v1/events", json=PURCHASE, headers=headers)
        assert sent.status_code == 201
        yield address, headers


@schema.parametrize()
@settings(
    max_examples=EXAMPLES_A_ROUTE,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_the_server_fail(
    case: schemathesis.Case, served: tuple[str, dict[str, str]]
) -> None:
    address, headers = served
    response = case.call(base_url=address, headers=headers, timeout=MAX_SECONDS)
    case.validate_response(
        response,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
