"""Secrets out of files, where orchestrators and operators put them."""

from pathlib import Path

from regulars.domain.errors import InvalidInput

MOST_CHARACTERS = 4096


def read_secret(path: Path) -> str:
    """The file's text without the line end after it. Raises InvalidInput, naming the file."""
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(MOST_CHARACTERS + 1).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"The secret in {path} cannot be read.") from None
    if not secret or len(secret) > MOST_CHARACTERS or not secret.isprintable():
        raise InvalidInput(f"{path} must hold a secret: one line, and at most {MOST_CHARACTERS}.")
    return secret
