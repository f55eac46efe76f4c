"""What the operator sets: the environment, read once and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regulars.domain.errors import Fault, InvalidInput

SCHEMES = ("postgresql://", "postgres://")
KEYWORDS = ("host", "hostaddr", "dbname", "service", "port", "user")
DEFAULT_DATA = ".regulars"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8321
DEFAULT_POOL_SIZE = 8
MOST_POOL_SIZE = 100
DEFAULT_STATEMENT_TIMEOUT_S = 60
MOST_STATEMENT_TIMEOUT_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where this deployment keeps its data and listens."""

    data: Path
    """The data folder, absolute."""
    database_url: str | None = None
    """A PostgreSQL server of the operator's; None stands for the one in the data folder."""
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    pool_size: int = DEFAULT_POOL_SIZE
    """Database connections of one process."""
    statement_timeout_s: int = DEFAULT_STATEMENT_TIMEOUT_S


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; an empty value counts as not set.

    Raises InvalidInput with a fault for each value that is wrong.
    """
    faults: list[Fault] = []
    settings = Settings(
        data=Path(_text(environ, "REGULARS_DATA", DEFAULT_DATA)).expanduser().absolute(),
        database_url=_database_url(environ, faults),
        host=_text(environ, "REGULARS_HOST", DEFAULT_HOST),
        port=_whole(environ, "REGULARS_PORT", DEFAULT_PORT, most=65_535, faults=faults),
        pool_size=_whole(
            environ, "REGULARS_POOL_SIZE", DEFAULT_POOL_SIZE, most=MOST_POOL_SIZE, faults=faults
        ),
        statement_timeout_s=_whole(
            environ,
            "REGULARS_STATEMENT_TIMEOUT_SECONDS",
            DEFAULT_STATEMENT_TIMEOUT_S,
            most=MOST_STATEMENT_TIMEOUT_S,
            faults=faults,
        ),
    )
    if faults:
        raise InvalidInput(" ".join(fault.detail for fault in faults), faults=faults)
    return settings


def _text(environ: Mapping[str, str], name: str, default: str) -> str:
    return environ.get(name, "").strip() or default


def _whole(
    environ: Mapping[str, str], name: str, default: int, *, most: int, faults: list[Fault]
) -> int:
    """A whole number from 1 to `most`; a wrong one is noted in `faults`."""
    text = _text(environ, name, str(default))
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else 0
    if not 1 <= value <= most:
        faults.append(
            Fault(f"/{name}", f"{name} must be a whole number from 1 to {most}, not {text!r}.")
        )
    return value


def _database_url(environ: Mapping[str, str], faults: list[Fault]) -> str | None:
    """The value itself is never repeated in a fault: it may hold a password."""
    url = _text(environ, "REGULARS_DATABASE_URL", "")
    if not url:
        return None
    if not url.startswith(SCHEMES) and url.partition("=")[0].strip() not in KEYWORDS:
        faults.append(
            Fault(
                "/REGULARS_DATABASE_URL",
                "REGULARS_DATABASE_URL must be a PostgreSQL address such as "
                "postgresql://user@host/database, or a libpq connection string.",
            )
        )
    return url
