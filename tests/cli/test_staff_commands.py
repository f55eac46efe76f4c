"""People by the command line: invited, looked up, kept out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_commands import regulars as regulars  # noqa: PLC0414  # the fixture
from typer.testing import Result

Regulars = Callable[..., Result]
ADA = "ada@shop.example"


def test_the_first_person_is_invited_by_the_command_line(regulars: Regulars, data: Path) -> None:
    said = regulars("staff", "invite", ADA, "--role", "owner", "--language", "zh-CN").stdout

    assert "邀请您加入" in said
    assert "/console/invitation#rgi_1_" in said
    assert "is invited as owner." in said
    (one,) = json.loads(regulars("staff", "list", "--json").stdout)
    assert (one["email"], one["roles"], one["state"]) == (ADA, ["owner"], "invited")
    regulars("staff", "invite", ADA, "--role", "owner")
    letters = (data / "outbox.ndjson").read_text().splitlines()
    assert len({json.loads(line)["text"] for line in letters}) == 2


def test_people_are_changed_by_address_or_id(regulars: Regulars) -> None:
    regulars("staff", "invite", ADA, "--role", "analyst")
    (one,) = json.loads(regulars("staff", "list", "--json").stdout)

    assert (
        "finance, operator now"
        in regulars("staff", "roles", ADA.upper(), "--role", "finance", "--role", "operator").stdout
    )
    assert "suspended" in regulars("staff", "suspend", one["staff"]).stdout
    assert "suspended" in regulars("staff", "list").stdout
    assert "No letter" in regulars("staff", "reset-password", ADA).stdout
    assert "let in again" in regulars("staff", "resume", ADA).stdout


@pytest.mark.parametrize(
    "words",
    [("suspend", "nobody@shop.example"), ("suspend", "stf_x"), ("roles", ADA, "--role", "king"),
     ("invite", "no address", "--role", "owner"),
     ("invite", ADA, "--role", "owner", "--language", "fr")],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(regulars: Regulars, words: tuple[str, ...]) -> None:
    said = regulars("staff", *words, exit_code=2)

    assert said.stderr.startswith("regulars: ")
    assert ADA not in said.stderr
