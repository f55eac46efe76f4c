"""Program documents as commands are given them: a file, or standard input."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from regulars.domain.errors import Malformed

File = Annotated[str, typer.Argument(metavar="FILE", help="A YAML or JSON document; - for stdin.")]


def read_text(file: str) -> str:
    """The text of a file, or of standard input. Raises Malformed."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Malformed(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"{file} is not text in UTF-8.") from error
