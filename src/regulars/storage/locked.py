"""What a transaction has locked and read already, for whom it calls next."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.ids import MemberRef
from regulars.domain.ledger import Book
from regulars.domain.members import Member


@dataclass(frozen=True, slots=True)
class Locked:
    """What a transaction has already: `members` that it has locked, with their lots and holds, and
    `newest`, the program's newest version."""

    members: Mapping[MemberRef, tuple[Member, Book]]
    newest: int
