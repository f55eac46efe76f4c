"""Applications and the keys of their tokens, from the command line."""

import json

import pytest
from tests.cli.test_commands import Regulars
from tests.cli.test_commands import regulars as regulars  # noqa: PLC0414  # the fixture

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage.database import Database


def test_an_application_is_registered_listed_and_shut_out(regulars: Regulars) -> None:
    made = json.loads(
        regulars(
            "clients", "create", "Mini", "--scope", "self:read", "--redirect-uri",
            "https://mini.example/back", "--json",
        ).stdout
    )  # fmt: skip
    renewed = json.loads(regulars("clients", "rotate-secret", made["client_id"], "--json").stdout)
    regulars("clients", "disable", made["client_id"])
    listed = json.loads(regulars("clients", "list", "--json").stdout)

    assert made["client_id"].startswith("rgc_1_")
    assert made["client_secret"].startswith("rgk_1_")
    assert renewed["client_secret"] != made["client_secret"]
    assert [one["client_id"] for one in listed] == [made["client_id"]]
    assert listed[0]["grant_types"] == "authorization_code refresh_token"
    assert listed[0]["disabled_at"]
    assert made["client_secret"] not in regulars("clients", "list").stdout


def test_without_an_address_it_acts_for_itself(regulars: Regulars) -> None:
    said = regulars("clients", "create", "Till", "--scope", "events:write", "--rate", "0").stdout
    listed = json.loads(regulars("clients", "list", "--json").stdout)

    assert "rgk_1_" in said
    assert (listed[0]["grant_types"], listed[0]["rate"]) == ("client_credentials", 0)


@pytest.mark.parametrize(
    "words",
    [
        ("create", "x", "--scope", "admin"),
        ("create", "x", "--scope", "self:read"),
        ("create", "x", "--scope", "self:read", "--redirect-uri", "http://mini.example"),
        ("disable", "rgc_1_unknown"),
        ("rotate-secret", "rgc_1_unknown"),
    ],
)
def test_what_cannot_be_is_refused(regulars: Regulars, words: tuple[str, ...]) -> None:
    regulars("clients", *words, exit_code=2)


def test_the_keys_of_tokens_take_turns(regulars: Regulars, db: Database) -> None:
    regulars("oauth", "rotate-keys")
    first = keys_of(db)
    regulars("oauth", "rotate-keys")
    second = keys_of(db)
    regulars("oauth", "rotate-keys", "--drop")

    assert second["current"] == first["next"]
    assert first["current"] not in (second["current"], second["next"])
    assert not set(keys_of(db).values()) & set(second.values())


def keys_of(db: Database) -> dict[str, str]:
    """The keys by their state; of retired ones the last."""
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        return dict(tx.execute("select state, kid from signing_key order by retired_at").fetchall())
