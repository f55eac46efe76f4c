"""What the operator sets is read once, and what is wrong is told all at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.settings import Settings, from_environment


def test_nothing_set_means_the_data_folder_here_and_a_server_of_its_own() -> None:
    assert from_environment({}) == Settings(
        data=Path.cwd() / ".regulars",
        database_url=None,
        host="127.0.0.1",
        port=8321,
        pool_size=8,
        statement_timeout_s=60,
    )


def test_what_is_set_holds_and_what_is_empty_does_not() -> None:
    settings = from_environment(
        {
            "REGULARS_DATA": "/var/lib/loyalty",
            "REGULARS_DATABASE_URL": " postgresql://shop@db.example/loyalty ",
            "REGULARS_HOST": "0.0.0.0",
            "REGULARS_PORT": "80",
            "REGULARS_POOL_SIZE": "",
            "REGULARS_STATEMENT_TIMEOUT_SECONDS": "300",
            "PATH": "/bin",
        }
    )
    assert settings == Settings(
        data=Path("/var/lib/loyalty"),
        database_url="postgresql://shop@db.example/loyalty",
        host="0.0.0.0",
        port=80,
        pool_size=8,
        statement_timeout_s=300,
    )


@pytest.mark.parametrize("url", ["postgres://db/x", "host=/run/pg dbname=x", "service=loyalty"])
def test_every_form_of_a_database_address_will_do(url: str) -> None:
    assert from_environment({"REGULARS_DATABASE_URL": url}).database_url == url


@given(st.text().filter(lambda text: not text.strip().isdecimal() and text.strip()))
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput, match="REGULARS_PORT must be a whole number from 1 to 65535"):
        from_environment({"REGULARS_PORT": text})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "1_000", "８０", "9" * 5000])
def test_a_number_out_of_its_limits_is_refused(port: str) -> None:
    with pytest.raises(InvalidInput, match="REGULARS_PORT"):
        from_environment({"REGULARS_PORT": port})


def test_all_faults_are_told_at_once_and_no_password_is_repeated() -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_environment(
            {"REGULARS_DATABASE_URL": "mysql://me:secret@db/x", "REGULARS_POOL_SIZE": "101"}
        )
    assert [fault.pointer for fault in refusal.value.faults] == [
        "/REGULARS_DATABASE_URL",
        "/REGULARS_POOL_SIZE",
    ]
    assert "secret" not in str(refusal.value)
