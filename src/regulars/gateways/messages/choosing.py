"""The messengers that the settings name."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TextIO

from regulars.gateways.messages.console import ConsoleMessenger
from regulars.gateways.messages.letters import Channel, Letter, Messenger
from regulars.gateways.messages.sms_http import SmsBridge
from regulars.gateways.messages.smtp import MailServer, SmtpMessenger
from regulars.settings import CONSOLE, Settings


class ByChannel:
    """Gives each letter to the messenger of its channel."""

    def __init__(self, messengers: Mapping[Channel, Messenger]) -> None:
        self._messengers = dict(messengers)

    def send(self, letter: Letter) -> None:
        """Hand over. Raises NotDelivered."""
        self._messengers[letter.channel].send(letter)


def messenger(settings: Settings, clock: Callable[[], datetime], stream: TextIO) -> Messenger:
    """E-mail and short messages as the settings say; `stream` is the console's.

    Raises InvalidInput when the sender is no address.
    """
    console = ConsoleMessenger(settings.data, stream)
    email: Messenger = console
    sms: Messenger = console
    if settings.mail_url != CONSOLE:
        server = MailServer.of(settings.mail_url, settings.mail_password_file)
        email = SmtpMessenger(server, settings.mail_from, clock)
    if settings.sms_url != CONSOLE:
        assert settings.sms_token_file is not None
        sms = SmsBridge(settings.sms_url, settings.sms_token_file)
    return ByChannel({"email": email, "sms": sms})
