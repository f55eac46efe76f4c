"""The chain over the audit trail: each link holds the row and the link before, so that a hand in
the database shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

import msgspec
from msgspec import Struct

SCHEME = "regulars-audit-1"
"""Names the rule below. Another rule gets another name, and its links begin with that."""

START = bytes(32)
"""What stands for the link before the first."""

_encode = msgspec.json.Encoder().encode
_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


class Entry(Struct, frozen=True):
    """A row of the audit trail. `before` and `after` are JSON text."""

    id: int
    organization: int
    at: datetime
    actor: str
    action: str
    target: str
    member_id: int | None
    purpose: str
    before: str
    after: str
    trace: str


class Link(Struct, frozen=True):
    """A link of the chain: the `seq`-th, counted from 1, over the row `entry_id`."""

    seq: int
    entry_id: int
    digest: bytes


class Wrong(StrEnum):
    """What can be wrong with a trail."""

    MISSING_LINK = "missing_link"
    MISSING_ROW = "missing_row"
    CHANGED = "changed"
    OUT_OF_ORDER = "out_of_order"
    NEVER_SEALED = "never_sealed"
    OTHER_HEAD = "other_head"


class Flaw(Struct, frozen=True):
    """One thing that is wrong, in words for whoever looks into it."""

    wrong: Wrong
    seq: int | None
    entry_id: int | None
    detail: str


def digest_of(before: bytes, seq: int, entry: Entry) -> bytes:
    """The digest of a link: SHA-256 over a JSON array in UTF-8 without blanks, its characters
    escaped only where JSON demands it:

    [SCHEME, the digest before in hexadecimal, seq, id, organization, at, actor, action, target,
    member_id, purpose, before, after, trace]

    `at` is in UTC with six places, such as 2026-03-04T01:00:00.000000+00:00; `before` and `after`
    are the texts that are stored. Anybody can compute it again from the two tables.
    """
    return sha256(
        _encode(
            (
                SCHEME, before.hex(), seq, entry.id, entry.organization,
                entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                entry.actor, entry.action, entry.target, entry.member_id, entry.purpose,
                entry.before, entry.after, entry.trace,
            )
        )
    ).digest()  # fmt: skip


def chained(last: Link | None, entries: Iterable[Entry]) -> list[Link]:
    """The links that follow `last`; `entries` are in the order of their ids."""
    seq, digest = (0, START) if last is None else (last.seq, last.digest)
    links = []
    for entry in entries:
        seq += 1
        digest = digest_of(digest, seq, entry)
        links.append(Link(seq, entry.id, digest))
    return links


def flaws(chain: Iterable[tuple[Link, Entry | None]]) -> Iterator[Flaw]:
    """What is wrong with a chain that is read from its beginning, each link with its row.

    Each link is held against the digest that is stored before it, so that one changed row is one
    flaw and not the end of all that follows.
    """
    before = Link(0, 0, START)
    for link, entry in chain:
        yield from _flaws_of(link, entry, before)
        before = link


def _flaws_of(link: Link, entry: Entry | None, before: Link) -> Iterator[Flaw]:
    if link.seq != before.seq + 1:
        yield Flaw(
            Wrong.MISSING_LINK, before.seq + 1, None,
            f"After link {before.seq} comes link {link.seq}: those between are gone.",
        )  # fmt: skip
    if link.entry_id <= before.entry_id:
        yield Flaw(
            Wrong.OUT_OF_ORDER, link.seq, link.entry_id,
            f"Link {link.seq} is over row {link.entry_id}, which is older than the link before.",
        )  # fmt: skip
    if entry is None:
        yield Flaw(
            Wrong.MISSING_ROW, link.seq, link.entry_id,
            f"Row {link.entry_id}, sealed by link {link.seq}, is gone.",
        )  # fmt: skip
    elif link.seq == before.seq + 1 and digest_of(before.digest, link.seq, entry) != link.digest:
        yield Flaw(
            Wrong.CHANGED, link.seq, link.entry_id,
            f"Row {link.entry_id}, or link {link.seq} over it, is not what was sealed.",
        )  # fmt: skip


def never_sealed(entry_ids: Sequence[int]) -> Iterator[Flaw]:
    """Rows that stand among sealed ones and were not there when those were sealed."""
    for number in entry_ids:
        yield Flaw(
            Wrong.NEVER_SEALED, None, number, f"Row {number} was put among rows sealed before."
        )


def other_head(noted: Link, there: Link | None) -> Iterator[Flaw]:
    """Whether the chain goes through a head that was noted elsewhere. `there`: its link with the
    same `seq`."""
    if there is None:
        yield Flaw(
            Wrong.OTHER_HEAD, noted.seq, None,
            f"The chain ends before link {noted.seq}, which was noted: its end was cut off.",
        )  # fmt: skip
    elif there.digest != noted.digest:
        yield Flaw(
            Wrong.OTHER_HEAD, noted.seq, there.entry_id,
            f"Link {noted.seq} is not the one that was noted: the chain was written anew.",
        )  # fmt: skip


def write_head(link: Link) -> str:
    """A head as text to note elsewhere: "17:9f86d0…"."""
    return f"{link.seq}:{link.digest.hex()}"


def read_head(text: str) -> Link | None:
    """The head that `write_head` wrote; None for what is none."""
    found = _HEAD.fullmatch(text.strip())
    return None if found is None else Link(int(found[1]), 0, bytes.fromhex(found[2]))
