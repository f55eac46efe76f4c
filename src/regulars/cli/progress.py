"""Progress on the terminal: a bar with rate and remaining time; silent where nobody looks."""

from types import TracebackType

from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from regulars.cli.session import err


class Bar:
    """A bar on standard error, shown while the block runs, towards `total`."""

    def __init__(self, title: str, total: float) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._task = self._bar.add_task(title, total=total, said="")

    def __enter__(self) -> "Bar":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def reach(self, done: float, *, said: str = "") -> None:
        """So much is done in all; `said` stands beside it."""
        self._bar.update(self._task, completed=done, said=said)
