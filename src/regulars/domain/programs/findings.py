"""What is wrong with a program document or could be better, and where in its text it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.errors import Fault, ProgramInvalid

Path = tuple[str | int, ...]
"""Where a value stands in a document: property names and list places, outermost first."""

MAX_FINDINGS = 200


class Severity(StrEnum):
    """An error keeps a program from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a document. `line` and `column` count from 1; `pointer` is a JSON pointer."""

    severity: Severity
    code: str
    pointer: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """A character of the text; both counts begin at 1."""

    line: int
    column: int


def pointer_of(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def refusal(findings: Sequence[Finding]) -> ProgramInvalid:
    """The error that carries every finding of severity ERROR, first of the text first."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    count = "one error" if len(errors) == 1 else f"{len(errors)} errors"
    first = errors[0]
    return ProgramInvalid(
        f"The program document has {count}. Line {first.line}: {first.message}",
        faults=[
            Fault(
                finding.pointer,
                finding.message,
                code=finding.code,
                line=finding.line,
                column=finding.column,
            )
            for finding in errors
        ],
    )
