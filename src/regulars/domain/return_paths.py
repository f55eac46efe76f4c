"""Where a browser goes after signing in: a path of our own, and never somebody else's site."""

from urllib.parse import urlencode

from regulars.domain.errors import Fault, InvalidInput

MOST_PATH = 500
DEFAULT = "/"


def return_path(text: str) -> str:
    """The path as it was asked for. Raises InvalidInput for whatever could lead elsewhere.

    Browsers read "//host", and "/\\\\host" as well, as another site, and drop tabs and line ends.
    """
    is_ours = (
        len(text) <= MOST_PATH
        and text.startswith("/")
        and not text.startswith("//")
        and "\\" not in text
        and text.isascii()
        and text.isprintable()
        and " " not in text
    )
    if not is_ours:
        raise InvalidInput(
            "The way back is a path of this server, such as /console.",
            faults=[Fault("/query/return_to", "no local path")],
        )
    return text


def with_word(path: str, name: str, word: str) -> str:
    """The path with one parameter more, before its fragment: what came of it."""
    before, mark, fragment = path.partition("#")
    joint = "&" if "?" in before else "?"
    return f"{before}{joint}{urlencode({name: word})}{mark}{fragment}"
