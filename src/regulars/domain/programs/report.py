"""Collects findings about one document; each is told by path and gets its place in the text."""

from collections.abc import Collection
from difflib import get_close_matches

from regulars.domain.programs.findings import (
    MAX_FINDINGS,
    Finding,
    Path,
    Severity,
    pointer_of,
    refusal,
)
from regulars.domain.programs.source import Source

MAX_WORD = 100
"""Longer words are shortened in messages and not looked up."""


class Report:
    """The findings so far. Only the first MAX_FINDINGS are kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._findings: dict[Finding, None] = dict.fromkeys(source.repeated)

    def error(self, code: str, path: Path, message: str, *, offset: int | None = None) -> None:
        """Something that must be put right. `offset` counts characters inside the text there."""
        self._add(Severity.ERROR, code, path, message, offset=offset)

    def warn(self, code: str, path: Path, message: str, *, offset: int | None = None) -> None:
        """Something that is allowed but seldom meant."""
        self._add(Severity.WARNING, code, path, message, offset=offset)

    def _add(
        self, severity: Severity, code: str, path: Path, message: str, *, offset: int | None
    ) -> None:
        if self.is_full:
            return
        source = self.source
        place = source.place(path) if offset is None else source.place_in(path, offset)
        finding = Finding(severity, code, pointer_of(path), place.line, place.column, message)
        self._findings[finding] = None

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken in, so that looking further is in vain."""
        return len(self._findings) >= MAX_FINDINGS

    @property
    def has_errors(self) -> bool:
        """Whether the document cannot be used."""
        return any(finding.severity is Severity.ERROR for finding in self._findings)

    def findings(self) -> list[Finding]:
        """Everything found, in the order of the text."""
        return sorted(self._findings, key=lambda finding: (finding.line, finding.column))

    def refuse_errors(self) -> None:
        """Raises ProgramInvalid with every error, if there is one."""
        if self.has_errors:
            raise refusal(self.findings())


def shortened(word: str) -> str:
    """The word, or its beginning where it is too long for a message."""
    return word if len(word) <= MAX_WORD else f"{word[:MAX_WORD]}…"


def suggestion(word: str, known: Collection[str]) -> str:
    """The end of a message about an unknown word: what was probably meant, or what there is."""
    near = get_close_matches(word[:MAX_WORD], sorted(known), n=1, cutoff=0.6)
    if near:
        return f" Did you mean {near[0]}?"
    if not known:
        return ""
    some = ", ".join(sorted(known)[:12])
    return f" Known: {some}{', …' if len(known) > 12 else ''}."  # noqa: PLR2004
