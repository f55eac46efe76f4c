"""E-mail by SMTP, under TLS."""

import secrets
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from regulars.domain.errors import InvalidInput, NotDelivered
from regulars.gateways.messages.letters import Letter
from regulars.gateways.secret_files import read_secret

MOST_SECONDS = 20.0
"""For each step of the conversation."""
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
FINAL = 500
"""Replies from here on are for good (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. `is_tls_first`: TLS before the first word, else STARTTLS."""

    host: str
    port: int
    is_tls_first: bool
    user: str = field(default="", repr=False)
    password_file: Path | None = None

    @classmethod
    def of(cls, url: str, password_file: Path | None) -> "MailServer":
        """From `smtp://user@host:587` or `smtps://…`, as the settings have checked it."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.scheme in PORTS
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            password_file,
        )


class SmtpMessenger:
    """Hands letters to a mail server; a connection for each."""

    def __init__(
        self,
        server: MailServer,
        sender: str,
        clock: Callable[[], datetime],
        *,
        trust: ssl.SSLContext | None = None,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        """`sender` as in "Shop <loyalty@shop.example>". Raises InvalidInput when it is none."""
        name, address = parseaddr(sender)
        try:
            self._sender = Address(display_name=name, addr_spec=address)
        except (MessageError, ValueError, IndexError):
            raise InvalidInput("REGULARS_MAIL_FROM is no e-mail address.") from None
        self._server = server
        self._clock = clock
        self._trust = trust or ssl.create_default_context()
        self._most_seconds = most_seconds

    def send(self, letter: Letter) -> None:
        """Hand over. A refusal of this letter is final; trouble with the server is not.

        What the server said is not repeated: it often says the address.
        """
        message = self._message(letter)
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refused(max(codes, default=0)) from None
        except smtplib.SMTPAuthenticationError:
            raise NotDelivered(
                "The mail server does not take our user and password.", is_final=False
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise NotDelivered(
                "The mail server lacks what this needs: STARTTLS, a login, or addresses beyond "
                "ASCII.",
                is_final=False,
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(
                f"The mail server cannot be talked to ({type(error).__name__}).", is_final=False
            ) from None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        smtp: smtplib.SMTP
        if server.is_tls_first:
            smtp = smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=self._sender.domain,
                timeout=self._most_seconds,
                context=self._trust,
            )
        else:
            smtp = smtplib.SMTP(
                server.host,
                server.port,
                local_hostname=self._sender.domain,
                timeout=self._most_seconds,
            )
        try:
            self._greet(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        """TLS, then the login: a password never travels in the open."""
        server = self._server
        is_closed = server.is_tls_first
        smtp.ehlo_or_helo_if_needed()
        if not is_closed and (smtp.has_extn("starttls") or server.host not in LOOPBACK):
            smtp.starttls(context=self._trust)
            is_closed = True
        if server.user and server.password_file is not None:
            if not is_closed:
                raise smtplib.SMTPNotSupportedError
            smtp.login(server.user, _password(server.password_file))

    def _message(self, letter: Letter) -> EmailMessage:
        """The letter with its headers; one that would write headers of its own is refused."""
        message = EmailMessage(policy=SMTP_POLICY)
        try:
            message.set_content(letter.text)
            message["From"] = self._sender
            message["To"] = Address(addr_spec=letter.to)
            message["Subject"] = letter.subject
            message["Content-Language"] = letter.language
        except (MessageError, ValueError, IndexError):
            raise NotDelivered(
                "The letter cannot be written as e-mail: look at its address, subject, text and "
                "language.",
                is_final=True,
            ) from None
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = f"<{secrets.token_hex(16)}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        return message


def _refused(code: int) -> NotDelivered:
    return NotDelivered(f"The mail server refused the letter ({code}).", is_final=code >= FINAL)


def _password(path: Path) -> str:
    try:
        return read_secret(path)
    except InvalidInput as error:
        raise NotDelivered(error.detail, is_final=False) from None
