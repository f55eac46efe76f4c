"""The how-to pages do what they say, beside a server as `make run` starts it."""

from tests.docs.conftest import Read
from tests.docs.pages import DOCS, blocks
from tests.docs.sessions import follow

PAGES = (
    "write-a-program",
    "connect-a-till",
    "investigate",
    "close-the-books",
    "back-up-and-restore",
)


def test_every_command_of_the_how_to_pages_runs_and_answers_as_stated(read: Read) -> None:
    with read("start") as session:
        for page in PAGES:
            assert follow(blocks(DOCS / "how-to" / f"{page}.md"), session), page
