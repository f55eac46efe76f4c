"""Letters are handed over after the answer: nobody waits for a mail server, and the time of an
answer does not tell whether there was a letter."""

import sys
from collections.abc import Callable

from starlette.background import BackgroundTask

from regulars.gateways.messages.choosing import messenger
from regulars.runtime import Runtime
from regulars.services import letters


def handing_over(runtime: Runtime, organization: int, letter: int | None) -> BackgroundTask | None:
    """What sends this one letter; where that fails, the worker tries again."""
    if letter is None:
        return None
    return BackgroundTask(send, runtime, organization, letter)


def send(runtime: Runtime, organization: int, letter: int) -> None:
    """Hand over one letter that waits."""
    letters.send(
        runtime.db,
        runtime.cabinet,
        organization,
        messenger(runtime.settings, runtime.clock, sys.stderr),
        now=runtime.clock(),
        only=letter,
    )


def after_the_answer(
    runtime: Runtime, organization: int, work: Callable[[], int | None]
) -> BackgroundTask:
    """What does `work`, and then sends the letter that it wrote, if it wrote one."""

    def run() -> None:
        letter = work()
        if letter is not None:
            send(runtime, organization, letter)

    return BackgroundTask(run)
