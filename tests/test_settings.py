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
        public_url="http://127.0.0.1:8321",
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
        public_url="http://0.0.0.0:80",
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


def test_browsers_reach_us_where_we_listen_unless_told_otherwise() -> None:
    assert from_environment({"REGULARS_HOST": "::1"}).public_url == "http://[::1]:8321"
    behind = from_environment({"REGULARS_PUBLIC_URL": "https://loyalty.example/"})
    assert behind.public_url == "https://loyalty.example"
    assert behind.is_public_by_tls
    assert not from_environment({}).is_public_by_tls


def test_lists_are_brought_into_one_form() -> None:
    settings = from_environment(
        {
            "REGULARS_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1 fd00::/8",
            "REGULARS_ALLOWED_ORIGINS": "https://Shop.example/,http://localhost:5173",
            "REGULARS_ALLOWED_HOSTS": "Login.Corp.example. 10.1.0.0/16",
        }
    )
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1/32", "fd00::/8")
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:5173")
    assert settings.allowed_hosts == ("login.corp.example", "10.1.0.0/16")


def test_secrets_are_named_by_files_that_are_there(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    settings = from_environment(
        {
            "REGULARS_MAIL_URL": "smtp://shop@mail.example:587",
            "REGULARS_MAIL_FROM": "Shop <loyalty@shop.example>",
            "REGULARS_MAIL_PASSWORD_FILE": str(secret),
            "REGULARS_SMS_URL": "https://sms.example/send",
            "REGULARS_SMS_TOKEN_FILE": str(secret),
            "REGULARS_KEY_FILE": "/etc/regulars/keys",
            "REGULARS_KMS_URL": "http://127.0.0.1:8200",
            "REGULARS_KMS_KEY": "regulars",
            "REGULARS_KMS_TOKEN_FILE": str(secret),
        }
    )
    assert settings.mail_password_file == settings.sms_token_file == secret
    assert settings.keys_at == Path("/etc/regulars/keys")
    assert from_environment({}).keys_at == Path.cwd() / ".regulars" / "keys" / "master.keys"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGULARS_PUBLIC_URL", "loyalty.example"),
        ("REGULARS_PUBLIC_URL", "https://me:pw@loyalty.example"),
        ("REGULARS_PUBLIC_URL", "https://loyalty.example:99999"),
        ("REGULARS_PUBLIC_URL", "javascript://loyalty.example"),
        ("REGULARS_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("REGULARS_TRUSTED_PROXIES", "proxy.example"),
        ("REGULARS_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("REGULARS_ALLOWED_ORIGINS", "*"),
        ("REGULARS_ALLOWED_ORIGINS", "null"),
        ("REGULARS_ALLOWED_ORIGINS", "https://shop.example/path"),
        ("REGULARS_ALLOWED_HOSTS", "*.example"),
        ("REGULARS_ALLOWED_HOSTS", "https://shop.example"),
        ("REGULARS_ALLOWED_HOSTS", " ".join(f"h{number}" for number in range(101))),
        ("REGULARS_MAIL_URL", "smtp://shop:secret@mail.example"),
        ("REGULARS_MAIL_URL", "https://mail.example"),
        ("REGULARS_MAIL_URL", "smtp://"),
        ("REGULARS_MAIL_FROM", "nobody"),
        ("REGULARS_MAIL_FROM", "a@b\nBcc: c@d"),
        ("REGULARS_MAIL_PASSWORD_FILE", "/nowhere/at/all"),
        ("REGULARS_SMS_URL", "http://sms.example/send"),
        ("REGULARS_SMS_TOKEN_FILE", "/"),
        ("REGULARS_KMS_URL", "https://me:pw@kms.example"),
        ("REGULARS_KMS_TOKEN_FILE", "/nowhere/at/all"),
        ("REGULARS_OWNER_DATABASE_URL", "mysql://me:secret@db/x"),
    ],
)
def test_what_cannot_hold_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name) as refusal:
        from_environment({name: value})
    assert refusal.value.faults[0].pointer == f"/{name}"
    assert "secret" not in str(refusal.value)


def test_a_service_needs_what_proves_who_we_are() -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_environment(
            {"REGULARS_KMS_URL": "https://kms.example", "REGULARS_SMS_URL": "https://sms.example"}
        )
    assert [fault.pointer for fault in refusal.value.faults] == [
        "/REGULARS_KMS_KEY",
        "/REGULARS_KMS_TOKEN_FILE",
        "/REGULARS_SMS_TOKEN_FILE",
    ]


def test_settings_that_are_shown_hold_no_password_of_a_database() -> None:
    urls = dict.fromkeys(
        ("REGULARS_DATABASE_URL", "REGULARS_OWNER_DATABASE_URL"), "postgresql://me:secret@db/x"
    )
    assert "secret" not in repr(from_environment(urls))
