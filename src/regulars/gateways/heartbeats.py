"""A sign of life, given every so often while something long is under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beating(beat: Callable[[], None], every_s: float) -> Iterator[None]:
    """Call `beat` every `every_s` seconds, in a thread of its own, while the block runs."""
    over = Event()

    def go_on() -> None:
        while not over.wait(every_s):
            beat()

    heart = Thread(target=go_on, name="heart", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
