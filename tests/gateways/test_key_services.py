"""Whatever keeps the keys, what it sealed opens again, and nothing else does."""

import os
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateways.far_sides import Asked, Says, far_side

from regulars.domain.errors import InvalidInput, KeyServiceFailed
from regulars.gateways.key_services.choosing import key_service
from regulars.gateways.key_services.file import MOST_KEYS, FileKeys, create, rotate
from regulars.gateways.key_services.transit import TransitKeys
from regulars.gateways.safe_http import SafeHttp
from regulars.settings import Settings

DAY = date(2026, 3, 1)
TOKEN = "hvs.secret"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "master.keys"
    assert create(path, DAY)
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    path = tmp_path_factory.mktemp("keys") / "master.keys"
    create(path, DAY)
    return FileKeys(path)


@given(plain=st.binary(max_size=200), context=st.binary(max_size=50))
def test_what_was_sealed_opens_again(keys: FileKeys, plain: bytes, context: bytes) -> None:
    wrapped = keys.wrap(plain, context)
    assert keys.unwrap(wrapped, context) == plain
    assert wrapped != keys.wrap(plain, context)
    assert keys.key_of(wrapped) == keys.current


@given(data=st.data())
def test_no_bit_of_a_sealed_text_or_its_context_may_change(
    keys: FileKeys, data: st.DataObject
) -> None:
    wrapped = bytearray(keys.wrap(b"a data key", b"member 7"))
    place = data.draw(st.integers(0, len(wrapped) - 1))
    wrapped[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(KeyServiceFailed):
        keys.unwrap(bytes(wrapped), b"member 7")
    with pytest.raises(KeyServiceFailed):
        keys.unwrap(keys.wrap(b"a data key", b"member 7"), b"member 8")


@given(st.binary(max_size=100))
def test_what_was_never_sealed_is_refused(keys: FileKeys, text: bytes) -> None:
    for attempt in (text, b"\x01" + text, b"\x01\x09" + keys.current.encode() + text):
        with pytest.raises(KeyServiceFailed):
            keys.unwrap(attempt, b"")


def test_a_new_key_seals_at_once_and_the_old_one_still_opens(path: Path) -> None:
    keys = FileKeys(path)
    before = keys.wrap(b"secret", b"")
    old = keys.current

    name = rotate(path, DAY)

    assert keys.current == name != old
    assert name.startswith("2026-03-01-")
    assert keys.unwrap(before, b"") == b"secret"
    assert keys.key_of(before) == old
    assert keys.key_of(keys.wrap(b"secret", b"")) == name
    assert FileKeys(path).unwrap(before, b"") == b"secret"


def test_rotations_at_once_lose_no_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: rotate(path, DAY), range(16)))
    lines = path.read_text().splitlines()
    assert {line.partition(" ")[0] for line in lines} >= set(names)
    assert len(lines) == 17
    assert list(path.parent.iterdir()) == [path]


def test_a_rotation_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KeyServiceFailed, match="No space"):
        rotate(path, DAY)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_there_is_never_replaced(path: Path) -> None:
    before = path.read_bytes()
    assert not create(path, DAY)
    assert path.read_bytes() == before


def test_of_many_who_make_the_file_at_once_one_does(tmp_path: Path) -> None:
    path = tmp_path / "master.keys"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create(path, DAY), range(16)))
    assert made.count(True) == 1
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o700])
def test_a_file_that_is_open_to_others_is_refused(path: Path, mode: int) -> None:
    keys = FileKeys(path)
    path.chmod(mode)
    with pytest.raises(KeyServiceFailed, match="chmod 600"):
        FileKeys(path)
    with pytest.raises(KeyServiceFailed, match="chmod 600"):
        keys.wrap(b"secret", b"")


def test_a_file_of_another_account_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(KeyServiceFailed, match="must belong"):
        FileKeys(path)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "k1", "k1 c2hvcnQ=", "k1 ???", "k/1 " + "A" * 43 + "=", "k1 " + "A" * 44,
     ("k1 " + "A" * 43 + "=\n") * 2, "\xff\xfe",
     "".join(f"k{n} {'A' * 43}=\n" for n in range(MOST_KEYS + 1))],
    ids=["empty", "blank", "no key", "short", "no base64", "name", "33 bytes", "twice", "binary",
         "too many"],
)  # fmt: skip
def test_a_malformed_file_is_refused_and_not_repeated(path: Path, text: str) -> None:
    path.write_text(text, encoding="latin-1")
    with pytest.raises(KeyServiceFailed) as refusal:
        FileKeys(path)
    assert "AAAA" not in str(refusal.value)


def test_a_key_that_was_taken_out_is_missed_by_name(path: Path) -> None:
    keys = FileKeys(path)
    wrapped = keys.wrap(b"secret", b"")
    old = keys.current
    rotate(path, DAY)
    path.write_text(path.read_text().splitlines()[1] + "\n")
    with pytest.raises(KeyServiceFailed, match=old):
        keys.unwrap(wrapped, b"")


