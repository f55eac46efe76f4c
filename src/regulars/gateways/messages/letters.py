"""What is sent to people, and what takes it there."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

Channel = Literal["email", "sms"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A text for one person. `repr` shows neither who it is for nor what it says.

    `to` is an e-mail address or a phone in E.164; `subject` is for e-mail only; `language` is a
    tag such as zh-CN.
    """

    channel: Channel
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str


class Messenger(Protocol):
    """Takes letters to where they are read. Safe to share among threads."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over; somebody else has it when this returns.

        Raises NotDelivered, whose `is_final` says that trying again is of no use. After any other
        failure it may have been handed over all the same.
        """
