"""E-mail is handed over under TLS, with headers that nobody can add to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from tests.gateways.far_sides import certificate

from regulars.domain.errors import InvalidInput, NotDelivered
from regulars.gateways.messages.letters import Letter
from regulars.gateways.messages.smtp import MailServer, SmtpMessenger

SENDER = "常客 <loyalty@shop.example>"
LETTER = Letter("email", "mei@post.example", "您的验证码", "482913\n.\n" + "长" * 2000, "zh-CN")


def clock() -> datetime:
    return datetime(2026, 3, 1, 15, 30, tzinfo=UTC)


class Inbox:
    """What a mail server took in; `says` refuses at a step of the conversation."""

    def __init__(self, **says: str) -> None:
        self.envelopes: list[Envelope] = []
        self._says = says

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _: object, __: object, envelope: Envelope, address: str, ___: object
    ) -> str:
        if "rcpt" in self._says:
            return f"{self._says['rcpt']} <{address}> not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return self._says.get("data", "250 OK")

    def message(self) -> EmailMessage:
        content = self.envelopes[-1].content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def free_port() -> int:
    with socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def mail_server(inbox: Inbox, **rest: Any) -> Iterator[int]:
    controller = Controller(inbox, "127.0.0.1", free_port(), server_hostname="mail", **rest)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
        controller.loop.close()


def check(_: object, __: object, ___: object, ____: object, given: LoginPassword) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"shop", b"pa55"), handled=False)


def mailer(port: int, trust: ssl.SSLContext | None = None, **rest: Any) -> SmtpMessenger:
    server = MailServer("localhost", port, is_tls_first=False)
    server = MailServer(**({field: getattr(server, field) for field in server.__slots__} | rest))
    return SmtpMessenger(server, SENDER, clock, trust=trust, most_seconds=2)


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path, "localhost")


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("pa55\n")
    return path


def test_a_letter_arrives_whole_with_its_headers() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        mailer(port).send(LETTER)
        mailer(port).send(LETTER)

    message = inbox.message()
    assert message["From"].addresses[0].display_name == "常客"
    assert message["To"] == "mei@post.example"
    assert message["Subject"] == "您的验证码"
    assert message["Date"].datetime == clock()
    assert message["Content-Language"] == "zh-CN"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@shop.example>")
    assert message.get_content().rstrip("\r\n").replace("\r\n", "\n") == LETTER.text
    assert inbox.envelopes[0].mail_from == "loyalty@shop.example"
    assert inbox.envelopes[0].rcpt_tos == ["mei@post.example"]
    assert all(len(line) < 1000 for line in bytes(inbox.envelopes[0].content or b"").split(b"\n"))
    assert b"".join(bytes(one.content or b"") for one in inbox.envelopes).count(b"Message-ID") == 2


def test_a_password_is_given_under_tls_alone(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], password: Path
) -> None:
    shown, trust = tls
    inbox = Inbox()
    login = {"user": "shop", "password_file": password}
    with mail_server(
        inbox, tls_context=shown, require_starttls=True, authenticator=check, auth_required=True
    ) as port:
        mailer(port, trust, **login).send(LETTER)
        password.write_text("wrong")
        with pytest.raises(NotDelivered, match="user and password") as refusal:
            mailer(port, trust, **login).send(LETTER)
    assert len(inbox.envelopes) == 1
    assert not refusal.value.is_final

    plain = mail_server(inbox, authenticator=check, auth_require_tls=False)
    with plain as port, pytest.raises(NotDelivered, match="STARTTLS"):
        mailer(port, trust, **login).send(LETTER)
    assert len(inbox.envelopes) == 1


def test_tls_from_the_first_word(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    shown, trust = tls
    inbox = Inbox()
    with mail_server(inbox, ssl_context=shown) as port:
        mailer(port, trust, is_tls_first=True).send(LETTER)
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize("is_tls_first", [True, False])
def test_a_server_whose_certificate_we_do_not_trust_gets_nothing(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], is_tls_first: bool
) -> None:
    shown, _ = tls
    inbox = Inbox()
    server = mail_server(inbox, **{"ssl_context" if is_tls_first else "tls_context": shown})
    with server as port, pytest.raises(NotDelivered, match="SSLCert") as refusal:
        mailer(port, is_tls_first=is_tls_first).send(LETTER)
    assert inbox.envelopes == []
    assert not refusal.value.is_final


def test_a_server_on_another_machine_must_speak_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.gateways.messages.smtp.LOOPBACK", ())
    inbox = Inbox()
    with mail_server(inbox) as port, pytest.raises(NotDelivered, match="STARTTLS"):
        mailer(port).send(LETTER)
    assert inbox.envelopes == []


@pytest.mark.parametrize(
    ("step", "says", "is_final"),
    [("rcpt", "550 5.1.1", True), ("rcpt", "450 4.2.1", False), ("rcpt", "452", False),
     ("data", "554 5.7.1 spam", True), ("data", "451 4.3.0 later", False)],
)  # fmt: skip
def test_what_the_server_answers_says_whether_to_try_again(
    step: str, says: str, is_final: bool
) -> None:
    with mail_server(Inbox(**{step: says})) as port, pytest.raises(NotDelivered) as refusal:
        mailer(port).send(LETTER)
    assert refusal.value.is_final is is_final
    assert says[:3] in str(refusal.value)
    assert "mei" not in str(refusal.value)


@pytest.mark.parametrize(
    "letter",
    [
        Letter("email", "mei@post.example\r\nBcc: all@shop.example", "code", "text", "en"),
        Letter("email", "mei@post.example, all@shop.example", "code", "text", "en"),
        Letter("email", "<mei@post.example>", "code", "text", "en"),
        Letter("email", "mei", "code", "text", "en"),
        Letter("email", "", "code", "text", "en"),
        Letter("email", "mei@post.example", "code\r\nBcc: all@shop.example", "text", "en"),
        Letter("email", "mei@post.example", "code\nX: 1", "text", "en"),
        Letter("email", "mei@post.example", "code", "text", "en\r\nBcc: all@shop.example"),
        Letter("email", "mei@post.example", "code", "\ud800", "en"),
    ],
    ids=["to", "two", "angles", "no address", "nobody", "subject", "bare line", "language", "text"],
)
def test_no_header_can_be_smuggled_in(letter: Letter) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port, pytest.raises(NotDelivered) as refusal:
        mailer(port).send(letter)
    assert refusal.value.is_final
    assert inbox.envelopes == []
    assert "example" not in str(refusal.value)


def test_a_text_that_looks_like_headers_or_the_end_stays_text() -> None:
    inbox = Inbox()
    text = "Bcc: all@shop.example\r\n\r\n.\r\nMAIL FROM:<x@y>\r\n"
    with mail_server(inbox) as port:
        mailer(port).send(Letter("email", "mei@post.example", "code", text, "en"))
    assert len(inbox.envelopes) == 1
    assert "Bcc" not in inbox.message()
    assert ".\n" in inbox.message().get_content().replace("\r\n", "\n")


def test_a_server_that_is_away_or_says_nothing_may_be_tried_again() -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = MailServer("127.0.0.1", silent.getsockname()[1], is_tls_first=False)
        with pytest.raises(NotDelivered, match="Disconnected") as refusal:
            SmtpMessenger(server, SENDER, clock, most_seconds=0.2).send(LETTER)
        assert not refusal.value.is_final
    with pytest.raises(NotDelivered, match="Refused"):
        SmtpMessenger(server, SENDER, clock, most_seconds=0.2).send(LETTER)


def test_the_address_of_a_server_is_read_from_its_url(password: Path) -> None:
    assert MailServer.of("smtp://shop%40example@mail.example", password) == MailServer(
        "mail.example", 587, is_tls_first=False, user="shop@example", password_file=password
    )
    assert MailServer.of("smtps://mail.example:2465/", None) == MailServer(
        "mail.example", 2465, is_tls_first=True
    )
    with pytest.raises(InvalidInput, match="REGULARS_MAIL_FROM"):
        SmtpMessenger(MailServer.of("smtp://mail.example", None), "nobody at all", clock)
