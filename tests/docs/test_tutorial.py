"""The tutorial does what it says: its commands run in order, and give the answers it states."""

from tests.docs.conftest import Read
from tests.docs.pages import DOCS, blocks
from tests.docs.sessions import follow


def test_every_command_of_the_tutorial_runs_and_answers_as_stated(read: Read) -> None:
    with read("serve") as session:
        assert follow(blocks(DOCS / "tutorial.md"), session) >= 15
