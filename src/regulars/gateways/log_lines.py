"""Log lines that tell of a failure without the values that it met: no personal data, no secrets,
and nothing that a caller sent can look like a line of ours."""

import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import psycopg

from regulars.domain.errors import RegularsError

TRACE: ContextVar[str] = ContextVar("trace", default="-")
"""The trace id of the request that is answered; every line of its task carries it."""

MOST_CAUSES = 10
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

# These classes of PostgreSQL's errors speak of names in the schema, of locks and of the connection.
# Others, such as 22 (data exceptions), repeat what they were given.
_SPEAK_OF_NAMES = ("08", "23", "25", "28", "3", "40", "42", "53", "54", "55", "57", "58", "XX")


class LogLines(logging.Formatter):
    """One line for each record, and the failure below it, indented, so that nothing else begins a
    line: 2026-03-04T01:00:00.000Z ERROR regulars.api trace=4bf9… message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = flat(record.getMessage())
        head = f"{at.replace('+00:00', 'Z')} {record.levelname} {record.name} trace={TRACE.get()} "
        failure = getattr(record, "failure", "")
        if not failure and record.exc_info and record.exc_info[1] is not None:
            failure = told(record.exc_info[1])
        below = "".join(f"\n    {line}" for line in failure.splitlines())
        return f"{head}{said}{below}"


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "regulars.gateways.log_lines.LogLines"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "lines",
            "stream": "ext://sys.stderr",
        }
    },
    # Libraries are heard from warnings on: at INFO some of them tell whole addresses.
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "regulars": {"level": "INFO"},
        "_granian": {"level": "INFO"},
        "granian.access": {"level": "WARNING"},
    },
}
"""For logging.config.dictConfig, in every process of ours."""


def log_failure(log: logging.Logger, said: str, error: BaseException) -> None:
    """Log that something failed, where it did and why, as far as that may be told."""
    log.error("%s", said, extra={"failure": told(error)})


def told(error: BaseException) -> str:
    """What an exception and its causes may tell: their kinds, places, and only such texts as hold
    no values."""
    return "\n".join(line for one in _causes(error) for line in _lines_of(one))


def flat(text: str) -> str:
    """The text in one line: what controls a terminal, or ends a line, is written as an escape."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the newest first."""
    seen: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in seen and len(seen) < MOST_CAUSES:
        yield following
        seen.append(following)
        hidden = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or hidden


def _lines_of(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words_of(error)}"
    for note in getattr(error, "__notes__", ()):
        if str(note).startswith("urn:"):
            yield str(note)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line}"


def _words_of(error: BaseException) -> str:
    """The text of an exception, where it can hold no value of a row or of a request."""
    if isinstance(error, RegularsError):
        return flat(error.detail)
    if isinstance(error, psycopg.Error):
        return flat(_database_words(error))
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, AssertionError):
        return flat(str(error))
    return "(its text is kept out of the log)"


def _database_words(error: psycopg.Error) -> str:
    """Without DETAIL, CONTEXT and the statement: there stand the values."""
    state = error.sqlstate or ""
    if not state:
        # The driver speaks itself, of hosts, ports and time-outs.
        return str(error).partition("\n")[0] if isinstance(error, psycopg.OperationalError) else ""
    names = [
        name for name in (error.diag.table_name, error.diag.constraint_name) if name is not None
    ]
    first = error.diag.message_primary if state.startswith(_SPEAK_OF_NAMES) else None
    return " ".join([f"[{state}]", first or "", *names]).strip()
