"""The register of processing: what is held of people, for what, and how long, in one shape."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from regulars.domain.personal import FIELDS
from regulars.domain.retention import CLASSES, Policy, span_of

PARTS_OF_A_COMMENT = 3
SEE = "see "
"""Before the name of a kind of record in `retention`: it is kept as long as that."""


class Nature(StrEnum):
    """What is held of people. `pseudonymous`: it is about somebody, and does not say who."""

    NONE = "none"
    PSEUDONYMOUS = "pseudonymous"
    PERSONAL = "personal"


class Entry(Struct, frozen=True):
    """One line. `where`: a table, a column such as vault.sealed, or a field of a profile such as
    profile.phone. `kept`: in words, with the period where there is one."""

    where: str
    nature: Nature
    purpose: str
    kept: str


def entry(where: str, comment: str, policy: Policy) -> Entry:
    """What a comment in the schema says. Raises ValueError for one that says it otherwise."""
    parts = [part.strip() for part in comment.split(";")]
    if len(parts) != PARTS_OF_A_COMMENT:
        message = f"The comment on {where} is not: nature; purpose; how long it is kept."
        raise ValueError(message)
    return Entry(where, Nature(parts[0]), parts[1], _kept(parts[2], policy))


def of_profiles(policy: Policy) -> Iterator[Entry]:
    """The fields of a profile, which are sealed together in one column."""
    for name, field in FIELDS.items():
        kept = f"until erasure, or {_period(field.kept, policy)}"
        yield Entry(f"profile.{name}", Nature.PERSONAL, field.purpose["en"], kept)


def _kept(said: str, policy: Policy) -> str:
    before, see, name = said.partition(SEE)
    return f"{before}{_period(name, policy)}" if see else said


def _period(name: str, policy: Policy) -> str:
    known = {what.value: what for what in CLASSES}
    what = known[name]
    return f"{span_of(policy, what)} after {CLASSES[what].counted_from['en']}"
