"""docs/reference/api.md against the code, and its examples against a server."""

import re
import shlex
from pathlib import Path

import httpx
from tests.serving import serving

from regulars.api.app import create_app
from regulars.api.intake import MAX_BATCH_BYTES, MAX_BATCH_EVENTS
from regulars.api.openapi import document
from regulars.api.pages import refusals
from regulars.api.paging import DEFAULT_PAGE, MAX_PAGE
from regulars.api.problems import STATUS
from regulars.api.reading import MAX_BODY_BYTES, MAX_DOCUMENT_BYTES, MAX_KEY
from regulars.domain.access import MEANING
from regulars.domain.envelopes import MAX_DEPTH, MAX_EVENT_BYTES
from regulars.domain.operations import MAX_HOLD_SECONDS
from regulars.services.intake.lane import MAX_WAITING
from regulars.services.members import MAX_IDENTITIES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "api.md").read_text()
PROGRAM = (ROOT / "examples" / "grocery.yaml").read_text()


def test_the_page_lists_every_route_with_its_scope() -> None:
    told = {
        (method, path): scope
        for method, path, scope in re.findall(
            r"^\| `([A-Z]+) (/\S*)` \| `?([a-z:]*)`? ?\|", PAGE, re.M
        )
    }
    served = {
        (method.upper(), path): operation.get("security", [{"apiKey": [""]}])[0]["apiKey"][0]
        for path, operations in document(create_app())["paths"].items()
        for method, operation in operations.items()
    }

    assert told == served


def test_every_shape_has_a_name_of_its_own() -> None:
    names = document(create_app())["components"]["schemas"]

    assert [name for name in names if "." in name] == []


def test_the_page_lists_every_problem_with_its_status() -> None:
    problems = PAGE[PAGE.index("## Problems") :]
    told = {
        code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", problems, re.M)
    }

    assert told == {kind.code: STATUS[kind.code] for kind in refusals()}


def test_the_page_tells_every_scope_and_limit() -> None:
    for scope, words in MEANING.items():
        assert f"| `{scope}` | {words} |" in PAGE
    assert MAX_BODY_BYTES == MAX_EVENT_BYTES
    for limit in (
        f"{MAX_EVENT_BYTES:,} bytes",
        f"{MAX_BATCH_EVENTS} events, {MAX_BATCH_BYTES:,} bytes",
        f"a program document {MAX_DOCUMENT_BYTES:,}",
        f"| {MAX_WAITING:,}; beyond that 503",
        f"| {MAX_DEPTH} deep |",
        f"| references of one member | {MAX_IDENTITIES} |",
        f"(1 to {MAX_PAGE}, {DEFAULT_PAGE} when left out)",
        f"| a hold | {MAX_HOLD_SECONDS // 86_400} days |",
        f"up to {MAX_KEY} visible ASCII characters",
        "within two seconds",
    ):
        assert limit in PAGE, limit


def test_every_example_gets_the_status_that_the_page_tells(server_url: str, template: str) -> None:
    with serving(server_url, template, PROGRAM) as (address, secret):
        examples = [
            (command, int(status))
            for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S)
            for command, status in re.findall(r"^(curl .*?)\n# (\d+)$", block, re.M | re.S)
        ]
        for command, status in examples:
            text = command.replace("$URL", address).replace("$KEY", secret).replace("\\\n", " ")
            answer = run(shlex.split(text))
            assert answer.status_code == status, (command, answer.text)
        assert len(examples) >= 13


def run(words: list[str]) -> httpx.Response:
    """What `curl` would do with these arguments."""
    method, headers, data, url = "GET", {}, None, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(rest)
        else:
            assert not word.startswith("-"), word
            url = word
    return httpx.request(method, url, headers=headers, content=data)
