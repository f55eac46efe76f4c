"""The page on the command line names every command, and none that is not there."""

import re

import typer
from tests.docs.pages import DOCS
from typer.main import get_command

from regulars.cli.main import app

PAGE = (DOCS / "reference" / "cli.md").read_text()
OPTIONS_ELSEWHERE = {"--help", "--json", "--install-completion", "--show-completion", "--parent"}


def commands() -> dict[str, set[str]]:
    """Every command with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, words: tuple[str, ...]) -> None:
        names = getattr(command, "list_commands", None)
        if names is not None:
            for name in names(None):
                walk(command.get_command(None, name), (*words, name))  # type: ignore[attr-defined]
            return
        params = getattr(command, "params")  # noqa: B009
        found[" ".join(words)] = {
            option for one in params for option in one.opts if option.startswith("--")
        }

    assert isinstance(app, typer.Typer)
    walk(get_command(app), ("regulars",))
    return found


def test_every_command_is_on_the_page_and_no_other() -> None:
    told = {
        " ".join(word for word in line.split() if re.fullmatch(r"[a-z-]+", word))
        for line in re.findall(r"^\| `(regulars [^`]+)`", PAGE, re.MULTILINE)
    }
    without_options = {re.sub(r" --?\w.*", "", one) for one in told}

    assert without_options == set(commands())


def test_every_option_is_on_the_page() -> None:
    options = {option for some in commands().values() for option in some} - OPTIONS_ELSEWHERE

    assert {option for option in options if option not in PAGE} == set()