def test_keys_are_not_shown(path: Path) -> None:
    keys = FileKeys(path)
    secret = path.read_text().split()[1]
    assert secret not in repr(keys) + repr(vars(keys))
    assert str(b64decode(secret)) not in repr(vars(keys))


def test_the_settings_name_a_file_that_is_made_unless_something_is_sealed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with pytest.raises(KeyServiceFailed, match="REGULARS_KEY_FILE"):
        key_service(settings, may_make=lambda: False, day=DAY)
    assert not settings.keys_at.exists()

    made = key_service(settings, may_make=lambda: True, day=DAY)
    again = key_service(settings, may_make=lambda: False, day=DAY)

    assert again.unwrap(made.wrap(b"secret", b"c"), b"c") == b"secret"
    assert settings.keys_at == tmp_path / "keys" / "master.keys"


class Vault:
    """As the transit engine answers; a "sealed" text holds what it stands for."""

    version = 1

    def answer(self, asked: Asked) -> Says:
        if asked.headers.get("x-vault-token") != TOKEN:
            return self._says(403, {"errors": ["permission denied"]})
        *_, verb, key = asked.path.split("/")
        assert asked.path == f"/v1/transit/{verb}/{key}"
        if key != "regulars":
            return self._says(400, {"errors": ["encryption key not found"]})
        if verb == "keys":
            assert asked.method == "GET"
            return self._says(200, {"data": {"latest_version": self.version}})
        sent = msgspec.json.decode(asked.body, type=dict[str, str])
        if verb == "encrypt":
            held = b64encode(f"{sent['plaintext']}|{sent['associated_data']}".encode()).decode()
            return self._says(200, {"data": {"ciphertext": f"vault:v{self.version}:{held}"}})
        plain, context = b64decode(sent["ciphertext"].split(":")[2]).decode().split("|")
        if context != sent["associated_data"]:
            return self._says(400, {"errors": [f"message authentication failed for {plain}"]})
        return self._says(200, {"data": {"plaintext": plain}})

    def _says(self, status: int, told: object) -> Says:
        return Says(msgspec.json.encode(told), status)


def transit(url: str, token: Path, key: str = "regulars") -> TransitKeys:
    return TransitKeys(url, key, token, SafeHttp(allowed_hosts=["127.0.0.1"], most_seconds=2))


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    return path


def test_a_key_management_service_seals_and_opens(token: Path) -> None:
    vault = Vault()
    with far_side(vault.answer) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        settings = Settings(
            data=Path("/nowhere"), kms_url=url, kms_key="regulars", kms_token_file=token
        )
        keys = key_service(settings, may_make=lambda: False, day=DAY)
        wrapped = keys.wrap(b"secret \x00\xff", b"member 7")
        assert keys.unwrap(wrapped, b"member 7") == b"secret \x00\xff"
        assert wrapped.startswith(b"regulars:vault:v1:")
        assert keys.key_of(wrapped) == keys.current == "regulars:v1"
        vault.version = 2
        assert keys.key_of(wrapped) != keys.current
        with pytest.raises(KeyServiceFailed, match="answered 400") as refusal:
            keys.unwrap(wrapped, b"member 8")
        assert b64encode(b"secret \x00\xff").decode() not in str(refusal.value)


def test_a_key_management_service_that_refuses_or_fails_is_told(token: Path) -> None:
    with far_side(Vault().answer) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(KeyServiceFailed, match="answered 400"):
            transit(url, token, "other").wrap(b"secret", b"")
        token.write_text("wrong")
        with pytest.raises(KeyServiceFailed, match="answered 403"):
            transit(url, token).wrap(b"secret", b"")
        token.unlink()
        with pytest.raises(KeyServiceFailed, match="cannot be read"):
            transit(url, token).wrap(b"secret", b"")
        token.write_text(TOKEN)
    with pytest.raises(KeyServiceFailed, match="could not be talked to"):
        transit(url, token).wrap(b"secret", b"")
    with pytest.raises(InvalidInput, match="REGULARS_KMS_KEY"):
        transit(url, token, "../sys")


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": null}', b'{"data": {"ciphertext": 7}}', b"<html>",
             b'{"data": {"ciphertext": "vault:v1:\\n", "plaintext": "?", "latest_version": "x"}}']
)  # fmt: skip
def test_nonsense_of_a_key_management_service_is_told(token: Path, body: bytes) -> None:
    with far_side(lambda _: Says(body)) as server:
        keys = transit(f"http://127.0.0.1:{server.server_port}", token)
        for call in (
            lambda: keys.wrap(b"secret", b""),
            lambda: keys.unwrap(b"regulars:vault:v1:YQ==", b""),
            lambda: keys.current,
        ):
            with pytest.raises(KeyServiceFailed):
                call()


@pytest.mark.parametrize(
    "wrapped", [b"", b"vault:v1:YQ==", b"../x:vault:v1:YQ==", b"regulars:vault:v1:", b"\x01\x00"]
)
def test_what_another_service_sealed_is_not_sent_anywhere(token: Path, wrapped: bytes) -> None:
    with pytest.raises(KeyServiceFailed, match="not sealed by this service"):
        transit("http://127.0.0.1:1", token).unwrap(wrapped, b"")
