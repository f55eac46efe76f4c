"""The how-to pages do what they say, beside a server as `make run` starts it."""

import pytest
from tests.docs.conftest import Read
from tests.docs.pages import DOCS, blocks
from tests.docs.sessions import follow

PAGES = (
    ("write-a-program", "connect-a-till", "connect-an-application", "let-members-sign-in"),
    ("simulate-a-change", "investigate", "close-the-books", "back-up-and-restore"),
    ("manage-staff",),
    ("answer-a-privacy-request",),
    ("give-members-their-pages",),
)
"""Pages that are read one after the other beside one server."""


@pytest.mark.parametrize("some", PAGES, ids=" ".join)
def test_every_command_of_these_pages_runs_and_answers_as_stated(
    some: tuple[str, ...], read: Read
) -> None:
    with read("start") as session:
        for page in some:
            assert follow(blocks(DOCS / "how-to" / f"{page}.md"), session), page
