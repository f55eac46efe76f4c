"""Letters for the developer's eyes: printed, and kept in a file."""

import os
from pathlib import Path
from typing import TextIO

import msgspec

from regulars.domain.errors import NotDelivered
from regulars.gateways.messages.letters import Letter

OUTBOX = "outbox.ndjson"


class ConsoleMessenger:
    """Prints each letter on `stream`, and appends it to `outbox.ndjson` in the data folder, which
    only its owner may read. Not for production: whoever reads the log reads the codes."""

    def __init__(self, data: Path, stream: TextIO) -> None:
        self._path = data / OUTBOX
        self._stream = stream

    def send(self, letter: Letter) -> None:
        """Print and append; the file has the letter before it is printed."""
        line = msgspec.json.encode(letter) + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)  # One write, so that lines of processes never mix.
            finally:
                os.close(descriptor)
            heading = f"--- {letter.channel} to {letter.to}: {letter.subject}".rstrip(": ")
            self._stream.write(f"{heading}\n{letter.text}\n---\n")
            self._stream.flush()
        except OSError as error:
            raise NotDelivered(
                f"The letter cannot be written: {error.strerror}.", is_final=False
            ) from None
