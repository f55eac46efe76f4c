"""Letters reach whom they are for, whole, or a reason that names nobody comes back."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.gateways.far_sides import Asked, Says, far_side

from regulars.domain.errors import NotDelivered
from regulars.gateways.messages.choosing import messenger
from regulars.gateways.messages.console import ConsoleMessenger
from regulars.gateways.messages.letters import Letter
from regulars.gateways.messages.sms_http import SmsBridge
from regulars.gateways.messages.smtp import SmtpMessenger
from regulars.gateways.safe_http import SafeHttp
from regulars.settings import Settings

PHONE = "+8613800138000"
SMS = Letter("sms", PHONE, "", "您的验证码是 482913", "zh-CN")
MAIL = Letter("email", "mei@shop.example", "Your code", "Your code is 482913.", "en")


def clock() -> datetime:
    return datetime(2026, 3, 1, 15, 30, tzinfo=UTC)


def bridge(port: int, token: Path) -> SmsBridge:
    http = SafeHttp(allowed_hosts=["127.0.0.1"], most_seconds=0.5)
    return SmsBridge(f"http://127.0.0.1:{port}/send", token, http)


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("t0ken\n")
    return path


def test_a_letter_that_is_shown_tells_neither_whom_nor_what() -> None:
    assert repr(SMS) == "Letter(channel='sms', language='zh-CN')"
    assert "mei" not in f"{MAIL}"


def test_the_console_prints_letters_and_keeps_them_for_the_developer(tmp_path: Path) -> None:
    stream = io.StringIO()
    console = ConsoleMessenger(tmp_path / "data", stream)
    console.send(MAIL)
    console.send(SMS)

    outbox = tmp_path / "data" / "outbox.ndjson"
    kept = [msgspec.json.decode(line) for line in outbox.read_bytes().splitlines()]
    assert [one["to"] for one in kept] == [MAIL.to, SMS.to]
    assert kept[1] == {
        "channel": "sms", "to": PHONE, "subject": "", "text": SMS.text, "language": "zh-CN",
    }  # fmt: skip
    assert outbox.stat().st_mode & 0o777 == 0o600
    assert SMS.text in stream.getvalue()
    assert "email to mei@shop.example: Your code" in stream.getvalue()


def test_letters_that_are_sent_at_once_do_not_mix_in_the_outbox(tmp_path: Path) -> None:
    console = ConsoleMessenger(tmp_path, io.StringIO())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: console.send(SMS), range(64)))
    lines = (tmp_path / "outbox.ndjson").read_bytes().splitlines()
    assert [msgspec.json.decode(line)["to"] for line in lines] == [PHONE] * 64


def test_a_console_that_cannot_write_says_so_and_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox.ndjson").mkdir()
    with pytest.raises(NotDelivered) as refusal:
        ConsoleMessenger(tmp_path, io.StringIO()).send(SMS)
    assert not refusal.value.is_final


def test_a_bridge_gets_number_and_text_and_who_we_are(token: Path) -> None:
    got: list[Asked] = []

    def answer(asked: Asked) -> Says:
        got.append(asked)
        return Says(status=202)

    with far_side(answer) as server:
        bridge(server.server_port, token).send(SMS)

    assert (got[0].method, got[0].path) == ("POST", "/send")
    assert got[0].headers["authorization"] == "Bearer t0ken"
    assert got[0].headers["content-type"] == "application/json"
    assert msgspec.json.decode(got[0].body) == {"to": PHONE, "text": SMS.text}


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(302, False), (400, True), (401, False), (403, False), (404, True), (410, True),
     (413, True), (422, True), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_what_the_bridge_answers_says_whether_to_try_again(
    token: Path, status: int, is_final: bool
) -> None:
    told = Says(f"no such number {PHONE}".encode(), status, {"Location": "https://other.example"})
    with far_side(lambda _: told) as server, pytest.raises(NotDelivered) as refusal:
        bridge(server.server_port, token).send(SMS)
    assert refusal.value.is_final is is_final
    assert PHONE not in str(refusal.value)


def test_a_bridge_that_is_away_or_slow_may_be_tried_again(token: Path) -> None:
    with far_side(lambda _: Says()) as server:
        port = server.server_port
        token.write_text("")
        with pytest.raises(NotDelivered, match="must hold a secret") as refusal:
            bridge(port, token).send(SMS)
        assert not refusal.value.is_final
        token.write_text("t0ken")
    with pytest.raises(NotDelivered) as refusal:
        bridge(port, token).send(SMS)
    assert not refusal.value.is_final


def test_the_settings_say_who_delivers(tmp_path: Path, token: Path) -> None:
    stream = io.StringIO()
    by_console = messenger(Settings(data=tmp_path), clock, stream)
    by_console.send(MAIL)
    by_console.send(SMS)
    assert len((tmp_path / "outbox.ndjson").read_bytes().splitlines()) == 2

    with far_side(lambda _: Says()) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        mixed = Settings(
            data=tmp_path, mail_url="smtp://127.0.0.1:1", sms_url=url, sms_token_file=token
        )
        chosen = messenger(mixed, clock, stream)
        chosen.send(SMS)
        with pytest.raises(NotDelivered, match="cannot be talked to"):
            chosen.send(MAIL)
    assert isinstance(chosen._messengers["email"], SmtpMessenger)  # type: ignore[attr-defined]
